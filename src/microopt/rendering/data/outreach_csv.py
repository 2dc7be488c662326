"""Whom to ask, as CSV: to be filled in, and read again as a file of contract states."""

from __future__ import annotations

from datetime import date

from microopt.campaign.calendar import WAVE
from microopt.inflight.outreach.build import build_outreach
from microopt.inflight.outreach.result import OutreachList, OutreachRow
from microopt.plan.plan import Plan
from microopt.rendering.data.csv_text import csv_text, money_cells, text_cell
from microopt.rendering.data.roster_csv import BYTE_ORDER_MARK

OUTREACH_COLUMNS = (
    *("order", "creator", "platform", "offer", "units", "fee", "agreed_fee", "status"),
    *("ask_on", "answer_by", "fallback_for", "next_if_no"),
)


def outreach_csv(outreach: OutreachList) -> str:
    """Return one row per offer, with a header; unknown cells are empty. `fee` is the quote, for all units.

    Only a list of a campaign with a calendar has a column `wave`, as its last.
    """
    if not any(row.wave for row in outreach.rows):
        return csv_text(OUTREACH_COLUMNS, map(_cells, outreach.rows))
    return csv_text((*OUTREACH_COLUMNS, WAVE), ([*_cells(row), text_cell(row.wave or "")] for row in outreach.rows))


def outreach_file(outreach: OutreachList) -> str:
    """Return the same for a file that a team opens in a spreadsheet, fills in and saves."""
    return BYTE_ORDER_MARK + outreach_csv(outreach)


def plan_outreach_file(plan: Plan) -> str:
    """Return whom to ask today, as far as the plan knows who was asked."""
    return outreach_file(build_outreach(plan, as_of=date.today()))


def _cells(row: OutreachRow) -> list[str]:
    return [
        str(row.order),
        *map(text_cell, (row.creator, row.platform, row.offer)),
        str(row.units),
        *("" if cents is None else money_cells([cents])[0] for cents in (row.fee, row.agreed_fee)),
        text_cell(row.status.value),
        *("" if day is None else day.isoformat() for day in (row.ask_on, row.answer_by)),
        *map(text_cell, ("|".join(row.fallback_for), row.next_if_no)),
    ]
