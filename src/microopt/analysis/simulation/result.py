"""The simulation of a plan: how its totals are distributed, what it is likely to meet, and who carries the risk."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar

from msgspec import Struct

from microopt.campaign.campaign import Campaign
from microopt.plan.plan import RosterFacts, Totals
from microopt.quantities.units import Approximate, Cents, Ordered, Rounded

# How an event is named by its kind: what the campaign or the user asked for, and what the forecast expects.
TARGET, RULE, SOFT_RULE, EXPECTATION, EXPECTED = "target", "rule", "soft rule", "expectation", "expected"

Share = Annotated[float, Rounded(6)]


class Distribution(Struct, frozen=True, kw_only=True):
    """The distribution of one total over the simulated outcomes.

    Attributes
    ----------
    measure
        `creators` (who accept), `spend`, a metric, `revenue`, `roas`, `profit`, `net reach`, or a column of the roster.
    planned
        What the plan states: the expected result of a metric, the spend if everybody accepts; None where unknown.
    mean, p10, p50, p90
        In people, events, or the currency's unit. A percentile is an outcome: at least that share of all outcomes is
        no greater.
    worst_tenth
        The mean of the worst tenth of the outcomes: of the lowest, and of the highest spend.
    """

    measure: str
    planned: Approximate | None
    mean: Approximate
    p10: Approximate
    p50: Approximate
    p90: Approximate
    worst_tenth: Approximate


class Histogram(Struct, frozen=True, kw_only=True):
    """How many outcomes have a total of about what size.

    Attributes
    ----------
    edges
        Bounds of the bins, ascending, in the units of `Distribution`: one more than there are bins.
    counts
        Outcomes by bin: at least its lower edge, below its upper one.
    below, above
        Outcomes outside all bins.
    """

    measure: str
    edges: tuple[Approximate, ...]
    counts: tuple[int, ...]
    below: int = 0
    above: int = 0


class SimulatedChance(Struct, frozen=True, kw_only=True):
    """In how many of the simulated outcomes something holds.

    Attributes
    ----------
    kind
        `target`, `rule`, `soft rule`, `expectation`, or `expected` (the plan's own expected total).
    label
        What holds, as the user wrote it where it was written.
    outcomes
        How many.
    share
        Their share of all outcomes.
    low, high
        The 95% interval of the true chance, by Wilson's score: what so many draws can tell.
    planned
        Whether it holds if everything comes as expected.
    asked
        The chance that a rule such as `all conversions >= 300 in 90%` asks for; None for any other.
    """

    kind: str
    label: str
    outcomes: int
    share: Approximate
    low: Share
    high: Share
    planned: bool
    asked: Approximate | None = None


class Overspending(Struct, frozen=True, kw_only=True):
    """The chance that a plan costs more than its budget, which commissions on conversions make possible.

    Attributes
    ----------
    budget
        Cents.
    outcomes, share, low, high
        As in `SimulatedChance`.
    excess
        Cents above the budget in these outcomes, on average.
    worst_tenth
        Cents above the budget in the tenth of all outcomes that spends most, on average; an outcome within the budget
        counts as 0.
    """

    budget: Cents
    outcomes: int
    share: Approximate
    low: Share
    high: Share
    excess: Cents
    worst_tenth: Cents


class RiskShare(Struct, frozen=True, kw_only=True):
    """What one creator of the plan contributes to its result and to its risk.

    Attributes
    ----------
    expected
        The creator's share of the mean; None if the mean is 0.
    shortfall
        The creator's share of what the worst tenth of the outcomes falls short of the mean; None if it falls short by
        nothing. A negative share is of a creator who does better than usual in these outcomes.
    declined
        The share of the outcomes in which the creator declines.
    """

    creator: str
    tier: str
    offers: tuple[str, ...]
    expected: Approximate | None
    shortfall: Approximate | None
    declined: Approximate


class Simulation(Struct, frozen=True, kw_only=True):
    """What a plan may bring, by joint draws of what all its offers bring.

    Attributes
    ----------
    totals
        Of the plan, as it was made.
    draws
        How many outcomes were simulated.
    seed
        The seed of the draws: the same seed gives the same outcomes.
    risk_measure
        What the shares of the risk are about: `score` for a balanced goal, `worth`, a metric, a column, `profit`.
    goal_measures
        The measures of `distributions` that the goal is about, each with a histogram.
    risk
        By share of the shortfall from the largest.
    overspending
        None without a budget.
    """

    campaign: Campaign
    roster: RosterFacts
    totals: Totals
    draws: int
    seed: int
    goal_measures: tuple[str, ...]
    distributions: tuple[Distribution, ...]
    histograms: tuple[Histogram, ...]
    targets: Annotated[Mapping[str, Fraction], Ordered()]
    chances: tuple[SimulatedChance, ...]
    overspending: Overspending | None
    risk_measure: str
    risk: tuple[RiskShare, ...]
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "simulation"

    def distribution(self, measure: str) -> Distribution:
        """Return the distribution of one measure."""
        return next(each for each in self.distributions if each.measure == measure)

    @property
    def can_decline(self) -> bool:
        """Whether any creator declines in any outcome."""
        return any(each.declined for each in self.risk)
