"""Nightly runs that are killed at any moment, or start at once: what they leave is whole, and the next run goes on."""

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import closing, suppress
from functools import cache
from pathlib import Path

import pytest

from microopt.readers.plan_file import read_plan
from microopt.storage.database.store import open_store
from microopt.storage.locks import exclusive_lock
from tests.cli.conftest import command
from tests.scale import repeats

STATES = "creator,state,paid\n@ben,live,450\n@eve,signed,\n"
RESULTS = "creator,posts,views,engagements,clicks,conversions\n@ben,1,{views},{engagements},{clicks},{conversions}\n"
REPLAN = (
    "replan",
    "plan.json",
    "--states",
    "states.csv",
    "--results",
    "results.csv",
    "-o",
    "plan.json",
    "-o",
    "outreach.csv",
    "--store",
    "campaign.db",
    "--log",
    "runs.jsonl",
    "-q",
)
WRITING = 0.005  # seconds from the first sign of a writing run within which it is killed


def news(number, name="results.csv"):
    """Change the results: the next run has something to do."""
    figures = {"views": 4000 + 10 * number, "engagements": 200 + number, "clicks": 30 + number, "conversions": number}
    Path(name).write_text(RESULTS.format(**figures), encoding="utf-8")


@pytest.fixture
def campaign(desk, shell, monkeypatch):
    """Return the folder of a campaign with its first plan; the solver's own files are in a folder beside it."""
    temporary = desk / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    assert shell("plan", "roster.csv", "-c", "campaign.toml", "-q", "-o", "plan.json").returncode == 0
    (desk / "states.csv").write_text(STATES, encoding="utf-8")
    news(0)
    return desk


