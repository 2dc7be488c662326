"""False results of a CBC executable: none that its own figures contradict becomes a proof, and none a crash."""

import os
import shutil
import signal
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from time import sleep

import pytest

from microopt.errors import AuditError, BackendError
from microopt.solver.backends import cbc_process
from microopt.solver.backends.cbc import Cbc
from microopt.solver.result import Limit, SolveLimits, Termination
from microopt.solver.search import solve
from tests.solver.builders import FREE, best, hard, market_split, program
from tests.solver.wrappers import FAULTS, REAL, faulty_cbc

pytestmark = pytest.mark.usefixtures("only_branch_and_bound")

PLAN = hard(12)  # a plan is in hand before CBC is asked for a proof
NONE, _ = market_split(14, 3)  # and here there is none before CBC has found one
REFUSED, DEAD = AuditError, BackendError
UNPROVEN, LATE, NOTHING = (
    (Termination.FEASIBLE, None),
    (Termination.FEASIBLE, Limit.TIME),
    (Termination.UNKNOWN, Limit.TIME),
)
# what each lie ends in: with a plan in hand, and without one
ENDS = {
    "a row that is broken": (REFUSED, REFUSED),
    "a value that is too high": (UNPROVEN, UNPROVEN),
    "a value that is too low": (UNPROVEN, UNPROVEN),
    "a bound below the plan": (LATE, NOTHING),
    "a bound that is no number": (LATE, NOTHING),
    "a bound that is no text of a number": (LATE, NOTHING),
    "a column that is no number": (UNPROVEN, DEAD),
    "a column that is half": (UNPROVEN, DEAD),
    "a column that there is not": (UNPROVEN, DEAD),
    "a column of another name": (UNPROVEN, DEAD),
    "an objective that is no number": (UNPROVEN, DEAD),
    "no objective": (UNPROVEN, DEAD),
    "words": (UNPROVEN, DEAD),
    "another status": (UNPROVEN, DEAD),
    "bytes": (UNPROVEN, DEAD),
    "a file cut off in a line": (UNPROVEN, DEAD),
    "a file cut off between lines": (UNPROVEN, REFUSED),
    "no file": (UNPROVEN, DEAD),
    "zeros at the limit": (LATE, NOTHING),
    "a relaxation at the limit": (LATE, NOTHING),
    "zeros as the optimum": (UNPROVEN, REFUSED),
    "nothing is possible": (UNPROVEN, (Termination.INFEASIBLE, None)),
    "a crash": (UNPROVEN, DEAD),
    "a kill of its own": (UNPROVEN, DEAD),
    "a kill in the middle": (UNPROVEN, DEAD),
    "a hang": (LATE, NOTHING),
    "a hang that hears no signal": (LATE, NOTHING),
}
HANGS = [lie for lie in FAULTS if "hang" in lie]


def limits_for(lie, monkeypatch):
    """Return limits that are long, but for what hangs: that is killed soon after."""
    if lie not in HANGS:
        return SolveLimits(seconds=30, no_successor=True)
    monkeypatch.setattr(cbc_process, "GRACE", 0.2)
    return SolveLimits(seconds=0.3, no_successor=True)


def check_end(instance, backend, limits, end):
    """Solve, and compare how it ends; a plan that is there keeps its rows and is not beyond the best."""
    if isinstance(end, type):
        with pytest.raises(end) as error:
            solve(instance, backend, limits)
        assert "--solver" in error.value.fix
        return
    answer = solve(instance, backend, limits)
    assert (answer.termination, answer.limit) == end
    if answer.columns is not None:
        assert not instance.violated_constraints(answer.columns)
        assert answer.objective == instance.objective_value(answer.columns) <= best(instance)[0] <= answer.price_bound
        assert answer.bound >= answer.objective


def test_every_lie_has_its_end():
    assert list(ENDS) == list(FAULTS)


@pytest.mark.parametrize("lie", FAULTS)
def test_a_lie_never_becomes_a_proof_of_the_plan_in_hand(lie, tmp_path, monkeypatch):
    limits = limits_for(lie, monkeypatch)
    check_end(PLAN, Cbc(faulty_cbc(tmp_path, lie)), limits, ENDS[lie][0])


@pytest.mark.parametrize("lie", FAULTS)
def test_a_lie_where_there_is_no_plan_is_no_plan(lie, tmp_path, monkeypatch):
    limits = limits_for(lie, monkeypatch)
    check_end(NONE, Cbc(faulty_cbc(tmp_path, lie)), limits, ENDS[lie][1])


def test_what_killed_the_solver_is_told_with_the_plan_in_hand(tmp_path):
    assert solve(PLAN, Cbc(faulty_cbc(tmp_path, "a kill of its own")), FREE).failure == "CBC was killed by SIGKILL"
    assert solve(PLAN, Cbc(faulty_cbc(tmp_path, "a crash")), FREE).failure == "CBC ended with code 3: out of memory"


def test_what_a_dead_process_wrote_is_not_read_as_the_next_ones(tmp_path):
    first = tmp_path / "cbc"
    dead = 'case "$*" in *preprocess*) printf "Optimal - objective value 7\\n" > "$last"; exit 3;; esac'
    first.write_text(f"#!/bin/sh\nfor last; do :; done\n{dead}\n")
    first.chmod(0o755)
    with pytest.raises(BackendError, match="without writing a solution"):
        Cbc(str(first)).solve(program([1, 2]), FREE)


def child_in(folder):
    """Return the id of the process of CBC that works in a folder, None where there is none."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        words = path.read_bytes().split(b"\0") if os.access(path, os.R_OK) else []
        if words[0:1] == [REAL.encode()] and str(folder).encode() in b" ".join(words):
            return int(path.parent.name)
    return None


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are found in /proc")
def test_cbc_killed_again_and_again_in_mid_solve_leaves_the_plan_in_hand(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    over, killed = threading.Event(), []

    def kill():
        while not over.is_set():
            child = child_in(tmp_path)
            command = Path(f"/proc/{child}/cmdline")
            with suppress(OSError):  # on a busy machine a process may end between two of these steps
                if child is not None and command.exists() and b"-solve" in command.read_bytes().split(b"\0"):
                    sleep(0.2)
                    os.kill(child, signal.SIGKILL)
                    killed.append(child)
            sleep(0.01)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        answer = solve(hard(80, rows=8), Cbc(), SolveLimits(seconds=30))
    finally:
        over.set()
        killer.join()
    assert (answer.termination, answer.limit, answer.failure[:25]) == (
        Termination.FEASIBLE,
        None,
        "CBC was killed by SIGKILL",
    )
    assert len(killed) == 2  # once with, once without its preprocessing
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("folder", ["missing", "a file"])
def test_a_temporary_folder_that_cannot_be_written_is_an_error_that_names_it(folder, tmp_path, monkeypatch):
    (tmp_path / "a file").write_text("")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / folder))
    with pytest.raises(BackendError, match="CBC could not be run") as error:
        Cbc().solve(PLAN, FREE)
    assert "TMPDIR" in error.value.fix


@pytest.mark.parametrize(("free", "told"), [(0, "CBC could not be run: .*No space left"), (1, "invalid answer")])
def test_an_answer_that_a_full_disk_cut_off_is_told_as_that(free, told, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(BackendError, match=told):
        Cbc(faulty_cbc(tmp_path, "a file cut off in a line")).solve(PLAN, FREE)


def test_no_limit_in_seconds_may_be_written_as_infinity(capfd):
    assert solve(PLAN, Cbc(), SolveLimits(seconds=float("inf"))).termination is Termination.OPTIMAL
    assert capfd.readouterr().err == ""
