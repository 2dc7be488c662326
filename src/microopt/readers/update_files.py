"""Read the files of a running campaign, results and contract states; repeated rows are dropped or a fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

import pandas as pd
from msgspec import Struct
from msgspec.structs import replace

from microopt.errors import Fault
from microopt.quantities.cell_names import column_letters
from microopt.quantities.parse_and_format import format_names
from microopt.quantities.platforms import platform_name
from microopt.readers.cells.text import to_text_column
from microopt.readers.context import ReadContext, open_file
from microopt.readers.creators.creator_names import NameColumn, check_names, to_name_column
from microopt.readers.creators.duplicate_offers import note_dropped_rows
from microopt.readers.creators.profile_links import take_handles
from microopt.readers.headers.cell_evidence import CellEvidence
from microopt.readers.headers.mapping import assign_columns
from microopt.readers.headers.missing_columns import check_header, fault_missing_column
from microopt.readers.numbers.decimal_mark import note_thousands
from microopt.readers.options import ReadOptions
from microopt.readers.rows.non_creator_rows import leave_out_non_creators
from microopt.readers.words.price_headers import find_header_currency, is_price_header
from microopt.readers.words.vocabulary import ColumnKind, Vocabulary, alias_key, is_set_aside
from microopt.roster.roster import TextColumn
from microopt.roster.written_states import AGREED_HEADERS, PLANNED_HEADERS, WRITTEN_HEADER

T = TypeVar("T")


class UpdateRow(Struct, Generic[T], frozen=True):
    """A parsed row.

    Attributes
    ----------
    row
        Its number in a spreadsheet.
    creator
        As written.
    key
        What the row is about, the creator's match key first; rows with equal keys are duplicates.
    value
        What the row says.
    """

    row: int
    creator: str
    key: tuple[object, ...]
    value: T


def open_update_file(
    path: str, options: ReadOptions | None, vocabulary: Vocabulary
) -> tuple[ReadContext, NameColumn | None]:
    """Open a file and assign its columns; also return its creators, or None if no column names them."""
    context = open_file(path, replace(options or ReadOptions(), vocabulary=vocabulary, skip_bad_rows=False))
    if _has_planned_fees(context.table.headers):
        context.options = replace(context.options, columns={**PLANNED_HEADERS, **context.options.columns})
    assign_columns(context)
    if "creator" not in context.columns:
        check_header(context)
        fault_missing_column(context, "creator")
        return context, None
    take_handles(context)
    leave_out_non_creators(context)
    names = to_name_column(context.raw("creator"))
    check_names(context, names)
    return context, names


def _has_planned_fees(headers: Sequence[str]) -> bool:
    """Whether a column of fees holds what was planned: in a plan's workbook, also without its hidden column."""
    agreed = {" ".join(header.split()).casefold() for header in headers} & AGREED_HEADERS
    return WRITTEN_HEADER in headers or bool(agreed)


def note_unused_columns(context: ReadContext) -> None:
    """Note the unused columns, so that a misspelled one is noticed; of those with money, how to use them.

    A column that the user sets aside is no missed money, and none is missed where the file has all columns of money.
    """
    unused = {
        position: name
        for position, header in enumerate(context.table.headers)
        if position not in context.columns.values() and (name := header.strip())
    }
    if _has_planned_fees(context.table.headers):
        unused = {at: name for at, name in unused.items() if alias_key(name) not in PLANNED_HEADERS}
    kinds = context.options.vocabulary.kinds
    lacking = [name for name, kind in kinds.items() if kind is ColumnKind.MONEY and name not in context.columns]
    set_aside = {alias_key(header) for header, column in context.options.columns.items() if is_set_aside(column)}
    money = [
        name
        for position, name in unused.items()
        if lacking and alias_key(name) not in set_aside and _is_money(name, context.table.columns[position])
    ]
    if money:
        verb, it = ("holds", "it") if len(money) == 1 else ("hold", "one of them")
        entry = f"{json.dumps(money[0], ensure_ascii=False)} = {json.dumps(lacking[0])}"
        how = f"to read {it} as {' or '.join(lacking)}, say so under [columns] in the campaign file, such as {entry}"
        context.notes.append(f"{format_names(money)} {verb} money that is not used; {how}")
    others = [name for name in unused.values() if name not in money]
    if others:
        context.notes.append(f"not used: {', '.join(others)[:300]}")


