"""Columns that are taken when they are asked for."""

import numpy as np

from microopt.roster.roster import Roster, Source, TextColumn
from microopt.roster.taken_columns import TakenColumns

ROWS = np.asarray([2, 0, 1])


class Counted:
    def __init__(self):
        self.times = 0

    def take(self, rows):
        self.times += 1
        return rows.tolist()


def roster():
    return Roster(
        texts={"creator": TextColumn(codes=np.arange(3, dtype=np.int32), labels=("a", "b", "c"))},
        numbers={"followers": np.asarray([10.0, 20.0, 30.0])},
        fee=np.asarray([1, 2, 3]),
        creator_id=np.arange(3, dtype=np.int32),
        row=np.asarray([2, 3, 4]),
        source=Source(path="r.csv", sha256=""),
    )


def test_a_column_is_taken_once_and_only_when_it_is_asked_for():
    columns = {"views": Counted(), "posts": Counted()}
    taken = TakenColumns(columns, ROWS)
    assert "views" in taken
    assert "likes" not in taken
    assert taken.get("likes") is None
    assert list(taken) == ["views", "posts"]
    assert {"views", "likes"} & taken.keys() == {"views"}
    assert [taken["views"], taken["views"]] == [[2, 0, 1]] * 2
    assert [column.times for column in columns.values()] == [1, 0]


def test_rows_of_taken_rows_are_those_of_the_first_columns():
    taken = TakenColumns({"views": np.asarray([5, 6, 7])}, ROWS)
    assert taken.take(np.asarray([1, 0]))["views"].tolist() == [5, 7]
    assert taken.take(slice(1, None))["views"].tolist() == [5, 6]


def test_a_roster_in_another_order_is_the_one_whose_rows_are_taken():
    reordered = roster().reorder(ROWS)
    twice = reordered.reorder(np.asarray([2, 0]))
    for each, expected in (
        (reordered, ["c", "a", "b"]),
        (reordered.take(slice(0, 2)), ["c", "a"]),
        (twice, ["b", "c"]),
    ):
        assert [each.texts["creator"][row] for row in range(len(each))] == expected
        assert each.numbers["followers"].tolist() == [{"a": 10.0, "b": 20.0, "c": 30.0}[name] for name in expected]
        assert each.fee.tolist() == [{"a": 1, "b": 2, "c": 3}[name] for name in expected]
        assert each.row.tolist() == [{"a": 2, "b": 3, "c": 4}[name] for name in expected]
