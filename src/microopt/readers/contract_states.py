"""Read a file of contract states: the state of the agreement with each creator.

It may be a plan's own workbook in which somebody has filled in what was agreed: only the rows that were changed then
say anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat

import numpy as np
from msgspec.structs import replace

from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.progress import Asked, Contract, ContractState, Posting
from microopt.campaign.updates import SourceFile
from microopt.errors import Fault, NameSuggester
from microopt.quantities.keys import match_keys
from microopt.quantities.parse_and_format import format_names, format_number_of
from microopt.readers.context import ReadContext
from microopt.readers.creators.creator_names import NameColumn
from microopt.readers.dates import parse_date_column
from microopt.readers.headers.missing_columns import fault_missing_column
from microopt.readers.money.money import MoneyColumn, read_money, to_cents
from microopt.readers.numbers.numbers import parse_number_column
from microopt.readers.options import ReadOptions
from microopt.readers.update_files import (
    UpdateRow,
    add_cell_places,
    drop_duplicate_rows,
    note_unused_columns,
    offer_cells,
    open_update_file,
    rows_without_faults,
    source_file_fields,
    text_cells,
)
from microopt.readers.waves_of_rows import parse_waves, wave_of_day
from microopt.readers.words.vocabulary import STATES
from microopt.roster.contract_status import LIST_WORDS, STATUS_WORDS, parse_contract_state
from microopt.roster.volume_packages import MAX_UNITS, invalid_units
from microopt.roster.written_states import written_state

MAX_NOTE = 1_000  # characters of a note that are kept
MOST_NAMES = 5  # creators in a note


class ContractStates(SourceFile, frozen=True, kw_only=True):
    """The contract states of a campaign's creators.

    Attributes
    ----------
    contracts, contract_rows
        In the order of the file, and the row of each, numbered as in a spreadsheet.
    currency
        Code of the one currency of the money, or None if the file names none.
    untouched
        Whether it is a plan's workbook in which nobody has changed anything.
    """

    contracts: tuple[Contract, ...]
    contract_rows: tuple[int, ...] = ()
    currency: str | None = None
    untouched: bool = False


def read_states(path: str, options: ReadOptions | None = None, *, calendar: Calendar | None = None) -> ContractStates:
    """Read and check contract states.

    Parameters
    ----------
    path
        In any format that a roster may have.
    calendar
        That of the campaign: a row is of the wave that it names, or of that of its post date.

    Raises
    ------
    RosterError
        With every fault of the file.
    """
    context, names = open_update_file(path, options, STATES)
    if "state" not in context.columns:
        fault_missing_column(context, "state")
    rows = rows_without_faults(context, _parse_contracts(context, names, () if calendar is None else calendar.waves))
    rows = drop_duplicate_rows(context, rows, "state-twice", _describe_contract_difference)
    add_cell_places(context)
    context.faults.raise_if_any(path, can_skip_rows=False)
    if "next_if_no" in context.columns:
        rows = list(_declined_altogether(rows))
    if "written" in context.columns:
        rows = _changed_rows(context, rows)
    else:
        note_unused_columns(context)
    _note_idle_fees(context, rows)
    return ContractStates(
        contracts=tuple(row.value for row in rows),
        contract_rows=tuple(row.row for row in rows),
        currency=context.currency,
        untouched="written" in context.columns and not rows,
        **source_file_fields(context, path, rows),
    )


def _parse_contracts(
    context: ReadContext, names: NameColumn | None, waves: Sequence[Wave]
) -> list[UpdateRow[Contract]]:
    """Parse every row, noting the faults of its cells."""
    offers = offer_cells(context, names)
    postings = _parse_postings(context)
    in_waves = [
        wave or wave_of_day(waves, None if posting is None else posting.day)
        for wave, posting in zip(parse_waves(context, waves, code="states-wave"), postings, strict=True)
    ]
    keys = zip(*(match_keys(cells) for cells in offers), [wave or "" for wave in in_waves], strict=True)
    money = read_money(context)
    fees, paid = (_parse_cents(context, money, name) for name in ("fee", "paid"))
    terms = (parse_states(context), _parse_units(context), fees, paid, postings, _parse_asked(context), in_waves)
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
                posting=posting,
                asked=None if state is ContractState.PROPOSED else asked,
                wave=wave,
            ),
        )
        for row, key, creator, platform, offer, state, units, fee, paid, posting, asked, wave in zip(
            context.table.row.tolist(), keys, *offers, *terms, strict=True
        )
    ]


def parse_states(context: ReadContext) -> list[ContractState]:
    """Parse the words for states; an empty cell means proposed."""
    cells = text_cells(context, "state")
    states = [parse_contract_state(word) for word in cells]
    status_words = [word.strip() for words in STATUS_WORDS.values() for word in words.split(",")]
    unknown = [position for position, state in enumerate(states) if state is None]
    rows = context.table.row[unknown].tolist()
    suggester = NameSuggester(status_words)
    known = LIST_WORDS if "next_if_no" in context.columns else ", ".join(STATUS_WORDS)

    def make_fault(number: int) -> Fault:
        word = cells[unknown[number]][:200]
        fix = "; ".join(filter(None, (suggester.suggest(word), f"use one of: {known}, or yes or no")))
        message, column = f"{word!r} is not a contract state", context.header("state")
        return Fault(code="state-unknown", message=message, fix=fix, row=rows[number], column=column, value=word)

    context.faults.add_rows(rows, make_fault)
    return [state or ContractState.PROPOSED for state in states]


def _parse_units(context: ReadContext) -> list[int | None]:
    """Parse how often each offer is bought, None where a cell is empty."""
    if "units" not in context.columns:
        return [None] * len(context.table.row)
    units = parse_number_column(context, "units").values
    message, fix = "{value} is not a number of units", f"write a whole number from 1 to {MAX_UNITS}"
    is_invalid = invalid_units(units)
    context.fault_cells("units", is_invalid & (units >= 0), "units-range", message, fix)
    skipped = (np.isnan(units) | is_invalid).tolist()
    return [None if skip else int(count) for skip, count in zip(skipped, units.tolist(), strict=True)]


def _parse_cents(context: ReadContext, money: Mapping[str, MoneyColumn], name: str) -> list[int | None]:
    """Parse a column of money as cents, None where a cell is empty."""
    if name not in context.columns:
        return [None] * len(context.table.row)
    cents = to_cents(context, name, money[name].amounts, money[name], required=False)
    return [None if amount < 0 else amount for amount in cents.tolist()]


def _parse_postings(context: ReadContext) -> list[Posting | None]:
    """Parse the post dates and the notes of the team, None if the file has neither."""
    if context.columns.keys().isdisjoint(("post_date", "note")):
        return [None] * len(context.table.row)
    days = parse_date_column(context, "post_date") if "post_date" in context.columns else repeat(None)
    notes = text_cells(context, "note")
    return [Posting(day=day, note=note[:MAX_NOTE]) for day, note in zip(days, notes, strict=False)]


def _parse_asked(context: ReadContext) -> list[Asked | None]:
    """Parse when creators were asked, and until when an answer is due; None where a row says neither."""
    days, ends = (
        parse_date_column(context, name) if name in context.columns else [None] * len(context.table.row)
        for name in ("asked_on", "answer_by")
    )
    pairs = zip(days, ends, strict=True)
    return [None if day is None and end is None else Asked(day=day, answer_by=end) for day, end in pairs]


def _declined_altogether(rows: Sequence[UpdateRow[Contract]]) -> Iterator[UpdateRow[Contract]]:
    """Yield the rows of a list of whom to ask, in which a creator's no stands for all of their offers of a wave.

    The list names the offer that was made, so that in it nobody says which offers are declined.
    """
    asked = [(row.key[0], row.value.wave) for row in rows]
    still_open = {one for one, row in zip(asked, rows, strict=True) if row.value.state is not ContractState.DECLINED}
    seen = set()
    for one, row in zip(asked, rows, strict=True):
        if one in still_open:
            yield row
        elif one not in seen:
            seen.add(one)
            own = (each.value.paid for other, each in zip(asked, rows, strict=True) if other == one)
            paid = [amount for amount in own if amount is not None]
            value = replace(row.value, offer=None, platform=None, units=None, paid=sum(paid) if paid else None)
            yield replace(row, value=value)


def _changed_rows(context: ReadContext, rows: list[UpdateRow[Contract]]) -> list[UpdateRow[Contract]]:
    """Return the rows of a plan's workbook in which somebody has changed anything since it was written."""
    written = dict(zip(context.table.row.tolist(), text_cells(context, "written"), strict=True))
    changed = [row for row in rows if row.value.paid or written_state(row.value) != written[row.row]]
    count = f"{len(changed):,} of {format_number_of(len(rows), 'row')}"
    context.notes = [note for note in context.notes if note not in context.table.notes]  # it is known which sheet it is
    context.notes.append(f"{count} changed since the workbook was written")
    if "fee" not in context.columns:
        context.notes.append("it has no column 'Agreed fee', so that no agreed fees were read")
    return changed


def _note_idle_fees(context: ReadContext, rows: list[UpdateRow[Contract]]) -> None:
    """Note agreed fees of creators who have not signed, since the plan then goes by the fee of the roster."""
    early = (ContractState.PROPOSED, ContractState.OFFERED)
    idle = [row.creator for row in rows if row.value.fee is not None and row.value.state in early]
    if idle:
        fees, verb = ("the agreed fee", "is") if len(idle) == 1 else ("the agreed fees", "are")
        message = f"{fees} of {format_names(idle, MOST_NAMES)} {verb} not used yet"
        context.notes.append(f"{message}: an agreed fee counts once the state is signed, live or done")


def _describe_contract_difference(first: Contract, second: Contract) -> str:
    if first.state is not second.state:
        return f"{first.state} and {second.state}"
    names = [name for name in ("units", "fee", "paid") if getattr(first, name) != getattr(second, name)]
    return " and ".join(names)
