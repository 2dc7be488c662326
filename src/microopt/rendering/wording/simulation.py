"""The sentences and figures of a simulation: what a plan is likely to bring, what it meets, who carries the risk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import ceil, floor, sqrt

from msgspec import Struct

from microopt.analysis.simulation.distributions import NORMAL_95
from microopt.analysis.simulation.result import (
    EXPECTATION,
    EXPECTED,
    RULE,
    SOFT_RULE,
    TARGET,
    Distribution,
    Histogram,
    RiskShare,
    SimulatedChance,
    Simulation,
)
from microopt.campaign.metrics import METRICS, NET_REACH, TARGET_METRICS
from microopt.quantities.parse_and_format import (
    format_count,
    format_money,
    format_number_of,
    format_percent,
    join_words,
)
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.plan_figures import (
    METRIC_HEADINGS,
    format_amount,
    format_conversions,
    format_earning,
    format_metric,
    format_ratio,
)

MONEY = ("spend", "revenue", "profit")
NAMES = {**METRIC_HEADINGS, "roas": "ROAS", "score": "Score", "worth": "Worth"}
NOUNS = {"reach": "people reached", NET_REACH: "people reached, each counted once", "revenue": "revenue"}
TOTALS_LEGEND = (
    "In plan: creators and spend if everybody accepts, results as expected after declines; ROAS divides these results "
    "by that spend. Worst tenth: the mean of the outcomes that bring least (of the spend, that cost most), chosen for "
    "each line by itself. 8 of 10 outcomes are between low (P10) and high (P90)."
)
TOTALS = {
    "planned": "In plan",
    "mean": "Mean",
    "worst_tenth": "Worst tenth",
    "p10": "Low (P10)",
    "p50": "Median",
    "p90": "High (P90)",
}
GROUPS = {
    TARGET: "Targets",
    EXPECTED: "As much as expected",
    RULE: "Rules",
    SOFT_RULE: "Soft rules",
    EXPECTATION: "Expectations",
}
BUDGET_GROUP = "Budget"
DECLINED_HEADING = "Declined in"
DECLINED_LEGEND = "Declined in: the share of these outcomes in which the creator declines."
RISK_LEGEND = (
    "Of result: the creator's share of the mean. Of risk: the creator's share of what the worst tenth of the outcomes "
    "falls short of the mean; below 0%, they make up for others."
)


NEAR = 0.01  # of 0 or 100%: a chance whose interval has two decimals
SKEWED_BELOW = Fraction(9, 10)  # of what is expected, a median that needs a word
SKEWED = (
    "Note: a few very good outcomes raise what is expected, which is a mean: more than half of the outcomes bring less."
)
BESIDE_LIKELY = (
    "Note: the likely ranges of the plan itself are usually wider. There, the results of all creators rise and fall "
    "together. Here, each also varies on its own."
)


class ChanceRow(Struct, frozen=True, kw_only=True):
    """A line of the table of chances."""

    group: str
    label: str
    share: float
    chance: str
    interval: str
    planned: str


def simulation_title(simulation: Simulation) -> str:
    """Return the title of a page or a sheet."""
    name = simulation.campaign.name or ""
    return f"{name}: what the plan may bring" if name.strip() else "What the plan may bring"


def simulation_head(simulation: Simulation) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what eight in ten outcomes bring, how likely what is asked for is, what it rests on."""
    yield "main fact", range_sentence(simulation, simulation.goal_measures)
    if sentence := _asked_sentence(simulation):
        yield "main fact", sentence
    if sentence := _overspending_sentence(simulation):
        yield "warning", sentence
    yield "fact", _basis_sentence(simulation)


def range_sentence(simulation: Simulation, measures: Sequence[str]) -> str:
    """Return within which range each of some totals is in eight of ten outcomes."""
    first, *others = [_range_phrase(simulation, simulation.distribution(name)) for name in measures]
    return "; in 8 of 10, ".join([f"In 8 of 10 outcomes this plan brings {first}", *others]) + "."


def _range_phrase(simulation: Simulation, spread: Distribution) -> str:
    """Return `20.0k to 56.0k engagements (expected 35.8k)`."""
    currency, noun = simulation.roster.currency, NOUNS.get(spread.measure, spread.measure.replace("_", " "))
    low, high = (format_figure(spread.measure, figure, currency) for figure in (spread.p10, spread.p90))
    expected = (
        "" if spread.planned is None else f" (expected {format_figure(spread.measure, spread.planned, currency)})"
    )
    amounts = low if low == high else f"{low} to {high}"
    return f"{amounts} {'of ' if spread.measure in MONEY else ''}{noun}{expected}"


