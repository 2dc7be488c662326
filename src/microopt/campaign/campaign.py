"""Campaign, Goal and Rule: the user's request as values.

Their text forms are parsed by `microopt.campaign.rule_grammar` (rules) and `microopt.readers.campaign_file` (TOML).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Annotated, Any

from msgspec import Struct, field

from microopt.campaign.agreed_fees import AgreedFee
from microopt.campaign.calendar import Calendar
from microopt.campaign.decline_settings import DeclineSettings
from microopt.campaign.earnings import PROFIT, TARGET_SHARE, counts_as_earnings, ratio_name
from microopt.campaign.fit_settings import FitSettings
from microopt.campaign.metrics import NET_REACH, TARGET_GOALS, TARGET_METRICS, canonical_measure
from microopt.campaign.progress import CampaignProgress
from microopt.campaign.report_settings import ReportSettings
from microopt.campaign.risk_settings import ScenarioSettings
from microopt.campaign.target_audience import TargetAudience
from microopt.campaign.wave_rules import When
from microopt.quantities.keys import header_key, match_key
from microopt.quantities.parse_and_format import Range
from microopt.quantities.platforms import platform_key
from microopt.quantities.units import Cents, Ordered, Thousandths

GOALS = ("balanced", "engagement", "conversions", "reach", NET_REACH, PROFIT, *TARGET_GOALS)
QUOTE_ENDS = ("high", "middle", "low")  # of a range of fees; the first is taken by default
ONE_OFFER_PER = ("creator", "creator,platform", "offer")


class Clause(Struct, frozen=True, kw_only=True):
    """`column:value[,value]`: offers whose column holds any of the values."""

    column: str
    values: tuple[str, ...]

    def value_key(self, value: str) -> str:
        """Return the key that all spellings of a value of this column share."""
        return platform_key(value) if header_key(self.column) == "platform" else match_key(value)


class Selector(Struct, frozen=True, kw_only=True):
    """Clauses that must all match; a selector without clauses selects every offer."""

    clauses: tuple[Clause, ...] = ()

    @property
    def meaning(self) -> frozenset[tuple[str, frozenset[str]]]:
        """The clauses regardless of spelling and order: equal for selectors that select the same offers."""
        return frozenset(
            (header_key(clause.column), frozenset(map(clause.value_key, clause.values))) for clause in self.clauses
        )


class Relation(StrEnum):
    """How the creators of one selector depend on those of another."""

    REQUIRES = "requires"
    EXCLUDES = "excludes"


class SoftPenalty(Struct, frozen=True):
    """The penalty for each unit outside a rule's range.

    Attributes
    ----------
    amount
        In the goal's units, above 0; with `percent`, a share of the best value that the goal can reach.
    """

    amount: Fraction
    percent: bool = False


class RangeRule(Struct, frozen=True, kw_only=True):
    """A measure of the selected picks that must stay within a range.

    Attributes
    ----------
    label
        The rule as the user wrote it.
    measure
        `count`, `spend`, a metric, or a numeric column of the roster.
    mean
        Whether the range is for the mean over the selected creators in the plan.
    bounds
        The range; with `percent`, of the plan's total of the measure, or of the budget with `of_budget`.
    soft
        The penalty per unit outside the range, or None for a hard rule. A unit is one of the measure; for a share, one
        more or fewer than the share allows; for a mean, one by which the sum over the offers bought is off.
    chance
        The share of the scenarios in which it must hold, above 0; None for a rule on what is expected.
    when
        The waves that it is about; None for all of the campaign, and in each rule that it is expanded into.
    base
        Of what a percent is a share: of what the plan has of these offers.
    wave_budget
        The wave whose budget in the calendar the rule is; None for a rule that the user wrote.
    """

    label: str
    selector: Selector
    measure: str
    bounds: Range
    mean: bool = False
    of_budget: bool = False
    soft: SoftPenalty | None = None
    chance: Fraction | None = None
    when: When | None = None
    base: Selector = Selector()
    wave_budget: str | None = None


class PairRule(Struct, frozen=True, kw_only=True):
    """`A requires B`: a plan with creators of A has creators of B. `A excludes B`: a plan never has both.

    Attributes
    ----------
    days
        `A exclusive 30d`: a plan has no post of B by another creator from a post of A on until so many days later; None
        without such a limit.
    when
        As in `RangeRule`.
    """

    label: str
    relation: Relation
    left: Selector
    right: Selector
    days: int | None = None
    when: When | None = None


class EachRule(Struct, frozen=True, kw_only=True):
    """`each creator MEASURE RANGE`: a measure of every single creator in the plan stays within a range.

    Attributes
    ----------
    bounds
        The range; with `of_budget` a percent of the budget.
    when
        As in `RangeRule`.
    selector
        The offers that count: those of a wave, in a rule that was expanded.
    """

    label: str
    measure: str
    bounds: Range
    of_budget: bool = False
    when: When | None = None
    selector: Selector = Selector()


Rule = RangeRule | PairRule | EachRule


def has_rules_of_budget(rules: Iterable[Rule]) -> bool:
    """Whether any of the rules is in percent of the budget, so that it changes with it."""
    return any(isinstance(rule, RangeRule | EachRule) and rule.of_budget for rule in rules)


def include_label(name: str) -> str:
    """Return the label of the requirement that a creator is in the plan, beside the labels of the rules."""
    return f"include {name}"


class Filter(Struct, frozen=True, kw_only=True):
    """A filter: a selector, or a numeric column within bounds. Offers that do not match are never considered."""

    label: str
    selector: Selector | None = None
    column: str | None = None
    bounds: Range | None = None


class Goal(Struct, frozen=True, kw_only=True):
    """What a plan maximizes, or minimizes for the least cost.

    Attributes
    ----------
    name
        `balanced`, `engagement`, `conversions`, `reach`, `net reach`, `profit`, `worth`, `least cost`,
        `value:COLUMN`, or one of `TARGET_GOALS`.
    worths
        For `worth`: money per unit of each metric.
    targets
        For `least cost`: the least total of each measure that a plan must reach.
    """

    name: str = "balanced"
    worths: Annotated[Mapping[str, Fraction], Ordered()] = field(default_factory=dict)
    targets: Annotated[Mapping[str, Fraction], Ordered()] = field(default_factory=dict)

    @property
    def column(self) -> str | None:
        """The column of `value:COLUMN`, or None."""
        return self.name.removeprefix("value:") if self.name.startswith("value:") else None

    @property
    def counts_target(self) -> bool:
        """Whether it counts results of people on target, which a campaign without a target audience does not have."""
        return self.name in TARGET_GOALS or not TARGET_METRICS.keys().isdisjoint(self.worths)


class Ideal(Struct, frozen=True, kw_only=True):
    """The best total of one metric that the campaign could reach if only that metric counted.

    Attributes
    ----------
    total
        Thousandths that a plan reaches.
    bound
        Thousandths that no plan exceeds; equal to `total` if proven.
    """

    metric: str
    total: Thousandths
    bound: Thousandths


class Audience(Struct, frozen=True, kw_only=True):
    """Pools of people within which audiences overlap.

    Attributes
    ----------
    by
        The column whose values name the pools.
    size
        People in each pool.
    """

    by: str
    size: Annotated[Mapping[str, int], Ordered()]


class TierBands(Struct, frozen=True, kw_only=True):
    """Tier bands: ascending lower bounds in followers; creators below the first bound count as the first tier."""

    names: tuple[str, ...]
    floors: tuple[int, ...]


TIER_PRESETS = {
    # passo 2026, HypeAuditor
    "default": TierBands(
        names=("nano", "micro", "mid", "macro", "mega"), floors=(1_000, 10_000, 100_000, 500_000, 1_000_000)
    ),
    # the definition most articles use
    "wide-micro": TierBands(names=("micro", "macro", "mega"), floors=(1_000, 100_000, 1_000_000)),
}


class Campaign(Struct, frozen=True, kw_only=True):
    """Everything that is asked of a plan, including defaults.

    Attributes
    ----------
    budget
        Cents, or None: the goal `least cost` needs no budget.
    order_value
        Cents of revenue a conversion brings, or None.
    margin
        The share of the revenue that is kept before the cost of the campaign, or None.
    returns
        The share of orders that are returned, or None.
    ltv
        How many orders a customer places in all, as a multiple of the first, or None for the first order alone.
    per_creator
        Cents of handling added to each creator's cost.
    usage, whitelisting, exclusivity, agency
        Surcharges as shares of the fee where the roster states none, or None.
    seeding
        Cents that sending the product to a creator costs where the roster states none, or None.
    contingency
        The share of the budget that is kept unspent, or None.
    include, exclude
        Creators by name, or selectors of offers, as written.
    competitors
        Brands: creators who work for one of them are never considered.
    fees
        Fees agreed with creators, by the name of a creator or a selector of offers, as written.
    ideals
        The ideals that measure a balanced goal, taken from another plan; empty if they are to be computed.
    audience
        Pools for net reach, or None.
    target_audience
        Whom the campaign is to reach, or None for everyone.
    fit
        How well creators of each niche suit the campaign, or None if it is not said.
    worst_share
        The share of scenarios, the worst ones, whose mean the goal maximizes; None for the mean of all.
    scenarios
        The draws by which risk, chances and declines are measured.
    declines
        How likely creators accept, and what is planned for those who decline; None if it is not said.
    calendar
        The waves over which creators post, or None for a campaign of one moment.
    columns, lists, units, exchange
        How to read the roster: our column by its header, what divides the values in the cells of a column, `percent`
        or `fraction` by column, and the worth of one unit of another currency in the campaign's.
    platform_default
        The platform of offers for which the roster names none, or None.
    quotes
        Which end of a range of fees is taken, one of `QUOTE_ENDS`.
    posts
        Path of a file of past posts from which engagement is learned, or None.
    decimal
        The decimal mark of numbers in the roster, `.` or `,`, or None if its cells show it.
    encoding
        Of a roster that is text, as `codecs` names it, or None if it is detected.
    shrink
        Whether stated engagement rates are drawn towards the usual rate for the creator's size.
    fit_benchmarks
        Whether the usual rates are refitted on the roster.
    forecast
        Figures that replace defaults of the forecast, in the form of `benchmarks/defaults.toml`.
    max_sponsored_share
        Creators with a greater share of sponsored posts are never considered; None for no limit.
    with_minors
        Whether creators who feature minors are considered.
    exclude_suspicious
        Whether creators with figures that are hard to believe are never considered.
    one_offer_per
        `creator`, `creator,platform`, or `offer` (no limit).
    starts, ends
        The first and the last day, or None if not stated.
    running
        Contracts and results so far, or None before the campaign has begun.
    report
        How the plan is presented.
    """

    budget: Cents | None
    name: str | None = None
    currency: str | None = None
    goal: Goal = field(default_factory=Goal)
    order_value: Cents | None = None
    margin: Fraction | None = None
    returns: Fraction | None = None
    ltv: Fraction | None = None
    per_creator: Cents = 0
    usage: Fraction | None = None
    whitelisting: Fraction | None = None
    exclusivity: Fraction | None = None
    agency: Fraction | None = None
    seeding: Cents | None = None
    contingency: Fraction | None = None
    rules: tuple[Rule, ...] = ()
    where: tuple[Filter, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    fees: Mapping[str, AgreedFee] = {}
    ideals: tuple[Ideal, ...] = ()
    audience: Audience | None = None
    target_audience: TargetAudience | None = None
    fit: FitSettings | None = None
    worst_share: Fraction | None = None
    scenarios: ScenarioSettings = ScenarioSettings()
    declines: DeclineSettings | None = None
    calendar: Calendar | None = None
    one_offer_per: str = "creator"
    tiers: TierBands = TIER_PRESETS["default"]
    estimate_fees: bool = False
    decimal: str | None = None
    encoding: str | None = None
    platform_default: str | None = None
    quotes: str = "high"
    posts: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    exchange: Mapping[str, Fraction] = field(default_factory=dict)
    shrink: bool = True
    fit_benchmarks: bool = False
    forecast: Mapping[str, Any] = field(default_factory=dict)
    max_sponsored_share: Fraction | None = None
    with_minors: bool = False
    exclude_suspicious: bool = False
    starts: date | None = None
    ends: date | None = None
    running: CampaignProgress | None = None
    report: ReportSettings = ReportSettings()

    @property
    def counts_earnings(self) -> bool:
        """Whether the goal or a rule depends on the value of an order."""
        rules = (rule.measure for rule in self.rules if not isinstance(rule, PairRule))
        measured = [*self.goal.targets, *filter(None, [self.goal.column]), *rules]
        return self.goal.name == PROFIT or any(map(counts_as_earnings, measured))

    @property
    def seeks_target(self) -> bool:
        """Whether the goal or a rule depends on how many people on target are reached."""
        rules = [rule.measure for rule in self.rules if not isinstance(rule, PairRule)]
        measured = [*self.goal.targets, *filter(None, [self.goal.column]), *rules]
        ratios = ("target_cpm", TARGET_SHARE)
        return self.goal.counts_target or any(
            canonical_measure(name) in TARGET_METRICS or ratio_name(name) in ratios for name in measured
        )

    @property
    def is_chosen_by_scenarios(self) -> bool:
        """Whether a plan is chosen by scenarios, in which it then looks better than it is."""
        chances = any(isinstance(rule, RangeRule) and rule.chance is not None for rule in self.rules)
        after_declines = self.declines is not None and self.declines.after_declines
        return chances or after_declines or self.worst_share is not None

    @property
    def changes_with_budget(self) -> bool:
        """Whether a rule, or the budget of a wave, is in percent of the budget, so that it changes with it."""
        waves = () if self.calendar is None else self.calendar.budgets.values()
        return has_rules_of_budget(self.rules) or any(each.percent for each in waves)

    @property
    def closed_waves(self) -> frozenset[str]:
        """The waves of the calendar in which nothing can be booked any more; empty before the campaign runs."""
        if self.calendar is None or self.running is None:
            return frozenset()
        return self.calendar.closed_waves(self.running.today)

    @property
    def is_over(self) -> bool:
        """Whether nothing can be booked any more in any wave of the calendar."""
        return self.calendar is not None and len(self.closed_waves) == len(self.calendar.waves)

    @property
    def kept_back(self) -> int:
        """Cents of the budget that are kept unspent as contingency, rounded up."""
        return 0 if self.budget is None else ceil(self.budget * (self.contingency or 0))

    @property
    def spendable(self) -> int | None:
        """Cents that may be spent: the budget without what is kept back; None without a budget."""
        return None if self.budget is None else self.budget - self.kept_back

    def budget_for(self, spend: int) -> int:
        """Return the smallest budget in cents that allows this much to be spent."""
        return ceil(spend / (1 - (self.contingency or Fraction(0))))
