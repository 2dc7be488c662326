"""Whole runs of `microopt plan` with a solver that lies, crashes or hangs: the exit code and what is left behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from microopt.solver.backends import base as backends
from microopt.solver.backends import cbc, cbc_process
from microopt.solver.backends.base import load_backend
from microopt.solver.backends.cbc import Cbc
from tests.cli.conftest import files, only_object
from tests.cli.test_signals import hard, knot  # noqa: F401 (fixtures)
from tests.solver.wrappers import FAULTS, REAL, faulty_cbc
from tests.support.cores import leave_cores_to_the_solver
from tests.support.corrupt_answers import LIES as CLAIMS
from tests.support.scripted_backend import ScriptedBackend

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CBC_VERSION = load_backend("cbc").version
HANGS = [lie for lie in FAULTS if "hang" in lie]
REFUSED = ("a row that is broken",)
# what ends a run that has no plan in hand: 4 impossible, 5 unproven, 6 nothing found in time, 7 the solver's fault
ALONE = {
    "nothing is possible": 4,
    "a bound below the plan": 6,
    "a bound that is no number": 6,
    "zeros at the limit": 6,
    "a relaxation at the limit": 6,
    "a bound that is no text of a number": 6,
    **dict.fromkeys(HANGS, 6),
}
# they solve first, which takes minutes here
HARD = (
    "a value that is too high",
    "a value that is too low",
    "a file cut off in a line",
    "a kill in the middle",
    "a file cut off between lines",
)


@pytest.fixture
def lying_solver(tmp_path_factory, monkeypatch):
    """Return a function that puts a lying executable where CBC is, and hurries what hangs. No other continues."""
    monkeypatch.setattr(Cbc, "successor", None)

    def lying_solver(lie, **how):
        path = faulty_cbc(tmp_path_factory.mktemp("cbc"), lie, **how)
        monkeypatch.setattr(cbc, "cbc_path", lambda: path)
        monkeypatch.setattr(cbc_process, "GRACE", 0.3)
        return path

    return lying_solver


def time_limit(lie):
    return ("--time-limit", "1" if lie in HANGS else "20")


@pytest.mark.parametrize("lie", [lie for lie in FAULTS if lie not in HARD])
def test_a_lie_leaves_the_plan_in_hand_unproven_or_is_refused(lie, run, desk, hard, lying_solver):  # noqa: F811
    lying_solver(lie)
    done = run(*hard, *time_limit(lie), "-o", "p.json")
    value = only_object(done.stdout)
    if lie in REFUSED:
        assert (done.exit_code, value["code"]) == (7, "answer-refused")
        assert not (desk / "p.json").exists()
        return
    assert (done.exit_code, value["status"]) == (5, "feasible")
    proof = value["proof"]
    assert proof["objective"] < proof["bound"] <= proof["price_bound"]
    assert (desk / "p.json").exists()


@pytest.mark.parametrize("lie", [lie for lie in FAULTS if lie not in HARD])
def test_a_lie_without_a_plan_in_hand_writes_nothing(lie, run, desk, knot, lying_solver):  # noqa: F811
    lying_solver(lie)
    before = files(desk)
    done = run(*knot, *time_limit(lie), "-o", "p.json")
    value = only_object(done.stdout)
    assert done.exit_code == ALONE.get(lie, 7)
    assert done.exit_code != 7 or value["fix"]
    assert files(desk) == before


@pytest.mark.parametrize("lie", ["a crash", "a kill of its own"])
def test_what_the_solver_died_of_is_printed(lie, run, hard, lying_solver):  # noqa: F811
    lying_solver(lie)
    done = run(*hard[:-2])
    output = " ".join(done.stdout.split())
    assert done.exit_code == 5
    assert f"Not proven best (CBC {'was killed by SIGKILL' if 'kill' in lie else 'ended with code 3'}" in output
    assert "Try the other --solver." in output


def test_an_impossibility_that_only_the_solver_claims_is_printed_as_that(run, knot, lying_solver):  # noqa: F811
    lying_solver("nothing is possible")
    done = run(*knot[:-2])
    assert done.exit_code == 4
    assert f"Proven by branch and bound of CBC {CBC_VERSION}." in done.stderr
    assert only_object(run(*knot).stdout)["proven_by"] == f"branch and bound of CBC {CBC_VERSION}"


def test_a_balanced_goal_comes_through_a_solver_that_always_hangs(run, hard, lying_solver, monkeypatch):  # noqa: F811
    leave_cores_to_the_solver(monkeypatch)
    lying_solver("a hang")
    asked = hard.index("--goal")
    done = run(*hard[:asked], *hard[asked + 2 :], "--time-limit", "2")
    value = only_object(done.stdout)
    assert (done.exit_code, value["status"], value["proof"]["limit"]) == (5, "feasible", "time")
    assert value["totals"]["spend"] <= 10_000_000


@pytest.mark.parametrize("folder", ["missing", "roster.csv"])
def test_a_temporary_folder_that_cannot_be_written_is_the_solvers_fault(folder, run, desk, knot, monkeypatch):  # noqa: F811
    monkeypatch.setattr(tempfile, "tempdir", str(desk / folder))
    done = run(*knot[:-2], "-o", "p.json")
    assert (done.exit_code, done.stdout) == (7, "")
    assert "TMPDIR" in done.stderr
    assert not (desk / "p.json").exists()


RUN = """
import sys
from microopt.solver.backends import cbc
cbc.cbc_path = lambda path=sys.argv.pop(1): path
from microopt.__main__ import main
main()
"""


def interrupted(path, args, desk):
    """Run without a time limit, and press Ctrl-C once the solver hangs; return exit code, output and errors."""
    marker = desk / "hangs"
    script = Path(path)
    for words in ("sleep 1000", "trap"):
        script.write_text(script.read_text().replace(words, f"echo $$ > '{marker}'; {words}"))
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, path, *args, "--time-limit", "inf"],
        cwd=desk,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.poll() is None and not (marker.exists() and marker.read_text().strip()):
        time.sleep(0.05)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    child = int(marker.read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    return process.returncode, out, err


@pytest.mark.parametrize("lie", HANGS)
def test_ctrl_c_ends_a_hang_without_a_time_limit_with_the_plan_in_hand(lie, desk, hard, tmp_path_factory):  # noqa: F811
    path = faulty_cbc(tmp_path_factory.mktemp("cbc"), lie)
    code, out, err = interrupted(path, hard, desk)
    value = only_object(out)
    assert (code, err, value["proof"]["limit"], value["status"]) == (5, "", "interrupt", "feasible")


def test_ctrl_c_ends_a_hang_without_a_time_limit_and_without_a_plan(desk, knot, tmp_path_factory):  # noqa: F811
    path = faulty_cbc(tmp_path_factory.mktemp("cbc"), "a hang that hears no signal")
    code, out, _ = interrupted(path, knot, desk)
    assert code == 130
    assert only_object(out)["status"] == "unknown"


@pytest.fixture
def solvers(monkeypatch):
    """Return a function that replaces what makes the solvers of a run, the first and the one that confirms."""

    def solvers(make):
        monkeypatch.setattr(backends, "load_backend", make)
        monkeypatch.setattr(backends, "load_second_backend", lambda name: make("highs" if name == "cbc" else "cbc"))

    return solvers


@pytest.fixture
def liar(solvers):
    """Return a function that makes CBC tell a lie of the catalogue, of its plans or of its prices."""
    pytest.importorskip("highspy")
    load_backend = backends.load_backend

    def liar(**faults):
        def make(name="cbc"):
            return ScriptedBackend(real=Cbc(REAL), **faults) if name == "cbc" else load_backend(name)

        solvers(make)

    return liar


PLAN = ("plan", "roster.csv", "-b", "5000", "--goal", "engagement")


def test_a_cross_check_names_who_has_confirmed_the_plan(run):
    highspy = pytest.importorskip("highspy")
    name = f"HiGHS {highspy.Highs().version()}"
    done = run(*PLAN, "--cross-check")
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"confirmed by {name}" in " ".join(done.stdout.split())
    solver = only_object(run(*PLAN, "--cross-check", "--format", "json").stdout)["proof"]
    assert (solver["confirmed_by"], solver["unconfirmed"]) == (name, "")
    turned = only_object(run(*PLAN, "--cross-check", "--solver", "highs", "--format", "json").stdout)["proof"]
    assert (turned["backend"], turned["confirmed_by"]) == ("highs", f"CBC {CBC_VERSION}")
    assert f"confirmed by {name}" in run(*PLAN, "--cross-check", "--format", "markdown").stdout
    assert only_object(run(*PLAN, "--format", "json").stdout)["proof"]["confirmed_by"] == ""


def test_a_cross_check_that_finds_a_contradiction_writes_nothing(run, desk, liar):
    liar(distort_prices=CLAIMS["false_infeasible"])
    assert run(*PLAN).exit_code == 4
    done = run(*PLAN, "--cross-check", "--format", "json", "-o", "p.json")
    value = only_object(done.stdout)
    assert (done.exit_code, value["code"]) == (7, "cross-check")
    assert "FAKE 0 says that no plan keeps all rules, but HiGHS" in value["message"]
    assert not (desk / "p.json").exists()


def test_a_cross_check_that_runs_out_of_time_leaves_the_plan_and_says_so(run, desk, solvers):
    late = ScriptedBackend(real=Cbc(REAL), distort=CLAIMS["silence_until_the_limit"])
    solvers(lambda name: late if name == "highs" else Cbc(REAL))
    args = ("plan", "roster.csv", "-b", "3300", "--goal", "engagement", "--cross-check")
    done = run(*args, "-o", "p.json")
    assert done.exit_code == 5
    assert "Not confirmed: FAKE 0 could not confirm it in time." in " ".join(done.stdout.split())
    assert "Proven best" in done.stdout
    assert (desk / "p.json").exists()


def test_an_impossibility_that_was_not_confirmed_in_time_is_no_exit_four(run, knot, solvers):  # noqa: F811
    dead, liar = ScriptedBackend(), ScriptedBackend(real=Cbc(REAL), distort_prices=CLAIMS["false_infeasible"])
    solvers(lambda name: dead if name == "highs" else liar)
    done = run(*knot, "--cross-check")
    value = only_object(done.stdout)
    assert (done.exit_code, value["status"]) == (6, "infeasible")
    assert value["unconfirmed"] == "FAKE 0 failed: the script has ended"


def test_a_cross_check_needs_the_second_solver_before_any_work(run, monkeypatch):
    monkeypatch.setattr("microopt.solver.backends.highs.find_spec", lambda _: None)
    done = run("plan", "missing.csv", "-b", "5000", "--cross-check", "--format", "json")
    value = only_object(done.stdout)
    assert (done.exit_code, value["code"]) == (7, "solver-missing")
    assert value["fix"] == "install it with: pip install highspy"


@pytest.mark.parametrize("solver", ["cbc", "highs"])
@pytest.mark.parametrize("name", ["launch", "season", pytest.param("always-on", marks=pytest.mark.slow)])
def test_the_examples_are_confirmed_whichever_solver_is_first(name, solver, run):
    pytest.importorskip("highspy")
    files = (EXAMPLES / f"{name}.csv", "-c", EXAMPLES / f"{name}.toml")
    done = run("plan", *files, "--cross-check", "--solver", solver, "--format", "json")
    value = only_object(done.stdout)
    assert (done.exit_code, value["status"]) == (0, "optimal")
    assert value["proof"]["confirmed_by"].startswith("HiGHS" if solver == "cbc" else "CBC")
