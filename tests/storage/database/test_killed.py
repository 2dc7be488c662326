"""Real processes that keep at once, and that are killed while they do."""

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
from tests.storage.database.builders import chain, on

KEEP = """
import sys
import time
from tests.storage.database.builders import chain, daily, on
from microopt.storage.database.store import open_store
found = chain(int(sys.argv[2]), salt=sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for number, (document, text) in enumerate(found):
    with open_store(sys.argv[1]) as store:
        store.add_plan(document, text, at=on(number), daily=daily(400, engagements=time.time()))
    print("kept", flush=True)
"""
TESTS = str(Path(__file__).parents[3])


MAKE = """
import sys
from microopt.storage.database.store import open_store
print("ready", flush=True)
for line in sys.stdin:
    with open_store(line.strip()) as store:
        assert list(store.plans()) == []
    print("made", flush=True)
"""


def start(path, count, salt):
    paths = os.pathsep.join(filter(None, [TESTS, os.environ.get("PYTHONPATH")]))
    run = subprocess.Popen(
        [sys.executable, "-c", KEEP, str(path), str(count), salt],
        env={**os.environ, "PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout.readline() == "ready\n"
    return run


def go(run):
    run.stdin.write("\n")
    run.stdin.flush()


def whole(path):
    """Return how many runs a store has, once nothing of it is half."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        counts = "SELECT (SELECT count(*) FROM plans WHERE run = id), (SELECT count(*) FROM forecasts WHERE run = id)"
        runs = connection.execute(f"{counts}, (SELECT count(*) FROM results WHERE first_run = id) FROM runs").fetchall()
    assert {(plans, picks) for plans, picks, _ in runs} <= {(1, 7)}
    assert {results for *_, results in runs} <= {400}
    return len(runs)


def test_two_processes_that_keep_at_once_keep_all(tmp_path):
    path = tmp_path / "campaign.db"
    runs = [start(path, 15, salt) for salt in "ab"]
    for run in runs:
        go(run)
    assert [run.communicate(timeout=60) and run.returncode for run in runs] == [0, 0]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*), count(DISTINCT seal) FROM runs").fetchone() == (30, 30)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_processes_that_make_a_store_at_once_both_have_it(tmp_path):
    runs = [
        subprocess.Popen([sys.executable, "-c", MAKE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
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
def test_a_store_outlives_runs_that_are_killed_while_they_keep(tmp_path):
    path, drawn, kept, told = tmp_path / "campaign.db", random.Random(7), [], 0
    for number in range(20):
        run = start(path, 5, f"{number}")
        go(run)
        for _ in range(drawn.randrange(3)):
            told += run.stdout.readline() == "kept\n"
        time.sleep(drawn.uniform(0.0, 0.05))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        with open_store(str(path)) as store:
            kept.append(len(list(store.plans())))
        assert whole(path) == kept[-1]
    assert kept == sorted(kept)
    assert told <= kept[-1] < 100
    with open_store(str(path)) as store:
        assert store.add_plan(*chain(1, salt="last")[0], at=on(0)) is True
