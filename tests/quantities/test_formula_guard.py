import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from microopt.quantities.formula_guard import add_guards, drop_guards

ODD = st.text(st.sampled_from("=+-@＝;\t\r\n' ab1.|\u00a0\x0b"), max_size=12)
RUNS = re.compile(r"\s*[=+\-@＝＋－＠]")
HARMLESS = re.compile(r"@[\w.]+(\|@[\w.]+)*|[+-]?\d[\d.,]*%?")


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("x;=cmd|' /C calc'!A0", "x;'=cmd|' /C calc'!A0"),
        ("x;;+1+1", "x;;'+1+1"),
        ("x\t-2+3", "x\t'-2+3"),
        ("x\n@SUM(1)", "x\n'@SUM(1)"),
        ("x; =1", "x;' =1"),
        ("=1;=2", "'=1;'=2"),
        ("'=1", "''=1"),
        ("x;'=1", "x;''=1"),
        ("\t=1", "'\t'=1"),
        ("a;@anna;-5;b", "a;@anna;-5;b"),
        ("a;@anna", "a;'@anna"),
        ("a=b;c", "a=b;c"),
        ("it's; 'tis", "it's; 'tis"),
    ],
)
def test_each_part_that_a_separator_makes_a_cell_is_guarded(text, guarded):
    assert add_guards(text) == guarded
    assert list(drop_guards([guarded])) == [text]


@given(ODD)
@example("';=1")
@example(" \t\t'\n=")
def test_what_is_guarded_reads_back_as_it_was(text):
    assert list(drop_guards([add_guards(text)])) == [text]


def is_formula(cell):
    """Whether a cell may run: what looks like a number or a handle, up to the next separator, does not."""
    return bool(RUNS.match(cell)) and not HARMLESS.fullmatch(re.split("[;\t\r\n]", cell)[0])


@given(ODD)
def test_no_part_is_a_formula_whichever_separator_the_computer_uses(text):
    for separator in (";", "\t", "\r", "\n"):
        assert not any(map(is_formula, add_guards(text).split(separator)))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@given(ODD)
@example("\r@1")
@example(";-1")
def test_a_row_has_no_formula_whichever_delimiter_reads_it(delimiter, text):
    line = f'"x","{add_guards(text)}",1\n'
    for row in csv.reader(io.StringIO(line, newline=""), delimiter=delimiter):
        assert not any(map(is_formula, row))


def test_cells_without_guards_are_the_same_object():
    cells = ["anna", "=1", "x;=1"]
    assert drop_guards(cells) is cells


@pytest.mark.parametrize("cell", ["'@anna", "'-5", "'=1", "' =1"])
def test_guards_of_other_programs_are_dropped_too(cell):
    assert list(drop_guards([cell])) == [cell[1:]]
