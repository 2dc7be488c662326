"""The step from one plan to the next, and how a campaign stands, in words that every renderer shares."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.plan.pacing import CreatorPacing, MetricPacing, Pacing, pacing
from microopt.plan.plan import Plan
from microopt.plan.replan_summary import ReplanSummary, RosterChange
from microopt.quantities.parse_and_format import print_count, print_money, print_percent

OF_CREATORS = ("engagements", "conversions")
SMALL = 0.0005  # of which a percent with one decimal shows nothing
PACES = ("", "first planned", "so far", "share", "expected at the end", "change")


def moved_sentence(replan: ReplanSummary) -> str:
    """Return how many came and left."""
    came = sum(one.came for one in replan.switches)
    left = len(replan.switches) - came
    if not replan.switches:
        return "Since the last plan: nobody came, nobody left."
    return f"Since the last plan: {came:,} came, {left:,} left."


def gain_words(one: RosterChange) -> str:
    """Return what a switch gains, in a few characters."""
    if one.forced:
        return "no choice"
    if one.gain is None or one.gain.share is None:
        return "-"
    return signed_percent(float(one.gain.share))


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
    share = print_percent(abs(float(replan.gain.share)))
    word = "less" if replan.gain.share < 0 else "more"
    return f"It brings {share} {word} than the best plan that keeps everybody of the last one who can still be had."


def shown_pacing(plan: Plan) -> Pacing | None:
    """Return how a campaign stands, None where nothing has come of it that is worth a table."""
    running = plan.campaign.running
    return pacing(plan) if running is not None and (running.last_plan or running.actuals) else None


def day_of(found: Pacing) -> str:
    """Return which day results count up to."""
    if found.day is None:
        return "The campaign"
    return f"Day {found.day:,}" + (f" of {found.days:,}" if found.days is not None else "")


def pace_rows(plan: Plan, found: Pacing) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each figure of the whole campaign, under `PACES`."""
    for one in found.paces:
        share = "" if one.so_far is None or not one.planned else print_percent(one.so_far / one.planned)
        change = "" if not one.planned else signed_percent(one.expected / one.planned - 1)
        figures = [_figure(plan, one, amount) for amount in (one.planned, one.so_far, one.expected)]
        yield one.what.capitalize(), figures[0], figures[1], share, figures[2], change


def standing_cells(one: CreatorPacing) -> Iterator[str]:
    """Yield a kept creator's engagements, then conversions: when first kept, so far, expected at the end."""
    for name in OF_CREATORS:
        for figures in (one.planned, one.so_far, one.expected):
            yield _count(figures[name]) if name in figures else "-"


def money_sentence(plan: Plan, found: Pacing) -> str:
    """Return what is committed, paid and sunk."""
    currency, running = plan.roster.currency, plan.campaign.running
    parts = [f"{print_money(found.committed, currency, whole=True)} is committed to creators who signed"]
    if found.paid:
        parts.append(f"{print_money(found.paid, currency, whole=True)} is paid")
    if running is not None and running.sunk:
        parts.append(f"{print_money(running.sunk, currency, whole=True)} of that is sunk in creators who declined")
    return ", ".join(parts) + "."


def signed_percent(share: float) -> str:
    """Print a share with its sign."""
    size = abs(share)
    shown = f"{size * 100:.1g}%" if 0 < size < SMALL else print_percent(size)
    return f"{'-' if share < 0 else '+'}{shown}"


def _figure(plan: Plan, one: MetricPacing, amount: int | None) -> str:
    if amount is None:
        return "-"
    return print_money(amount, plan.roster.currency, whole=True) if one.what == "spend" else _count(amount)


def _count(thousandths: int) -> str:
    value = thousandths / 1000
    return f"{value:.1f}" if value < 99.95 else print_count(value)
