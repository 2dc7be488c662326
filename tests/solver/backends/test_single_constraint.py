"""The price of a program of one limit: as good a bound as a backend's, found without one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.solver.backends.base import load_backend
from microopt.solver.backends.single_constraint import SingleConstraintBackend
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import SolveLimits, Termination
from tests.solver.builders import CALM, best, line, program

FREE = SolveLimits()


class Refuses:
    """A backend that must not be asked."""

    name, version = "cbc", "2.10.3"

    def relax(self, program, limits):
        raise AssertionError


@CALM
@given(data=st.data())
def test_its_bound_is_that_of_the_relaxation(data):
    count = data.draw(st.integers(1, 12))
    whole = st.lists(st.integers(0, 50), min_size=count, max_size=count)
    group = np.unique(data.draw(whole), return_inverse=True)[1] // data.draw(st.integers(1, 3))
    of = program(data.draw(whole), line(data.draw(whole), upper=data.draw(st.integers(0, 300))), group=group)
    mine = price_program(of, SingleConstraintBackend(inner=Refuses()).relax(of, FREE).prices)
    theirs = price_program(of, load_backend().relax(of, FREE).prices)
    assert mine.bound == pytest.approx(theirs.bound, rel=1e-6, abs=1e-6)
    assert best(of)[0] <= mine.integer_bound


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (line([1, 2, 3], upper=4), line([1, 1, 1], upper=2)),
        (line([1, -2, 3], upper=4),),
        (line([1, 2, 3], lower=1, upper=4),),
        (line([1, 2, 3], upper=-1),),
    ],
)
def test_all_other_programs_are_asked_of_the_backend(rows):
    of = program([3, 2, 1], *rows)
    mine, theirs = SingleConstraintBackend(inner=load_backend()).relax(of, FREE), load_backend().relax(of, FREE)
    assert mine.termination is theirs.termination
    if mine.prices is not None:
        assert mine.prices.tolist() == theirs.prices.tolist()


def test_a_limit_that_holds_nobody_back_costs_nothing():
    of = program([3, 2, 1], line([1, 2, 3], upper=6))
    answer = SingleConstraintBackend(inner=Refuses()).relax(of, FREE)
    assert (answer.termination, answer.prices.tolist()) == (Termination.OPTIMAL, [0.0])
