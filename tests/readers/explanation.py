"""Check that every number of a roster is in its file, and that every row of the file is accounted for.

It uses the slow reader in `oracle`.
"""

import ast
import csv
import gzip
import io
import re
from math import isnan
from pathlib import Path
from typing import NamedTuple

from microopt.readers.formats.alphabets import NAMES
from microopt.readers.words.vocabulary import ROSTER, ColumnKind
from microopt.roster.extra_costs import FEE_EXTRAS, amount_column
from tests.readers.fee_oracle import explains_part, explains_quote
from tests.readers.oracle import (
    explains_number,
    is_blank,
    is_separator_row,
    normalize,
    parse_records,
    possible_numbers,
    split_lines,
)

DELIMITERS = {"semicolons": ";", "tabs": "\t", "bars": "|"}
REPAIRED = object()  # in place of a workbook's cell that calamine returns as empty: an error, a formula without a value
# Columns that hold what the cells of others say too: the low end of a range, the posts of "2 reels 900", surcharges.
SPLIT = {"fee_low", "deliverables", "product", "shipping", *FEE_EXTRAS, *map(amount_column, FEE_EXTRAS)}
# Remarks on rows whose creator is named otherwise than the cell.
NAMED_OTHERWISE = ("profile-link", "namesake", "name-from-other-column")
FOREIGN = (
    "header-row",
    "total-row",
    "note-row",
    "section-row",
    "row-below-list",
)  # why a row is left out as no creator
HEADER_UNIT = re.compile(r"[(\[,]|\bin[ _]|[km][$€£]|tsd|mio|тыс", re.IGNORECASE)  # that numbers may be in thousands


class Line(NamedTuple):
    """A row of the file: its spreadsheet row, its cells, codes of the remarks on it, and its place in the roster."""

    row: int
    cells: list
    remarks: frozenset
    position: int


def find_unexplained(path, roster):
    """Yield what is in a roster but not in its file, and rows of the file that are missing without a note."""
    rows, width = read_raw_rows(path, roster)
    columns = {}
    for position, use in enumerate(roster.columns):
        if use.column:
            columns.setdefault(use.column, []).append(position)
    remarks = remarks_by_row(roster)
    for number, line in enumerate(roster.row.tolist()):
        cells = rows.get(line)
        if cells is None:
            yield f"row {line} is not in the file"
            continue
        cells = [*cells, *[""] * (width - len(cells))]
        place = Line(line, cells, frozenset(remarks.get(line, ())), number)
        yield from unexplained_numbers(place, roster, columns)
        yield from unexplained_fee(place, roster, columns)
        yield from unexplained_creator(place, roster, columns)
    yield from find_unaccounted_rows(rows, roster)
    for line in foreign_rows(roster, FOREIGN[1:]):
        cells = [cell_text(cell) for cell in rows.get(line) or [""]]
        creator = columns["creator"][0]
        has_figures = any(possible_numbers(cell)[0] for cell in cells)
        if cells[creator:][:1] and cells[creator].startswith("@") and has_figures:
            yield f"row {line} is left out, and is a creator: {cells!r}"


def remarks_by_row(roster):
    codes = {}
    for remark in roster.remarks:
        for row in remark.rows.tolist():
            codes.setdefault(row, set()).add(remark.code)
    return codes


