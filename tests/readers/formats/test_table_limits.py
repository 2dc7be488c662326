"""Tables of too much: told with their place before anything looks at what they mean."""

import time

import pytest
import xlsxwriter

from microopt.errors import RosterError
from microopt.quantities.size_limits import MAX_CELL_CHARACTERS, MAX_COLUMNS
from microopt.readers.formats.table_limits import has_short_lines
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster

PATIENCE = 10  # seconds, on a busy machine; benchmarks/bombs.py measures
ROWS = "".join(f"@c{number},{5000 + number},{100 + number},fine\n" for number in range(30))
LONG = MAX_CELL_CHARACTERS + 1
LIGATURE = "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}"  # stands for 18 letters


def fault(tmp_path, text, name="roster.csv", **options):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    start = time.perf_counter()
    with pytest.raises(RosterError) as caught:
        read_roster(str(path), ReadOptions(**options))
    assert time.perf_counter() - start < PATIENCE
    return caught.value


def wide(columns):
    names = ",".join(f"col{number}" for number in range(columns - 3))
    row = ",".join("x" * (columns - 3))
    return f"creator,followers,fee,{names}\n" + f"@anna,5000,100,{row}\n" * 3


@pytest.mark.parametrize("columns", [MAX_COLUMNS + 1, 2_500, 100_000])
def test_too_many_columns_are_one_fault_at_once(columns, tmp_path):
    error = fault(tmp_path, wide(columns))
    assert error.code == "columns-too-many"
    assert f"has {columns:,} columns" in error.message
    assert "roster.csv" in error.message


def test_a_row_of_too_many_cells_above_the_header_is_refused_too(tmp_path):
    assert fault(tmp_path, "," * 5_000 + "x\ncreator,followers,fee\n@anna,5000,100\n").code == "columns-too-many"


