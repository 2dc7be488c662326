"""How much later than a moment a command ends, as the benchmark of limits measures it."""

import os
import signal
import sys

import pytest
from benchmarks.limits import Ending, end_of, is_missed

SLEEP = "import time; time.sleep({seconds})"
STUBBORN = (
    "import signal, sys, time; signal.signal(signal.SIGINT, lambda *_: (time.sleep(0.4), sys.exit(5))); time.sleep(30)"
)


def ending(program, moment, number=None):
    return end_of([sys.executable, "-c", program], dict(os.environ), moment, number)


def test_a_command_that_ends_on_its_own_is_not_late():
    assert ending(SLEEP.format(seconds=0), 20.0) == Ending(code=0, late=None)


def test_a_command_that_runs_on_is_late_by_what_it_takes_after_its_limit():
    result = ending(SLEEP.format(seconds=3), 0.5)
    assert result.code == 0
    assert 2.0 < result.late < 20.0


def test_what_a_command_does_after_ctrl_c_is_measured():
    result = ending(STUBBORN, 3.0, signal.SIGINT)
    assert result.code == 5
    assert 0.4 <= result.late < 20.0


@pytest.mark.parametrize(
    ("result", "missed"),
    [
        (Ending(code=0, late=None), False),
        (Ending(code=1, late=None), True),
        (Ending(code=5, late=0.4), False),
        (Ending(code=5, late=0.6), True),
        (Ending(code=5, late=0.9, waited=0.6), False),
        (Ending(code=-9, late=0.1), True),
    ],
)
def test_a_bar_is_missed_by_time_of_its_own_or_by_a_failure(result, missed):
    assert is_missed(result, 0.5) is missed
