"""Batches that are killed, interrupted, or run twice at once: plans are whole, and the next one goes on."""

import json
import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from microopt.readers.plan_file import read_plan
from tests.cli.conftest import command
from tests.cli.test_signals import HARD, hard_roster
from tests.scale import repeats

NAMES = [f"c{number}" for number in range(8)]
PATIENCE = 20.0  # seconds within which what was killed or interrupted must have ended


@pytest.fixture
def folder(desk, monkeypatch):
    """Return a folder of campaigns, with the solver's own files in a folder beside it."""
    (desk / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(desk / "tmp"))
    (desk / "campaign.toml").unlink()
    for number, name in enumerate(NAMES):
        write_campaign(name, 3000 + 300 * number)
    return desk


def write_campaign(name, budget):
    text = f'name = "{name}"\nbudget = {budget}\nrules = ["niche:beauty count 1..3"]\n'
    Path(f"{name}.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def hard_folder(folder):
    """Return the folder with two campaigns more, each of which has a plan at once and takes minutes to prove."""
    (folder / "hard.csv").write_text(hard_roster(550, 100), encoding="utf-8")
    text = f'budget = "10M"\ngoal = "value:score"\nrules = {json.dumps(HARD)}\n'
    for name in ("a-hard", "b-hard"):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        (folder / f"{name}.csv").write_text(hard_roster(550, 100), encoding="utf-8")
    return folder


def start(*args):
    words = command("batch", ".", "--format", "json", *args)
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def ends(run):
    """Return the summary of a batch, by name of the campaign, and its exit code."""
    out, err = run.communicate(timeout=120)
    assert err in ("", "Interrupted.\n"), err
    return {entry["name"]: entry for entry in json.loads(out)["campaigns"]}, run.returncode


def workers(run):
    """Return the processes that a batch has started."""
    tasks = Path(f"/proc/{run.pid}/task")
    return [int(child) for task in tasks.glob("*/children") for child in task.read_text().split()]


def descendants(pid):
    """Return a process and all that it has started, as far as they run."""
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in task.read_text().split():
                found += descendants(int(child))
    return found


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.002)
    return found


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def check_plans():
    """Check that each plan that is there is whole."""
    plans = [read_plan(str(path)) for path in Path().glob("*.json")]
    assert all(plan.sealed for plan in plans)
    return plans


@pytest.mark.kill
def test_a_batch_that_is_killed_at_any_moment_leaves_whole_plans_and_goes_on(folder):
    draw = random.Random(30)
    for number in range(repeats(12)):
        for position, name in enumerate(NAMES):
            write_campaign(name, 3000 + 300 * position + number)
        run = start("--jobs", "3", "--also", "md")
        time.sleep(draw.uniform(0.2, 1.6))
        everybody = descendants(run.pid)
        os.kill(run.pid, signal.SIGKILL)
        run.communicate()
        wait_for(lambda pids=everybody: not any(map(is_running, pids)))
        check_plans()
    entries, code = ends(start("--also", "md"))
    assert code == 0
    assert {entry["run"] for entry in entries.values()} <= {"planned", "replanned", "unchanged"}
    assert len(check_plans()) == len(NAMES)
    left = [path.name for path in folder.iterdir() if path.name.startswith(".") and not path.name.endswith(".lock")]
    assert left == []
    again, _ = ends(start("--also", "md"))
    assert {again[name]["run"] for name in NAMES} == {"unchanged"}


@pytest.mark.kill
def test_a_worker_that_is_killed_costs_no_campaign_its_plan(folder):
    """What a killed worker was doing is done again alone."""
    draw, again = random.Random(7), 0
    for number in range(repeats(8)):
        for position, name in enumerate(NAMES):
            write_campaign(name, 4000 + 300 * position + number)
        run = start("--jobs", "2")
        victim = draw.choice(wait_for(lambda run=run: workers(run)))
        time.sleep(draw.uniform(0.0, 0.3))
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
        entries, code = ends(run)
        assert code == 0
        assert set(entries) == set(NAMES)
        again += sum(entry["attempts"] == 2 for entry in entries.values())
        assert len(check_plans()) == len(NAMES)
    assert again > 0


def test_a_campaign_whose_process_always_ends_is_given_up_and_stops_no_other(folder):
    write_campaign("a-long-one", 100)
    Path("a-long-one.csv").write_text(hard_roster(550, 100), encoding="utf-8")
    text = f'budget = "10M"\ngoal = "value:score"\nrules = {json.dumps(HARD)}\n'
    Path("a-long-one.toml").write_text(text, encoding="utf-8")
    run = start("--jobs", "1")
    first = wait_for(lambda: workers(run))[0]
    time.sleep(0.5)
    os.kill(first, signal.SIGKILL)
    second = wait_for(lambda: [pid for pid in workers(run) if pid != first])[0]
    wait_for(lambda: len(list(Path().glob("c*.json"))) == len(NAMES))
    third = wait_for(lambda: [pid for pid in workers(run) if pid not in (first, second)])[0]
    time.sleep(0.2)
    os.kill(third, signal.SIGKILL)
    entries, code = ends(run)
    assert code == 6
    assert entries["a-long-one"]["run"] == "crashed"
    assert entries["a-long-one"]["code"] == "killed"
    assert {entries[name]["run"] for name in NAMES} == {"planned"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_the_best_plans_and_begins_no_other(hard_folder, number):
    run = start("--jobs", "2")
    wait_for(lambda: len(descendants(run.pid)) > 4)  # two workers, each with a solver
    time.sleep(1.0)
    os.kill(run.pid, number)
    entries, code = ends(run)
    assert code == 130
    assert [entries[name]["run"] for name in ("a-hard", "b-hard")] == ["stopped", "stopped"]
    assert {entries[name]["run"] for name in NAMES} == {"not run"}
    assert [plan.plan.proof.limit for plan in check_plans()] == ["interrupt", "interrupt"]


def test_a_second_interrupt_ends_all_at_once(hard_folder):
    run = start("--jobs", "2")
    wait_for(lambda: len(descendants(run.pid)) > 4)
    everybody = descendants(run.pid)
    os.kill(run.pid, signal.SIGINT)
    with suppress(ProcessLookupError):
        os.kill(run.pid, signal.SIGINT)
    run.communicate(timeout=PATIENCE)
    assert run.returncode == 130
    wait_for(lambda: not any(map(is_running, everybody)))
    check_plans()


def test_two_batches_at_once_take_turns(folder):
    runs = [start("--jobs", "2") for _ in range(2)]
    found = [ends(run) for run in runs]
    assert [code for _, code in found] == [0, 0]
    for name in NAMES:
        assert sorted(entries[name]["run"] for entries, _ in found) == ["planned", "unchanged"]
    assert len(check_plans()) == len(NAMES)
    assert not Path("history").exists()
