"""Text stands between quotes in a CSV file, figures do not, and no part of a cell is a formula."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scale import examples

from microopt.readers.roster import read_roster
from microopt.rendering.data.csv_text import csv_text, money_cells, text_cell, text_cells, thousandths_cells
from microopt.rendering.data.roster_csv import roster_csv

COMMAND = "x;=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("anna", '"anna"'),
        ('6" heels', '"6"" heels"'),
        ("", ""),
        (COMMAND, "\"x;'=cmd|' /C calc'!A0\""),
        ("::stop-commands::x", '"::stop-commands::x"'),
        ("a\n=1", '"a =1"'),
        ("\x1b[31mred", '"[31mred"'),
    ],
)
def test_text_stands_between_quotes(text, cell):
    assert text_cell(text) == cell


@settings(max_examples=examples(300))
@given(st.lists(st.text() | st.text("@=+-;|. aé\"'\n\t", max_size=6)))
def test_texts_are_the_cells_that_each_of_them_is(texts):
    assert text_cells(texts) == list(map(text_cell, texts))


@settings(max_examples=examples(300))
@given(st.lists(st.integers(0, 10**6) | st.integers(2**52 - 5, 2**52 + 5) | st.integers()))
def test_amounts_are_the_decimals_of_the_nearest_number(parts):
    assert money_cells(parts) == [f"{part / 100:.2f}" for part in parts]
    assert thousandths_cells(parts) == [f"{part / 1000:.3f}" for part in parts]


def test_figures_and_our_own_words_stand_bare():
    assert csv_text(("fee", "my,tier_spend"), [["1.50", text_cell("a")]]) == 'fee,"my,tier_spend"\n1.50,"a"\n'


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_cleaned_roster_has_no_formula_whichever_delimiter_opens_it(tmp_path, delimiter):
    path = tmp_path / "roster.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(
            [["creator", "followers", "fee", "a;=1"], [COMMAND, 1200, 50, "b\t=2\n@SUM(1)"], ["=3", 1300, 60, "'=4"]]
        )
    text = roster_csv(read_roster(str(path)))
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))
    assert not [cell for row in rows for cell in row if cell.strip().startswith(tuple("=+-@"))]


def test_a_cleaned_roster_is_read_as_it_was_with_all_its_signs(tmp_path):
    cells = [COMMAND, "'=1", "=1", "a;'=2", "a;@b;-3"]
    path, clean = tmp_path / "roster.csv", tmp_path / "clean.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(
            [["creator", "followers", "fee", "brief"], *([f"c{n}", 9000, 5, c] for n, c in enumerate(cells))]
        )
    first = read_roster(str(path))
    clean.write_text(roster_csv(first), encoding="utf-8")
    again = read_roster(str(clean))
    assert [again.text("brief", row) for row in range(5)] == [first.text("brief", row) for row in range(5)]
