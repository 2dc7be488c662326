"""Expectations: what a plan should reach, for scheduled runs that nobody watches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from microopt.campaign.earnings import EARNINGS, PROFIT, RATIOS, TARGET_SHARE, format_range_of, ratio_title
from microopt.campaign.metrics import METRICS, TARGET_METRICS, canonical_measure, is_rate
from microopt.campaign.rule_grammar import parse_measure_range
from microopt.errors import CampaignError, did_you_mean
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import Range, format_money

COST_METRICS = {name: metric for name, (above, metric, _) in RATIOS.items() if above == "spend"}
MONEY_MEASURES = ("spend", "unspent", *EARNINGS, *COST_METRICS)
BUDGET_MEASURES = ("spend", "unspent")  # whose range may be a share of the budget
MEASURES = (
    "creators",
    *MONEY_MEASURES[:4],
    *METRICS,
    *TARGET_METRICS,
    "gap",
    "switches",
    "roas",
    *COST_METRICS,
    TARGET_SHARE,
)
MEASURE_ALIASES = {"count": "creators", "views": "impressions", "cost": "spend"}


class Expectation(Struct, frozen=True, kw_only=True):
    """A measure of a plan and the range that it should be in.

    Attributes
    ----------
    label
        As the user wrote it.
    measure
        One of `MEASURES`.
    bounds
        Money in the currency's unit, a gap as a fraction; with `percent` shares, of the budget for money.
    """

    label: str
    measure: str
    bounds: Range

    @property
    def of_budget(self) -> bool:
        """Whether the range is a share of the budget."""
        return self.bounds.percent and self.measure in BUDGET_MEASURES


class UnmetExpectation(Struct, frozen=True, kw_only=True):
    """An expectation that a plan does not meet.

    Attributes
    ----------
    message
        What was expected and what the plan has instead, in a sentence without its full stop.
    """

    expectation: Expectation
    message: str


def parse_expectation(text: str) -> Expectation:
    """Parse an expectation: `conversions >= 300`, `spend 90%..`, `cpa <= 60`, `gap = 0`.

    Raises
    ------
    CampaignError
        If it cannot be parsed, names an unknown measure, or has a percent where the measure allows none.
    """
    name, bounds = parse_measure_range(text, "expectation")
    measure = _measure(name)
    if measure is None:
        fix = did_you_mean(name, [*MEASURES, *MEASURE_ALIASES]) or f"use one of: {', '.join(MEASURES)}"
        raise CampaignError(f"a plan has no figure called {name!r}", fix=fix, code="expectation-measure")
    if bounds.percent and measure not in (*BUDGET_MEASURES, "gap", TARGET_SHARE):
        message = f"expectation {text.strip()!r}: {measure} cannot be a percent"
        fix = f"give a plain number, such as '{measure} >= 300'; gap, spend and unspent can be a percent"
        if measure == "roas":
            fix = f"write it as a multiple of the spend: '{format_range_of('roas', bounds)}'"
        raise CampaignError(message, fix=fix, code="expectation-range")
    return Expectation(label=text.strip(), measure=measure, bounds=bounds)


def stated_amounts(expectations: Sequence[Expectation]) -> list[tuple[str, str]]:
    """Return the texts of the expectations that state money or people, each with its flag."""
    return [("--expect", expectation.label) for expectation in expectations if not is_rate(expectation.measure)]


def unmet_expectations(plan: Plan, expectations: Sequence[Expectation]) -> tuple[UnmetExpectation, ...]:
    """Return the expectations that a plan does not meet, in their order, each with what the plan has instead."""
    figures = dict(_plan_figures(plan))
    return tuple(
        UnmetExpectation(expectation=expectation, message=f"{expectation.label} is not met: {shortfall}")
        for expectation in expectations
        if (shortfall := _shortfall(plan, expectation, figures))
    )


def _measure(name: str) -> str | None:
    key = name.strip().casefold()
    if (on_target := canonical_measure(name)) in (*TARGET_METRICS, "target_cpm", TARGET_SHARE):
        return on_target
    for measure in (*MEASURES, *MEASURE_ALIASES):
        if key.rstrip("s") == measure.rstrip("s"):
            return MEASURE_ALIASES.get(measure, measure)
    return None


def _plan_figures(plan: Plan) -> Iterator[tuple[str, Fraction | None]]:
    """Yield each measure of a plan and its figure, None if the plan has none."""
    totals, step = plan.totals, plan.replan
    budget = plan.campaign.budget
    yield "creators", Fraction(totals.creators)
    yield "spend", Fraction(totals.spend, 100)
    yield "unspent", None if budget is None else Fraction(plan.unspent, 100)
    for earning, cents in (("revenue", totals.revenue), (PROFIT, totals.profit)):
        yield earning, None if cents is None else Fraction(cents, 100)
    yield "roas", Fraction(totals.revenue, totals.spend) if totals.revenue is not None and totals.spend else None
    for metric in (*METRICS, *TARGET_METRICS):
        yield metric, Fraction(totals.metrics[metric], 1000) if metric in totals.metrics else None
    yield TARGET_SHARE, None if plan.on_target is None else plan.on_target.share
    yield "gap", _gap(plan)
    yield "switches", Fraction(0 if step is None else len(step.switches))
    for name, metric in COST_METRICS.items():
        amount, per = totals.metrics.get(metric, 0), RATIOS[name][2]
        yield name, Fraction(totals.spend * 10 * per, amount) if amount else None


def _gap(plan: Plan) -> Fraction:
    """Return the exact value of `Proof.gap`."""
    value, bound = plan.proof.objective, plan.proof.bound
    return abs(bound - value) / abs(bound) if bound else Fraction(int(value != 0))


def _shortfall(plan: Plan, expectation: Expectation, figures: Mapping[str, Fraction | None]) -> str:
    """Return what a plan has instead of what is expected, empty if the expectation is met."""
    figure, budget = figures[expectation.measure], plan.campaign.budget
    if expectation.of_budget and figure is not None:
        figure = Fraction(figure * 100, budget) if budget else None
    if figure is None:
        return _missing_figure(plan, expectation)
    low, high = expectation.bounds.low, expectation.bounds.high
    crossed = low if low is not None and figure < low else high if high is not None and figure > high else None
    return "" if crossed is None else f"the plan {_describe_figure(plan, expectation, figure, crossed)}"


def _missing_figure(plan: Plan, expectation: Expectation) -> str:
    if expectation.measure in BUDGET_MEASURES:
        return "there is no budget"
    if expectation.measure.startswith("target_") and "target_reach" not in plan.totals.metrics:
        return "the campaign names no target audience: give --audience-country DE,AT"
    if expectation.measure in (*EARNINGS, "roas"):
        if plan.totals.revenue is None:
            return "no order value is known: give --order-value"
        is_profit = expectation.measure == PROFIT
        return "no margin is known: give --margin" if is_profit else "the plan spends nothing"
    metric = COST_METRICS.get(expectation.measure, "impressions")
    return f"the plan expects no {metric.replace('_', ' ')}"


def _describe_figure(plan: Plan, expectation: Expectation, figure: Fraction, crossed: Fraction) -> str:
    """Describe a figure with enough decimals to distinguish it from the bound that it crosses."""
    measure, share = expectation.measure, expectation.bounds.percent or expectation.measure in ("gap", TARGET_SHARE)
    if measure in MONEY_MEASURES and not share and round(figure * 100) != crossed * 100:
        text = format_money(round(figure * 100), plan.roster.currency)
    else:
        text = _format_apart(figure, crossed, share, least=2 if measure == "roas" else 0)
    if measure in RATIOS:
        return f"has a {ratio_title(measure)} of {text}"
    if measure == PROFIT:
        return f"has a profit of {text}"
    if measure == "gap":
        return f"has a gap of {text}"
    if measure == "switches":
        return f"makes {text}"
    if measure in ("spend", "unspent"):
        return f"{'spends' if measure == 'spend' else 'leaves'} {text}{' of the budget' if share else ''}"
    return f"has {text}" if measure == "creators" else f"expects {text}"


def _format_apart(figure: Fraction, crossed: Fraction, percent: bool, least: int = 0) -> str:
    scale, sign = (100, "%") if percent else (1, "")
    for decimals in range(1 if percent else least, 10):
        rounded = round(figure * scale, decimals)
        if rounded != crossed * scale:
            break
    text = f"{float(rounded):,.{decimals}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + sign
