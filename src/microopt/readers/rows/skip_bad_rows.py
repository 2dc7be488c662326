"""Raise what is wrong with a roster, or leave out the bad rows and keep account of them."""

from __future__ import annotations

import numpy as np

from microopt.errors import Fault, RosterError
from microopt.files.reading import source_name
from microopt.quantities.parse_and_format import format_names
from microopt.readers.context import ReadContext
from microopt.roster.roster import Roster, RowRemark

NAMED_ROWS = 10
MAX_CHARACTERS = 200  # of a text about a row


def raise_or_skip_faults(context: ReadContext, roster: Roster) -> Roster:
    """Raise the faults, or return the roster without the bad rows if the options say so.

    Raises
    ------
    RosterError
        With every fault; also if no row is left.
    """
    faults = context.faults
    if not faults.count or not context.options.skip_bad_rows or faults.has_file_faults:
        faults.raise_if_any(context.path, are_rows_skipped=context.options.skip_bad_rows)
        return roster
    is_good = ~np.isin(roster.row, list(faults.bad_rows))
    if not is_good.any():
        fix = "correct the rows that you need; microopt check lists what is wrong with each"
        raise RosterError(f"{source_name(context.path)}: every row has a problem", fix=fix, faults=faults.faults)
    context.left_out += _account(context, roster)
    rows = [f"{row:,}" for row in sorted(faults.bad_rows)]
    subject = "1 row with a problem was" if len(rows) == 1 else f"{len(rows):,} rows with problems were"
    context.notes.append(f"{subject} left out (--skip-bad-rows): {format_names(rows, NAMED_ROWS)}")
    return roster.take(np.flatnonzero(is_good))


def _account(context: ReadContext, roster: Roster) -> list[RowRemark]:
    """Return what is wrong with each row; rows whose faults are not held have no reason."""
    faults: dict[int, list[Fault]] = {}
    for fault in context.faults.faults:
        if fault.row is not None:
            faults.setdefault(fault.row, []).append(fault)
    positions = dict(zip(roster.row.tolist(), range(len(roster)), strict=True)) if faults else {}
    account = []
    for row, wrong in sorted(faults.items()):
        creator = roster.texts["creator"][positions[row]].strip() if row in positions else ""
        reasons = "; ".join(": ".join(filter(None, (fault.column, fault.message))) for fault in wrong)
        text = ": ".join(filter(None, (creator, reasons)))
        text = text[:MAX_CHARACTERS]
        account.append(RowRemark(code=wrong[0].code, rows=np.asarray([row]), text=text, creator=creator))
    if rest := sorted(context.faults.bad_rows - faults.keys()):
        account.append(RowRemark(code="rows-skipped", rows=np.asarray(rest), text="there is a problem"))
    return account
