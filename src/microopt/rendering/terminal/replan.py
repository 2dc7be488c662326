"""What a replanned plan adds to its table: who came and left and why, how the campaign stands, and who signed."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from microopt.plan.pacing import Pacing
from microopt.plan.plan import Plan
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.wording.replan import (
    CREATOR_METRICS,
    PACING_HEADINGS,
    commitments_sentence,
    creator_pacing_cells,
    format_day,
    format_switch_gain,
    gain_sentence,
    pacing_rows,
    reportable_pacing,
    switches_sentence,
)

WIDE = 100
MOST = 20  # creators under contract that a table shows


def replan_parts(plan: Plan, screen: Screen) -> Iterator[RenderableType]:
    """Yield what is told of the step since the last plan, and of how the campaign stands."""
    if plan.replan is not None:
        yield cell(switches_sentence(plan.replan), "bold")
        if plan.replan.switches:
            yield _switches(plan)
        told = gain_sentence(plan)
        if told:
            yield cell(told)
        for note in plan.replan.notes:
            yield cell(f"Note: {note}.", "yellow")
        yield ""
    found = reportable_pacing(plan)
    if found is not None:
        yield _paces(plan, found)
        yield cell(commitments_sentence(plan, found), "dim")
        yield ""
        if found.creators:
            yield _standings(found, screen)
            if len(found.creators) > MOST:
                yield Text(f"… and {len(found.creators) - MOST:,} more under contract: see -o plan.json", style="dim")
            yield ""


def _switches(plan: Plan) -> Table:
    assert plan.replan is not None
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    table.add_column("", no_wrap=True)
    table.add_column("Creator", no_wrap=True, overflow="ellipsis", max_width=24)
    table.add_column("Because", overflow="fold", ratio=1)
    table.add_column("Gain", justify="right", no_wrap=True)
    for one in plan.replan.switches:
        sign = Text("+", style="green") if one.added else Text("-", style="red")
        table.add_row(sign, cell(one.creator), cell("; ".join(one.causes)), format_switch_gain(one))
    return table


def _paces(plan: Plan, found: Pacing) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    table.add_column(format_day(found), no_wrap=True)
    for name in PACING_HEADINGS[1:]:
        table.add_column("" if name in ("share", "change") else name, justify="right", no_wrap=True)
    for row in pacing_rows(plan, found):
        table.add_row(*row)
    return table


def _standings(found: Pacing, screen: Screen) -> Table:
    """Return each kept creator's forecast against what came: when kept, so far, expected at the end."""
    wide = screen.width >= WIDE
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, header_style="bold")
    table.add_column("Under contract", no_wrap=True, overflow="ellipsis", max_width=30 if wide else 18)
    table.add_column("", no_wrap=True)
    for name in CREATOR_METRICS:
        short = name.capitalize() if wide else f"{name[:6].capitalize()}."
        for what in (f"{short}\nplanned", "so far", "at the end"):
            table.add_column(what, justify="right", no_wrap=True)
    for one in found.creators[:MOST]:
        table.add_row(cell(one.creator), one.state.value, *creator_pacing_cells(one))
    return table
