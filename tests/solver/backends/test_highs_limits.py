"""The time limit of HiGHS counts from the start, not from when its model is built."""

from time import sleep

import pytest

from microopt.solver.backends import highs
from microopt.solver.backends.highs import Highs
from microopt.solver.result import SolveLimits
from tests.solver.builders import hard


@pytest.fixture
def given(monkeypatch):
    """Return the seconds that each run of HiGHS was given, once its model has taken 0.3 seconds."""
    seconds, build, run = [], highs.linear_model, highs.run_in_thread

    def slow(*of):
        sleep(0.3)
        return build(*of)

    def noted(work, cancel, limit):
        seconds.append(limit)
        return run(work, cancel, limit)

    monkeypatch.setattr(highs, "linear_model", slow)
    monkeypatch.setattr(highs, "run_in_thread", noted)
    return seconds


def test_building_the_model_takes_from_the_limit(given):
    Highs().solve(hard(10), SolveLimits(seconds=5.0))
    assert given[0] <= 4.7


def test_without_a_limit_there_is_none(given):
    Highs().solve(hard(10), SolveLimits())
    assert given == [None]
