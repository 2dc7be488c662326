"""The fallbacks of a plan for a person: a line for each creator who may decline."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from microopt.plan.plan import Plan
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.terminal.table import Column, table
from microopt.rendering.wording.fallbacks import FALLBACKS_HEADINGS, fallback_notes, fallback_rows

SHOWN = 60  # creators, of whom a screen shows the fallbacks


def fallback_parts(plan: Plan, screen: Screen, file: str | None = None) -> Iterator[RenderableType]:
    """Yield whom to ask where somebody declines, nothing for a plan without fallbacks."""
    rows = list(fallback_rows(plan))
    if not rows:
        return
    columns: list[Column[tuple[str, str]]] = [
        Column(FALLBACKS_HEADINGS[0], lambda row: row[0], min_width=16),
        Column(FALLBACKS_HEADINGS[1], lambda row: row[1], min_width=30, share=4, wrap=True),
    ]
    yield ""
    yield from table(columns, rows[:SHOWN], screen)
    if len(rows) > SHOWN:
        yield Text(f"… and {len(rows) - SHOWN:,} more: add -o plan.json for all of them.", style="dim")
    yield from (Text(note, style="dim") for note in fallback_notes(plan, file))
