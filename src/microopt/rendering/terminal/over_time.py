"""One burst beside a plan over waves for a person: the answer, then a line for each plan."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.over_time.result import TimingComparison
from microopt.rendering.terminal.screen import Screen, cell, message_lines
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.terminal.tiers import study_title
from microopt.rendering.wording.over_time import (
    TimingLine,
    case_words,
    hidden_bursts,
    over_time_head,
    over_time_sentences,
    remark_heading,
    timing_lines,
)

WIDE, WIDEST = 90, 110
NAME_WIDTH = 20  # characters of a plan's name that are shown while another column can go
FIGURES = ("creators", "cost", "reach", "engagements", "conversions", "cpe", "cpa")
PRIORITIES = {"cpa": 6, "cpe": 5, "reach": 4, "creators": 3, "conversions": 2}
WIDE_ONLY = dict.fromkeys(("reach", "cpe", "cpa"), WIDEST)


def over_time_table(comparison: TimingComparison, screen: Screen) -> str:
    """Return the comparison as text."""
    parts: list[RenderableType] = [
        *message_lines(over_time_head(comparison)),
        "",
        study_title(comparison.plan, screen),
        *_plans(comparison, screen),
    ]
    sentences = list(message_lines(over_time_sentences(comparison)))
    return screen.render(*parts, *([""] if sentences else []), *sentences)


def _plans(comparison: TimingComparison, screen: Screen) -> Iterator[RenderableType]:
    """Yield a line for each plan, then what is left out, and what the names mean."""
    currency = comparison.plan.roster.currency
    columns: list[Column[TimingLine]] = [
        Column("", lambda line: line.name, min_width=NAME_WIDTH),
        figure("Posts", lambda line: f"{line.plan.posts:,}", priority=1),
        *totals_columns(
            FIGURES,
            lambda line: line.plan.totals,
            currency,
            priority=1,
            from_width=WIDE_ONLY,
            priorities=PRIORITIES,
        ),
        figure(remark_heading(comparison), lambda line: line.share),
    ]
    lines = list(timing_lines(comparison))
    yield from table(columns, lines, screen, wide=WIDE, style=lambda line: "bold" if line.is_plan else "")
    if hidden := hidden_bursts(comparison):
        yield Text(f"… and {hidden:,} more bursts: add -o compare.csv for all of them.", style="dim")
    yield cell(case_words(comparison), "dim")
