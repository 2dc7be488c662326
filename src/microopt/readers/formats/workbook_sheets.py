"""Choose the sheet of a workbook that is read: by default the first visible one that holds creators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from msgspec import Struct

from microopt.errors import did_you_mean
from microopt.quantities.parse_and_format import format_names
from microopt.quantities.platforms import find_in_words, find_named_platform
from microopt.quantities.size_limits import MAX_COLUMNS, MAX_HEADER_CHARACTERS, MAX_SHEETS
from microopt.readers.formats.header_rows import find_header
from microopt.readers.formats.raw_bytes import unreadable_file
from microopt.readers.formats.raw_table import format_number
from microopt.readers.formats.workbook import Cell, Workbook
from microopt.readers.words.vocabulary import Vocabulary

SHOWN_SHEETS = 6  # of those that were not read
SHOWN_ROWS = 6  # of those that are hidden
MAX_DIGITS = 10  # of the number of a sheet; Python reads no number of thousands of them
FIRST_ROWS = 30  # in which the header is searched


class WorkbookSheet(Struct, frozen=True, kw_only=True):
    """A sheet: its cells from A1 on, its name, the names of all others, and doubts and notes on these."""

    rows: list[list[Cell]]
    name: str
    others: list[str]
    doubts: list[str]
    notes: list[str]

    @property
    def platform(self) -> str | None:
        """The platform after which the sheet is named, if it is."""
        return find_named_platform(self.name)


def read_sheet(path: str, book: Workbook, wanted: str | None, vocabulary: Vocabulary) -> WorkbookSheet:
    """Return the wanted sheet, or by default the first that holds creators, where hidden ones are tried last.

    Raises
    ------
    RosterError
        If there is no such sheet, or there are too many.
    """
    names, hidden = book.sheet_names, book.hidden
    if len(names) > MAX_SHEETS:
        message = f"{path} has {len(names):,} sheets, but the limit is {MAX_SHEETS:,}"
        fix = "copy the sheet with the creators to a workbook of its own, or export it as .csv"
        raise unreadable_file("sheets-too-many", message, fix)
    tried = sorted(names, key=hidden.__contains__)
    name = _find_sheet(path, names, wanted) if wanted is not None or not names else tried[0]
    having: list[str] = []
    if wanted is None and len(names) > 1:
        having = [other for other in tried if has_required_columns(book.read_cells(other, FIRST_ROWS), vocabulary)]
        name = having[0] if having else name
    others = [other for other in names if other != name]
    notes = list(_note_others(name, others, having[1:], hidden, vocabulary))
    doubts, notes = (notes, []) if having[1:] else ([], notes)
    rows = book.read_cells(name)
    return WorkbookSheet(rows=rows, name=name, others=others, doubts=doubts, notes=notes)


def head_texts(rows: list[list[Cell]]) -> list[list[str]]:
    """Return the first rows as text."""
    return [[to_cell_text(cell)[: MAX_HEADER_CHARACTERS + 1] for cell in row] for row in rows[:FIRST_ROWS]]


def to_cell_text(cell: Cell) -> str:
    """Return a cell as a spreadsheet shows it."""
    if isinstance(cell, float):
        return format_number(cell)
    if isinstance(cell, bool):
        return str(cell).upper()
    return cell if isinstance(cell, str) else str(cell)


def note_hidden_rows(hidden: Sequence[int], rows: Sequence[int]) -> list[str]:
    """Return a note that tells which of the rows that are read are hidden, if any are, by their numbers."""
    hidden = sorted({*hidden} & {*rows}) if hidden else []
    if not hidden:
        return []
    shown = format_names(list(map(str, hidden)), SHOWN_ROWS)
    subject = "1 hidden row is" if len(hidden) == 1 else f"{len(hidden):,} hidden rows are"
    return [f"{subject} read too: {shown}"]


def _note_others(
    name: str, others: list[str], having: list[str], hidden: Set[str], vocabulary: Vocabulary
) -> Iterator[str]:
    """Yield a note that names the sheets that were not read: first those that can be read in its place."""
    if not others:
        return
    shown = {other: f"{other!r}" + " (hidden)" * (other in hidden) for other in others}
    rest = format_names([text for other, text in shown.items() if other not in having], SHOWN_SHEETS)
    if not having:
        yield f"read sheet {name!r}; not read: {rest}"
        return
    what = "creators" if "followers" in vocabulary.required else "such rows"
    verb = "holds" if len(having) == 1 else "hold"
    also = [shown[other] for other in having]
    listed = " and ".join(also) if len(also) == 2 else format_names(also, SHOWN_SHEETS)
    option = f'"{having[0]}"' if not having[0].isalnum() else having[0]
    more = f"; not read: {rest}" if rest else ""
    yield f"only sheet {name!r} was read; {listed} {verb} {what} too: read another with --sheet {option}{more}"


def has_required_columns(rows: list[list[Cell]], vocabulary: Vocabulary) -> bool:
    """Whether a sheet's header names all columns that a file of this kind must have, and a row follows it."""
    header = find_header(head_texts([row[:MAX_COLUMNS] for row in rows[:FIRST_ROWS]]), vocabulary)
    if header is None or not any(cell != "" for row in rows[header.last + 1 :] for cell in row):
        return False
    found = {column for text in header.headers for column in _possible_columns(text, vocabulary)}
    return {*vocabulary.required} <= found


def _possible_columns(header: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield what a header can name, also of a single platform: `Instagram Followers`."""
    yield from (column for column, _ in vocabulary.find_columns(header)[:1])
    named = find_in_words(header)
    if named is not None and named.rest and vocabulary.has_price_columns:
        yield from (column for column, _ in vocabulary.find_columns(" ".join(named.rest)) if column == "followers")


def _find_sheet(path: str, names: list[str], wanted: str | None) -> str:
    if wanted is None and names:
        return names[0]
    if wanted in names:
        return str(wanted)
    if wanted and wanted.isdecimal() and len(wanted) < MAX_DIGITS and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    fix = did_you_mean(wanted or "", names) or f"use one of: {', '.join(names)[:300]}"
    raise unreadable_file("sheet-missing", f"{path} has no sheet {wanted!r}", fix)
