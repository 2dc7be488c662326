"""Check the parts of a workbook before calamine sees them, and turn cells that it would return as empty into texts.

calamine allocates as much memory as a stated count asks for, and builds a rectangle up to the farthest cell. Counts are
therefore compared with the bytes, and far cells are refused. The parts are parsed with expat: what is not well-formed
is refused, so that no two parsers can disagree about an attribute. A document type is refused, too, as no workbook has
one, so that no entity is ever expanded.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterator
from html import escape
from xml.parsers.expat import ParserCreate

from msgspec import Struct

from microopt.errors import RosterError
from microopt.quantities.size_limits import MAX_SHEET_COLUMNS, MAX_SHEET_ROWS
from microopt.readers.formats.raw_bytes import check_unpacked_size, unreadable_file

FREE_SPAN = 1 << 20  # cells that a sheet may span even if it is nearly empty
MAX_SPAN_RATIO = 20  # cells spanned per filled cell in a larger sheet
CHUNK = 1 << 16  # bytes
DIGITS = "0123456789"
Start = Callable[[str, list[str]], object]


class CheckedWorkbook(Struct, frozen=True, kw_only=True):
    """A workbook that calamine may read.

    Attributes
    ----------
    content
        Its bytes, which are those of the file unless cells were turned into texts.
    unpacked
        Bytes of all its parts.
    hidden_rows
        Numbers of the hidden rows of each sheet that has some, by the name of its part.
    sheet_parts
        The name of the part of each sheet, in the order of the workbook.
    """

    content: bytes
    unpacked: int
    hidden_rows: dict[str, list[int]]
    sheet_parts: list[str]


class _RefusedError(Exception):
    """A part that no spreadsheet writes."""


def check_workbook(path: str, stored: bytes, max_unpacked: int) -> CheckedWorkbook:
    """Check a workbook and return what calamine may read of it.

    Raises
    ------
    RosterError
        If it is not a workbook, unpacks to too much, or spans too many cells.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(stored)) as package:
            return _check_package(path, package, stored, max_unpacked)
    except RosterError:
        raise
    except Exception:  # zipfile and the decompressors behind it raise a dozen kinds
        raise _not_workbook_error(path, stored) from None


def _check_package(path: str, package: zipfile.ZipFile, stored: bytes, max_unpacked: int) -> CheckedWorkbook:
    unpacked = sum(part.file_size for part in package.infolist())
    check_unpacked_size(path, len(stored), unpacked, max_unpacked)
    hidden: dict[str, list[int]] = {}
    repaired: dict[str, bytes] = {}
    for part in package.infolist():
        content = package.read(part)  # zipfile checks sizes and checksums
        if b"styleSheet" in content or b"<sst" in content or b":sst" in content:
            _check_counts(content)
        if b"sheetData" in content:
            scan = _SheetScan(content)
            _check_span(path, scan)
            if scan.hidden_rows:
                hidden[part.filename] = scan.hidden_rows
            if scan.texts:
                repaired[part.filename] = _with_texts(content, scan.texts)
    return CheckedWorkbook(
        content=_repack(package, repaired) if repaired else stored,
        unpacked=unpacked,
        hidden_rows=hidden,
        sheet_parts=list(_find_sheet_parts(package)) if hidden else [],
    )


def _not_workbook_error(path: str, stored: bytes) -> RosterError:
    if stored.startswith(b"\xd0\xcf\x11\xe0"):
        message, fix = f"{path} has a password or is an old .xls", "save it as .xlsx without a password"
        return unreadable_file("file-damaged", message, fix)
    return unreadable_file("file-damaged", f"{path} is not a workbook", "save it again as .xlsx, or export it as .csv")


def _parse(xml: bytes, start: Start) -> None:
    """Call `start` with the name and the attributes (name, value, name, ...) of each element."""
    parser = ParserCreate()
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.Parse(xml, True)


def _refuse_document_type(*_: object) -> None:
    raise _RefusedError


def _check_counts(xml: bytes) -> None:
    """Refuse a table of texts or styles that states more entries than its bytes can hold: calamine allocates them."""

    def check(_: str, attributes: list[str]) -> None:
        if not attributes:  # most of them
            return
        for name, value in zip(attributes[::2], attributes[1::2], strict=True):
            if name in ("count", "uniqueCount") and value.strip().isdecimal() and int(value[:20]) > len(xml):
                raise _RefusedError

    _parse(xml, check)


