"""Every backend passes the same suite, and ends soon at Ctrl-C with what it has."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from microopt.errors import BackendError
from microopt.solver.backends.base import BACKENDS, load_backend
from microopt.solver.backends.cbc import Cbc
from tests.solver.builders import FREE, program, solver
from tests.solver.conformance import CHECKS

ASK = """
import json, sys
from tests.solver.builders import hard, market_split, solver
from microopt.solver.result import SolveLimits
from microopt.solver.search import solve
backend, of = solver(sys.argv[1]), hard(120, rows=10) if sys.argv[2] == "plan" else market_split(80, 7)[0]
print("asked", flush=True)
limits = SolveLimits(seconds=60)
answer = solve(of, backend, limits) if sys.argv[3] == "search" else backend.solve(of, limits)
columns = answer.columns
right = columns is None or not of.violated_constraints(columns) and of.objective_value(columns) == answer.objective
facts = {"stop": answer.termination, "limit": answer.limit, "value": answer.objective, "bound": answer.bound}
facts["right"] = right
print(json.dumps(facts))
"""


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_backend(check, name):
    check(solver(name))


def interrupt(tmp_path, *requested, after=1.0):
    """Ask in a process of its own, press Ctrl-C, and return its answer and how long it took to end."""
    tests = str(Path(__file__).parents[2])
    path = os.pathsep.join([tests, os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", ASK, *requested]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "asked\n"
        sleep(after)
        process.send_signal(signal.SIGINT)
        start = monotonic()
        output, errors = process.communicate(timeout=30)
        took = monotonic() - start
    assert (process.returncode, errors) == (0, "")
    return json.loads(output), took


def running_in(folder):
    """Return the command lines of processes that work in this folder."""
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)]
    return [line for line in lines if str(folder).encode() in line]


@pytest.mark.parametrize("by", ["backend", "search"])
@pytest.mark.parametrize("name", BACKENDS)
def test_ctrl_c_leaves_the_plan_found_so_far(tmp_path, name, by):
    solver(name)
    answer, took = interrupt(tmp_path, name, "plan", by)
    assert took < 5
    assert (answer["stop"], answer["limit"], answer["right"]) == ("feasible", "interrupt", True)
    assert 0 < answer["value"] < answer["bound"]
    assert not list(tmp_path.iterdir())
    assert not running_in(tmp_path)


@pytest.mark.parametrize("name", BACKENDS)
def test_ctrl_c_before_any_plan_says_so(tmp_path, name):
    solver(name)
    answer, took = interrupt(tmp_path, name, "none", "search")
    assert took < 5
    assert (answer["stop"], answer["limit"], answer["value"]) == ("unknown", "interrupt", None)


@pytest.mark.kill
@pytest.mark.parametrize("after", [0.005, 0.01, 0.02, 0.04, 0.08, 0.16])
@pytest.mark.parametrize("name", BACKENDS)
def test_ctrl_c_at_any_moment_ends_in_an_answer(tmp_path, name, after):
    solver(name)
    answer, took = interrupt(tmp_path, name, "plan", "backend", after=after)
    assert took < 5
    assert answer["limit"] == "interrupt"
    assert answer["right"]


def test_an_unknown_solver_is_refused_with_a_suggestion():
    with pytest.raises(BackendError, match="no solver 'highz'") as error:
        load_backend("highz")
    assert "highs" in error.value.fix


def test_a_cbc_that_cannot_run_is_a_backend_error(tmp_path):
    with pytest.raises(BackendError, match="could not be run"):
        Cbc(str(tmp_path / "missing")).solve(program([1]), FREE)


def test_a_cbc_that_crashes_is_a_backend_error(tmp_path):
    broken = tmp_path / "cbc"
    broken.write_text("#!/bin/sh\necho out of memory\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(BackendError, match="code 3: out of memory"):
        Cbc(str(broken)).solve(program([1]), FREE)


def test_a_cbc_that_hangs_is_ended_after_its_limit(tmp_path, monkeypatch):
    from microopt.solver.backends import cbc_process
    from microopt.solver.result import Limit, SolveLimits, Termination

    monkeypatch.setattr(cbc_process, "GRACE", 0.2)
    stuck = tmp_path / "cbc"
    stuck.write_text("#!/bin/sh\nsleep 60\n")
    stuck.chmod(0o755)
    answer = Cbc(str(stuck)).solve(program([1]), SolveLimits(seconds=0.1))
    assert (answer.termination, answer.limit) == (Termination.UNKNOWN, Limit.TIME)
    assert answer.seconds < 5
