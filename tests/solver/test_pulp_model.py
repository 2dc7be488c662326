"""PuLP's model of a program: rows of large coefficients in larger units, of which nothing is rounded away."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.solver.answer import Stop
from microopt.solver.program import Row
from microopt.solver.pulp_model import build

from .builders import CALM, FREE, dear, line, picks, program, solver


def constraints(of, *, relaxed=False):
    """Return by name each constraint's coefficients, by the column's name, and its bound."""
    problem, _ = build(of, relaxed=relaxed)
    return {
        one.name: ({column.name: value for column, value in one.items()}, -one.constant)
        for one in problem.constraints()
    }


def test_a_row_whose_coefficients_are_large_is_told_in_larger_units():
    of = program([1, 1], line([30_000_000_007, 5], lower=11, upper=40_000_000_003), line([7, 3], upper=9))
    told = constraints(of)
    assert told["r000000u"] == ({"x00000000": 3_000_000.0007, "x00000001": 0.0005}, 4_000_000.0003)
    assert told["r000000l"][1] == 0.0011
    assert told["r000001u"] == ({"x00000000": 7, "x00000001": 3}, 9)
    assert constraints(of, relaxed=True)["r000000u"][1] == 40_000_000_003  # its price is that of the row


def test_an_equality_and_the_slack_of_a_soft_row_are_told_in_the_same_unit():
    same = line([20_000_000, 3], lower=20_000_003, upper=20_000_003)
    soft = Row(label="soft", columns=picks(0), coefficients=np.asarray([50_000_000]), lower=3, penalty=2.0)
    told = constraints(program([1, 1], same, soft))
    assert told["r000000e"] == ({"x00000000": 2_000_000, "x00000001": 0.3}, 2_000_000.3)
    assert told["r000001l"] == ({"x00000000": 5_000_000, "s000001": 0.1}, 0.3)


@CALM
@given(st.lists(st.integers(-(10**12), 10**12).filter(bool), min_size=1, max_size=5), st.integers(-(10**12), 10**12))
def test_the_digits_of_a_model_file_hold_all_of_a_row(coefficients, bound):
    of = program([1] * len(coefficients), Row(label="row", columns=np.arange(len(coefficients)),
                 coefficients=np.asarray(coefficients), upper=bound))  # fmt: skip
    held, upper = constraints(of)["r000000u"]
    unit = min(10**power for power in range(9) if max(map(abs, coefficients)) <= 10 ** (7 + power))
    written = [Fraction(f"{value:.12e}") * unit for value in (*held.values(), upper)]
    assert written == [*coefficients, bound]


@pytest.mark.parametrize("columns", [30, 46, 151])  # few enough for CBC to branch without cuts, and not
def test_cbc_finds_the_least_cost_of_large_targets_as_highs_does(columns):
    highs = solver("highs")
    for seed in (1, 3, 14, 23, 39, 52, 70, 77, 80, 82, 108, 110):
        of = dear(seed, columns)
        most = highs.solve(of, FREE).value
        for share in (1.0, 0.99, 0.97, 0.93):
            asked = of.cheapest(int(most * share))
            mine, other = solver("cbc").solve(asked, FREE), highs.solve(asked, FREE)
            assert (mine.stop, mine.value) == (Stop.OPTIMAL, other.value)
            assert asked.broken(mine.picks) == []


def test_highs_answers_where_a_row_as_it_is_makes_it_fail():
    of, cbc = dear(7014, 200, 50_000_000_000), solver("cbc")
    asked = of.cheapest(cbc.solve(of, FREE).value)
    assert solver("highs").solve(asked, FREE).value == cbc.solve(asked, FREE).value
