"""What a replanned plan adds to its table: who came and left and why, how the campaign stands, and who signed."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from microopt.pacing import Pace, Pacing, Standing, pacing
from microopt.plan import Plan
from microopt.renderers.replan_words import gain_sentence, gain_words, moved_sentence
from microopt.renderers.screen import Screen, cell
from microopt.units import print_count, print_money, print_percent

WIDE = 100
MOST = 20  # creators under contract that a table shows
OF_CREATORS = ("engagements", "conversions")


def replan_parts(plan: Plan, screen: Screen) -> Iterator[RenderableType]:
    """Yield what is told of the step since the last plan, and of how the campaign stands."""
    if plan.replan is not None:
        yield cell(moved_sentence(plan.replan), "bold")
        if plan.replan.switches:
            yield _switches(plan)
        told = gain_sentence(plan)
        if told:
            yield cell(told)
        for note in plan.replan.notes:
            yield cell(f"Note: {note}.", "dim")
        yield ""
    running = plan.campaign.running
    found = pacing(plan) if running is not None and (running.last_plan or running.actuals) else None
    if found is not None:
        yield _paces(plan, found)
        yield cell(_in_words(plan, found), "dim")
        yield ""
        if found.standings:
            yield _standings(found, screen)
            if len(found.standings) > MOST:
                yield Text(f"… and {len(found.standings) - MOST:,} more under contract: see -o plan.json", style="dim")
            yield ""


def _switches(plan: Plan) -> Table:
    assert plan.replan is not None
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    table.add_column("", no_wrap=True)
    table.add_column("Creator", no_wrap=True, overflow="ellipsis", max_width=24)
    table.add_column("Because", overflow="fold", ratio=1)
    table.add_column("Gain", justify="right", no_wrap=True)
    for one in plan.replan.switches:
        sign = Text("+", style="green") if one.came else Text("-", style="red")
        table.add_row(sign, cell(one.creator), cell("; ".join(one.causes)), gain_words(one))
    return table


def _paces(plan: Plan, found: Pacing) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    table.add_column(_day(found), no_wrap=True)
    for name in ("first planned", "so far", "", "expected at the end", ""):
        table.add_column(name, justify="right", no_wrap=True)
    for one in found.paces:
        share = "" if one.so_far is None or not one.planned else print_percent(one.so_far / one.planned)
        change = "" if not one.planned else _signed(one.expected / one.planned - 1)
        table.add_row(
            one.what.capitalize(), _figure(plan, one, one.planned), _figure(plan, one, one.so_far), share,
            _figure(plan, one, one.expected), change,
        )  # fmt: skip
    return table


def _day(found: Pacing) -> str:
    if found.day is None:
        return "The campaign"
    return f"Day {found.day:,}" + (f" of {found.days:,}" if found.days is not None else "")


def _figure(plan: Plan, one: Pace, amount: int | None) -> str:
    if amount is None:
        return "-"
    if one.what == "spend":
        return print_money(amount, plan.roster.currency, whole=True)
    return _count(amount)


def _count(thousandths: int) -> str:
    value = thousandths / 1000
    return f"{value:.1f}" if value < 99.95 else print_count(value)


def _signed(share: float) -> str:
    return f"{'-' if share < 0 else '+'}{print_percent(abs(share))}"


def _in_words(plan: Plan, found: Pacing) -> str:
    currency, running = plan.roster.currency, plan.campaign.running
    assert running is not None
    parts = [f"{print_money(found.committed, currency, whole=True)} is committed to creators who signed"]
    if found.paid:
        parts.append(f"{print_money(found.paid, currency, whole=True)} is paid")
    if running.sunk:
        parts.append(f"{print_money(running.sunk, currency, whole=True)} of that is sunk in creators who declined")
    return ", ".join(parts) + "."


def _standings(found: Pacing, screen: Screen) -> Table:
    """Return each kept creator's forecast against what came: when kept, so far, expected at the end."""
    wide = screen.width >= WIDE
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, header_style="bold")
    table.add_column("Under contract", no_wrap=True, overflow="ellipsis", max_width=30 if wide else 18)
    table.add_column("", no_wrap=True)
    for name in OF_CREATORS:
        short = name.capitalize() if wide else f"{name[:6].capitalize()}."
        for what in (f"{short}\nplanned", "so far", "at the end"):
            table.add_column(what, justify="right", no_wrap=True)
    for one in found.standings[:MOST]:
        table.add_row(cell(one.creator), one.state.value, *_figures(one))
    return table


def _figures(one: Standing) -> Iterator[str]:
    for name in OF_CREATORS:
        for figures in (one.planned, one.so_far, one.expected):
            yield _count(figures[name]) if name in figures else "-"