class _SheetScan:
    """One pass over a sheet: how far its cells reach, which rows are hidden, and which cells become texts.

    Attributes
    ----------
    cells, rows, columns
        The number of cells, and the farthest row and column.
    hidden_rows
        Their numbers.
    texts
        The first byte of each cell with an error or with a formula that was never calculated, the byte after the cell,
        and what it becomes: the cell of the text `#DIV/0!` or `=A1*2`.
    """

    def __init__(self, xml: bytes) -> None:
        self.cells = self.rows = self.columns = self._row = 0
        self.hidden_rows: list[int] = []
        self.texts: list[tuple[int, int, bytes]] = []
        self._letters: set[str] = set()
        self._digits, self._digits_count = "", 1  # of the row, as they were written last
        self._cell: tuple[int, str, str, str] = (0, "", "", "")  # of the last cell: first byte, name, reference, type
        self._has_formula = self._has_value = False
        self._formula: list[str] = []
        self._value: list[str] = []
        self._xml = xml
        self._parser = ParserCreate()
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = _refuse_document_type
        self._parser.Parse(xml, True)
        self.columns = max(map(_column_number, self._letters), default=0)

    def _start(self, name: str, attributes: list[str]) -> None:
        kind = name if len(name) == 1 else name.rpartition(":")[2]
        if kind == "c":
            self._start_cell(name, attributes)
        elif kind == "v":
            if self._parser.EndElementHandler is not None:
                self._has_value = True
                self._capture(self._value)
        elif kind == "row":
            self._start_row(dict(zip(attributes[::2], attributes[1::2], strict=True)))
        elif kind == "f":
            self._has_formula = True
            self._capture(self._formula)

    def _start_cell(self, name: str, attributes: list[str]) -> None:
        self.cells += 1
        reference = cell_type = ""
        for i in range(0, len(attributes), 2):
            if attributes[i] == "r":
                reference = attributes[i + 1]
            elif attributes[i] == "t":
                cell_type = attributes[i + 1]
        # nearly every cell is in the row of the one before it, and in a known column
        if reference and not (
            reference[-self._digits_count :] == self._digits and reference[: -self._digits_count] in self._letters
        ):
            letters = reference.rstrip(DIGITS)
            self._letters.add(letters)
            self._reach_row(reference[len(letters) :])
        self._cell = self._parser.CurrentByteIndex, name, reference, cell_type
        if cell_type == "e":
            self._parser.EndElementHandler = self._end

    def _start_row(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            self._reach_row(attributes["r"])
            if attributes.get("hidden") in ("1", "true"):
                self.hidden_rows.append(self._row)
        else:
            self._row += 1
            self.rows = max(self.rows, self._row)
            self._digits = ""

    def _reach_row(self, digits: str) -> None:
        if len(digits) > 7 or not digits.isdecimal() or (row := int(digits)) > MAX_SHEET_ROWS:
            raise _RefusedError
        self._row, self._digits, self._digits_count = row, digits, len(digits)
        self.rows = max(self.rows, row)

    def _capture(self, parts: list[str]) -> None:
        """Take the text up to the next end of an element."""
        self._parser.CharacterDataHandler = parts.append
        self._parser.EndElementHandler = self._end

    def _end(self, name: str) -> None:
        self._parser.CharacterDataHandler = None
        if name != self._cell[1]:
            return
        text = self._text_of_cell()
        if text:
            start, name, reference, _ = self._cell
            end = self._xml.index(b">", self._parser.CurrentByteIndex) + 1
            self.texts.append((start, end, _text_cell(name, reference, text)))
        self._has_formula = self._has_value = False
        self._formula.clear()
        self._value.clear()
        self._parser.EndElementHandler = None

    def _text_of_cell(self) -> str:
        """Return what calamine would lose; a formula whose result is an empty text is calculated."""
        value, cell_type = "".join(self._value).strip(), self._cell[3]
        if value or not self._has_formula or (self._has_value and "str" in cell_type):
            return value if cell_type == "e" else ""
        return "=" + "".join(self._formula)


def _text_cell(name: str, reference: str, text: str) -> bytes:
    prefix = name[:-1]
    place = f' r="{reference}"' if reference else ""
    return f'<{name}{place} t="str"><{prefix}v>{escape(text)}</{prefix}v></{name}>'.encode()


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
        if not "A" <= letter <= "Z" or number > MAX_SHEET_COLUMNS:
            raise _RefusedError
    return number


def _check_span(path: str, scan: _SheetScan) -> None:
    if scan.rows * scan.columns > max(FREE_SPAN, MAX_SPAN_RATIO * scan.cells):
        message = f"{path} spans {scan.rows:,} rows and is nearly empty: it is not read"
        fix = "delete cells far below or to the right of the table, or export it as .csv"
        raise unreadable_file("file-bomb", message, fix)


def _with_texts(xml: bytes, texts: list[tuple[int, int, bytes]]) -> bytes:
    parts, position = [], 0
    for start, end, cell in texts:
        parts += [xml[position:start], cell]
        position = end
    return b"".join([*parts, xml[position:]])


def _repack(package: zipfile.ZipFile, repaired: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as new:
        for name in dict.fromkeys(package.namelist()):
            new.writestr(name, repaired.get(name) or package.read(name))
    return packed.getvalue()


def _find_sheet_parts(package: zipfile.ZipFile) -> Iterator[str]:
    """Yield the name of the part of each sheet of an Office Open XML workbook, "" where it is not told."""
    names = set(package.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return
    relations = _elements(package.read("xl/_rels/workbook.xml.rels"), "Relationship")
    targets = {found.get("Id", ""): found.get("Target", "") for found in relations}
    for sheet in _elements(package.read("xl/workbook.xml"), "sheet"):
        target = targets.get(sheet.get("r:id", ""), "")
        yield target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)


def _elements(xml: bytes, kind: str) -> list[dict[str, str]]:
    """Return the attributes of each element of a kind."""
    found: list[dict[str, str]] = []

    def note(name: str, attributes: list[str]) -> None:
        if name.rpartition(":")[2] == kind:
            found.append(dict(zip(attributes[::2], attributes[1::2], strict=True)))

    _parse(xml, note)
    return found
