"""A file of contract states -> States: how far the campaign has come with each creator."""

from __future__ import annotations

import numpy as np

from microopt.campaign.progress import Contract, State
from microopt.campaign.updates import SourceFile
from microopt.errors import Fault, did_you_mean
from microopt.quantities.keys import match_keys
from microopt.readers.columns.creator_names import NameColumn
from microopt.readers.columns.mapping import fault_missing_column
from microopt.readers.columns.money import parse_money, to_cents
from microopt.readers.columns.numbers import check_number_column
from microopt.readers.context import ReadContext
from microopt.readers.options import ReadOptions
from microopt.readers.update_files import (
    UpdateRow,
    drop_duplicate_rows,
    note_unused_columns,
    offer_cells,
    open_update_file,
    rows_without_faults,
    source_file_fields,
    text_cells,
)
from microopt.readers.vocabulary import STATES
from microopt.roster.contract_status import WORDS, state_of
from microopt.roster.volume_packages import MOST_UNITS, wrong_units


class ContractStates(SourceFile, frozen=True, kw_only=True):
    """How far a campaign has come with its creators.

    Attributes
    ----------
    contracts
        In the order of the file.
    currency
        Code of the one currency of the money, None where nothing names it.
    """

    contracts: tuple[Contract, ...]
    currency: str | None = None


def read_states(path: str, options: ReadOptions | None = None) -> ContractStates:
    """Read contract states, checking everything.

    Parameters
    ----------
    path
        In any form that a roster may have.

    Raises
    ------
    RosterError
        With every fault of the file.
    """
    reading, names = open_update_file(path, options, STATES)
    if "state" not in reading.columns:
        fault_missing_column(reading, "state")
    lines = _lines(reading, names)
    lines = drop_duplicate_rows(reading, rows_without_faults(reading, lines), "state-twice", _differ)
    reading.faults.raise_if_any(path, can_skip_rows=False)
    note_unused_columns(reading)
    return ContractStates(
        contracts=tuple(line.value for line in lines),
        currency=reading.currency,
        **source_file_fields(reading, path, lines),
    )


def _lines(reading: ReadContext, names: NameColumn | None) -> list[UpdateRow[Contract]]:
    """Read every row; the faults of its cells are noted."""
    texts = offer_cells(reading, names)
    keys = zip(*(match_keys(cells) for cells in texts), strict=True)
    told = (_states(reading), _units(reading), _money(reading, "fee"), _money(reading, "paid"))
    return [
        UpdateRow(
            row=row,
            creator=creator,
            key=key,
            value=Contract(
                creator=creator,
                state=state,
                offer=offer or None,
                platform=platform or None,
                units=units,
                fee=fee,
                paid=paid,
            ),
        )
        for row, key, creator, platform, offer, state, units, fee, paid in zip(
            reading.table.row.tolist(), keys, *texts, *told, strict=True
        )
    ]


def _states(reading: ReadContext) -> list[State]:
    """Read the words of the states; an empty cell is a proposed creator."""
    cells = text_cells(reading, "state")
    found = [state_of(word) for word in cells]
    known = [word.strip() for words in WORDS.values() for word in words.split(",")]
    rows = [place for place, state in enumerate(found) if state is None]
    lines = reading.table.row[rows].tolist()

    def fault(at: int) -> Fault:
        word = cells[rows[at]][:200]
        fix = "; ".join(filter(None, (did_you_mean(word, known), f"known are {', '.join(WORDS)}")))
        message, column = f"{word!r} is no contract state", reading.header("state")
        return Fault(code="state-unknown", message=message, fix=fix, row=lines[at], column=column, value=word)

    reading.faults.add_rows(lines, fault)
    return [state or State.PROPOSED for state in found]


def _units(reading: ReadContext) -> list[int | None]:
    """Read how often each offer is bought, None where a cell is empty."""
    if "units" not in reading.columns:
        return [None] * len(reading.table.row)
    units, _ = check_number_column(reading, "units")
    message, fix = "{value} is no number of units", f"write a whole number from 1 to {MOST_UNITS}"
    wrong = wrong_units(units)
    reading.fault_cells("units", wrong & (units >= 0), "units-range", message, fix)
    return [None if odd else int(count) for odd, count in zip(np.isnan(units) | wrong, units.tolist(), strict=True)]


def _money(reading: ReadContext, name: str) -> list[int | None]:
    """Read a column of money as cents, None where a cell is empty."""
    if name not in reading.columns:
        return [None] * len(reading.table.row)
    values, read = parse_money(reading, name)
    amounts = to_cents(reading, name, values, read, required=False)
    return [None if amount < 0 else amount for amount in amounts.tolist()]


def _differ(one: Contract, other: Contract) -> str:
    """Return in what two rows of the same offer differ, in a few words."""
    if one.state is not other.state:
        return f"{one.state} and {other.state}"
    names = [name for name in ("units", "fee", "paid") if getattr(one, name) != getattr(other, name)]
    return " and ".join(names)
