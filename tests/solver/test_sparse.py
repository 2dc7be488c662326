"""Numbers of columns, found by position."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from microopt.solver.sparse import entries
from tests.solver.builders import CALM


@CALM
@given(st.dictionaries(st.integers(0, 12), st.integers(-9, 9)), st.lists(st.integers(0, 15)))
def test_entries_are_those_of_a_dictionary(numbers, asked):
    columns = np.asarray(sorted(numbers), dtype=np.intp)
    found = entries(columns, np.asarray([numbers[c] for c in columns.tolist()], np.int64), np.asarray(asked, np.intp))
    assert found.tolist() == [numbers.get(column, 0) for column in asked]
    assert found.dtype == np.int64