def unexplained_numbers(line, roster, columns):
    for name, values in roster.numbers.items():
        extra = extra_column(name, roster, columns)
        positions = columns.get(name) or ([] if extra is None else [extra])
        if name == "authentic" and not positions:
            continue  # it is derived from two other columns
        rate, value = ROSTER.kinds.get(name) in (ColumnKind.RATE, ColumnKind.SHARE), float(values[line.position])
        if any(is_same_in_column(line.cells, roster, position, value, rate=rate) for position in positions):
            continue
        is_filled = "creator-filled" in line.remarks and all(is_blank([cell_text(line.cells[i])]) for i in positions)
        is_shared = len(positions) > 1 or any(roster.columns[i].reading.startswith("of ") for i in positions)
        is_word = ("surcharge-word" in line.remarks and not value) or ("figure-hidden" in line.remarks and isnan(value))
        is_word = is_word or ("gifted" in line.remarks and name == "fee_low" and not value)
        scales = [1, 1e3, 1e6] if any(HEADER_UNIT.search(use.header) for use in roster.columns) else [1]
        is_elsewhere = any(is_in_a_cell(line.cells, value / scale, rate=rate) for scale in scales)
        if is_filled or is_word or ((is_shared or name in SPLIT) and is_elsewhere):
            continue
        yield f"row {line.row}: {name} is {value!r}, the cells {[line.cells[position] for position in positions]!r}"


