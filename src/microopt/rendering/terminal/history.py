"""A history as a table for a person: a line a night, and below it what changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table

from microopt.inflight.history.result import History, HistoryEntry
from microopt.quantities.parse_and_format import format_count, format_money
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.wording.history import entry_lines, format_gain, format_time, history_notes, history_title
from microopt.rendering.wording.plan_figures import format_conversions

WIDE, WIDEST = 76, 100
GAP, SHORTEST = 2, 10


def history_table(history: History, screen: Screen) -> str:
    """Return the history as text, the newest plan last."""
    parts: list[RenderableType] = [cell(history_title(history), "bold"), ""]
    names = _names(screen)
    rows = [_figures(night, screen) for night in history.entries]
    widths = _widths([names, *rows], screen)
    parts.append(_line(names, widths, "bold"))
    for night, row in zip(history.entries, rows, strict=True):
        parts.append(_line(row, widths))
        parts += [Padding(cell(told, "dim"), (0, 0, 0, 2)) for told in entry_lines(night)]
    last = list(history_notes(history))
    parts += [""] if last else []
    parts += [cell(told, "yellow" if kind == "warning" else "") for kind, told in last]
    return screen.render(*parts)


def _names(screen: Screen) -> list[str]:
    names = ["When (UTC)", "Creators", "Cost", "Engagements", "Conversions", "Gain"]
    if screen.width < WIDE:
        names = [names[0], "Who", "Cost", "Eng.", "Conv.", "Gain"]
    return [*names, "Plan"] if screen.width >= WIDEST else names


def _figures(night: HistoryEntry, screen: Screen) -> list[str]:
    totals = night.totals
    figures = [
        format_time(night),
        f"{totals.creators:,}",
        format_money(totals.spend, night.currency, whole=totals.spend >= 1000),
        format_count(totals.metrics["engagements"] / 1000),
        format_conversions(totals.metrics["conversions"]),
        format_gain(night),
    ]
    return [*figures, cell(Path(night.path).name).plain] if screen.width >= WIDEST else figures


def _widths(lines: Sequence[Sequence[str]], screen: Screen) -> list[int]:
    """Return the width of each column: names of plans, which are last, give way to figures."""
    *figures, last = (max(map(len, column)) for column in zip(*lines, strict=True))
    left = screen.width - sum(figures) - GAP * (len(figures) + 1)
    return [*figures, min(last, max(left, SHORTEST))]


def _line(values: Sequence[str], widths: Sequence[int], style: str = "") -> Table:
    """Return one line: a table of its own, so that what is told below it may be as wide as the screen."""
    table = Table(box=None, padding=(0, GAP, 0, 0), show_edge=False, show_header=False)
    for place, width in enumerate(widths):
        right = 0 < place < 6
        table.add_column(justify="right" if right else "left", no_wrap=True, width=width, overflow="ellipsis")
    table.add_row(*(cell(value, style) for value in values))
    return table
