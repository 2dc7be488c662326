"""The models of a program: rows with large coefficients use larger units, and lose nothing to rounding."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.solver.backends.highs_model import linear_model
from microopt.solver.backends.pulp_model import build_model, has_large_coefficients
from microopt.solver.constraint import Constraint, constraint
from microopt.solver.result import Termination
from tests.solver.builders import CALM, FREE, best, dear, line, picks, program, solver, subsets


def constraints(instance):
    """Return by name each constraint's coefficients, by the column's name, and its bound."""
    problem = build_model(instance)
    return {
        item.name: ({column.name: value for column, value in item.items()}, -item.constant)
        for item in problem.constraints()
    }


def test_a_row_whose_coefficients_are_large_is_told_in_larger_units():
    instance = program([1, 1], line([30_000_000_007, 5], lower=11, upper=40_000_000_003), line([7, 3], upper=9))
    lines = constraints(instance)
    assert lines["r000000u"] == ({"x00000000": 3_000_000.0007, "x00000001": 0.0005}, 4_000_000.0003)
    assert lines["r000000l"][1] == 0.0011
    assert lines["r000001u"] == ({"x00000000": 7, "x00000001": 3}, 9)
    assert (has_large_coefficients(instance), has_large_coefficients(program([1, 1], line([7, 3], upper=9)))) == (
        True,
        False,
    )


def test_an_equality_and_the_slack_of_a_soft_row_are_told_in_the_same_unit():
    same = line([20_000_000, 3], lower=20_000_003, upper=20_000_003)
    soft = Constraint(label="soft", columns=picks(0), coefficients=np.asarray([50_000_000]), lower=3, penalty=2.0)
    lines = constraints(program([1, 1], same, soft))
    assert lines["r000000e"] == ({"x00000000": 2_000_000, "x00000001": 0.3}, 2_000_000.3)
    assert lines["r000001l"] == ({"x00000000": 5_000_000, "s000001": 0.1}, 0.3)


def soft_ratio(coefficients, penalty, **bounds):
    """Return a soft row as a mean of followers makes it: coefficients of 10^9, and a tiny penalty for each unit."""
    columns = np.arange(len(coefficients))
    return Constraint(
        label="ratio",
        columns=columns,
        coefficients=np.asarray(coefficients),
        penalty=penalty,
        **(bounds or {"upper": 0}),
    )


def test_slack_whose_unit_costs_next_to_nothing_is_counted_in_larger_units():
    instance = program([3, 4], soft_ratio([7 * 10**9, -(10**9)], 7e-10))
    problem = build_model(instance)
    (row,) = (dict(item.items()) for item in problem.constraints())
    named = {column.name: value * 1_000 for column, value in row.items()}
    assert named == {"x00000000": 7 * 10**9, "x00000001": -(10**9), "o000000": -(2**32)}
    assert {c.name: value for c, value in problem.objective.items()}["o000000"] == -7e-10 * 2**32
    model = linear_model(instance)
    assert (model.coefficients.tolist(), model.objective.tolist()) == (
        [7 * 10**9, -(10**9), -(2**32)],
        [3, 4, -7e-10 * 2**32],
    )


@pytest.mark.parametrize("name", ["highs", "cbc"])
def test_a_penalty_that_is_tiny_for_each_unit_counts_all_the_same(name):
    count = Constraint(label="count", columns=picks(0, 1), coefficients=np.ones(2, int), upper=1, penalty=0.21)
    ratio = soft_ratio([7 * 10**9, -(10**9)], 7e-10)
    both, first = program([3, 4], count, ratio), program([3, 4], count, ratio, line([0, 1], upper=0))
    for instance, columns, value in ((both, [1], 4), (first, [], 0)):
        answer = solver(name).solve(instance, FREE)
        assert (answer.termination, answer.columns.tolist(), answer.objective, answer.bound) == (
            Termination.OPTIMAL,
            columns,
            value,
            value,
        )


@pytest.mark.parametrize("name", ["highs", "cbc"])
@CALM
@given(st.data())
def test_plans_under_soft_ratios_are_those_of_brute_force(name, data):
    count = data.draw(st.integers(1, 6))
    figures = st.lists(st.integers(-(10**4), 10**4), min_size=count, max_size=count)
    rows = []
    for _ in range(data.draw(st.integers(1, 3))):
        digits = 10 ** data.draw(st.integers(0, 6))
        coefficients = [digits * figure for figure in data.draw(figures)]
        share = data.draw(st.sampled_from([0.0001, 0.03, 1.0, 20.0]))
        penalty = share * 100 / (10**4 * digits)
        side = data.draw(st.sampled_from(["upper", "lower"]))
        rows.append(soft_ratio(coefficients, penalty, **{side: data.draw(st.integers(-3, 3)) * digits}))
    value = data.draw(st.lists(st.integers(-5, 100), min_size=count, max_size=count))
    instance = program(value, *rows)
    answer = solver(name).solve(instance, FREE)
    assert answer.termination is not Termination.INFEASIBLE
    if answer.termination is Termination.OPTIMAL and answer.bound == answer.objective:
        assert answer.objective == best(instance)[0]
    else:  # a solver that contradicts itself proves nothing
        assert answer.objective <= best(instance)[0] <= answer.bound


def large_rows():
    """Draw the coefficients of a row, all or some of them large, and its bound."""
    size = st.integers(-(10**12), 10**12) | st.integers(-9, 9)
    return st.tuples(st.lists(size.filter(bool), min_size=1, max_size=5), size.filter(bool))


def of_row(coefficients, bound):
    """Return a program of one row."""
    coefficients = np.asarray(coefficients)
    instance = Constraint(label="row", columns=np.arange(len(coefficients)), coefficients=coefficients, upper=bound)
    return program([1] * len(coefficients), instance)


def written(instance, folder):
    """Return the numbers of the first row as a model file has them: by column, and its bound."""
    problem = build_model(instance)
    problem.writeMPS(str(folder / "model.mps"), rename=False)
    words = [text.split() for text in (folder / "model.mps").read_text(encoding="utf-8").splitlines()]
    return {name: Fraction(number) for name, row, number in (w for w in words if len(w) == 3) if row == "r000000u"}


@CALM
@given(large_rows())
def test_a_model_file_holds_all_digits_of_a_row(tmp_path, instance):
    coefficients, bound = instance
    result = written(of_row(coefficients, bound), tmp_path)
    unit = coefficients[0] / result["x00000000"]
    assert unit in [10**power for power in range(6)]
    assert [result[f"x{number:08d}"] * unit for number in range(len(coefficients))] == coefficients
    assert result["RHS"] * unit == bound


@CALM
@given(large_rows())
def test_in_memory_a_row_is_the_same_to_the_last_bit(instance):
    coefficients, bound = instance
    model = linear_model(of_row(coefficients, bound), 10**7)
    values = [*model.coefficients.tolist(), *model.row_upper.tolist()]
    assert [Fraction(value) * Fraction(model.row_unit[0]) for value in values] == [*coefficients, bound]
    assert np.abs(model.coefficients).max() <= 10**7


@pytest.mark.parametrize("columns", [30, 46, 151])  # few enough for CBC to branch without cuts, and not
def test_cbc_finds_the_least_cost_of_large_targets_as_highs_does(columns):
    highs = solver("highs")
    for seed in (1, 3, 14, 23, 39, 52, 70, 77, 80, 82, 108, 110):
        instance = dear(seed, columns)
        maximum = highs.solve(instance, FREE).objective
        for share in (1.0, 0.99, 0.97, 0.93):
            requested = instance.minimize_cost(int(maximum * share))
            actual, second = solver("cbc").solve(requested, FREE), highs.solve(requested, FREE)
            assert (actual.termination, actual.objective) == (Termination.OPTIMAL, second.objective)
            assert requested.violated_constraints(actual.columns) == []


def test_highs_answers_where_a_row_as_it_is_makes_it_fail():
    instance, cbc = dear(7014, 200, 50_000_000_000), solver("cbc")
    requested = instance.minimize_cost(cbc.solve(instance, FREE).objective)
    assert solver("highs").solve(requested, FREE).objective == cbc.solve(requested, FREE).objective


@pytest.mark.parametrize("maximum", [3 * 10**10, 10**11, 10**13])
def test_highs_keeps_an_optimum_of_which_one_coefficient_is_all_of_the_row(maximum):
    chance = np.random.default_rng(1)
    value = np.append(10**6, chance.integers(900, 1000, 30))
    instance = program(value, constraint("row", np.append(maximum, np.ones(30, dtype=np.int64)), upper=maximum + 15))
    assert solver("highs").solve(instance, FREE).objective == 10**6 + int(np.sort(value[1:])[-15:].sum())


@pytest.mark.parametrize("maximum", [10**8, 10**9, 10**10, 10**11])
def test_cbc_finds_the_least_cost_where_small_coefficients_decide_beside_large_ones(maximum):
    """A column that is whole but for a millionth is as much as all the small ones."""
    for seed in range(25):
        chance = np.random.default_rng(seed)
        value = np.concatenate([chance.integers(maximum // 10, maximum, 7), chance.integers(1, 10, 7)])
        cost, chosen = chance.integers(5, 3000, 14), chance.random(14) < 0.5
        requested = program(value, cost=cost).minimize_cost(int(value[chosen].sum()))
        answer = solver("cbc").solve(requested, FREE)
        maximum_value = max(requested.objective_value(np.flatnonzero(plan)) for plan in subsets(requested))
        assert (answer.termination, answer.objective) == (Termination.OPTIMAL, maximum_value)
