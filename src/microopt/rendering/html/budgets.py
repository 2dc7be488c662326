"""What other budgets would bring: the plan of each in words, for the table and for the slider."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.analysis.report.result import Report
from microopt.campaign.metrics import internal_units
from microopt.plan.plan import Plan, Totals
from microopt.rendering.html.creators import PAGE_METRICS
from microopt.rendering.html.mix import share
from microopt.rendering.language.language import Language
from microopt.rendering.sanitize import plain_text
from microopt.rendering.story.budget_steps import BudgetStep, budget_steps, is_flat
from microopt.rendering.story.figures import write_result
from microopt.rendering.story.metric_names import metric_name
from microopt.rendering.wording.frontier import balanced_budgets_note, unspent_sentence
from microopt.rendering.wording.near_optimum import NEGLIGIBLE_PERCENT, is_point_near_optimum

STEPS_SHOWN = 4
HARDLY_ANY = Fraction(1, 2000)  # a relative change that is none


def budget_view(report: Report, language: Language) -> dict[str, Any] | None:
    """Return what the slider shows: the plan of each budget in words, and which of them is the plan's own.

    The creators of a budget are numbers of `names`: those who are added to the plan's own, those kept, those dropped.
    None without other budgets.
    """
    plan, frontier = report.plan, report.frontier
    if frontier is None:
        return None
    steps = budget_steps(report, language)
    own = next(number for number, point in enumerate(frontier.points) if point.budget == plan.campaign.budget)
    names = list(dict.fromkeys(name for point in frontier.points for name in point.creators))
    numbers = {name: number for number, name in enumerate(names)}
    own_creators = set(frontier.points[own].creators)
    points = []
    for point, step in zip(frontier.points, steps, strict=True):
        creators = set(point.creators)
        points.append(
            {
                "money": step.money,
                "step": plain_text(step.sentence),
                **budget_plan(plan, frontier, point, language, fees=report.edition.fees),
                "new": [numbers[name] for name in point.creators if name not in own_creators],
                "kept": [numbers[name] for name in point.creators if name in own_creators],
                "gone": sorted(numbers[name] for name in own_creators - creators) if point.totals else [],
            }
        )
    names = [plain_text(name) for name in names]
    note, unspent = balanced_budgets_note(frontier, plan.campaign.budget), plain_text(unspent_sentence(frontier))
    return {"own": own, "names": names, "points": points, "note": note, "unspent": unspent}


def next_steps(report: Report, language: Language) -> list[BudgetStep]:
    """Return what the plan's own budget changes against the one before, and the next few against it."""
    steps = budget_steps(report, language)
    own = next((number for number, step in enumerate(steps) if step.own), 0)
    return [] if is_flat(report) else [*steps[own : own + STEPS_SHOWN]]


def budget_plan(
    plan: Plan, frontier: Frontier, point: FrontierPoint, language: Language, *, fees: bool = True
) -> dict[str, Any]:
    """Return the figures and the mix of a budget's plan; nothing if there is none.

    Without fees, there is no spend: what a creator who is added costs would be the difference of two.
    """
    if point.totals is None:
        return {"status": "", "figures": [], "mix": []}
    unproven = language.text("the best found in the time allowed, not proven best")
    if is_point_near_optimum(point):
        unproven = language.text("proven best to within {percent}", percent=NEGLIGIBLE_PERCENT)
    currency = frontier.roster.currency
    figures = _figures(plan.totals, point.totals, currency, language)
    mix_rows = [_tier_row(tier, point, point.totals, currency, language) for tier in frontier.tiers]
    return {
        "status": "" if point.status == "optimal" else unproven,
        "figures": figures if fees else figures[1:],
        "mix": mix_rows if fees else [row[:2] for row in mix_rows],
    }


def relative_change(part: Fraction, language: Language) -> str:
    """Return a relative change: +3%, −2%, or `same`."""
    if abs(part) < HARDLY_ANY:
        return language.text("same")
    return f"{'−' if part < 0 else '+'}{language.percent(float(abs(part)))}"


def _figures(own: Totals, totals: Totals, currency: str, language: Language) -> list[tuple[str, str, str]]:
    """Return (name, figure, difference to the plan) of a budget."""

    def change(amount: int, own_amount: int) -> str:
        return relative_change(Fraction(amount - own_amount, own_amount), language) if own_amount else ""

    creators = totals.creators - own.creators
    signed = f"{'−' if creators < 0 else '+'}{language.number(abs(creators))}"
    rows = [
        (
            language.text("Spend"),
            language.money(totals.spend, currency, whole=True),
            change(totals.spend, own.spend),
        ),
        (language.text("Creators"), language.number(totals.creators), signed if creators else language.text("same")),
    ]
    for name in PAGE_METRICS:
        amount = totals.metrics[name]
        written = write_result(language, name, amount / internal_units(name))
        rows.append((metric_name(name, language), written, change(amount, own.metrics[name])))
    return rows


def _tier_row(
    tier: str, point: FrontierPoint, totals: Totals, currency: str, language: Language
) -> tuple[str, str, str, str]:
    """Return (tier, creators, spend, share of the spend)."""
    in_tier = point.mix.get(tier)
    if in_tier is None:
        return plain_text(tier), "-", "-", "-"
    spend = language.money(in_tier.spend, currency, whole=True)
    return plain_text(tier), language.number(in_tier.creators), spend, share(in_tier.spend, totals.spend, language)
