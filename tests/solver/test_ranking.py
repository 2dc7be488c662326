"""Columns in the order of their ranks, however few of them are asked for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from microopt.solver.ranking import Ranking
from tests.solver.builders import CALM

RANKED = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.booleans()), min_size=1, max_size=40)


@CALM
@given(RANKED, st.integers(1, 50))
def test_the_first_of_some_columns_are_those_of_a_full_sort(rows, count):
    ranks = tuple(np.asarray(each) for each in zip(*((row[0] / 3, row[1]) for row in rows), strict=True))
    chosen = np.asarray([row[2] for row in rows])
    columns = 3 * np.arange(len(rows))
    order = columns[np.lexsort(ranks[::-1])]
    ranking, wanted = Ranking(columns=columns, ranks=ranks), order[chosen[order // 3]]
    assert ranking.sort(columns[chosen]).tolist() == wanted.tolist()
    assert ranking.first(columns[chosen], count).tolist() == wanted[:count].tolist()
