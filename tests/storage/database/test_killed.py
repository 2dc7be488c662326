"""Real processes that add runs at once, and that are killed meanwhile."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from microopt.storage.database.store import open_store
from tests.scale import repeats
from tests.storage.database.builders import run_plans, run_time

ADD_RUNS = """
import sys
import time
from tests.storage.database.builders import daily_results, run_plans, run_time
from microopt.storage.database.store import open_store
found = run_plans(int(sys.argv[2]), salt=sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for number, (plan, text) in enumerate(found):
    with open_store(sys.argv[1]) as store:
        store.add_plan(plan, text, at=run_time(number), daily=daily_results(400, engagements=time.time()))
    print("added", flush=True)
"""
TESTS = str(Path(__file__).parents[3])


CREATE_STORES = """
import sys
from microopt.storage.database.store import open_store
print("ready", flush=True)
for line in sys.stdin:
    with open_store(line.strip()) as store:
        assert list(store.plans()) == []
    print("made", flush=True)
"""


def start_writer(path, count, salt):
    paths = os.pathsep.join(filter(None, [TESTS, os.environ.get("PYTHONPATH")]))
    run = subprocess.Popen(
        [sys.executable, "-c", ADD_RUNS, str(path), str(count), salt],
        env={**os.environ, "PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout.readline() == "ready\n"
    return run


def release(run):
    run.stdin.write("\n")
    run.stdin.flush()


def check_store(path):
    """Check that all runs of a store are complete, and return their number."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        counts = "SELECT (SELECT count(*) FROM plans WHERE run = id), (SELECT count(*) FROM forecasts WHERE run = id)"
        runs = connection.execute(f"{counts}, (SELECT count(*) FROM results WHERE first_run = id) FROM runs").fetchall()
    assert {(plans, picks) for plans, picks, _ in runs} <= {(1, 7)}
    assert {results for *_, results in runs} <= {400}
    return len(runs)


def test_two_processes_that_add_at_once_add_all_runs(tmp_path):
    path = tmp_path / "campaign.db"
    runs = [start_writer(path, 15, salt) for salt in "ab"]
    for run in runs:
        release(run)
    assert [run.communicate(timeout=60) and run.returncode for run in runs] == [0, 0]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*), count(DISTINCT seal) FROM runs").fetchone() == (30, 30)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_processes_can_create_a_store_at_once(tmp_path):
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", CREATE_STORES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    assert [run.stdout.readline() for run in runs] == ["ready\n"] * 2
    for number in range(100):
        for run in runs:
            run.stdin.write(f"{tmp_path / str(number)}.db\n")
            run.stdin.flush()
        assert [run.stdout.readline() for run in runs] == ["made\n"] * 2
    assert [run.communicate() and run.returncode for run in runs] == [0, 0]


@pytest.mark.kill
def test_a_store_survives_runs_that_are_killed_while_they_add(tmp_path):
    path, random_source, counts, reported = tmp_path / "campaign.db", random.Random(7), [], 0
    for number in range(repeats(20)):
        run = start_writer(path, 5, f"{number}")
        release(run)
        for _ in range(random_source.randrange(3)):
            reported += run.stdout.readline() == "added\n"
        time.sleep(random_source.uniform(0.0, 0.05))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        with open_store(str(path)) as store:
            counts.append(len(list(store.plans())))
        assert check_store(path) == counts[-1]
    assert counts == sorted(counts)
    assert reported <= counts[-1] < 5 * repeats(20)
    with open_store(str(path)) as store:
        assert store.add_plan(*run_plans(1, salt="last")[0], at=run_time(0)) is True
