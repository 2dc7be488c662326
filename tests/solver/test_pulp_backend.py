"""What PuLP cannot build in the time that is left is not begun; few columns are branched on without cuts."""

import numpy as np
import pytest
from hypothesis import given, settings

from microopt.solver import pulp_backend
from microopt.solver.answer import Limit, Limits, Stop

from .builders import CALM, FREE, line, program, programs, solver


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


@pytest.mark.parametrize(("columns", "cuts"), [(pulp_backend.FEW, False), (pulp_backend.FEW + 1, True)])
def test_cuts_and_pump_are_for_many_columns(columns, cuts, monkeypatch):
    asked, real = [], pulp_backend.run
    monkeypatch.setattr(pulp_backend, "run", lambda command, *rest: asked.append(command) or real(command, *rest))
    assert solver("cbc").solve(large(columns), FREE).value == 3
    assert solver("cbc").relax(large(columns), FREE).bound == 3
    branched, relaxed = ({"-cuts", "-feasibilityPump"} & set(command) for command in asked)
    assert (not branched, relaxed) == (cuts, set())


@settings(CALM, max_examples=150)
@given(programs(columns=12))
def test_with_cuts_and_without_the_optimum_is_the_same(of):
    with pytest.MonkeyPatch.context() as patch:
        plain = solver("cbc").solve(of, FREE)
        patch.setattr(pulp_backend, "FEW", 0)
        cut = solver("cbc").solve(of, FREE)
    assert (plain.stop, plain.value) == (cut.stop, cut.value)
