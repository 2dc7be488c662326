"""Of columns that a program cannot tell apart, the first stands for all: compared by every number they have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.solver.constraint import constraint
from microopt.solver.distinct_columns import DistinctColumns, distinct_columns
from microopt.solver.program import IntegerProgram
from microopt.solver.result import WarmStart
from tests.solver.builders import CALM

SMALL = st.integers(0, 2)


@st.composite
def programs(draw):
    groups = draw(st.integers(1, 3))
    size = draw(st.integers(8 * groups, 40))  # with MANY_A_GROUP as in `few_a_group`

    def numbers(values):
        return np.asarray(draw(st.lists(values, min_size=size, max_size=size)), dtype=np.int64)

    group = np.sort(numbers(st.integers(0, groups - 1)))
    group = np.unique(group, return_inverse=True)[1].astype(np.int32)
    rows = tuple(constraint(f"row {number}", numbers(SMALL), upper=3) for number in range(draw(st.integers(0, 2))))
    return IntegerProgram(objective=numbers(SMALL), cost=numbers(SMALL), group=group, rows=rows)


def features(program, column):
    own = np.asarray([column])
    in_rows = (int(row.coefficients_at(own)[0]) for row in program.rows)
    return (int(program.group[column]), int(program.objective[column]), int(program.cost[column]), *in_rows)


@pytest.fixture(autouse=True)
def few_a_group(monkeypatch):
    monkeypatch.setattr("microopt.solver.distinct_columns.MANY_A_GROUP", 8)


@given(programs())
@CALM
def test_each_column_is_known_by_the_first_one_like_it(program):
    first = {}
    for column in range(len(program)):
        first.setdefault(features(program, column), column)
    assert distinct_columns(program).tolist() == [first[features(program, column)] for column in range(len(program))]


@given(programs())
@CALM
def test_a_program_without_copies_has_each_column_once(program):
    distinct = DistinctColumns.of(program)
    kinds = {features(program, column) for column in range(len(program))}
    if distinct is None:
        assert len(kinds) == len(program) or len(program) < 8 * (program.group.max() + 1)
        return
    assert len(distinct.program) == len(kinds)
    for column, place in enumerate(distinct.place.tolist()):
        assert features(program, int(distinct.columns[place])) == features(program, column)


def test_columns_with_the_same_digest_are_told_apart(monkeypatch):
    monkeypatch.setattr("microopt.solver.distinct_columns.mixed", np.zeros_like)
    numbers = np.arange(9, dtype=np.int64) // 2
    program = IntegerProgram(objective=numbers, cost=numbers * 0, group=np.zeros(9, dtype=np.int32), rows=())
    first = distinct_columns(program)
    assert first.tolist()[:2] == [0, 0]
    assert (program.objective[first] == program.objective).all()


@pytest.mark.parametrize("copies", [1, 20])
def test_a_plan_of_the_whole_program_is_one_of_the_program_without_copies(copies):
    numbers = np.repeat(np.arange(8, dtype=np.int64), copies)
    program = IntegerProgram(objective=numbers, cost=numbers, group=np.zeros(len(numbers), dtype=np.int32), rows=())
    distinct = DistinctColumns.of(program)
    if copies == 1:
        assert distinct is None
        return
    last = np.asarray([len(numbers) - 1])
    (plan,) = distinct.plans(WarmStart(plans=(last,))).plans
    assert numbers[distinct.columns[plan]].tolist() == [7]
