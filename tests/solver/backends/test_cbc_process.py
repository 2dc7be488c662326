"""CBC as a process: whenever an interrupt comes, nothing of it is left running."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from microopt.errors import BackendError
from microopt.solver.backends import cbc_process
from microopt.solver.backends.cbc_and_highs import Cbc
from microopt.solver.result import Limit, SolveLimits, Termination
from tests.solver.builders import market_split

ENDLESS, _ = market_split(40, 5)
SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(2, signal.SIG_IGN); print(flush=True); time.sleep(60)",
]


@pytest.fixture
def started(monkeypatch):
    """Return a function that has a signal come as each process is started, and the processes."""
    processes, popen = [], subprocess.Popen

    def signalled(number):
        class Signalled(popen):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                processes.append(self)
                os.kill(os.getpid(), number)

        monkeypatch.setattr(subprocess, "Popen", Signalled)
        return processes

    before = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGINT, signal.SIGTERM)}
    yield signalled
    for number, handler in before.items():
        signal.signal(number, handler)
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_as_cbc_is_started_ends_it(started, number):
    processes = started(number)
    answer = Cbc().solve(ENDLESS, SolveLimits(seconds=30))
    assert (answer.stop, answer.limit) == (Termination.UNKNOWN, Limit.INTERRUPT)
    assert len(processes) == 1  # nothing more was begun
    assert processes[0].returncode is not None  # and it was waited for


def test_an_interrupt_before_a_process_starts_one_no_more(monkeypatch, tmp_path):
    def interrupted(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    assert cbc_process.run(SLEEPER, "", str(tmp_path / "log"), SolveLimits()) is Limit.INTERRUPT


def test_a_second_interrupt_kills_what_is_deaf_to_the_first(monkeypatch, tmp_path):
    log, processes, wait = tmp_path / "log", [], subprocess.Popen.wait

    def interrupted_twice(process, timeout=None):
        processes.append(process)
        if len(processes) > 2:
            return wait(process, timeout)
        while not log.read_bytes():  # it is deaf from here on
            time.sleep(0.01)
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "wait", interrupted_twice)
    assert cbc_process.run(DEAF, "", str(log), SolveLimits()) is Limit.INTERRUPT
    assert processes[0].returncode == -signal.SIGKILL


def test_an_interrupt_of_the_interrupt_leaves_nothing_running(monkeypatch, tmp_path):
    processes, poll = [], subprocess.Popen.poll

    def interrupted(process):
        processes.append(process)
        if len(processes) == 1:
            raise KeyboardInterrupt
        return poll(process)

    def wait(process, timeout=None):
        monkeypatch.undo()
        monkeypatch.setattr(subprocess.Popen, "poll", interrupted)
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "wait", wait)
    with pytest.raises(KeyboardInterrupt):
        cbc_process.run(SLEEPER, "", str(tmp_path / "log"), SolveLimits(seconds=30))
    assert processes[0].returncode == -signal.SIGKILL


def test_where_no_thread_can_be_started_cbc_is_not_left_running(monkeypatch):
    processes, popen = [], subprocess.Popen

    class Seen(popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            processes.append(self)

    def refused(_timer):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(subprocess, "Popen", Seen)
    monkeypatch.setattr(threading.Timer, "start", refused)
    with pytest.raises(BackendError, match="can't start new thread"):
        Cbc().solve(ENDLESS, SolveLimits(seconds=30))
    assert [process.returncode for process in processes] == [-signal.SIGKILL]
