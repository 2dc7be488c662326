"""A history as a table for a person: a line for each plan, and below it what changed."""

from __future__ import annotations

from pathlib import Path

from rich.console import RenderableType

from microopt.inflight.history.result import History, HistoryEntry
from microopt.rendering.terminal.screen import Screen, message_lines
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.terminal.wave_pacing import wave_pacing_table
from microopt.rendering.wording.history import (
    GAIN_LEGEND,
    HISTORY_TOTALS,
    entry_lines,
    format_gain,
    format_time,
    history_head,
    history_notes,
)
from microopt.rendering.wording.plan_figures import TOTALS_HEADINGS, format_total

WIDE, WIDEST = 76, 100
MIN_LAST_WIDTH = 10
PRIORITIES = {"creators": 3, "conversions": 2, "gain": 1}  # which columns go first on a narrow screen


def history_table(history: History, screen: Screen) -> str:
    """Return the history as text, the newest plan last."""
    parts: list[RenderableType] = [*message_lines(history_head(history)), ""]
    parts += table(_columns(history, screen), history.entries, screen, wide=WIDE, details=entry_lines)
    latest = history.entries[-1] if history.entries else None
    if latest is not None and any(wave.to_date for wave in latest.waves):
        parts += ["", *wave_pacing_table(latest.waves, latest.currency, screen)]
    notes = list(message_lines(history_notes(history)))
    return screen.render(*parts, *([""] if notes else []), *notes)


def _columns(history: History, screen: Screen) -> list[Column[HistoryEntry]]:
    """Return the columns: names of plans, which come last on a wide screen, give way to figures."""

    def total(name: str) -> Column[HistoryEntry]:
        heading, short = TOTALS_HEADINGS[name]

        def value(entry: HistoryEntry) -> str:
            return format_total(name, entry.totals, entry.currency)

        return figure(heading, value, short_heading=short, priority=PRIORITIES.get(name, 0))

    legend = GAIN_LEGEND if any(entry.replan is not None for entry in history.entries) else ""
    gain_width = None if screen.width >= WIDEST else MIN_LAST_WIDTH
    return [
        Column("When (UTC)", format_time),
        *map(total, HISTORY_TOTALS),
        Column("Gain", format_gain, "", "right", gain_width, priority=PRIORITIES["gain"], legend=legend),
        Column("Plan", lambda entry: Path(entry.path).name, min_width=MIN_LAST_WIDTH, from_width=WIDEST),
    ]
