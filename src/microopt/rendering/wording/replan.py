"""The step from one plan to the next, and how a campaign stands, in words that every renderer shares."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.plan.pacing import CreatorPacing, MetricPacing, Pacing, build_pacing
from microopt.plan.plan import Plan
from microopt.plan.replan_summary import ReplanSummary, RosterChange
from microopt.quantities.parse_and_format import format_count, format_money, format_percent
from microopt.rendering.wording.plan_figures import format_signed_percent

CREATOR_METRICS = ("engagements", "conversions")
PACING_HEADINGS = ("", "first planned", "so far", "share", "expected at the end", "change")


def switches_sentence(replan: ReplanSummary) -> str:
    """Return how many came and left."""
    came = sum(one.added for one in replan.switches)
    left = len(replan.switches) - came
    if not replan.switches:
        return "Since the last plan: nobody came, nobody left."
    return f"Since the last plan: {came:,} came, {left:,} left."


def format_switch_gain(one: RosterChange) -> str:
    """Return what a switch gains, in a few characters."""
    if one.forced:
        return "no choice"
    if one.gain is None or one.gain.share is None:
        return "-"
    return format_signed_percent(float(one.gain.share))


def gain_sentence(plan: Plan) -> str:
    """Return what all switches gain together, empty where there is nothing to say."""
    replan = plan.replan
    if replan is None or not replan.switches:
        return ""
    if replan.obstacle:
        return f"{replan.obstacle[0].upper()}{replan.obstacle[1:]}."
    if replan.gain is None or replan.gain.share is None:
        return ""
    if not replan.gain.share:
        return "It is the best plan, and keeps everybody of the last one who can still be had."
    share = format_percent(abs(float(replan.gain.share)))
    word = "less" if replan.gain.share < 0 else "more"
    return f"It brings {share} {word} than the best plan that keeps everybody of the last one who can still be had."


def reportable_pacing(plan: Plan) -> Pacing | None:
    """Return how a campaign stands, None where nothing has come of it that is worth a table."""
    running = plan.campaign.running
    return build_pacing(plan) if running is not None and (running.last_plan or running.actuals) else None


def format_day(found: Pacing) -> str:
    """Return which day results count up to."""
    if found.day is None:
        return "The campaign"
    return f"Day {found.day:,}" + (f" of {found.days:,}" if found.days is not None else "")


def pacing_rows(plan: Plan, found: Pacing) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each figure of the whole campaign, under `PACES`."""
    for one in found.figures:
        share = "" if one.to_date is None or not one.planned else format_percent(one.to_date / one.planned)
        change = "" if not one.planned else format_signed_percent(one.projected / one.planned - 1)
        figures = [_figure(plan, one, amount) for amount in (one.planned, one.to_date, one.projected)]
        yield one.name.capitalize(), figures[0], figures[1], share, figures[2], change


def creator_pacing_cells(one: CreatorPacing) -> Iterator[str]:
    """Yield a kept creator's engagements, then conversions: when first kept, so far, expected at the end."""
    for name in CREATOR_METRICS:
        for figures in (one.planned, one.to_date, one.projected):
            yield _count(figures[name]) if name in figures else "-"


def commitments_sentence(plan: Plan, found: Pacing) -> str:
    """Return what is committed, paid and sunk."""
    currency, running = plan.roster.currency, plan.campaign.running
    parts = [f"{format_money(found.committed, currency, whole=True)} is committed to creators who signed"]
    if found.paid:
        parts.append(f"{format_money(found.paid, currency, whole=True)} is paid")
    if running is not None and running.sunk:
        parts.append(f"{format_money(running.sunk, currency, whole=True)} of that is sunk in creators who declined")
    return ", ".join(parts) + "."


def _figure(plan: Plan, one: MetricPacing, amount: int | None) -> str:
    if amount is None:
        return "-"
    return format_money(amount, plan.roster.currency, whole=True) if one.name == "spend" else _count(amount)


def _count(thousandths: int) -> str:
    value = thousandths / 1000
    return f"{value:.1f}" if value < 99.95 else format_count(value)
