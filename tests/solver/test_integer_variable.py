"""A whole number that a plan chooses beside its columns, as large as its rows let it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver.integer_variable import IntegerVariable
from microopt.solver.reduced_cost_fixing import price
from microopt.solver.search import solve
from microopt.solver.verified_solve import solve_to_tolerance
from tests.solver.builders import CALM, FREE, line, picks, program, programs, solver

SIDES = st.tuples(st.integers(-20, 20), st.none() | st.integers(-20, 20), st.none() | st.integers(-20, 20))


@given(st.lists(st.tuples(st.integers(-5, 5).filter(bool), SIDES), max_size=3), st.integers(0, 30))
def test_the_largest_is_what_trying_all_finds(rows, most):
    amount = IntegerVariable(coefficients={i: times for i, (times, _) in enumerate(rows)}, most=most)
    fitting = [
        number
        for number in range(most + 1)
        if all(
            (low is None or low <= sums + times * number) and (high is None or sums + times * number <= high)
            for times, (sums, low, high) in rows
        )
    ]
    assert amount.largest([side for _, side in rows]) == max(fitting, default=None)


@st.composite
def with_amounts(draw):
    of = draw(programs(columns=7, soft=False))
    rows = draw(st.lists(st.sampled_from(range(len(of.rows))), unique=True)) if of.rows else []
    times = {number: draw(st.integers(-3, 3).filter(bool)) for number in rows}
    return replace(
        of, amount=IntegerVariable(coefficients=times, most=draw(st.integers(0, 60)), value=draw(st.integers(0, 3)))
    )


def enumerated(of):
    """Return the value of the best plan, None where none keeps its rows, by trying every set of columns."""
    sets = (picks(*np.flatnonzero([number >> i & 1 for i in range(len(of))])) for number in range(2 ** len(of)))
    return max((of.worth(chosen) for chosen in sets if not of.broken(chosen)), default=None)


@settings(CALM, max_examples=60)
@given(with_amounts(), st.sampled_from(["cbc", "highs"]))
def test_backends_find_the_best_plan_with_its_amount(of, name):
    best = enumerated(of)
    assert solve_to_tolerance(of, solver(name), FREE).value == best
    found = solve(of, solver(name), FREE, cheapest=False)
    assert (found.value, found.picks is None) == (best, best is None)


@settings(CALM, max_examples=100)
@given(with_amounts(), st.data())
def test_any_prices_bound_every_plan_with_its_amount(of, data):
    prices = np.asarray([data.draw(st.floats(-50, 50)) for _ in of.rows])
    best = enumerated(of)
    assert best is None or best <= price(of, prices).bound


def test_a_plan_that_leaves_no_room_for_any_amount_breaks_its_rows():
    of = replace(program([5, 0], line([4, 1], upper=3)), amount=IntegerVariable(coefficients={0: 1}, most=9))
    assert (of.violated_constraints(picks(0)), of.amount_of(picks(0))) == (["row"], None)
    assert (of.violated_constraints(picks()), of.amount_of(picks()), of.objective_value(picks())) == ([], 3, 3)


@pytest.mark.parametrize("lower", [1, 3])
def test_an_amount_may_be_what_keeps_a_row(lower):
    of = replace(program([0], line([0], lower=lower)), amount=IntegerVariable(coefficients={0: 1}, most=2))
    assert of.violated_constraints(picks()) == ([] if lower == 1 else ["row"])