def test_as_many_columns_as_are_allowed_are_read_in_seconds(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(wide(MAX_COLUMNS))
    start = time.perf_counter()
    assert len(read_roster(str(path)).columns) == MAX_COLUMNS
    assert time.perf_counter() - start < 2 * PATIENCE


def test_a_note_of_a_thousand_semicolons_makes_no_wide_table(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("creator,followers,fee,notes\n@anna,5000,100," + "a;" * 5_000 + "\n")
    assert len(read_roster(str(path))) == 1


@pytest.mark.parametrize("rows", [1, 2], ids=["header alone", "rows too"])
def test_thousands_of_columns_without_header_and_cells_do_not_count(rows, tmp_path):
    path = tmp_path / "roster.csv"
    ends = ["," * 16_380 if number < rows else "" for number in range(2)]
    path.write_text(f"creator,followers,fee{ends[0]}\n@anna,5000,100{ends[1]}\n")
    roster = read_roster(str(path))
    assert len(roster) == 1
    assert [use.header for use in roster.columns] == ["creator", "followers", "fee"]


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_workbooks_and_parquet_have_the_same_limit(suffix, tmp_path):
    path = tmp_path / f"roster{suffix}"
    names = ["creator", "followers", "fee", *(f"col{number}" for number in range(MAX_COLUMNS))]
    if suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, names)
            sheet.write_row(1, 0, ["@anna", 5000, 100, *range(MAX_COLUMNS)])
    else:
        pa = pytest.importorskip("pyarrow")
        pytest.importorskip("pyarrow.parquet").write_table(pa.table({name: [1] for name in names}), path)
    with pytest.raises(RosterError, match="has 1,003 columns, but the limit is 1,000"):
        read_roster(str(path))


@pytest.mark.parametrize("column", range(4), ids=["creator", "followers", "fee", "notes"])
@pytest.mark.parametrize("part", ["x", "9 ", "9", "a;", "1k", "(", "1-", "😀"])
def test_a_cell_that_no_spreadsheet_holds_is_a_fault_of_its_row_and_column(column, part, tmp_path):
    row = ["@big", "6000", "100", "fine"]
    row[column] = part * (1_000_000 // len(part.encode()))
    error = fault(tmp_path, f"creator,followers,fee,notes\n{ROWS}{','.join(row)}\n")
    found = next(each for each in error.faults if each.code == "cell-too-long")
    assert (found.row, found.column) == (32, ("creator", "followers", "fee", "notes")[column])
    assert all(len(each.message) < 300 and len(each.value or "") < 200 for each in error.faults)


def test_a_row_with_a_cell_that_is_too_long_can_be_left_out(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(f"creator,followers,fee,notes\n{ROWS}@big,6000,100,{'x' * LONG}\n")
    assert len(read_roster(str(path), ReadOptions(skip_bad_rows=True))) == 30


def test_the_longest_cell_of_a_spreadsheet_is_read(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(f"creator,followers,fee,notes\n{ROWS}@big,6000,100,{'é' * MAX_CELL_CHARACTERS}\n", encoding="utf-8")
    assert len(read_roster(str(path))) == 31


def test_a_header_of_a_megabyte_is_told_by_its_column(tmp_path):
    error = fault(tmp_path, f"creator,followers,fee,{'x ' * 500_000}\n{ROWS}")
    assert (error.code, len(error.message) < 500) == ("header-too-long", True)
    assert "column 4" in error.message


def test_headers_that_are_long_together_are_told_by_their_row(tmp_path):
    headers = ",".join(f"price per thousand views {'of everybody ' * 70}{number}" for number in range(900))
    error = fault(tmp_path, f"List of 2026\n\ncreator,followers,fee,{headers}\n{ROWS}")
    assert (error.code, len(error.message) < 200) == ("header-too-long", True)
    assert "in row 3" in error.message


def test_a_cell_counts_the_letters_that_its_characters_stand_for(tmp_path):
    """Each of these characters is 18 letters where names are compared: 50 such names took ten seconds."""
    longest = LIGATURE * (MAX_CELL_CHARACTERS // 18)
    names = [longest, *(longest + LIGATURE * 20_000 for _ in range(50))]
    rows = "".join(f"{name}{number},6000,100,\n" for number, name in enumerate(names))
    error = fault(tmp_path, f"creator,followers,fee,notes\n{ROWS}{rows}")
    assert [(each.code, each.row, each.column) for each in error.faults[:1]] == [("cell-too-long", 33, "creator")]
    assert len(error.faults) == 50


@pytest.mark.parametrize(
    ("letters", "columns", "place"), [(60, 1, "column 4 "), (50, 120, "have 108,019 characters")], ids=["one", "all"]
)
def test_headers_count_the_letters_that_their_characters_stand_for(letters, columns, place, tmp_path):
    headers = ",".join(LIGATURE * letters for _ in range(columns))
    error = fault(tmp_path, f"creator,followers,fee,{headers}\n{ROWS}")
    assert error.code == "header-too-long"
    assert place in error.message


def test_fees_of_many_words_are_not_read_for_minutes(tmp_path):
    rows = "".join(f"@b{number},6000,{'9 ' * 16_000}\n" for number in range(30))
    error = fault(tmp_path, f"creator,followers,fee\n{rows}")
    assert {each.code for each in error.faults} == {"number-unreadable"}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("creator,fee\n" + "@anna,100\n" * 5_000, True),
        ("creator,fee\n" + "@anna,100\n" * 5_000 + "x" * 1_900, False),
        ("creator,fee\n@" + "x" * 1_900 + ",100\n" + "@anna,100\n" * 5_000, False),
        ('creator,fee\n"@anna",100\n', False),  # a quoted cell may go on over many lines
        ("creator,fee\r" + "@anna,100\r" * 5_000, False),
        ("creator,fee\n", True),
    ],
)
def test_cells_of_short_lines_without_quotes_are_not_measured(text, short):
    assert has_short_lines(text.encode(), len("creator,fee\n")) is short


@pytest.mark.parametrize("rows", [10, 10_000])
def test_a_cell_at_the_limit_is_told_apart_in_a_file_of_any_size(rows, tmp_path):
    lines = "".join(f"@c{number},{5000 + number},{100 + number},fine\n" for number in range(rows))
    text = f"creator,followers,fee,notes\n{lines}@anna,5000,100,{'x' * LONG}\n"
    assert fault(tmp_path, text).code == "cell-too-long"
    path = tmp_path / "roster.csv"
    path.write_text(text.replace("x" * LONG, "x" * (LONG - 1)))
    assert len(read_roster(str(path))) == rows + 1
