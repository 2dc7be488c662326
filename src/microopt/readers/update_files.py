"""Rows of a campaign's nightly files: opened alike, and one thing told twice is dropped or a fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from microopt.errors import Fault
from microopt.readers.columns.creator_names import NameColumn, check_names, to_name_column
from microopt.readers.columns.duplicate_offers import note_dropped_rows
from microopt.readers.columns.mapping import assign_columns, check_header, fault_missing_column
from microopt.readers.columns.text import to_text_column
from microopt.readers.context import ReadContext, open_file
from microopt.readers.options import ReadOptions
from microopt.readers.vocabulary import Vocabulary

T = TypeVar("T")


class UpdateRow(Struct, Generic[T], frozen=True):
    """A row understood: its spreadsheet row, the creator as written, what it tells of, and what it tells."""

    row: int
    creator: str
    key: tuple[object, ...]
    value: T


def open_update_file(
    path: str, options: ReadOptions | None, words: Vocabulary
) -> tuple[ReadContext, NameColumn | None]:
    """Return a file whose headers have found their columns, and its creators, None where no column names them."""
    reading = open_file(path, replace(options or ReadOptions(), vocabulary=words, skip_bad_rows=False))
    assign_columns(reading)
    if "creator" not in reading.columns:
        check_header(reading)
        fault_missing_column(reading, "creator")
        return reading, None
    names = to_name_column(reading.raw("creator"))
    check_names(reading, names)
    return reading, names


def note_unused_columns(reading: ReadContext) -> None:
    """Note the columns that are not used, so that a misspelled one does not go unseen."""
    used = reading.columns.values()
    others = [header.strip() for place, header in enumerate(reading.table.headers) if place not in used]
    if any(others):
        reading.notes.append(f"not used: {', '.join(filter(None, others))[:300]}")


def text_cells(reading: ReadContext, name: str) -> list[str]:
    """Return the cells of a text column, empty where the file has none."""
    if name not in reading.columns:
        return [""] * len(reading.table.row)
    column = to_text_column(reading.raw(name), placeholders=True)
    labels = [label.strip() for label in column.labels]
    return [labels[code] for code in column.codes.tolist()]


def offer_cells(reading: ReadContext, names: NameColumn | None) -> list[list[str]]:
    """Return the creators, platforms and offers of the rows, empty where the file has none."""
    creators = text_cells(reading, "creator")
    if names is not None:
        labels = [label.strip() for label in names.column.labels]
        creators = [labels[code] for code in names.column.codes.tolist()]
    return [creators, text_cells(reading, "platform"), text_cells(reading, "offer")]


def rows_without_faults(reading: ReadContext, lines: Sequence[UpdateRow[T]]) -> list[UpdateRow[T]]:
    """Return the rows without a fault so far: the others are no measure of the rest."""
    return [line for line in lines if line.row not in reading.faults.bad_rows]


def drop_duplicate_rows(
    reading: ReadContext, lines: Sequence[UpdateRow[T]], code: str, differ: Callable[[T, T], str]
) -> list[UpdateRow[T]]:
    """Return the rows without those that repeat another; note faults of those that contradict it.

    Parameters
    ----------
    differ
        Says in what two rows that tell of the same thing differ; empty where they do not.
    """
    first: dict[tuple[object, ...], UpdateRow[T]] = {}
    for line in lines:
        one = first.setdefault(line.key, line)
        if one is not line and (told := differ(one.value, line.value)):
            reading.faults.add(contradiction_fault(reading, one, line, code, f"differ: {told}"))
    dropped = len(lines) - len(first)
    if dropped and not reading.faults.count:
        note_dropped_rows(reading, dropped)
    return list(first.values())


def contradiction_fault(reading: ReadContext, one: UpdateRow[T], other: UpdateRow[T], code: str, told: str) -> Fault:
    """Return the fault of two rows that tell of the same thing, in different ways."""
    about = "".join(f" on {part}" if isinstance(part, date) else f" {part}" for part in other.key[1:] if part)
    message = f"rows {one.row} and {other.row} both tell of {other.creator}{about} and {told}"
    column = reading.header("creator")
    return Fault(
        code=code, message=message, fix="keep one of the two", row=other.row, column=column, value=other.creator
    )


def source_file_fields(reading: ReadContext, path: str, lines: Sequence[UpdateRow[Any]]) -> dict[str, Any]:
    """Return what is told of every such file, by the fields of `Came`."""
    return {
        "path": path,
        "sha256": reading.table.sha256,
        "header": reading.header("creator"),
        "rows": {str(line.key[0]): line.row for line in reversed(lines)},
        "notes": tuple(reading.notes),
    }
