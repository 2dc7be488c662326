"""Workbooks from a stranger: whatever the library does, the file is a roster or a damaged one, soon."""

import re
import time
import zipfile
from contextlib import suppress
from errno import ENOMEM
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from microopt.errors import RosterError
from microopt.readers.formats import workbook as workbook_module
from microopt.readers.formats.workbook_guard import _SheetScan
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster
from tests.readers.formats.hostile_workbooks import BOMBS, FAR_CELLS, MAIN, ROW, workbook

pytest.importorskip("python_calamine")
PATIENCE = 10  # seconds, on a busy machine; benchmarks/bombs.py measures
READABLE = "open cells in a comment.xlsx"  # marks in a comment are not cells
OPTIONS = ReadOptions(fees_required=False)


def read(tmp_path, content, name="book.xlsx"):
    path = tmp_path / name
    path.write_bytes(content)
    return read_roster(str(path), OPTIONS)


def fault(tmp_path, content, name="book.xlsx"):
    with pytest.raises(RosterError) as caught:
        read(tmp_path, content, name)
    error = caught.value
    assert name in error.message
    assert error.fix
    return error


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return a function that installs a library in the place of calamine."""

    def install(source):
        (tmp_path / "library" / "python_calamine").mkdir(parents=True)
        origin = str(tmp_path / "library" / "python_calamine" / "__init__.py")
        Path(origin).write_text(source)
        monkeypatch.setattr(workbook_module, "find_spec", lambda _: ModuleSpec("python_calamine", None, origin=origin))

    return install


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_workbook_that_asks_for_much_is_a_roster_or_a_fault_at_once(name, tmp_path):
    start, file = time.perf_counter(), "book" + name[name.rindex(".") :]
    if name == READABLE:
        assert len(read(tmp_path, BOMBS[name], file)) == 1
    else:
        fault(tmp_path, BOMBS[name], file)
    assert time.perf_counter() - start < PATIENCE


@pytest.mark.parametrize("rows", FAR_CELLS.values(), ids=FAR_CELLS)
def test_a_far_cell_is_refused_however_its_place_is_written(rows, tmp_path):
    assert fault(tmp_path, workbook(rows)).code in ("file-bomb", "file-damaged")


def test_a_date_that_the_library_cannot_convert_is_a_fault_of_the_file(tmp_path):
    error = fault(tmp_path, BOMBS["date of the distant past.xlsx"])
    assert "cannot be read as a workbook" in error.message
    assert error.code == "file-damaged"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os; os.abort()", "far more memory"),
        ("raise BaseException('a panic')", "a panic"),
        ("raise MemoryError", "far more memory"),
        ("os._exit(0)", "far more memory"),
        ("while True: pass", "far more time"),
        ("bytearray(1 << 40)", "far more memory"),
        ("print('not an answer', flush=True); os.write(1, b'{}'); os._exit(0)", "far more memory"),
        ("import time; time.sleep(60)", "far more time"),
    ],
)
def test_whatever_the_library_does_is_a_fault_that_names_the_file(code, reason, tmp_path, monkeypatch, install):
    install(f"import os\nclass CalamineWorkbook:\n    def from_filelike(file):\n        {code}\n")
    monkeypatch.setattr(workbook_module, "WORKBOOK_BASE_SECONDS", 1)
    monkeypatch.setattr(workbook_module, "PATIENCE", 3)
    assert reason in fault(tmp_path, workbook()).message


def test_a_library_that_cannot_be_loaded_is_not_a_fault_of_the_workbook(tmp_path, install):
    install("import a_library_of_the_system_that_is_missing")
    with pytest.raises(RosterError, match="python-calamine, which reads workbooks, cannot be loaded") as caught:
        read(tmp_path, workbook())
    assert (caught.value.code, "pip install" in caught.value.fix) == ("extra-missing", True)


def test_no_process_is_left_after_a_workbook(tmp_path, monkeypatch):
    started, start_process = [], workbook_module._start_process
    monkeypatch.setattr(
        workbook_module, "_start_process", lambda path: started.append(start_process(path)) or started[-1]
    )
    for content in (workbook(), BOMBS["date of the distant past.xlsx"], b"PK\3\4 nothing", BOMBS["nested.xlsx"]):
        with suppress(RosterError):
            read(tmp_path, content)
    assert len(started) == 4
    assert all(process.returncode is not None for process in started)


def test_where_no_process_can_be_started_the_fault_says_so(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(workbook_module.subprocess, "Popen", refuse)
    error = fault(tmp_path, workbook())
    assert (error.code, error.message.endswith("Cannot allocate memory")) == ("file-unreadable", True)


def test_dates_and_flags_come_back_as_a_spreadsheet_shows_them(tmp_path):
    head = '<row r="1"><c r="A1" t="str"><v>creator</v></c><c r="B1" t="str"><v>followers</v></c>'
    head += '<c r="C1" t="str"><v>joined</v></c></row>'
    row = '<row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3"><v>7000</v></c><c r="C3" s="1"><v>45000</v></c></row>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{head}{ROW}{row}</sheetData></worksheet>'
    roster = read(tmp_path, workbook(sheet=sheet))
    assert [*roster.texts["creator"].labels] == ["@anna", "TRUE"]
    assert roster.texts["joined"].labels[-1] == "2023-03-15"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<c r = 'A3' t = 'e'><v>#DIV/0!</v></c>", "#DIV/0!"),
        ('<c r="A3" t="e"><v>#SPILL!</v></c>', "#SPILL!"),
        ('<c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ("<c r='A3' ><f >A1&amp;&lt;B1</f></c>", "=A1&<B1"),
        ("<c r='A3'><f t = 'shared' si = '0'/></c>", "="),
        ("<c r='A3'><f><![CDATA[A1*2]]></f><v/></c>", "=A1*2"),
        ("<c r='A3'><f>A1*2</f><!-- never --><v> </v></c>", "=A1*2"),
        ("<c r='A3' t='str'><f>A1*2</f><v>@ben</v></c>", "@ben"),
    ],
)
def test_a_cell_that_the_library_would_lose_becomes_a_text(cell, text, tmp_path):
    row = f'<row r="3">{cell}<c r="B3"><v>7000</v></c></row>'
    try:
        labels = read(tmp_path, workbook(row)).texts["creator"].labels
    except RosterError as error:
        labels = [fault.value for fault in error.faults]
    assert text in labels


def test_a_formula_whose_result_is_an_empty_text_is_an_empty_cell(tmp_path):
    row = "<row r='3'><c r='A3' t = 'str'><f>\"\"</f><v></v></c><c r='B3' t='str'><f>\"\"</f><v></v></c></row>"
    assert len(read(tmp_path, workbook(row))) == 1


@pytest.mark.parametrize(
    ("rows", "reached"),
    [
        ("<row r='1'><c r='A1'/></row><row r='5'><c r='A5'/><c r='A15'/></row>", (15, 1)),
        ("<row r='5'><c r='A5'/></row><row><c r='A5'/></row><row><c r='B05'/><c r='C5'/></row>", (6, 3)),
        ("<row r='1'><c r='A1'/></row><row r='11'><c r='A1'/><c r='AA11'/></row>", (11, 27)),
    ],
)
def test_each_cell_counts_where_it_is_also_after_many_in_its_row_and_column(rows, reached):
    scan = _SheetScan(f"<sheetData>{rows}</sheetData>".encode())
    assert (scan.rows, scan.columns) == reached


def test_a_workbook_of_too_many_sheets_is_refused_before_they_are_looked_at(tmp_path):
    """20,000 with long names took minutes; all name the same part, so that the file is small."""
    sheets = "".join(f'<sheet name="{number}" sheetId="{number}" r:id="r1"/>' for number in range(1, 1_002))
    path, content = tmp_path / "book.xlsx", workbook(ROW)
    path.write_bytes(content)
    changed = tmp_path / "changed.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if part == "xl/workbook.xml":
                text = re.sub(rb"(<sheets>).*(</sheets>)", rb"\1" + sheets.encode() + rb"\2", text)
            new.writestr(part, text)
    error = fault(tmp_path, changed.read_bytes())
    assert error.code == "sheets-too-many"
    assert "1,001 sheets" in error.message


def test_a_sheet_of_a_number_of_thousands_of_digits_is_missing(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook(ROW))
    with pytest.raises(RosterError, match="has no sheet") as caught:
        read_roster(str(path), ReadOptions(sheet="9" * 5_000))
    assert caught.value.code == "sheet-missing"
