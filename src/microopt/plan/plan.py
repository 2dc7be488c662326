"""Plan: its picks, their cost and expected results, how it meets the rules, and its proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from msgspec import Struct

from microopt.campaign.campaign import Campaign, Ideal, SoftPenalty
from microopt.campaign.metrics import METRICS, metrics_of
from microopt.plan.after_declines import AfterDeclines
from microopt.plan.by_wave import ByWave
from microopt.plan.chance import Chance
from microopt.plan.difference import Difference
from microopt.plan.fallbacks import Fallback
from microopt.plan.likely_range import LikelyRange
from microopt.plan.proof import Proof
from microopt.plan.repair import Repair
from microopt.plan.replan_summary import ReplanSummary
from microopt.plan.row_notes import RowNote
from microopt.plan.spread import PlanSpread
from microopt.plan.tail import Tail
from microopt.quantities.records import some_have
from microopt.quantities.units import Approximate, Cents, Keys, Metrics, Thousandths
from microopt.roster.roster import Source
from microopt.roster.suspicion import Suspicion
from microopt.roster.usual_fees import UsualFees

if TYPE_CHECKING:
    import pandas as pd


class Pick(Struct, frozen=True):
    """One offer that a plan buys.

    Its fields may be given by position, because tens of thousands of picks are columns until each is asked for.

    Attributes
    ----------
    fee, cost
        Cents; the cost includes extras on top of the fee.
    extra_costs
        Cents by line of the cost on top of the fee, without lines of 0; they add up to the cost less the fee.
    units
        How often the offer is bought; all figures are for all units.
    fee_estimated
        Whether the fee is an estimate.
    usual_fee
        Cents that such an offer usually costs, or None if there are no benchmarks in the currency.
    fee_high
        Whether the fee is far above the usual fee.
    revenue
        Expected revenue in cents, or None if no order value is known.
    profit
        Cents of that revenue that are kept at the campaign's margin, less the cost; None without a margin.
    metrics
        Expected results by name, thousandths.
    origins
        By metric, the source of the figure: `own`, `shrunk`, `default` or `estimated`; empty if unknown.
    likely
        The 80% likely ranges of engagements and conversions.
    acceptance
        How likely the creator says yes, to the thousandth, which the results, revenue and profit count, and the cost
        does not; None if the list and the campaign say nothing of it, so that everyone is sure.
    wave
        The wave in which it is posted; None without a calendar.
    posting_date, approval_date, briefing_date
        Suggested days on which it goes out, its draft is due and its creator is briefed; a day that was agreed with the
        creator is kept. None without a calendar, and of picks that are no plan.
    """

    creator: str
    offer: str
    platform: str
    tier: str
    niche: tuple[str, ...]
    region: str
    followers: int
    fee: Cents
    cost: Cents
    fee_estimated: bool
    metrics: Metrics
    units: int = 1
    usual_fee: Cents | None = None
    fee_high: bool = False
    revenue: Cents | None = None
    profit: Cents | None = None
    extra_costs: Mapping[str, Cents] = {}
    origins: Mapping[str, str] = {}
    likely: Mapping[str, LikelyRange] = {}
    acceptance: Approximate | None = None
    wave: str | None = None
    posting_date: date | None = None
    approval_date: date | None = None
    briefing_date: date | None = None


DAYS = ("posting_date", "approval_date", "briefing_date")  # of a pick


class RuleUse(Struct, frozen=True, kw_only=True):
    """How a plan meets a rule.

    Attributes
    ----------
    label
        The rule as the user wrote it.
    used
        In the rule's own units; a share is a fraction; None for a rule without a quantity.
    at_least, at_most
        The rule's bounds in the same units, None where open.
    share
        Whether the figures are shares.
    money
        Whether the figures are money.
    binding
        Whether the rule leaves no room: no matching offer fits under its cap, or no pick can be dropped from its floor.
    soft
        The penalty for each unit beyond the limits, None for a hard rule.
    beyond
        By how many units of its measure the plan is beyond the limits of a soft rule.
    chance
        In how many scenarios a rule with a chance holds, None for other rules; `used` is what is then reached in as
        many scenarios as it asks for.
    idle
        Whether nobody whose posts would keep others out is in the plan.
    """

    label: str
    used: Approximate | None
    at_least: Fraction | None = None
    at_most: Fraction | None = None
    share: bool = False
    money: bool = False
    binding: bool = False
    soft: SoftPenalty | None = None
    beyond: Approximate = Fraction(0)
    chance: Chance | None = None
    idle: bool = False

    @property
    def allows_more(self) -> bool:
        """Whether only the minimum can leave no room: more of what the rule counts is allowed."""
        return (self.at_most is None and self.at_least is not None) or self.at_most != self.used == self.at_least


class Totals(Struct, frozen=True, kw_only=True):
    """Sums over picks.

    Attributes
    ----------
    spend
        Cents.
    metrics
        Thousandths, by name.
    revenue
        Expected revenue in cents, or None if no order value is known.
    profit
        Cents of the revenue that are kept at the campaign's margin, less the spend; None without a margin.
    extra_costs
        Cents by line of the spend on top of fees, without lines of 0.
    """

    creators: int
    spend: Cents
    metrics: Metrics
    revenue: Cents | None = None
    profit: Cents | None = None
    extra_costs: Mapping[str, Cents] = {}

    computed: ClassVar[tuple[str, ...]] = ("fees",)

    @property
    def fees(self) -> Cents:
        """Cents of the spend that are fees."""
        return self.spend - sum(self.extra_costs.values())


class NetReach(Struct, frozen=True, kw_only=True):
    """How many different people a plan reaches, each counted once.

    Attributes
    ----------
    people
        Thousandths, if audiences overlap at random within their pools.
    at_least, at_most
        Thousandths: the largest single reach (all other audiences lie within it), and the gross reach (none overlap).
    frequency
        How often a person who is reached sees the campaign, on average: views / people; None if nobody is reached.
    outside_pools
        Thousandths of `people` reached outside all pools, where overlaps are unknown.
    """

    people: Thousandths
    at_least: Thousandths
    at_most: Thousandths
    frequency: Approximate | None
    outside_pools: Thousandths


class OnTarget(Struct, frozen=True, kw_only=True):
    """How much of a plan reaches the people whom its campaign is to reach; its results are metrics of the totals.

    Attributes
    ----------
    share
        The share of the impressions that are theirs; None without any impressions.
    cpm
        The spend for a thousand impressions of theirs, in the currency's unit; None without any.
    """

    share: Approximate | None
    cpm: Approximate | None


class BaselinePlan(Struct, frozen=True, kw_only=True):
    """The result of a common way to choose creators, under the same rules where that way can keep them.

    Attributes
    ----------
    broken
        The labels of the rules that it breaks; the result is then not comparable with the plan's.
    """

    rule: str
    totals: Totals
    broken: tuple[str, ...] = ()


class RosterFacts(Struct, frozen=True, kw_only=True):
    """The roster a plan was made from.

    Attributes
    ----------
    left_out
        Which rows were not read as offers, and why.
    usual_fees
        What the usual fees rest on; None where there are none, and in plans of versions that did not say.
    """

    source: Source
    offers: int
    creators: int
    filtered: int
    currency: str
    left_out: tuple[RowNote, ...] = ()
    usual_fees: UsualFees | None = None

    @property
    def considered(self) -> int:
        """How many creators no filter left out."""
        return self.creators - self.filtered


class Plan(Struct, frozen=True, kw_only=True):
    """A checked plan.

    Attributes
    ----------
    picks
        By tier from the largest, then by expected engagements.
    unspent_reason
        Why the rest of the budget is not spent.
    net_reach
        None if the campaign has no pools of audiences.
    on_target
        None if the campaign has no target audience.
    repair
        The changes to an infeasible request; the campaign is the changed one. None if nothing was changed.
    rule_prices
        The cost of each rule, if requested.
    creators_with_further_offers
        Creators in the plan with another offer that would be worth its cost at the plan's prices, if it were allowed.
    replan
        The step from the previous plan, None for a first plan.
    after_declines
        What it brings once some have declined and substitutes were asked, None unless it was chosen for that.
    tail
        What it brings in the worst scenarios, None unless it was chosen for that: then its value and bound in `proof`
        are means of the worst scenarios.
    assumed
        The share of the plan's engagements and conversions that comes from benchmarks, by metric.
    suspicions
        Figures of creators, in the plan or not, that are hard to believe.
    likely
        The 80% likely ranges of the totals by metric, if the results of all creators go up and down together.
    fallbacks
        Whom to ask where a creator declines, for everyone who has not agreed yet; empty unless requested.
    spread
        How much the two largest creators carry, and the price of a cap; None unless requested.
    by_wave
        What it has in each wave, in order of time; empty without a calendar.
    """

    campaign: Campaign
    campaign_sha256: str | None
    roster: RosterFacts
    picks: Sequence[Pick]
    totals: Totals
    mix: Mapping[str, Totals]
    rules: tuple[RuleUse, ...]
    baseline: BaselinePlan | None
    ideals: tuple[Ideal, ...]
    proof: Proof
    unspent_reason: str
    assumed: Mapping[str, float]
    net_reach: NetReach | None = None
    on_target: OnTarget | None = None
    repair: Repair | None = None
    rule_prices: tuple[RulePrice, ...] = ()
    creators_with_further_offers: tuple[str, ...] = ()
    replan: ReplanSummary | None = None
    after_declines: AfterDeclines | None = None
    tail: Tail | None = None
    suspicions: tuple[Suspicion, ...] = ()
    likely: Mapping[str, LikelyRange] = {}
    fallbacks: tuple[Fallback, ...] = ()
    spread: PlanSpread | None = None
    by_wave: tuple[ByWave, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    # How notebooks show a plan. Renderers are in a layer above: the package's `__init__` sets it on the first import.
    html_renderer: ClassVar[Callable[[Plan], str] | None] = None
    schema_name: ClassVar[str] = "plan"
    computed: ClassVar[tuple[str, ...]] = ("status", "unspent", "kept_back")

    @property
    def status(self) -> str:
        """`optimal` or `feasible`."""
        return self.proof.status

    @property
    def is_chosen_for_declines(self) -> bool:
        """Whether it was chosen for what it brings after declines, and is not the plan of means."""
        return self.after_declines is not None and self.after_declines.is_chosen

    @property
    def is_settled(self) -> bool:
        """Whether a longer search has nothing to add: proven, or the best after declines of those compared."""
        is_best_compared = self.is_chosen_for_declines and self.proof.limit is None and not self.proof.failure
        return self.status == "optimal" or is_best_compared

    @property
    def unspent(self) -> Cents:
        """Cents of the budget that are neither spent nor kept as contingency; 0 if there is no budget."""
        return 0 if self.campaign.spendable is None else self.campaign.spendable - self.totals.spend

    @property
    def posts(self) -> int:
        """How many posts it has in all waves; 0 without a calendar."""
        return sum(wave.posts for wave in self.by_wave)

    @property
    def leaves_much_unspent(self) -> bool:
        """Whether more than a fifth of the budget is left."""
        return self.unspent * 5 > (self.campaign.spendable or 0)

    @property
    def kept_back(self) -> Cents:
        """Cents of the budget that are kept as contingency; 0 if there is no budget."""
        return self.campaign.kept_back

    def to_frame(self) -> pd.DataFrame:
        """Return one row per pick: money in the currency's unit, results in people and events."""
        return picks_frame(self.picks)

    def _repr_html_(self) -> str | None:
        """Return the plan as a notebook shows it."""
        return None if Plan.html_renderer is None else Plan.html_renderer(self)


