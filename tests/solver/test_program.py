"""Program and Row: integers in lowest terms, and what a set of picks makes of them.

A whole number that a plan chooses beside its columns, as large as its rows let it.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver.outer_approximation import solve_to_tolerance
from microopt.solver.program import IntegerVariable, constraint
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
    of = program([10**17, 1, 5], cost=[7, 0, 10**15])
    assert of.objective_value(picks(0, 1)) == 10**17 + 1
    assert of.total_cost(picks(0, 2)) == 10**15 + 7


def test_broken_names_rows_and_groups():
    of = program(
        [1, 1, 1], line([1, 1, 1], upper=1, label="few"), line([1, 0, 0], lower=1, label="first"), group=[0, 0, 1]
    )
    assert of.violated_constraints(picks(0)) == []
    assert of.violated_constraints(picks(0, 1)) == ["few", "one of a group"]
    assert of.violated_constraints(picks(2)) == ["first"]
    assert of.violated_constraints(picks()) == ["first"]


def test_restrict_counts_what_is_bought_already():
    of = program([5, 6, 7], line([2, 3, 4], lower=5, upper=8), group=[0, 1, 2])
    small = of.restrict(np.asarray([True, False, True]), picks(1))
    assert dense(small.rows[0], 2) == ([2, 4], 2, 5)
    assert (small.objective.tolist(), small.group.tolist()) == ([5, 7], [0, 1])


@CALM
@given(programs(columns=7), st.data())
def test_restrict_is_the_program_with_columns_decided(of, data):
    free = np.asarray(data.draw(st.lists(st.booleans(), min_size=len(of), max_size=len(of))))
    ones = [column for column in np.flatnonzero(~free) if not (free & (of.group == of.group[column])).any()]
    ones = picks(*ones[:1])
    small = of.restrict(free, ones)
    plans = subsets(of)
    decided = plans[(plans[:, ~free] == of.mask(ones)[~free]).all(axis=1)]
    assert sorted(map(tuple, subsets(small))) == sorted(map(tuple, decided[:, free]))


@CALM
@given(programs(columns=7, soft=False))
def test_cheapest_asks_for_the_least_cost_at_a_value(of):
    found = best(of)
    if found is not None:
        value, cost = found
        assert best(of.minimize_cost(value))[0] == -cost
        assert best(of.minimize_cost(value + 1)) is None


@CALM
@given(programs(columns=6), st.data())
def test_a_cut_takes_away_one_set_and_no_other(of, data):
    gone = np.flatnonzero(data.draw(st.lists(st.booleans(), min_size=len(of), max_size=len(of))))
    left = {tuple(plan) for plan in subsets(of)} - {tuple(of.mask(gone).astype(int))}
    assert {tuple(plan) for plan in subsets(of.excluding(gone))} == left


def test_a_row_of_no_columns_can_be_made():
    empty = constraint("nothing", np.zeros(0, dtype=np.int64), upper=2)
    assert empty.holds(empty.activity(picks(0)))


def test_what_a_column_is_worth_at_prices_is_what_the_bound_counts():
    of = program([5, 0, 2], line([1, 2, 3], upper=4), pools=(pool([0.1, 0.2, 0.0], objective=1.0),))
    priced = price_program(of, np.asarray([0.5]), np.asarray([400_000.0]))
    worth = of.reduced_costs(priced.prices, priced.pool_prices)
    np.testing.assert_allclose(np.abs(worth), priced.deviation, rtol=1e-9)
    assert worth[1] == pytest.approx(400_000 * -np.log(0.8) - 1)


SIDES = st.tuples(st.integers(-20, 20), st.none() | st.integers(-20, 20), st.none() | st.integers(-20, 20))


@given(st.lists(st.tuples(st.integers(-5, 5).filter(bool), SIDES), max_size=3), st.integers(0, 30))
def test_the_largest_is_what_trying_all_finds(rows, most):
    amount = IntegerVariable(coefficients={i: times for i, (times, _) in enumerate(rows)}, upper=most)
    fitting = [
        number
        for number in range(most + 1)
        if all(
            (low is None or low <= sums + times * number) and (high is None or sums + times * number <= high)
            for times, (sums, low, high) in rows
        )
    ]
    assert amount.largest_feasible([side for _, side in rows]) == max(fitting, default=None)


@st.composite
def with_amounts(draw):
    of = draw(programs(columns=7, soft=False))
    rows = draw(st.lists(st.sampled_from(range(len(of.rows))), unique=True)) if of.rows else []
    times = {number: draw(st.integers(-3, 3).filter(bool)) for number in rows}
    return replace(
        of,
        integer=IntegerVariable(coefficients=times, upper=draw(st.integers(0, 60)), objective=draw(st.integers(0, 3))),
    )


def enumerated(of):
    """Return the value of the best plan, None where none keeps its rows, by trying every set of columns."""
    sets = (picks(*np.flatnonzero([number >> i & 1 for i in range(len(of))])) for number in range(2 ** len(of)))
    return max((of.objective_value(chosen) for chosen in sets if not of.violated_constraints(chosen)), default=None)


@settings(CALM, max_examples=examples(60))
@given(with_amounts(), st.sampled_from(["cbc", "highs"]))
def test_backends_find_the_best_plan_with_its_amount(of, name):
    best = enumerated(of)
    assert solve_to_tolerance(of, solver(name), FREE).objective == best
    found = solve(of, solver(name), FREE, cheapest=False)
    assert (found.objective, found.columns is None) == (best, best is None)


@settings(CALM, max_examples=examples(100))
@given(with_amounts(), st.data())
def test_any_prices_bound_every_plan_with_its_amount(of, data):
    prices = np.asarray([data.draw(st.floats(-50, 50)) for _ in of.rows])
    best = enumerated(of)
    assert best is None or best <= price_program(of, prices).bound


def test_a_plan_that_leaves_no_room_for_any_amount_breaks_its_rows():
    of = replace(program([5, 0], line([4, 1], upper=3)), integer=IntegerVariable(coefficients={0: 1}, upper=9))
    assert (of.violated_constraints(picks(0)), of.integer_value(picks(0))) == (["row"], None)
    assert (of.violated_constraints(picks()), of.integer_value(picks()), of.objective_value(picks())) == ([], 3, 3)


@pytest.mark.parametrize("lower", [1, 3])
def test_an_amount_may_be_what_keeps_a_row(lower):
    of = replace(program([0], line([0], lower=lower)), integer=IntegerVariable(coefficients={0: 1}, upper=2))
    assert of.violated_constraints(picks()) == ([] if lower == 1 else ["row"])
