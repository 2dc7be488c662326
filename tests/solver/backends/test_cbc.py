"""What PuLP cannot build in the time that is left is not begun; few columns are branched on without cuts.

CBC as a process: whenever an interrupt comes, nothing of it is left running.

A solution file of CBC is read as it is, or refused: nothing in it is guessed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings

from microopt.errors import BackendError
from microopt.solver.backends import cbc, cbc_process, pulp_model
from microopt.solver.backends.cbc import Cbc, logged_bound, read_solution
from microopt.solver.backends.decode import no_solution_result
from microopt.solver.backends.solver_folder import solver_folder
from microopt.solver.result import Limit, SolveLimits, Termination
from tests.scale import examples
from tests.solver.builders import CALM, FREE, line, market_split, program, programs, solver


@pytest.fixture
def _unbuilt(monkeypatch):
    def build(*_, **__):
        raise AssertionError("it is built")

    monkeypatch.setattr(pulp_model, "build_model", build)  # CBC imports it from there when it solves


def large(columns):
    return program(np.ones(columns), line(np.ones(columns), upper=3))


@pytest.mark.usefixtures("_unbuilt")
def test_a_program_that_cannot_be_built_in_time_is_not_begun():
    answer = solver("cbc").solve(large(20_000), SolveLimits(seconds=0.1))
    assert (answer.termination, answer.limit, answer.columns, answer.prices) == (
        Termination.UNKNOWN,
        Limit.TIME,
        None,
        None,
    )


@pytest.mark.usefixtures("_unbuilt")
@pytest.mark.parametrize(("columns", "seconds"), [(20_000, None), (20_000, 60.0), (5_000, 0.0)])
def test_with_time_or_without_a_limit_it_is(columns, seconds):
    with pytest.raises(AssertionError, match="it is built"):
        solver("cbc").solve(large(columns), SolveLimits(seconds=seconds))


@pytest.fixture
def commands(monkeypatch):
    """Return the command lines that CBC is run by."""
    lines, real = [], cbc.run_cbc
    monkeypatch.setattr(cbc, "run_cbc", lambda command, *rest: lines.append(command) or real(command, *rest))
    return lines


@pytest.mark.parametrize(("columns", "cuts"), [(cbc.FEW, False), (cbc.FEW + 1, True)])
def test_cuts_and_pump_are_for_many_columns(columns, cuts, commands):
    assert solver("cbc").solve(large(columns), FREE).objective == 3
    [branched] = ({"-cuts", "-feasibilityPump"} & set(command) for command in commands)
    assert (not branched) == cuts


def endless(columns):
    """Return a program that some nodes do not prove: two limits, values near to weights."""
    chance = np.random.default_rng(5)
    weights = chance.integers(1_000, 9_000, (2, columns))
    limits = [line(weight, upper=int(weight.sum()) // 3) for weight in weights]
    return program(weights.sum(axis=0) + chance.integers(0, 90, columns), *limits)


def test_where_branching_alone_has_no_end_cuts_are_taken_up(commands, monkeypatch):
    monkeypatch.setattr(cbc, "PLAIN_NODES", 5)
    instance = endless(20)
    answer = solver("cbc").solve(instance, FREE)
    assert [("-cuts" in command, "-maxNodes" in command) for command in commands] == [(True, True), (False, False)]
    assert (answer.termination, answer.objective) == (
        Termination.OPTIMAL,
        solver("highs").solve(instance, FREE).objective,
    )


@pytest.mark.parametrize(("nodes", "runs"), [(5, 1), (20, 2)])
def test_a_limit_of_nodes_is_one_of_all_that_is_run(nodes, runs, commands, monkeypatch):
    monkeypatch.setattr(cbc, "PLAIN_NODES", 5)
    answer = solver("cbc").solve(endless(40), SolveLimits(nodes=nodes))
    assert (answer.termination, answer.limit) == (Termination.FEASIBLE, Limit.NODES)
    assert len(commands) == runs


def test_what_branching_alone_has_found_outlives_a_limit_of_the_cuts(monkeypatch):
    monkeypatch.setattr(cbc, "PLAIN_NODES", 5)
    backend, runs = solver("cbc"), []
    real = backend._run

    def run(instance, limits, requested):
        runs.append(
            real(instance, limits, requested) if not runs else no_solution_result("cbc", "2", Limit.INTERRUPT, 0.0)
        )
        return runs[-1]

    monkeypatch.setattr(backend, "_run", run)
    answer = backend.solve(endless(40), FREE)
    assert (answer.termination, answer.limit, answer.objective) == (
        Termination.FEASIBLE,
        Limit.INTERRUPT,
        runs[0].objective,
    )
    assert answer.bound == runs[0].bound


@settings(CALM, max_examples=examples(150))
@given(programs(columns=12))
def test_with_cuts_and_without_the_optimum_is_the_same(instance):
    with pytest.MonkeyPatch.context() as patch:
        plain = solver("cbc").solve(instance, FREE)
        patch.setattr(cbc, "FEW", 0)
        cut = solver("cbc").solve(instance, FREE)
    assert (plain.termination, plain.objective) == (cut.termination, cut.objective)


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
    assert (answer.termination, answer.limit) == (Termination.UNKNOWN, Limit.INTERRUPT)
    assert len(processes) == 1  # nothing more was begun
    assert processes[0].returncode is not None  # and it was waited for


def test_every_signal_that_ends_cbc_is_named():
    names = {number: cbc_process._describe_exit(-number) for number in range(1, signal.NSIG)}
    assert names[9] == "was killed by SIGKILL"
    assert names[signal.SIGRTMIN + 6] == f"was killed by signal {signal.SIGRTMIN + 6}"
    assert all(name.startswith("was killed by ") for name in names.values())


def test_an_interrupt_before_a_process_starts_one_no_more(monkeypatch, tmp_path):
    def interrupted(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    assert cbc_process.run_cbc(SLEEPER, "", str(tmp_path / "log"), SolveLimits()) is Limit.INTERRUPT


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
    assert cbc_process.run_cbc(DEAF, "", str(log), SolveLimits()) is Limit.INTERRUPT
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
        cbc_process.run_cbc(SLEEPER, "", str(tmp_path / "log"), SolveLimits(seconds=30))
    assert processes[0].returncode == -signal.SIGKILL


def test_where_no_thread_can_be_started_cbc_is_not_left_running(monkeypatch):
    processes, popen = [], subprocess.Popen

    class Seen(popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            processes.append(self)

    def refused(_timer):
        raise RuntimeError("can't start new thread")

    with solver_folder():  # the first one starts a shell that watches over all of them
        pass
    monkeypatch.setattr(subprocess, "Popen", Seen)
    monkeypatch.setattr(threading.Timer, "start", refused)
    with pytest.raises(BackendError, match="can't start new thread"):
        Cbc().solve(ENDLESS, SolveLimits(seconds=30))
    assert [process.returncode for process in processes] == [-signal.SIGKILL]


RIGHT = "Optimal - objective value 9.00000000\n      1 x00000001      1     5\n**    2 x00000002      1     4\n"


def read(folder, text):
    path = folder / "answer.sol"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_solution(str(path))


def test_values_are_read_by_name(tmp_path):
    answer = read(tmp_path, RIGHT)
    assert answer.values == {"x00000001": 1, "x00000002": 1}
    assert (answer.finished, answer.objective) == (True, 9)


@pytest.mark.parametrize(
    ("status", "limit"),
    [
        ("Stopped on time - objective value 3", Limit.TIME),
        ("Stopped on iterations", Limit.NODES),
        ("Stopped on nodes", Limit.NODES),
    ],
)
def test_a_status_names_its_limit(tmp_path, status, limit):
    answer = read(tmp_path, status + "\n")
    assert (answer.finished, answer.limit) == (False, limit)


@pytest.mark.parametrize("text", ["", None])
def test_no_file_and_an_empty_one_are_no_solution(tmp_path, text):
    assert read_solution(str(tmp_path / "answer.sol")) is None
    assert read(tmp_path, text or "") is None


@pytest.mark.parametrize(
    "text",
    [
        RIGHT[:60],
        RIGHT.replace("      1     5", ""),
        RIGHT.replace("1     5", "one 5"),
        b"\xff\xfe\x00",
        "Hello\n",
        "\n",
        "1\n",
    ],
    ids=["cut off", "no value", "a word", "bytes", "another status", "an empty line", "a number"],
)
def test_what_is_no_solution_file_is_refused_with_a_fix(tmp_path, text):
    with pytest.raises(BackendError, match="CBC returned an invalid answer") as error:
        read(tmp_path, text)
    assert "--solver" in error.value.fix


@pytest.mark.parametrize(
    ("log", "bound"),
    [
        ("Upper bound:   7.5\n", 7.5),
        ("Upper bound: 9\nUpper bound: 8\n", 8.0),
        ("Upper bound: inf\n", None),
        ("Upper bound: nan\n", None),
        ("Upper bound: soon\n", None),
        ("", None),
    ],
)
def test_a_logged_bound_is_the_last_number_or_none(tmp_path, log, bound):
    path = tmp_path / "cbc.log"
    path.write_text(log)
    assert logged_bound(str(path)) == bound
