"""The cells of a file: distinct texts, in whichever way pandas stores them, and points that pandas parses away."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.readers.formats.raw_table import factorize_cells
from tests.readers.builders import read

CELLS = st.lists(st.text("ab .é", max_size=3) | st.none(), max_size=20)


@given(CELLS)
def test_distinct_texts_are_found_in_order_of_appearance(cells):
    texts = [cell or "" for cell in cells]
    codes, distinct = factorize_cells(pd.Series(cells, dtype=object))
    assert [distinct[code] for code in codes] == texts
    assert distinct == list(dict.fromkeys(texts))
    assert codes.dtype == np.int32


@given(CELLS)
def test_arrow_gives_the_same_distinct_texts(cells):
    pytest.importorskip("pyarrow")
    arrow = pd.Series(cells, dtype=pd.StringDtype("pyarrow", na_value=np.nan))
    codes, distinct = factorize_cells(arrow)
    expected_codes, expected = factorize_cells(pd.Series(cells, dtype=object))
    assert codes.tolist() == expected_codes.tolist()
    assert distinct == expected


@pytest.mark.parametrize(
    ("column", "cells", "values"),
    [
        ("likes", ("12.400", "950"), [12_400, 950]),
        ("likes", ("12.000", ""), [12_000, np.nan]),
        ("likes", ("12.400", "5234.25"), [12.4, 5234.25]),
        ("likes", ("12.400", "0.5"), [12.4, 0.5]),
        ("likes", ("12.400", "1.23456"), [12.4, 1.23456]),
        ("likes", ("1200.5", "1300.25"), [1200.5, 1300.25]),
        ("sentiment", ("0.912", "1.125"), [0.912, 1.125]),
        ("ctr", ("1.125", "2.250"), [0.01125, 0.0225]),
    ],
)
def test_numbers_that_pandas_parsed_are_read_as_they_were_written(column, cells, values):
    rows = "".join(f"c{index},5000,9,{cell}\n" for index, cell in enumerate(cells))
    roster = read(f"creator,followers,fee,{column}\n{rows}")
    np.testing.assert_allclose(roster.numbers[column], values)
