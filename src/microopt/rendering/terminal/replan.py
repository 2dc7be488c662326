"""What a replanned plan adds to its table: who was exchanged and why, the pace of the campaign, and who signed."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from microopt.plan.pacing import CreatorPacing, Pacing
from microopt.plan.plan import Plan
from microopt.plan.replan_summary import RosterChange
from microopt.rendering.moved_in_english import moved_in_english
from microopt.rendering.terminal.screen import BAD, GOOD, Screen, cell
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.terminal.wave_pacing import wave_pacing_table
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.plan_figures import TOTALS_HEADINGS
from microopt.rendering.wording.replan import (
    CREATOR_METRICS,
    CREATOR_STAGES,
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
from microopt.rendering.wording.shared_reasons import shared_reason_sentences, shared_reasons

MEDIUM, WIDE = 60, 100
OPTIONAL_FIGURES = {"share": 2, "change": 1}  # columns without a heading, by their priority
MOST_SHOWN = 20  # creators under contract
MAX_NAME_WIDTH = 24
BELOW = "see below"  # in place of reasons that many creators share


def replan_parts(plan: Plan, screen: Screen) -> Iterator[RenderableType]:
    """Yield the step since the last plan, and the state of the campaign."""
    if plan.replan is not None:
        yield cell(switches_sentence(plan.replan), "bold")
        if plan.replan.switches:
            yield from _switches(plan.replan.switches, screen)
        if gain := gain_sentence(plan):
            yield cell(gain)
        yield from map(cell, moved_in_english(plan))
        yield from (cell(f"Note: {end_sentence(note)}", "dim") for note in plan.replan.notes)
        yield ""
    pacing = reportable_pacing(plan)
    if pacing is not None:
        yield from _figures(plan, pacing, screen)
        yield cell(commitments_sentence(plan, pacing), "dim")
        yield ""
        if any(wave.to_date for wave in pacing.waves):
            yield from wave_pacing_table(pacing.waves, plan.roster.currency, screen)
            yield ""
        if pacing.creators:
            yield from _creators(pacing, screen)
            yield ""


def _switches(switches: tuple[RosterChange, ...], screen: Screen) -> Iterator[RenderableType]:
    """Yield who was added and dropped, and why; a reason that many share stands once below the table."""

    def sign(switch: RosterChange) -> Text:
        return Text("+", style=GOOD) if switch.added else Text("-", style=BAD)

    shared = shared_reasons((switch.creator, switch.causes) for switch in switches)

    def because(switch: RosterChange) -> str:
        return "; ".join(cause for cause in switch.causes if cause not in shared) or (BELOW if switch.causes else "")

    columns: list[Column[RosterChange]] = [
        Column("", sign),
        Column("Creator", lambda switch: switch.creator, min_width=20, max_width=MAX_NAME_WIDTH),
        Column("Because", because, min_width=12, share=3, wrap=True),
        figure("Gain", format_switch_gain),
    ]
    yield from table(columns, switches, screen)
    yield from map(cell, shared_reason_sentences(shared))


def _figures(plan: Plan, pacing: Pacing, screen: Screen) -> Iterator[RenderableType]:
    """Yield planned, actual and projected figures of the whole campaign."""

    def column(place: int) -> Column[tuple[str, ...]]:
        name = PACING_HEADINGS[place]
        heading = "" if name in OPTIONAL_FIGURES else name
        priority = OPTIONAL_FIGURES.get(name, 0)
        return figure(heading, lambda row: row[place], short_heading=heading.replace(" ", "\n", 1), priority=priority)

    columns = [Column(format_day(pacing), _first), *map(column, range(1, len(PACING_HEADINGS)))]
    return table(columns, list(pacing_rows(plan, pacing)), screen, wide=MEDIUM)


def _first(row: tuple[str, ...]) -> str:
    return row[0]


def _creators(pacing: Pacing, screen: Screen) -> Iterator[RenderableType]:
    """Yield each creator under contract: forecast when first kept, results to date, and projected results."""
    rows = [(creator, tuple(creator_pacing_cells(creator))) for creator in pacing.creators[:MOST_SHOWN]]
    wide = screen.width >= WIDE
    names = [TOTALS_HEADINGS[name][0 if wide else 1] for name in CREATOR_METRICS]
    headings = [heading for name in names for heading in (f"{name}\nplanned", *CREATOR_STAGES[1:])]

    def column(place: int, heading: str) -> Column[tuple[CreatorPacing, tuple[str, ...]]]:
        return figure(heading, lambda row: row[1][place])

    columns = [
        Column("Under contract", lambda row: row[0].creator, min_width=8, max_width=30 if wide else 18),
        Column("", lambda row: row[0].state.value),
        *(column(place, heading) for place, heading in enumerate(headings)),
    ]
    yield from table(columns, rows, screen, gap=1)
    rest = len(pacing.creators) - MOST_SHOWN
    if rest > 0:
        yield Text(f"… and {rest:,} more under contract: see -o plan.json", style="dim")
