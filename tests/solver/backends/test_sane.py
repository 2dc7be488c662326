"""An answer is looked at only once its picks are columns and its figures numbers."""

from math import inf, nan

import numpy as np
import pytest

from microopt.errors import BackendError
from microopt.solver.backends.sane import sane_prices, validate_result
from microopt.solver.result import SolveResult, Termination
from tests.solver.builders import line, picks, program

OF = program([6, 5, 4], line([3, 2, 2], upper=4))


def test_a_value_is_what_the_picks_are_worth():
    for value in (12, nan, None):
        answer = SolveResult(stop=Termination.OPTIMAL, picks=picks(1, 2), value=value, bound=12)
        assert validate_result(OF, answer, "fake").value == 9
    assert validate_result(OF, SolveResult(stop=Termination.UNKNOWN, value=7), "fake").value is None


@pytest.mark.parametrize(("bound", "kept"), [(nan, None), (inf, None), (-inf, None), (9, 9), (8.5, 9), (None, None)])
def test_a_bound_is_an_integer_or_none(bound, kept):
    assert (
        validate_result(OF, SolveResult(stop=Termination.FEASIBLE, picks=picks(1), bound=bound), "fake").bound == kept
    )


@pytest.mark.parametrize(
    "wrong",
    [[3], [-1], [1, 1], [2, 1], [0.5], [nan], [[0, 1]]],
    ids=["above", "below", "twice", "out of order", "half", "no number", "a table"],
)
def test_picks_that_are_no_columns_are_refused(wrong):
    with pytest.raises(BackendError, match="fake answered nonsense: its picks"):
        validate_result(OF, SolveResult(stop=Termination.OPTIMAL, picks=np.asarray(wrong), value=9, bound=9), "fake")


def test_a_plan_of_nobody_is_a_plan():
    assert validate_result(OF, SolveResult(stop=Termination.OPTIMAL, picks=np.zeros(0), bound=0), "fake").value == 0


def test_prices_are_one_for_each_row_and_pool():
    right = SolveResult(stop=Termination.OPTIMAL, prices=np.asarray([nan]))
    assert sane_prices(OF, right, "fake") is right
    for wrong in ({"prices": np.zeros(2)}, {"prices": np.zeros(1), "pool_prices": np.zeros(1)}):
        with pytest.raises(BackendError, match="fake answered nonsense: its prices"):
            sane_prices(OF, SolveResult(stop=Termination.OPTIMAL, **wrong), "fake")
