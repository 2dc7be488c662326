"""Rows that do not fit under their header."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.readers.fault_log import FaultLog
from microopt.readers.formats.malformed_rows import EMPTY, fitting
from tests.readers.oracle import records


def fit(text, width=3, mark=",", row=2):
    faults = FaultLog()
    kept, short = fitting(text, mark, width, row, faults)
    return kept, short, [(fault.code, fault.row) for fault in faults.faults]


def test_rows_that_fit_stay_as_they_are():
    text = 'a,b,c\r\n"a, b","x\ny",c\r"q ""r""",,\n\na,b,c'
    assert fit(text) == (text, 0, [])


def test_a_row_with_too_many_cells_is_left_blank():
    assert fit("a,b,c\na,b,c,d\na,b,c\n") == (f"a,b,c\n{EMPTY}a,b,c\n", 0, [("row-too-long", 3)])


def test_empty_cells_beyond_the_header_are_cut_off():
    assert fit('a,b,c,,\n"a, b",b,c,\n') == ('a,b,c\n"a, b",b,c\n', 0, [])


def test_spaces_beyond_the_header_are_cut_off_too():
    assert fit("a,b,c, ,\t\n,,  , ,\n") == ("a,b,c\n,,  \n", 0, [])


def test_rows_that_are_too_short_are_counted():
    assert fit("a\na,b\n\n \na,b,c\n")[1:] == (2, [])


@pytest.mark.parametrize(
    ("text", "bad", "good"),
    [
        ('"a,b,c\nd,e,f\n', [2], ["d,e,f"]),
        ('d,e,f\n"a,b,c\n', [3], ["d,e,f"]),
        ('"a,b,c\nd,e,f\n"g,h,i\nj,k,l\n', [2, 4], ["d,e,f", "j,k,l"]),
        ('a,"b\nc,d,e\n', [2], ["c,d,e"]),
        ('"a" b,"c\nd,e,f\n', [2], ["d,e,f"]),
        ('"a" b,c,d\n', [], ['"a" b,c,d']),
    ],
)
def test_an_open_quote_costs_its_own_row_only(text, bad, good):
    kept, _, told = fit(text)
    assert told == [("row-quote", row) for row in bad]
    assert [line for line in kept.splitlines() if line != EMPTY.strip()] == good


def test_a_blank_put_after_a_carriage_return_is_a_row_of_its_own():
    kept, _, _ = fit("a,b,c\ra,b,c,d\na,b,c\n")
    assert [row[0] for row in csv.reader(io.StringIO(kept, newline=""))] == ["a", "", "a"]


def test_a_row_spanning_lines_counts_once():
    assert fit('a,"x\ny\nz",c\na,b,c,d\n')[2] == [("row-too-long", 3)]


def test_a_cell_of_many_millions_of_letters_is_read():
    text = f'a,"{"x" * 20_000_000}",c\n'
    assert fit(text) == (text, 0, [])


@given(st.text('ab",;\n\r ', max_size=40))
def test_a_slow_reader_finds_the_same_rows(text):
    kept, _, told = fit(text, width=4)
    rows = records(text, ",")
    long = [cells is not None and any(cells[4:]) for cells in rows]
    assert told == [
        ("row-quote" if cells is None else "row-too-long", row)
        for row, (cells, too) in enumerate(zip(rows, long, strict=True), start=2)
        if cells is None or too
    ]
    assert len(records(kept, ",")) == len(rows)