def _asked_sentence(simulation: Simulation) -> str:
    """Return how likely the targets are, or else the expectations, or else the rule that holds least often."""
    for kind in (TARGET, EXPECTATION):
        asked = [chance for chance in simulation.chances if chance.kind == kind]
        if asked:
            parts = [f"{chance.label} in {format_chance(chance.share)}" for chance in asked[:3]]
            return f"It meets {join_words(parts, 'and')} of the outcomes."
    rules = [chance for chance in simulation.chances if chance.kind == RULE and chance.share < (chance.asked or 1)]
    if not rules:
        return ""
    weakest = min(rules, key=lambda chance: chance.share / (chance.asked or 1))
    if weakest.asked is not None:
        return f"The rule {weakest.label} holds in only {format_chance(weakest.share)} of the outcomes."
    return f"It keeps the rule {weakest.label} in {format_chance(weakest.share)} of the outcomes."


def _overspending_sentence(simulation: Simulation) -> str:
    over = simulation.overspending
    if over is None or not over.outcomes:
        return ""
    budget, more = (format_earning(cents, simulation.roster.currency) for cents in (over.budget, over.excess))
    return (
        f"It costs more than the budget of {budget} in {format_chance(over.share)} of the outcomes, "
        f"by {more} on average in those."
    )


def _basis_sentence(simulation: Simulation) -> str:
    return (
        f"Counted in {simulation.draws:,} simulated outcomes (seed {simulation.seed}{_choosing_draws(simulation)}); "
        f"a share is exact to about {format_points(simulation.draws)}."
    )


def _choosing_draws(simulation: Simulation) -> str:
    """Return of which seed the draws are that a plan was chosen by, where that is so, and whether they count here."""
    if not simulation.campaign.is_chosen_by_scenarios:
        return ""
    seed = simulation.campaign.scenarios.seed
    if seed == simulation.seed:
        return ", which has the scenarios that chose the plan and flatter it"
    return f"; the scenarios that chose the plan have seed {seed}"


def format_points(draws: int) -> str:
    """Return by how many percentage points the share of so many outcomes can be off, in 95 of 100 cases."""
    tenths = ceil(NORMAL_95 * sqrt(0.25 / draws) * 1000)
    points = f"{tenths // 10 if tenths % 10 == 0 else tenths / 10}"
    return f"{points} point{'' if points == '1' else 's'}"


