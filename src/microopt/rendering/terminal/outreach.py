"""Whom to ask as a table for a person: in the order in which to go through it."""

from __future__ import annotations

from rich.console import RenderableType

from microopt.inflight.outreach.result import OutreachList, OutreachRow
from microopt.quantities.parse_and_format import format_money
from microopt.rendering.terminal.screen import Screen, cell, message_lines
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.outreach import (
    answer_due,
    outreach_head,
    outreach_sentences,
    outreach_warnings,
    plan_b,
    what_to_do,
)
from microopt.rendering.wording.plan_figures import platform_label

MAX_NAME_WIDTH, USUAL, WIDE = 24, 72, 90


def outreach_table(outreach: OutreachList, screen: Screen) -> str:
    """Return the list as text."""

    def fee(row: OutreachRow) -> str:
        cents = row.fee if row.agreed_fee is None else row.agreed_fee
        return "-" if cents is None else format_money(cents, outreach.currency)

    least = None if screen.width >= USUAL else 14  # whole names, unless the screen is narrow
    columns: list[Column[OutreachRow]] = [
        figure("#", lambda row: str(row.order)),
        Column("Creator", lambda row: row.creator, min_width=least, max_width=MAX_NAME_WIDTH, wrap=True),
        Column("Post", _post, min_width=8, max_width=20, priority=2, wrap=True),
        *([Column("Wave", _wave, min_width=7)] if any(row.wave for row in outreach.rows) else []),
        figure("Fee", fee),
        Column("What to do", what_to_do),
        figure("Answer by", answer_due, short_heading="Until", priority=1),
    ]
    if any(map(plan_b, outreach.rows)):
        columns.append(Column("If no, ask", plan_b, min_width=16, share=2, wrap=True))
    parts: list[RenderableType] = [
        cell(outreach_head(outreach), "bold"),
        *message_lines(outreach_warnings(outreach)),
        "",
    ]
    parts += table(columns, outreach.rows, screen, wide=WIDE)
    return screen.render(*parts, "", *message_lines(outreach_sentences(outreach)))


def _wave(row: OutreachRow) -> str:
    return row.wave or ""


def _post(row: OutreachRow) -> str:
    units = f"{row.units} x " if row.units > 1 else ""
    return units + " ".join(filter(None, (platform_label(row.platform), row.offer)))
