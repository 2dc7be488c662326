"""Cells as lines of bytes: shapes and distinct lines, compared with what Python's sets give."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.readers.cells.text_shapes import (
    LONE_ZERO,
    argsort_distinct_lines,
    find_shapes,
    join_lines,
    normalize_lines,
)

CELLS = st.lists(st.text("01a,. \0é", max_size=20), min_size=1, max_size=30)


def column(cells):
    return pd.Series(cells, dtype=object)


def shape(cell):
    alone = re.sub(r"0(?<![0-9.,']0)(?<![0-9] 0)(?=[., '][0-9])", LONE_ZERO, cell)
    return re.sub("[0-9]", "0", alone)


@given(CELLS)
def test_shapes_are_found_in_order_of_appearance(cells):
    codes, found_shapes = find_shapes(normalize_lines(join_lines(column(cells))))
    assert [found_shapes[code] for code in codes] == [shape(cell) for cell in cells]
    assert found_shapes == list(dict.fromkeys(map(shape, cells)))


@given(CELLS)
def test_lines_are_distinct_if_a_set_has_them_all(cells):
    is_distinct = argsort_distinct_lines([join_lines(column(cells))]) is not None
    assert is_distinct == (len(set(cells)) == len(cells))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("", "\0"),
        ("a", "a\0"),
        ("12345678", "12345678\0"),
        ("12345678", "123456781"),
        ("1234567", "12345678"),
        ("x" * 4000 + "a", "x" * 4000 + "b"),
        ("x" * 16, "x" * 24),
    ],
)
def test_lines_that_hardly_differ_are_distinguished(first, second):
    blob = join_lines(column([first, second, first]))
    assert argsort_distinct_lines([blob]) is None
    assert argsort_distinct_lines([join_lines(column([first, second]))]) is not None
    assert find_shapes(blob)[0].tolist() == [0, 0 if shape(first) == shape(second) else 1, 0]


def test_a_line_break_in_a_cell_becomes_a_space():
    assert join_lines(column(["a\nb", "c"])) == b"a b\nc"


def test_arrow_and_python_cells_give_the_same_lines():
    pytest.importorskip("pyarrow")
    cells = ["@Anna", "", None, "zwei\nZeilen", "é"]
    arrow = pd.Series(cells, dtype=pd.StringDtype("pyarrow", na_value=np.nan))
    assert join_lines(arrow) == join_lines(column(cells)) == "@Anna\n\n\nzwei Zeilen\né".encode()
    assert join_lines(arrow.iloc[3:4]) == b"zwei Zeilen"


def test_many_lines_are_grouped_as_a_dictionary_would():
    draw = np.random.default_rng(5)
    cells = [f"${value:,}" for value in (10 ** draw.uniform(0, 12, 20_000)).astype(int).tolist()]
    codes, found_shapes = find_shapes(join_lines(column(cells)))
    assert [found_shapes[code] for code in codes] == [shape(cell) for cell in cells]


@given(st.lists(st.text("ab.z09~", min_size=1, max_size=20), min_size=1, max_size=30, unique=True))
def test_lines_are_sorted_by_their_bytes(cells):
    assert [cells[row] for row in argsort_distinct_lines(["\n".join(cells).encode()]).tolist()] == sorted(cells)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30, unique=True))
def test_names_with_a_common_prefix_are_sorted(numbers):
    cells = [f"creator_{number}" for number in numbers]
    assert [cells[row] for row in argsort_distinct_lines(["\n".join(cells).encode()]).tolist()] == sorted(cells)


@given(st.lists(st.text("ab.z09~", max_size=20), min_size=1, max_size=30, unique=True), st.integers(1, 30))
def test_lines_in_several_blobs_are_sorted_as_in_one(cells, size):
    blobs = ["\n".join(cells[start : start + size]).encode() for start in range(0, len(cells), size)]
    assert [cells[row] for row in argsort_distinct_lines(blobs).tolist()] == sorted(cells)
    assert argsort_distinct_lines([*blobs, cells[-1].encode()]) is None
