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
    full = st.lists(st.integers(0, 50), min_size=count, max_size=count)
    group = np.unique(data.draw(full), return_inverse=True)[1] // data.draw(st.integers(1, 3))
    instance = program(data.draw(full), line(data.draw(full), upper=data.draw(st.integers(0, 300))), group=group)
    actual = price_program(instance, SingleConstraintBackend(inner=Refuses()).relax(instance, FREE).prices)
    reference = price_program(instance, load_backend().relax(instance, FREE).prices)
    assert actual.bound == pytest.approx(reference.bound, rel=1e-6, abs=1e-6)
    assert best(instance)[0] <= actual.integer_bound


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
    instance = program([3, 2, 1], *rows)
    actual, reference = (
        SingleConstraintBackend(inner=load_backend()).relax(instance, FREE),
        load_backend().relax(instance, FREE),
    )
    assert actual.termination is reference.termination
    if actual.prices is not None:
        assert actual.prices.tolist() == reference.prices.tolist()


def test_a_limit_that_holds_nobody_back_costs_nothing():
    instance = program([3, 2, 1], line([1, 2, 3], upper=6))
    answer = SingleConstraintBackend(inner=Refuses()).relax(instance, FREE)
    assert (answer.termination, answer.prices.tolist()) == (Termination.OPTIMAL, [0.0])