def start(*args):
    return subprocess.Popen(
        command(*args), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def ends(run):
    """Return what a run says, once it has ended well."""
    out, err = run.communicate(timeout=60)
    assert run.returncode == 0, err
    return out + err


def kill(run, group):
    """Kill a run, with its solver or alone."""
    with suppress(ProcessLookupError):
        (os.killpg if group else os.kill)(run.pid, signal.SIGKILL)
    run.communicate()


def writes():
    """Whether a run has begun to write: a temporary file, a kept plan, or the store's journal is there."""
    return {
        entry.name
        for folder in (".", "history")
        if Path(folder).is_dir()
        for entry in os.scandir(folder)
        if entry.name.startswith(".plan.json.") or entry.name.endswith("-journal") or folder == "history"
    }


def wait_until_it_writes(run):
    before = writes()
    while run.poll() is None and writes() <= before:
        time.sleep(0.0002)


@cache
def read_seals(path, _modified):
    """Return the seals of a plan and of the one before it, and check the file; one that was read is not read again."""
    file = read_plan(str(path))
    assert file.sealed
    return file.seal, file.previous


def seals(path):
    return read_seals(path.absolute(), path.stat().st_mtime_ns)


def seal_chain():
    """Return the seals of a campaign's plans, newest first, and check that each names the one before."""
    before = dict(map(seals, Path("history").glob("*.json")))
    seal, previous = seals(Path("plan.json"))
    result = [seal]
    while previous:
        result.append(previous)
        previous = before[previous]
    assert set(before) <= set(result)
    return result


def stored():
    """Return the seals of the plans in the store, newest first, and check the store."""
    if not Path("campaign.db").exists():
        return []
    with open_store("campaign.db"), closing(sqlite3.connect("campaign.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        output = connection.execute(
            "SELECT seal, document FROM runs JOIN plans ON run = id ORDER BY id DESC"
        ).fetchall()
    assert all(json.loads(document)["seal"] == seal for seal, document in output[:3])
    return [seal for seal, _ in output]


def logged():
    """Return the entries of the log; only its last line may be torn."""
    lines = Path("runs.jsonl").read_bytes().split(b"\n") if Path("runs.jsonl").exists() else [b""]
    return [json.loads(line) for line in lines[:-1]]


def outreach_is_whole():
    """Whether the list of whom to ask is there with all of its lines, or not there at all."""
    if not Path("outreach.csv").exists():
        return True
    text = Path("outreach.csv").read_text(encoding="utf-8")
    return text.endswith("\n") and len({line.count(",") for line in text.splitlines()}) == 1


def temporary_files():
    """Return the temporary files that are still there."""
    return [path.name for path in Path().glob("**/.*") if path.is_file() and not path.name.endswith(".lock")]


def check(before):
    """Check that all is intact after a kill, and return the chain and what the run had done."""
    plans, store = seal_chain(), stored()
    assert plans in (before, [plans[0], *before])
    assert store in (plans, plans[1:], [])
    assert store or len(plans) <= 2
    logged()
    assert outreach_is_whole()
    # A solver that was being started holds copies of the run's files for the instant between fork and exec.
    with exclusive_lock(["plan.json", "campaign.db"], 2):
        pass
    if plans == before:
        return plans, "left a temporary" if temporary_files() else "nothing yet"
    return plans, "in the store" if store == plans else "in place only"


def run_seconds(number):
    """Let a run end, and return how many seconds it took: a machine with other work changes its pace."""
    news(number)
    began = time.perf_counter()
    ends(start(*REPLAN))
    return time.perf_counter() - began


def killed(count, seed):
    """Kill runs at random moments, a quarter of them as they write, and return how far they had come."""
    drawn, outcomes = random.Random(seed), Counter()
    for number in range(count):
        if number % 10 == 0:
            total = run_seconds(1000 + number)
            plans = seal_chain()
        news(number + 1)
        run = start(*REPLAN)
        if number % 4:
            time.sleep(drawn.uniform(0, 1.1 * total))
        else:
            wait_until_it_writes(run)
            time.sleep(drawn.uniform(0, WRITING))
        kill(run, drawn.random() < 0.5)
        plans, done = check(plans)
        outcomes[done] += 1
    return outcomes


def healed(count):
    """See that one run that is not killed leaves nothing undone."""
    news(count + 1)
    ends(start(*REPLAN))
    assert stored() == seal_chain()
    assert temporary_files() == []
    assert logged()[-1]["exit"] == 0
    assert has_no_solver_files()


def has_no_solver_files():
    """Whether no killed run has left files of its solver: a shell removes them, which may take a moment."""
    end = time.monotonic() + 20
    while any(Path("tmp").iterdir()) and time.monotonic() < end:
        time.sleep(0.02)
    return list(Path("tmp").iterdir()) == []


def test_ten_killed_runs_leave_all_whole(campaign):
    assert killed(10, seed=1).total() == 10
    healed(10)


@pytest.mark.kill
def test_two_hundred_killed_runs_leave_all_whole(campaign, shell):
    outcomes = killed(repeats(200), seed=2)
    healed(repeats(200))
    assert outcomes["nothing yet"] > 20
    assert outcomes["in the store"] > 10
    assert outcomes["left a temporary"] + outcomes["in place only"] > 0
    assert shell("verify", "plan.json").returncode == 0
    of_folder, of_store = (
        json.loads(shell("history", place, "--format", "json").stdout) for place in (".", "campaign.db")
    )
    assert len(of_folder["entries"]) == len(of_store["entries"]) == len(seal_chain())


def test_of_two_runs_at_once_one_plans_and_the_other_finds_nothing_new(campaign):
    news(1)
    output = [ends(run) for run in [start(*REPLAN[:-1]), start(*REPLAN[:-1])]]
    assert sorted("Nothing changed since plan.json" in text for text in output) == [False, True]
    assert len(seal_chain()) == 2
    assert stored() == seal_chain()
    assert sorted(entry["unchanged"] for entry in logged()) == [False, True]


def test_two_runs_at_once_with_other_results_make_two_plans_one_after_the_other(campaign):
    news(1, "one.csv")
    news(2, "two.csv")
    runs = [start(*(name if part == "results.csv" else part for part in REPLAN)) for name in ("one.csv", "two.csv")]
    for run in runs:
        ends(run)
    assert len(seal_chain()) == 3
    assert stored() == seal_chain()
    assert {entry["previous"] for entry in logged()} == set(seal_chain()[1:])
    assert temporary_files() == []


BUDGETS = ("3000", "5000")
TARGETS = {"plan.json": "json", "plan.csv": "csv", "plan.md": "markdown"}
PLAN = ("plan", "roster.csv", "-q", *(part for name in TARGETS for part in ("-o", name)))


def text_of(name):
    """Return the text of a target without the seconds of its run, and check a plan file."""
    if name != "plan.json":
        return re.sub(r"\d+\.\d+ s,", "s,", Path(name).read_text(encoding="utf-8"))
    file = read_plan(name)
    assert file.sealed
    return str((file.plan.totals, file.plan.picks))


def texts_of_targets():
    return {name: text_of(name) for name in TARGETS}


def killed_plans(count, seed):
    """Kill plans that replace three files at random moments, and return how many of the files each had replaced."""
    drawn, outcomes = random.Random(seed), Counter()
    for number in range(count):
        if number % 10 == 0:
            whole = {}
            for budget in BUDGETS:
                began = time.perf_counter()
                ends(start(*PLAN, "-b", budget))
                total, whole[budget] = time.perf_counter() - began, texts_of_targets()
        current = texts_of_targets()
        budget = BUDGETS[current == whole[BUDGETS[0]]]  # another plan than the one that is there
        run = start(*PLAN, "-b", budget)
        if number % 4:
            time.sleep(drawn.uniform(0, 1.1 * total))
        else:
            wait_until_it_writes(run)
            time.sleep(drawn.uniform(0, WRITING))
        kill(run, drawn.random() < 0.5)
        found = texts_of_targets()
        assert all(found[name] in (current[name], whole[budget][name]) for name in TARGETS)
        outcomes[sum(found[name] != current[name] for name in TARGETS)] += 1
    return outcomes


@pytest.mark.kill
def test_sixty_killed_plans_leave_each_file_whole(campaign):
    outcomes = killed_plans(repeats(60), seed=3)
    assert outcomes[0] > 5
    assert outcomes[3] > 2
    assert has_no_solver_files()


@pytest.mark.kill
def test_twenty_four_runs_at_once_make_one_plan_after_the_other(campaign):
    for number in range(24):
        news(number, f"{number}.csv")
    runs = [
        start(*(f"{number}.csv" if part == "results.csv" else part for part in REPLAN), "--wait", "300")
        for number in range(24)
    ]
    for run in runs:
        out, err = run.communicate(timeout=600)
        assert run.returncode == 0, out + err
    assert len(seal_chain()) == 25
    assert stored() == seal_chain()
    assert len(logged()) == 24
    assert temporary_files() == []