class RulePrice(Struct, frozen=True, kw_only=True):
    """The cost of a rule, or of requiring a creator: what the best plan without it gains.

    Attributes
    ----------
    label
        The rule as the user wrote it, or `include NAME`.
    status
        The status of that plan: `optimal`, `feasible`, `unknown`, or `not looked at`.
    change
        None if no plan was found.
    """

    label: str
    status: str
    change: Difference | None = None


def picks_frame(picks: Sequence[Pick]) -> pd.DataFrame:
    """Return one row per pick: money in the currency's unit, results in people and events; NaN for what is unknown."""
    import pandas as pd

    columns = _columns(metrics_of(picks[0].metrics) if picks else METRICS, in_waves=some_have(picks, "wave"))
    return pd.DataFrame(
        {name: pd.Series([value(pick) for pick in picks], dtype=dtype) for name, (dtype, value) in columns.items()}
    )


def _columns(metrics: Sequence[str], *, in_waves: bool) -> dict[str, tuple[Any, Callable[[Pick], Any]]]:
    """Return each column's type and how to get its value from a pick."""
    return {
        **{name: (object, _named(name)) for name in ("creator", "offer", "platform", "tier")},
        "niche": (object, lambda pick: "|".join(pick.niche)),
        "region": (object, _named("region")),
        "followers": ("int64", _named("followers")),
        "units": ("int64", _named("units")),
        **({"wave": (object, _named("wave"))} if in_waves else {}),
        **({name: ("datetime64[s]", _named(name)) for name in DAYS} if in_waves else {}),
        "fee": ("float64", _money("fee")),
        "cost": ("float64", _money("cost")),
        **{name: ("float64", _metric(name)) for name in metrics},
        "revenue": ("float64", _money("revenue")),
        "profit": ("float64", _money("profit")),
        "usual_fee": ("float64", _money("usual_fee")),
        "fee_estimated": (bool, _named("fee_estimated")),
        "fee_high": (bool, _named("fee_high")),
    }


