"""Program and Row: integers in lowest terms, and what a set of picks makes of them.

A whole number that a plan chooses beside its columns, as large as its rows let it.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver.constraint import constraint, counting_row
from microopt.solver.integer_variable import IntegerVariable
from microopt.solver.outer_approximation import solve_to_tolerance
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.search import solve
from tests.scale import examples
from tests.solver.builders import CALM, FREE, best, dense, line, picks, pool, program, programs, solver, subsets


def test_a_row_is_kept_in_lowest_terms():
    limit = line([40, 0, 60], lower=30, upper=130)
    assert dense(limit, 3) == ([2, 0, 3], 2, 6)
    assert limit.columns.tolist() == [0, 2]


def test_a_row_of_zeros_keeps_its_bounds():
    limit = line([0, 0], lower=3)
    assert (len(limit.columns), limit.lower, limit.upper) == (0, 3, None)


@CALM
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=6), st.integers(-30, 30), st.integers(-30, 30))
def test_lowest_terms_allow_what_the_row_allowed(coefficients, lower, upper):
    plain, limit = np.asarray(coefficients), line(coefficients, lower=lower, upper=upper)
    chosen = (np.arange(2 ** len(plain))[:, None] >> np.arange(len(plain)) & 1).astype(bool)
    for mask in chosen:
        assert limit.holds(limit.activity(np.flatnonzero(mask))) == (lower <= plain[mask].sum() <= upper)


def test_worth_and_price_are_exact_sums():
    instance = program([10**17, 1, 5], cost=[7, 0, 10**15])
    assert instance.objective_value(picks(0, 1)) == 10**17 + 1
    assert instance.total_cost(picks(0, 2)) == 10**15 + 7


def test_broken_names_rows_and_groups():
    instance = program(
        [1, 1, 1], line([1, 1, 1], upper=1, label="few"), line([1, 0, 0], lower=1, label="first"), group=[0, 0, 1]
    )
    assert instance.violated_constraints(picks(0)) == []
    assert instance.violated_constraints(picks(0, 1)) == ["few", "one of a group"]
    assert instance.violated_constraints(picks(2)) == ["first"]
    assert instance.violated_constraints(picks()) == ["first"]


def test_restrict_counts_what_is_bought_already():
    instance = program([5, 6, 7], line([2, 3, 4], lower=5, upper=8), group=[0, 1, 2])
    small = instance.restrict(np.asarray([True, False, True]), picks(1))
    assert dense(small.rows[0], 2) == ([2, 4], 2, 5)
    assert (small.objective.tolist(), small.group.tolist()) == ([5, 7], [0, 1])


@pytest.mark.parametrize("dense", [-1, 2])
@CALM
@given(programs(columns=7), st.data())
def test_restrict_is_the_program_with_columns_decided(dense, instance, data):
    free = np.asarray(data.draw(st.lists(st.booleans(), min_size=len(instance), max_size=len(instance))))
    ones = [column for column in np.flatnonzero(~free) if not (free & (instance.group == instance.group[column])).any()]
    ones = picks(*ones[:1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("microopt.solver.program.DENSE", dense)
        small = instance.restrict(free, ones)
    plans = subsets(instance)
    decided = plans[(plans[:, ~free] == instance.mask(ones)[~free]).all(axis=1)]
    assert sorted(map(tuple, subsets(small))) == sorted(map(tuple, decided[:, free]))


@CALM
@given(programs(columns=7))
def test_another_objective_leaves_the_columns_fixed_at_zero_by_the_rows(instance):
    other = instance.with_objective(instance.objective + 1)
    assert other.fixed_at_zero.tolist() == replace(instance, objective=other.objective).fixed_at_zero.tolist()
    assert len(other.without_fixed_at_zero()) == len(instance) - len(instance.fixed_at_zero)
    assert subsets(other.without_fixed_at_zero()).sum() == subsets(instance).sum()


@CALM
@given(programs(columns=7, soft=False))
def test_cheapest_asks_for_the_least_cost_at_a_value(instance):
    optimum = best(instance)
    if optimum is not None:
        value, cost = optimum
        assert best(instance.minimize_cost(value))[0] == -cost
        assert best(instance.minimize_cost(value + 1)) is None


@CALM
@given(programs(columns=6), st.data())
def test_a_cut_takes_away_one_set_and_no_other(instance, data):
    excluded = np.flatnonzero(data.draw(st.lists(st.booleans(), min_size=len(instance), max_size=len(instance))))
    left_out = {tuple(plan) for plan in subsets(instance)} - {tuple(instance.mask(excluded).astype(int))}
    assert {tuple(plan) for plan in subsets(instance.excluding(excluded))} == left_out


def test_a_row_of_no_columns_can_be_made():
    empty = constraint("nothing", np.zeros(0, dtype=np.int64), upper=2)
    assert empty.holds(empty.activity(picks(0)))


def test_what_a_column_is_worth_at_prices_is_what_the_bound_counts():
    instance = program([5, 0, 2], line([1, 2, 3], upper=4), pools=(pool([0.1, 0.2, 0.0], objective=1.0),))
    priced = price_program(instance, np.asarray([0.5]), np.asarray([400_000.0]))
    worth = instance.reduced_costs(priced.prices, priced.pool_prices)
    np.testing.assert_allclose(np.abs(worth), priced.deviation, rtol=1e-9)
    assert worth[1] == pytest.approx(400_000 * -np.log(0.8) - 1)


SIDES = st.tuples(st.integers(-20, 20), st.none() | st.integers(-20, 20), st.none() | st.integers(-20, 20))


@given(st.lists(st.tuples(st.integers(-5, 5).filter(bool), SIDES), max_size=3), st.integers(0, 30))
def test_the_largest_is_what_trying_all_finds(rows, maximum):
    amount = IntegerVariable(coefficients={i: times for i, (times, _) in enumerate(rows)}, upper=maximum)
    fitting = [
        number
        for number in range(maximum + 1)
        if all(
            (low is None or low <= sums + times * number) and (high is None or sums + times * number <= high)
            for times, (sums, low, high) in rows
        )
    ]
    assert amount.largest_feasible([side for _, side in rows]) == max(fitting, default=None)


@st.composite
def with_amounts(draw):
    instance = draw(programs(columns=7, soft=False))
    rows = draw(st.lists(st.sampled_from(range(len(instance.rows))), unique=True)) if instance.rows else []
    times = {number: draw(st.integers(-3, 3).filter(bool)) for number in rows}
    return replace(
        instance,
        integer=IntegerVariable(coefficients=times, upper=draw(st.integers(0, 60)), objective=draw(st.integers(0, 3))),
    )


def enumerated(instance):
    """Return the value of the best plan, None where none keeps its rows, by trying every set of columns."""
    sets = (
        picks(*np.flatnonzero([number >> i & 1 for i in range(len(instance))])) for number in range(2 ** len(instance))
    )
    return max(
        (instance.objective_value(chosen) for chosen in sets if not instance.violated_constraints(chosen)), default=None
    )


@settings(CALM, max_examples=examples(60))
@given(with_amounts(), st.sampled_from(["cbc", "highs"]))
def test_backends_find_the_best_plan_with_its_amount(instance, name):
    best = enumerated(instance)
    assert solve_to_tolerance(instance, solver(name), FREE).objective == best
    result = solve(instance, solver(name), FREE, cheapest=False)
    assert (result.objective, result.columns is None) == (best, best is None)


@settings(CALM, max_examples=examples(100))
@given(with_amounts(), st.data())
def test_any_prices_bound_every_plan_with_its_amount(instance, data):
    prices = np.asarray([data.draw(st.floats(-50, 50)) for _ in instance.rows])
    best = enumerated(instance)
    assert best is None or best <= price_program(instance, prices).bound


def test_a_plan_that_leaves_no_room_for_any_amount_breaks_its_rows():
    instance = replace(program([5, 0], line([4, 1], upper=3)), integer=IntegerVariable(coefficients={0: 1}, upper=9))
    assert (instance.violated_constraints(picks(0)), instance.integer_value(picks(0))) == (["row"], None)
    assert (
        instance.violated_constraints(picks()),
        instance.integer_value(picks()),
        instance.objective_value(picks()),
    ) == ([], 3, 3)


@pytest.mark.parametrize("lower", [1, 3])
def test_an_amount_may_be_what_keeps_a_row(lower):
    instance = replace(program([0], line([0], lower=lower)), integer=IntegerVariable(coefficients={0: 1}, upper=2))
    assert instance.violated_constraints(picks()) == ([] if lower == 1 else ["row"])


@pytest.mark.parametrize("counted", [[True, False, True], [True, True], [False, False], []])
def test_a_row_that_counts_columns_is_the_row_of_their_ones(counted):
    mask = np.asarray(counted, dtype=bool)
    row, written = (
        counting_row("count", mask, lower=1, upper=2),
        constraint("count", mask.astype(int), lower=1, upper=2),
    )
    assert row.columns.tolist() == written.columns.tolist()
    assert row.coefficients.tolist() == written.coefficients.tolist()
    assert (row.lower, row.upper, row.unit) == (written.lower, written.upper, written.unit)


def test_rows_of_all_columns_share_one_list_of_them_that_nobody_can_change():
    first, second = (constraint("all", np.asarray(each)) for each in ([1, 2], [3, 4]))
    assert first.columns is second.columns
    with pytest.raises(ValueError, match="read-only"):
        first.columns[0] = 1


@pytest.mark.parametrize("name", ["cbc", "highs"])
def test_a_soft_row_whose_bounds_cross_costs_both_penalties(name):
    """Between the bounds a plan is on the wrong side of both, in the model of a backend as well."""
    row = replace(constraint("soft", np.asarray([7, 2])), lower=10, upper=5, penalty=4.0)
    instance = program([0, 3], row, group=[0, 0])
    answer = solver(name).solve(instance, FREE)
    assert [row.violation(activity) for activity in (0, 5, 7, 10, 12)] == [10, 5, 5, 5, 7]
    assert (answer.objective, answer.bound) == (-20, -20)
    assert best(instance) == (-20, 1)
