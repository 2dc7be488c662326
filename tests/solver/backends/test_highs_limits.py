"""The time limit of HiGHS counts from the start, not from when its model is built."""

from time import sleep

import pytest

from microopt.solver.backends import highs, pulp_model
from microopt.solver.backends.highs import Highs
from microopt.solver.result import Limit, SolveLimits
from tests.solver.builders import hard


@pytest.fixture
def given(monkeypatch):
    """Return the seconds that each run of HiGHS was given, once its model has taken 0.3 seconds."""
    seconds, build, run = [], highs._InterruptibleHighs.buildSolverModel, highs.run_in_thread

    def slow(self, problem):
        sleep(0.3)
        build(self, problem)

    def noted(work, cancel, limit):
        seconds.append(limit)
        return run(work, cancel, limit)

    monkeypatch.setattr(highs._InterruptibleHighs, "buildSolverModel", slow)
    monkeypatch.setattr(highs, "run_in_thread", noted)
    return seconds


def test_building_the_model_takes_from_the_limit(given):
    Highs().solve(hard(10), SolveLimits(seconds=5.0))
    assert given[0] <= 4.7


def test_without_a_limit_there_is_none(given):
    Highs().solve(hard(10), SolveLimits())
    assert given == [None]


def test_a_model_that_takes_all_of_the_time_is_not_begun(monkeypatch):
    monkeypatch.setattr(pulp_model, "LARGE", 5)
    monkeypatch.setattr(pulp_model, "SECONDS_PER_TERM", 1.0)
    result = Highs().solve(hard(10), SolveLimits(seconds=50.0))
    assert (result.columns, result.limit) == (None, Limit.TIME)
