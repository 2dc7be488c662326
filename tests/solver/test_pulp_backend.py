"""What PuLP cannot build in the time that is left is not begun: nothing could stop it."""

import numpy as np
import pytest

from microopt.solver import pulp_backend
from microopt.solver.answer import Limit, Limits, Stop

from .builders import line, program, solver


@pytest.fixture
def _unbuilt(monkeypatch):
    def build(*_, **__):
        raise AssertionError("it is built")

    monkeypatch.setattr(pulp_backend, "build", build)


def large(columns):
    return program(np.ones(columns), line(np.ones(columns), upper=3))


@pytest.mark.usefixtures("_unbuilt")
@pytest.mark.parametrize("name", ["cbc", "highs"])
@pytest.mark.parametrize("method", ["solve", "relax"])
def test_a_program_that_cannot_be_built_in_time_is_not_begun(name, method):
    answer = getattr(solver(name), method)(large(20_000), Limits(seconds=0.1))
    assert (answer.stop, answer.limit, answer.picks, answer.prices) == (Stop.UNKNOWN, Limit.TIME, None, None)


@pytest.mark.usefixtures("_unbuilt")
@pytest.mark.parametrize(("columns", "seconds"), [(20_000, None), (20_000, 60.0), (5_000, 0.0)])
def test_with_time_or_without_a_limit_it_is(columns, seconds):
    with pytest.raises(AssertionError, match="it is built"):
        solver("cbc").solve(large(columns), Limits(seconds=seconds))
