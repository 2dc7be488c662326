"""Notes come in the order in which they matter to a plan."""

from functools import partial

import pytest
import xlsxwriter

from microopt.readers.results import read_results
from microopt.readers.roster import read_roster
from tests.readers.builders import read

MESSY = """List of creators;;;
creator;followers;fee;Extra fees
ann;20.000;300;50
ben;30.000;gifted;60
cleo;35.000;450;70
Total;85.000;750;180
"""


def test_notes_on_costs_come_first_and_the_form_of_the_file_last():
    notes = read(MESSY).notes
    costs = [number for number, note in enumerate(notes) if "gifted" in note or "not counted" in note]
    (rows,) = [number for number, note in enumerate(notes) if "left out" in note]
    assert costs == [0, 1]
    assert rows > 1
    assert "the header" in notes[-1]


@pytest.mark.parametrize("header", [("creator", "followers", "fee"), ("creator", "impressions", "posts")])
def test_other_sheets_come_before_all(tmp_path, header):
    with xlsxwriter.Workbook(path := str(tmp_path / "book.xlsx")) as book:
        for name in ("First", "Second"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, header)
            sheet.write_row(1, 0, ["ann", 20000, 30])
    reader = read_roster if "fee" in header else partial(read_results, half_life={}.get)
    assert reader(path).notes[0].startswith("only sheet 'First' was read; 'Second' holds")


def test_a_name_from_another_column_is_not_told_of_rows_that_are_left_out():
    notes = read("creator,full name,followers,fee\n@ann,Ann,20000,300\n@ben,Ben,30000,450\n,Total,50000,750\n").notes
    assert [note for note in notes if "named by another column" in note] == []
    assert any("left out: 4 (Total)" in note for note in notes)
