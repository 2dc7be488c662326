"""Columns in the order of their ranks, however many of them are sorted at first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.solver import ranking
from microopt.solver.ranking import Ranking
from tests.solver.builders import CALM

RANKED = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.booleans()), min_size=1, max_size=40)


@CALM
@given(RANKED, st.integers(1, 12), st.integers(1, 50))
def test_the_first_that_fit_are_taken_in_order(rows, most, sorted_first):
    ranks = [np.asarray(each) for each in zip(*((row[0] / 3, row[1]) for row in rows), strict=True)]
    fits = np.repeat([row[2] for row in rows], 2)
    columns = np.arange(1, 2 * len(rows), 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "SORTED_FIRST", sorted_first)
        taken = Ranking.of(columns, ranks).take(lambda few: fits[few], most)
    order = columns[np.lexsort(ranks[::-1])]
    assert taken.tolist() == order[fits[order]][:most].tolist()


@CALM
@given(RANKED, st.data())
def test_some_columns_are_sorted_as_all_are(rows, data):
    ranks = [np.asarray(each) for each in zip(*((row[0], row[1]) for row in rows), strict=True)]
    columns = 3 * np.arange(len(rows))
    chosen = np.asarray(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))))
    order = np.lexsort(ranks[::-1])
    assert Ranking.of(columns, ranks).sort(columns[chosen]).tolist() == columns[order[chosen[order]]].tolist()


def test_columns_of_one_rank_are_all_first(monkeypatch):
    monkeypatch.setattr(ranking, "SORTED_FIRST", 2)
    ranked = Ranking.of(np.arange(5), [np.zeros(5), np.asarray([3, 2, 1, 2, 0])])
    assert ranked.first.tolist() == [4, 2, 1, 3, 0]
    assert ranked.is_first.all()