def _is_money(header: str, column: pd.Series[Any]) -> bool:
    """Whether a column has numbers, and its cells or its header say that they are money."""
    cells = CellEvidence(column)
    is_money = cells.holds_money or is_price_header(header) or find_header_currency(header) is not None
    return is_money and bool(cells.texts) and cells.holds_numbers


def text_cells(context: ReadContext, name: str) -> list[str]:
    """Return the cells of a text column, all empty if the file has no such column."""
    if name not in context.columns:
        return [""] * len(context.table.row)
    return _stripped_cells(to_text_column(context.raw(name), placeholders=True))


def offer_cells(context: ReadContext, names: NameColumn | None) -> list[list[str]]:
    """Return the creators, platforms and offers of the rows, all empty where the file has no such column."""
    creators = text_cells(context, "creator") if names is None else _stripped_cells(names.column)
    platforms = [platform_name(cell) or cell for cell in text_cells(context, "platform")]
    return [creators, platforms, text_cells(context, "offer")]


def _stripped_cells(column: TextColumn) -> list[str]:
    labels = [label.strip() for label in column.labels]
    return [labels[code] for code in column.codes.tolist()]


def rows_without_faults(context: ReadContext, rows: Sequence[UpdateRow[T]]) -> list[UpdateRow[T]]:
    """Return the rows without a fault so far; faulty ones must not be compared with others."""
    return [row for row in rows if row.row not in context.faults.bad_rows]


def drop_duplicate_rows(
    context: ReadContext, rows: Sequence[UpdateRow[T]], code: str, describe_difference: Callable[[T, T], str]
) -> list[UpdateRow[T]]:
    """Return the first row with each key; note faults of later ones that contradict it.

    Parameters
    ----------
    describe_difference
        Describes how two values differ; empty if they do not.
    """
    first_rows: dict[tuple[object, ...], UpdateRow[T]] = {}
    for row in rows:
        first = first_rows.setdefault(row.key, row)
        if first is not row and (difference := describe_difference(first.value, row.value)):
            context.faults.add(contradiction_fault(context, first, row, code, f"differ: {difference}"))
    dropped = len(rows) - len(first_rows)
    if dropped and not context.faults.count:
        note_dropped_rows(context, dropped)
    return list(first_rows.values())


def contradiction_fault(
    context: ReadContext, first: UpdateRow[T], second: UpdateRow[T], code: str, problem: str
) -> Fault:
    """Return the fault of two rows with equal keys that contradict each other."""
    creator = second.creator
    about = "".join(f" on {part}" if isinstance(part, date) else f" {part}" for part in second.key[1:] if part)
    message = f"rows {first.row} and {second.row} both describe {creator}{about} and {problem}"
    column, fix = context.header("creator"), f"keep row {first.row} or row {second.row}"
    return Fault(code=code, message=message, fix=fix, row=second.row, column=column, value=creator)


def add_cell_places(context: ReadContext) -> None:
    """Add to the faults of a workbook's cells on which sheet the cell is, and its name."""
    sheet = context.table.sheet
    if not sheet:
        return
    letters = {header.strip(): column_letters(at) for at, header in reversed([*enumerate(context.table.headers)])}
    for number, fault in enumerate(context.faults.faults):
        if fault.row is not None and fault.column in letters:
            place = f"cell {letters[fault.column]}{fault.row} of sheet {sheet!r}"
            context.faults.faults[number] = replace(fault, message=f"{fault.message} ({place})")


def source_file_fields(context: ReadContext, path: str, rows: Sequence[UpdateRow[Any]]) -> dict[str, Any]:
    """Return the fields of `SourceFile`, which all such files have in common."""
    note_thousands(context, can_be_settled=False)
    return {
        "path": path,
        "sha256": context.table.sha256,
        "header": context.header("creator"),
        "headers": tuple(context.table.headers),
        "rows": {str(row.key[0]): row.row for row in reversed(rows)},
        "notes": tuple(context.notes),
    }
