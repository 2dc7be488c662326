"""What each wave of a calendar was planned to cost and to bring, and has brought, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from microopt.plan.wave_pacing import WavePacing
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.wave_pacing import wave_cells, wave_headings

PRIORITIES = {"With results": 2, "First spend": 1}  # which columns go first on a narrow screen


def wave_pacing_table(waves: Sequence[WavePacing], currency: str, screen: Screen) -> Iterator[RenderableType]:
    """Yield a table with a line for each wave."""
    headings = wave_headings(waves)

    def column(place: int) -> Column[tuple[str, ...]]:
        heading = headings[place].replace(" ", "\n", 1)
        return figure(heading, lambda row: row[place], priority=PRIORITIES.get(headings[place], 0))

    columns = [Column(headings[0], lambda row: row[0], min_width=7), *map(column, range(1, len(headings)))]
    yield from table(columns, [wave_cells(wave, waves, currency) for wave in waves], screen)