def unexplained_fee(line, roster, columns):
    cents = int(roster.fee[line.position])
    positions = [position for name in ("price of an offer", "fee", "fee_low") for position in columns.get(name, ())]
    cells = [line.cells[position] for position in positions]
    scaled = [(line.cells[position], scale) for position in positions for scale in header_scales(roster, position)]
    if not cells or any(is_same_fee(cell, cents // scale) for cell, scale in scaled if cents % scale == 0):
        return
    if any(is_same_in_column(line.cells, roster, position, cents / 100) for position in positions):
        return
    is_filled = "creator-filled" in line.remarks and is_blank([cell_text(cell) for cell in cells])
    prices = [cell_text(line.cells[i]) for name in ("price of an offer", "fee") for i in columns.get(name, ())]
    if prices and is_blank(prices) and is_in_a_cell(line.cells, cents / 100, rate=False):
        return  # the price of another column, where the agreed one is not known yet
    is_low_end_alone = cents == -1 and "fee" not in columns
    if not is_filled and not is_low_end_alone and not (cents == 0 and "pay" in columns):
        yield f"row {line.row}: the fee is {cents}, the cells {cells!r}"


def unexplained_creator(line, roster, columns):
    name, cell = roster.texts["creator"][line.position], line.cells[columns["creator"][0]]
    written, text = name.replace("\ufeff", ""), cell_text(cell).replace("\ufeff", "")
    if text in (written, f"'{written}") or is_repaired(cell):
        return
    parts = re.split(r" \(|\)$", written.removeprefix("@"))
    others = normalize(" ".join(map(cell_text, line.cells)))
    is_named = line.remarks & {*NAMED_OTHERWISE} and all(normalize(part) in others for part in parts)
    if not is_named and not ("creator-filled" in line.remarks and is_blank([text])):
        yield f"row {line.row}: the creator is {name!r}, the cell {cell!r}"


def is_in_a_cell(cells, value, *, rate):
    """Whether some number in some cell of a row explains a value, which may be missing."""
    texts = [cell_text(cell) for cell in cells if cell is not REPAIRED]
    return any(explains_part(text, number) for text in texts for number in [value, *([100 * value] * rate)])


def find_unaccounted_rows(rows, roster):
    """Yield the filled rows that are neither in the roster nor left out; one separator row is dropped silently."""
    filled = {line for line, cells in rows.items() if not is_blank_row(cells)}
    left_out = {row for remark in roster.left_out for row in remark.rows.tolist()}
    missing = sorted(filled - set(roster.row.tolist()) - left_out)
    separators = [line for line in missing if is_separator_row([cell_text(cell) for cell in rows[line] or []])]
    if missing not in ([], separators[:1]):
        yield f"rows {missing[:5]} are missing without a note"


def foreign_rows(roster, codes=FOREIGN):
    """Return the rows that are left out as no creators."""
    return {int(row) for remark in roster.left_out if remark.code in codes for row in remark.rows}


def leading_count(note):
    return int(re.match(r"[\d,]+", note)[0].replace(",", ""))


def is_blank_row(cells):
    return cells is not None and is_blank([cell_text(cell) for cell in cells])


def extra_column(name, roster, columns):
    numbered = re.fullmatch(r".* \(column (\d+)\)", name, re.DOTALL)
    taken = {position for positions in columns.values() for position in positions}
    header = name.removesuffix(" (total)")
    result = [i for i, use in enumerate(roster.columns) if use.header == header and i not in taken]
    return result[0] if result else int(numbered[1]) - 1 if numbered else None


def cell_text(cell):
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return "" if cell is None else str(cell)


def is_same_in_column(cells, roster, position, value, *, rate=False):
    """Whether a cell stands for a number, in the unit of its header."""
    scales = header_scales(roster, position)
    return any(is_same_number(cells[position], value / scale, rate=rate) for scale in scales)


def header_scales(roster, position):
    """Return what the numbers below a header may be multiplied by: it may say that they are thousands or millions."""
    return [1, 1000, 1_000_000] if HEADER_UNIT.search(roster.columns[position].header) else [1]


def is_same_number(cell, value, *, rate):
    return is_repaired(cell) or explains_number(cell_text(cell), value, rate=rate)


def is_same_fee(cell, cents):
    return is_repaired(cell) or any(explains_quote(text, cents) for text in (cell_text(cell), bare_words(cell)))


def bare_words(cell):
    """Return a text without signs between its letters, which do not change a word: `gi-fted`."""
    return "".join(c for c in cell_text(cell) if c.isalnum() or c.isspace())


def is_repaired(cell):
    return cell is REPAIRED


def read_raw_rows(path, roster):
    """Return the rows below the header by their spreadsheet row, and the number of headers."""
    width = len(roster.columns)
    parts = [part for note in roster.notes for part in note.split("; ")]
    header = next((int(part.split()[-1]) for part in parts if part.startswith("the header ")), 1)
    if path.endswith(".parquet"):
        import pyarrow.parquet as pq

        columns = [column.to_pylist() for column in pq.ParquetFile(path).read().columns]
        rows = [
            [cell.decode() if isinstance(cell, bytes) else cell for cell in row] for row in zip(*columns, strict=True)
        ]
        return dict(enumerate(rows, start=2)), width
    if path.endswith(".xlsx"):
        return dict(enumerate(read_sheet_rows(path, sheet_name(roster))[header:], start=header + 1)), width
    text = read_text(path, parts)
    delimiter = next((DELIMITERS[word] for part in parts for word in DELIMITERS if part.endswith(word)), ",")
    lines = split_lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    for _ in range(header):
        next(reader)
    return dict(enumerate(parse_records("".join(lines[reader.line_num :]), delimiter), start=header + 1)), width


def sheet_name(roster):
    note = next((note for note in roster.notes if note.startswith(("read sheet ", "only sheet "))), None)
    return note and ast.literal_eval(re.match(r"(?:read|only) sheet (.*?)(?: was read; |; not read: )", note)[1])


def read_sheet_rows(path, sheet):
    from python_calamine import CalamineError, CalamineWorkbook

    from microopt.readers.formats.workbook_guard import check_workbook

    def cells(data):
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python(skip_empty_area=False)

    stored = Path(path).read_bytes()
    repaired = cells(check_workbook(path, stored, 10**9).content)
    try:
        plain = cells(stored)
    except CalamineError:  # an error that calamine does not know, which becomes a text in the repaired workbook
        return repaired
    if len(plain) != len(repaired):
        return repaired
    return [
        [REPAIRED if cell == "" and repaired_cell != "" else cell for cell, repaired_cell in zip(*rows, strict=True)]
        for rows in zip(plain, repaired, strict=True)
    ]


def read_text(path, notes):
    data = Path(path).read_bytes()
    if data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    note = next((note for note in notes if note.startswith("the text is")), "utf-8")
    named = note.partition(":")[0].split()[-1].lower()
    encoding = next((code for code, name in NAMES.items() if name in note), named)
    return data.decode(encoding, errors="replace").removeprefix("\ufeff")