def _named(name: str) -> Callable[[Pick], Any]:
    return lambda pick: getattr(pick, name)


def _money(name: str) -> Callable[[Pick], float | None]:
    return lambda pick: None if getattr(pick, name) is None else getattr(pick, name) / 100


def _metric(name: str) -> Callable[[Pick], float]:
    return lambda pick: pick.metrics[name] / 1000


# The keys of picks and plans within other objects; the plan that an analysis starts from has more of them.
_PICK = ("creator", "offer", "units", "platform", "tier", "fee", "cost", "wave")
_RESULT = (
    *("status", "totals", "proof.limit", "proof.objective", "proof.bound", "proof.gap"),
    *(f"picks.{name}" for name in _PICK),
)
_ORIGIN = ("campaign", "campaign_sha256", "roster", "ideals", "assumed", "notes", "warnings")
PickSummary = Annotated[Pick, Keys(_PICK)]
PlanResult = Annotated[Plan, Keys(_RESULT)]
AnalyzedPlan = Annotated[Plan, Keys((*_ORIGIN, *_RESULT, "proof.backend", "proof.version"))]
_IN_WAVES = ("by_wave",)  # of plans that differ in when they post
TimedPlanResult = Annotated[Plan, Keys((*_RESULT, *_IN_WAVES))]
AnalyzedTimedPlan = Annotated[Plan, Keys((*_ORIGIN, *_RESULT, *_IN_WAVES, "proof.backend", "proof.version"))]