def simulation_sentences(simulation: Simulation, *, hints: bool = True) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what stands below the tables.

    Parameters
    ----------
    hints
        Whether to say which options help.
    """
    if any(_is_skewed(simulation.distribution(name)) for name in simulation.goal_measures):
        yield "note", SKEWED
    if not simulation.can_decline:
        hint = ": give --acceptance to the plan, or a column 'acceptance' in the list, to see what declines would do"
        yield "note", f"Note: everybody accepts in these outcomes{hint if hints else ''}."
    else:
        yield "note", "Note: creators who decline are not replaced in these outcomes."
    if simulation.totals.creators > 1:
        yield "note", BESIDE_LIKELY
    yield from (("warning", f"Warning: {end_sentence(warning)}") for warning in simulation.warnings)


def _is_skewed(spread: Distribution) -> bool:
    return spread.planned is not None and spread.p50 < SKEWED_BELOW * spread.planned


def figure_name(measure: str) -> str:
    """Return the name of a total as a heading."""
    name = NAMES.get(measure) or measure.replace("_", " ")
    return name[:1].upper() + name[1:]


def format_figure(measure: str, figure: Fraction | None, currency: str) -> str:
    """Return a total in three digits, in its unit; `-` where it is unknown."""
    if figure is None:
        return "-"
    if measure in MONEY:
        return format_earning(round(figure * 100), currency)
    if measure == "roas":
        return f"{format_ratio(figure)}x"
    if measure in ("conversions", "target_conversions"):
        return format_conversions(round(figure * 1000))
    if measure in (*METRICS, *TARGET_METRICS, NET_REACH):
        return format_metric(measure, round(figure * 1000))
    sign, size = "-" if figure < 0 else "", float(abs(figure))
    return f"{sign}{f'{size:.1f}'.removesuffix('.0') if size < 99.95 else format_amount(size)}"


def format_edge(measure: str, edge: Fraction, currency: str) -> str:
    """Return the edge of a bin of a histogram, a round number: `0`, `25k`, `$1,500`."""
    if measure in MONEY:
        return format_money(round(edge * 100), currency)
    return format_count(float(edge)) if abs(edge) >= 100 else f"{float(edge):g}"


def outside_sentence(shown: Histogram, draws: int, currency: str) -> str:
    """Return how many outcomes a histogram leaves out on either side, empty if none."""
    less, more = (format_edge(shown.measure, edge, currency) for edge in (shown.edges[0], shown.edges[-1]))
    parts = [f"{format_percent(shown.below / draws)} bring less than {less}"] if shown.below else []
    parts += [f"{format_percent(shown.above / draws)} bring {more} or more"] if shown.above else []
    return f"Not shown: {join_words(parts, 'and')}." if parts else ""


def format_chance(share: Fraction) -> str:
    """Return a share of the outcomes: `71%`, `none`, `all`."""
    return "none" if not share else "all" if share == 1 else format_percent(float(share))


def total_cells(simulation: Simulation, spread: Distribution) -> dict[str, str]:
    """Return the figures of one total, by column."""
    figures = {
        "planned": spread.planned,
        "mean": spread.mean,
        "worst_tenth": spread.worst_tenth,
        "p10": spread.p10,
        "p50": spread.p50,
        "p90": spread.p90,
    }
    currency = simulation.roster.currency
    return {key: format_figure(spread.measure, figure, currency) for key, figure in figures.items()}


def chance_rows(simulation: Simulation) -> Iterator[ChanceRow]:
    """Yield a line for each target, expected total, rule and expectation, and for the budget."""
    for chance in simulation.chances:
        yield ChanceRow(
            group=GROUPS[chance.kind],
            label=_chance_label(simulation, chance),
            share=float(chance.share),
            chance=format_chance(chance.share),
            interval=format_interval(chance.low, chance.high),
            planned=_as_planned(chance),
        )
    over = simulation.overspending
    if over is not None:
        budget, within = format_money(over.budget, simulation.roster.currency), 1 - over.share
        yield ChanceRow(
            group=BUDGET_GROUP,
            label=f"spend within the budget of {budget}",
            share=float(within),
            chance=format_chance(within),
            interval=format_interval(1 - over.high, 1 - over.low),
            planned="met" if simulation.totals.spend <= over.budget else "not met",
        )


def _as_planned(chance: SimulatedChance) -> str:
    """Return whether something holds where all comes as expected."""
    return "" if chance.kind == EXPECTED else "met" if chance.planned else "not met"


def _chance_label(simulation: Simulation, chance: SimulatedChance) -> str:
    found = [spread.planned for spread in simulation.distributions if spread.measure == chance.label]
    if chance.kind != EXPECTED or not found:
        return chance.label
    noun = NOUNS.get(chance.label, chance.label.replace("_", " "))
    return f"{format_figure(chance.label, found[0], simulation.roster.currency)} {noun} or more"


def format_interval(low: float, high: float) -> str:
    """Return the 95% interval of a chance: `70%-72%`."""
    return f"{_format_end(low, floor)}-{_format_end(high, ceil)}"


def _format_end(share: float, rounded: Callable[[float], int]) -> str:
    """Return an end of an interval, rounded outwards: with two decimals near 0 and 100%, otherwise with one."""
    parts = 100 if share < NEAR or share > 1 - NEAR else 10
    return f"{rounded(share * 100 * parts) / parts:g}%"


def format_share(share: Fraction | None) -> str:
    """Return a share of the result or of the risk."""
    if share is None:
        return "-"
    return f"{'-' if share < 0 else ''}{format_percent(float(abs(share)))}"


def risk_title(simulation: Simulation) -> str:
    """Return what the shares of the risk are about: `Who carries the risk (conversions)`."""
    measure = simulation.risk_measure
    meant = {"score": join_words(simulation.goal_measures, "and"), "worth": "the worth of all results"}
    return f"Who carries the risk ({meant.get(measure, NOUNS.get(measure, measure.replace('_', ' ')))})"


def risk_sentence(simulation: Simulation) -> str:
    """Return who carries most of the risk, in a sentence; empty where there is none."""
    first = simulation.risk[0]
    if first.shortfall is None or first.shortfall <= 0:
        return ""
    carriers, share = _main_carriers(simulation.risk)
    names = join_words([each.creator for each in carriers], "and")
    of_result = sum((each.expected or Fraction(0) for each in carriers), Fraction(0))
    verb = "carries" if len(carriers) == 1 else "carry"
    return (
        f"{names} {verb} {format_share(share)} of the risk and {format_share(of_result)} of the result "
        f"({format_number_of(len(simulation.risk), 'creator')} in the plan)."
    )


def _main_carriers(risk: tuple[RiskShare, ...]) -> tuple[list[RiskShare], Fraction]:
    """Return the first creators who carry half of the risk, at most three, and their share."""
    carriers, share = [], Fraction(0)
    for each in risk[:3]:
        if each.shortfall is None or each.shortfall <= 0 or share >= Fraction(1, 2):
            break
        carriers.append(each)
        share += each.shortfall
    return carriers, share


def histogram_title(measure: str) -> str:
    """Return what a histogram shows."""
    return f"{figure_name(measure)}: how many of the outcomes bring how much"
