"""Rows that repeat a post."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from microopt.readers.posts.repeated_posts import find_later, hash_rows

ROWS = st.lists(st.tuples(st.integers(-1, 3), st.sampled_from([0.0, 1.5, np.nan]), st.integers(0, 2)), max_size=40)


@given(ROWS)
def test_rows_are_repeated_where_all_their_cells_are(rows):
    columns = [np.asarray([row[at] for row in rows], dtype=kind) for at, kind in enumerate((np.int64, float, np.int32))]
    seen, expected = set(), []
    for row in rows:
        key = tuple(map(repr, row))
        expected.append(key in seen)
        seen.add(key)
    assert find_later(hash_rows(columns)).tolist() == expected


def test_the_order_of_columns_counts():
    first, second = np.asarray([1, 2]), np.asarray([2, 1])
    forward, back = hash_rows([first, second]), hash_rows([second, first])
    assert forward[0] != back[0]
    assert forward[0] == back[1]


def test_many_different_rows_are_told_apart():
    random = np.random.default_rng(1)
    columns = [np.repeat(np.arange(300), 300), np.tile(np.arange(300), 300)]
    rows = random.permutation(len(columns[0]))
    assert not find_later(hash_rows([column[rows] for column in columns])).any()
