"""A limit or an interrupt during the solve: the best plan so far with its honest gap, quickly; or no plan, said so."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.conftest import command, files, only_object

COLUMNS = [f"c{number}" for number in range(10)]
HARD = [f"all {name} <= 13750" for name in COLUMNS]  # half of what a hundred offers hold: takes minutes to prove
KNOTS = [f"all {name} = 1250" for name in COLUMNS[:5]]  # equalities: minutes to find any plan, or that there is none
PATIENCE = 15.0  # seconds within which an interrupted run must have ended


def hard_roster(max_followers, offers):
    """Return a roster whose value is the sum of what its caps weigh, so that no offer is better than another."""
    dice = random.Random(7)
    lines = [",".join(["creator", "followers", "fee", "score", *COLUMNS])]
    for number in range(offers):
        weights = [dice.randint(1, max_followers) for _ in COLUMNS]
        figures = [
            f"@a{number:03d}",
            dice.randint(2_000, 900_000),
            dice.randint(100, 9_000),
            sum(weights) + 100,
            *weights,
        ]
        lines.append(",".join(map(str, figures)))
    return "\n".join(lines) + "\n"


@pytest.fixture
def hard(desk):
    """Return arguments of a plan that is found at once and takes minutes to prove."""
    (desk / "hard.csv").write_text(hard_roster(550, 100), encoding="utf-8")
    rules = [part for rule in HARD for part in ("-r", rule)]
    return ["plan", "hard.csv", "-b", "10M", "--goal", "value:score", *rules, "--format", "json"]


@pytest.fixture
def knot(desk):
    """Return arguments of a plan that takes minutes to find."""
    (desk / "hard.csv").write_text(hard_roster(100, 50), encoding="utf-8")
    rules = [part for rule in KNOTS for part in ("-r", rule)]
    return ["plan", "hard.csv", "-b", "10M", "--goal", "value:score", *rules, "--format", "json"]


def find_solver(process):
    """Return the ids of the processes that a process has started, where the system tells."""
    tasks = Path(f"/proc/{process.pid}/task")
    return [child for task in tasks.glob("*/children") for child in task.read_text().split()]


def processor_seconds(process):
    """Return the processor time that a process and those that it has started have used, where the system tells."""
    ticks = 0
    for pid in (process.pid, *find_solver(process)):
        with suppress(OSError):  # it has ended
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def wait_for_solver(process):
    """Wait until CBC runs beside a process or HiGHS is loaded in it, and then until it must be in its search."""
    maps = Path(f"/proc/{process.pid}/maps")
    for _ in range(300):
        if process.poll() is not None or find_solver(process) or (maps.exists() and "highspy" in maps.read_text()):
            break
        time.sleep(0.1 if maps.exists() else 4.0)
        if not maps.exists():
            break
    time.sleep(1.5)
    used = processor_seconds(process)  # on a busy machine the solver may not have begun by now
    for _ in range(600):
        if process.poll() is not None or not maps.exists() or processor_seconds(process) >= used + 1.0:
            break
        time.sleep(0.1)


def interrupted(args, desk, kind, *, group=False):
    """Run, send a signal while the solver works; return the exit code, both outputs and the seconds until the end."""
    process = subprocess.Popen(
        command(*args), cwd=desk, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    wait_for_solver(process)
    solver = find_solver(process)
    start = time.perf_counter()
    (os.killpg if group else os.kill)(process.pid, kind)
    out, err = process.communicate(timeout=60)
    elapsed = time.perf_counter() - start
    assert not [child for child in solver if Path(f"/proc/{child}/stat").exists()], "the solver was left running"
    return process.returncode, out.decode(), err.decode(), elapsed


def honest(value):
    """Whether an unproven plan says no more than it knows."""
    proof = value["proof"]
    assert (value["status"], proof["status"]) == ("feasible", "feasible")
    assert 0 < proof["gap"] < 1
    assert proof["objective"] < proof["bound"] <= proof["price_bound"]
    assert proof["gap"] == pytest.approx((proof["bound"] - proof["objective"]) / proof["bound"])
    return all(rule["used"] <= rule["at_most"] for rule in value["rules"])


@pytest.mark.parametrize(
    ("kind", "group"),
    [(signal.SIGINT, False), (signal.SIGTERM, False), (signal.SIGINT, True)],
    ids=["int", "term", "group"],
)
def test_an_interrupt_gives_the_best_plan_so_far_and_writes_it(hard, desk, kind, group):
    code, out, err, elapsed = interrupted([*hard, "-o", "p.json"], desk, kind, group=group)
    value = only_object(out)
    assert (code, err, value["proof"]["limit"]) == (5, "", "interrupt")
    assert honest(value)
    assert json.loads((desk / "p.json").read_text(encoding="utf-8")) == value
    assert elapsed < PATIENCE


def test_an_interrupt_with_highs_gives_the_best_plan_too(hard, desk):
    pytest.importorskip("highspy")
    code, out, _, elapsed = interrupted([*hard, "--solver", "highs"], desk, signal.SIGINT)
    assert (code, only_object(out)["proof"]["limit"]) == (5, "interrupt")
    assert elapsed < PATIENCE


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_before_any_plan_writes_nothing_and_says_so(knot, desk, kind):
    before = files(desk)
    code, out, _, elapsed = interrupted([*knot, "-o", "p.json"], desk, kind)
    assert code == 130
    assert "picks" not in only_object(out)
    assert files(desk) == before
    assert elapsed < PATIENCE


def test_a_time_limit_gives_the_best_plan_with_its_gap_and_writes_it(run, desk, hard):
    start = time.perf_counter()
    done = run(*hard, "--time-limit", "2", "-o", "p.json")
    value = only_object(done.stdout)
    assert (done.exit_code, value["proof"]["limit"]) == (5, "time")
    assert honest(value)
    assert (desk / "p.json").exists()
    assert time.perf_counter() - start < 2 + PATIENCE


def test_a_time_limit_in_the_table_says_so_and_never_claims_a_proof(run, hard):
    done = run(*hard[:-2], "--time-limit", "1")
    assert done.exit_code == 5
    assert "Not proven best (stopped at the time limit" in done.stdout
    assert "Proven best" not in done.stdout


def test_a_time_limit_before_any_plan_is_exit_six_with_nothing_written(run, desk, knot):
    before = files(desk)
    done = run(*knot, "--time-limit", "2", "-o", "p.json")
    value = only_object(done.stdout)
    assert (done.exit_code, value["status"], value["limit"]) == (6, "unknown", "time")
    assert value["clash"] == []
    assert files(desk) == before


def test_a_time_limit_before_any_plan_does_not_call_it_impossible(run, knot):
    done = run(*knot[:-2], "--time-limit", "1")
    assert (done.exit_code, done.stdout) == (6, "")
    assert "No plan was found" in done.stderr
    assert "No plan can meet" not in done.stderr


def test_a_plan_within_the_gap_asked_for_is_a_success(run, hard):
    done = run(*hard, "--gap", "0.2", "--time-limit", "20")
    value = only_object(done.stdout)
    assert done.exit_code == 0
    assert value["proof"]["gap"] <= 0.2


def test_the_shortest_limit_still_ends_in_a_plan_or_in_none(run, hard):
    done = run(*hard, "--time-limit", "0.1")
    assert done.exit_code in (5, 6)
    assert only_object(done.stdout)["status"] in ("feasible", "unknown")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells which processes a process started")
def test_a_killed_run_leaves_neither_its_solver_nor_files_of_it(hard, desk, monkeypatch):
    temporary = desk / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    process = subprocess.Popen(
        command(*hard, "--solver", "cbc"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    wait_for_solver(process)
    children = find_solver(process)
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert children
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and (any(temporary.iterdir()) or any(map(is_running, children))):
        time.sleep(0.02)
    assert list(temporary.iterdir()) == []
    assert not any(map(is_running, children))


def is_running(pid):
    """Whether a process runs; one that has ended, and that nobody has waited for, does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_second_signal_ends_the_process_at_once(desk):
    program = """
import signal, time
from microopt.cli.signals import interruptible
with interruptible():
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        print("handing over", flush=True)
        signal.raise_signal(signal.SIGTERM)
        print("never", flush=True)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "handing over\n", "Interrupted.\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "module", ["microopt.cli.end_process", "microopt.errors", "msgspec", "microopt.cli.app", "typer"]
)
def test_a_signal_while_the_program_is_imported_ends_it_without_a_traceback(module, number):
    program = f"""
import signal, sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            signal.raise_signal({int(number)})
sys.meta_path.insert(0, Interrupt())
from microopt.__main__ import main
sys.argv = ["microopt", "--version"]
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr in ("", "Interrupted.\n")


def test_an_interrupt_ends_a_study_of_many_solves(hard, desk):
    study = ["explain", *hard[1:], "--all", "--time-limit", "300"]
    code, out, _, elapsed = interrupted(study, desk, signal.SIGINT)
    assert code in (5, 130)
    assert only_object(out)
    assert elapsed < PATIENCE
