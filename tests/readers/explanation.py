"""Check that every number of a roster is in its file, and that every row of the file is accounted for.

It uses the slow reader in `oracle`.
"""

import ast
import csv
import gzip
import io
import re
from pathlib import Path

from microopt.readers.formats.alphabets import NAMES
from microopt.readers.vocabulary import ROSTER, ColumnKind
from tests.readers.oracle import explains_fee, explains_number, is_blank, is_separator_row, parse_records, split_lines

DELIMITERS = {"semicolons": ";", "tabs": "\t", "bars": "|"}
REPAIRED = object()  # in place of a workbook's cell that calamine returns as empty: an error, a formula without a value


def find_unexplained(path, roster):
    """Yield what is in a roster but not in its file, and rows of the file that are missing without a note."""
    rows, width = read_raw_rows(path, roster)
    columns = {use.column: position for position, use in enumerate(roster.columns) if use.column}
    filled = filled_rows(roster)
    prices = [position for position, use in enumerate(roster.columns) if use.column == "price of an offer"]
    for number, line in enumerate(roster.row.tolist()):
        cells = rows.get(line)
        if cells is None:
            yield f"row {line} is not in the file"
            continue
        cells = [*cells, *[""] * (width - len(cells))]
        for name, values in roster.numbers.items():
            position = columns.get(name, extra_column(name, roster, columns))
            rate = ROSTER.kinds.get(name) in (ColumnKind.RATE, ColumnKind.SHARE)
            if position is None and name == "authentic":
                continue  # derived
            if line in filled and position is not None and is_blank([cell_text(cells[position])]):
                continue  # as the row above
            if position is None or not is_same_number(cells[position], float(values[number]), rate=rate):
                yield f"row {line}: {name} is {values[number]!r}, the cell {cells[position or 0]!r}"
        fees = [cells[position] for position in (prices or [columns["fee"]] if "fee" in columns or prices else [])]
        if fees and not any(is_same_fee(cell, int(roster.fee[number])) for cell in fees):
            yield f"row {line}: the fee is {roster.fee[number]}, the cells {fees!r}"
        name, cell = roster.texts["creator"][number], cells[columns["creator"]]
        if name.replace("\ufeff", "") != cell_text(cell).replace("\ufeff", "") and not (
            is_repaired(cell) or (line in filled and is_blank([cell_text(cell)]))
        ):
            yield f"row {line}: the creator is {name!r}, the cell {cell!r}"
    yield from find_unaccounted_rows(rows, roster)
    for line in foreign_rows(roster):
        cells = [cell_text(cell) for cell in rows.get(line) or [""]]
        if cells[columns["creator"] :][:1] and cells[columns["creator"]].startswith("@"):
            yield f"row {line} is left out, and is a creator: {cells!r}"


def find_unaccounted_rows(rows, roster):
    filled = [line for line, cells in rows.items() if not is_blank_row(cells)]
    missing = set(filled) - set(roster.row.tolist()) - foreign_rows(roster)
    # One separator row is dropped without a note.
    has_separator = any(is_separator_row([cell_text(cell) for cell in rows[line] or []]) for line in missing)
    noted = sum(leading_count(note) for note in roster.notes if "left out (--skip" in note or "repeat" in note)
    if len(missing) not in (noted, noted + has_separator):
        yield f"{len(missing)} rows are missing, {noted} of them with a note"


def foreign_rows(roster):
    """Return the rows that are left out as no creators."""
    codes = ("total-row", "note-row", "section-row", "header-row")
    return {int(row) for remark in roster.left_out if remark.code in codes for row in remark.rows}


def filled_rows(roster):
    """Return the rows whose empty cells are those of the row above."""
    return {int(row) for remark in roster.remarks if remark.code == "creator-filled" for row in remark.rows}


def leading_count(note):
    return int(re.match(r"[\d,]+", note)[0].replace(",", ""))


def is_blank_row(cells):
    return cells is not None and is_blank([cell_text(cell) for cell in cells])


def extra_column(name, roster, columns):
    numbered = re.fullmatch(r".* \(column (\d+)\)", name, re.DOTALL)
    result = [i for i, use in enumerate(roster.columns) if use.header == name and i not in columns.values()]
    return result[0] if result else int(numbered[1]) - 1 if numbered else None


def cell_text(cell):
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return "" if cell is None else str(cell)


def is_same_number(cell, value, *, rate):
    return is_repaired(cell) or explains_number(cell_text(cell), value, rate=rate)


def is_same_fee(cell, cents):
    return is_repaired(cell) or explains_fee(cell_text(cell), cents)


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
    note = next((note for note in roster.notes if note.startswith("read sheet ")), None)
    return note and ast.literal_eval(note.removeprefix("read sheet ").partition("; not read: ")[0])


def read_sheet_rows(path, sheet):
    from python_calamine import CalamineError, CalamineWorkbook

    from microopt.readers.formats.xlsx import repair_workbook

    def cells(data):
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python(skip_empty_area=False)

    stored = Path(path).read_bytes()
    repaired = cells(repair_workbook(path, stored, 10**9))
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
