"""An answer is looked at only once its picks are columns and its figures numbers."""

from math import inf, nan

import numpy as np
import pytest

from microopt.errors import BackendError
from microopt.solver.backends.decode import validate_prices, validate_result
from microopt.solver.result import SolveResult, Termination
from tests.solver.builders import line, picks, program

OF = program([6, 5, 4], line([3, 2, 2], upper=4))


def test_a_value_is_what_the_picks_are_worth():
    for value in (12, nan, None):
        answer = SolveResult(termination=Termination.OPTIMAL, columns=picks(1, 2), objective=value, bound=12)
        assert validate_result(OF, answer, "fake").objective == 9
    assert validate_result(OF, SolveResult(termination=Termination.UNKNOWN, objective=7), "fake").objective is None


@pytest.mark.parametrize(
    ("bound", "remaining"), [(nan, None), (inf, None), (-inf, None), (9, 9), (8.5, 9), (None, None)]
)
def test_a_bound_is_an_integer_or_none(bound, remaining):
    assert (
        validate_result(OF, SolveResult(termination=Termination.FEASIBLE, columns=picks(1), bound=bound), "fake").bound
        == remaining
    )


@pytest.mark.parametrize(
    "wrong",
    [[3], [-1], [1, 1], [2, 1], [0.5], [nan], [[0, 1]]],
    ids=["above", "below", "twice", "out of order", "half", "no number", "a table"],
)
def test_picks_that_are_no_columns_are_refused(wrong):
    with pytest.raises(BackendError, match="fake returned an invalid answer: its picks"):
        validate_result(
            OF, SolveResult(termination=Termination.OPTIMAL, columns=np.asarray(wrong), objective=9, bound=9), "fake"
        )


def test_a_plan_of_nobody_is_a_plan():
    assert (
        validate_result(
            OF, SolveResult(termination=Termination.OPTIMAL, columns=np.zeros(0), bound=0), "fake"
        ).objective
        == 0
    )


def test_prices_are_one_for_each_row_and_pool():
    right = SolveResult(termination=Termination.OPTIMAL, prices=np.asarray([nan]))
    assert validate_prices(OF, right, "fake") is right
    for wrong in ({"prices": np.zeros(2)}, {"prices": np.zeros(1), "pool_prices": np.zeros(1)}):
        with pytest.raises(BackendError, match="fake returned an invalid answer: its prices"):
            validate_prices(OF, SolveResult(termination=Termination.OPTIMAL, **wrong), "fake")
