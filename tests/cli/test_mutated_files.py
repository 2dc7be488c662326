"""Ten thousand damaged plan, campaign, states, results and store files: each ends in a result or in a named error.

A store that SQLite opens may hold anything, a plan may be sealed anew by whoever changed it, and a campaign file or a
list comes from a spreadsheet or from a stranger. No file but the one that is asked for is written.
"""

import os
import random
import shutil
import signal
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import ROSTER, files
from tests.scale import examples
from tests.support.mutation import change_json, change_lines, change_store, flip_bytes

BLOCKS = 20
EACH = 100  # in a block, of each kind
LONGEST = 10  # seconds of computing
LONGEST_WAIT = 60  # seconds in all, on a machine that does other things too
CAMPAIGN = """\
name = "Test"
budget = 5000
rules = ["niche:beauty count 1..3", "tier:mega spend <= 60%"]
where = ["followers 5k..5M"]
include = ["@anna"]
order_value = 45
starts = 2026-11-01
ends = 2026-11-28
[worth]
conversions = 30
[columns]
hours = "ignore"
[tiers]
micro = 10000
[audience]
size = { beauty = 2000000 }
"""
STATES = "creator,state,fee,paid\n@anna,signed,400,100\n@ben,declined,,0\n@eve,live,120,120\n"
RESULTS = """\
creator,date,post,impressions,likes,comments,clicks,conversions
@anna,2026-11-03,p1,9000,700,40,80,2
@eve,2026-11-04,p2,2500,300,12,20,1
@eve,2026-11-05,p3,1800,90,,10,
"""
REPLAN = ("replan", "plan.json", "--time-limit", "2", "--dry-run", "-q")
COMMANDS = {
    "plan": [
        ("verify", "mutated.json"),
        ("verify", "mutated.json", "--roster", "roster.csv", "--format", "json"),
        ("explain", "mutated.json", "@anna", "--roster", "roster.csv"),
        ("history", "mutated.json", "--format", "csv"),
        ("compare", "plan.json", "mutated.json"),
        ("check", "roster.csv", "--ideals", "mutated.json"),
        ("replan", "mutated.json", "--time-limit", "2", "-q", "-o", "new.json"),
    ],
    "campaign": [
        ("check", "roster.csv", "-c", "mutated.toml"),
        ("forecast", "roster.csv", "-c", "mutated.toml", "--format", "json"),
        ("verify", "plan.json", "-c", "mutated.toml"),
    ],
    "states": [(*REPLAN, "--states", "mutated.csv")],
    "results": [(*REPLAN, "--states", "states.csv", "--results", "mutated.csv")],
    "store": [
        ("store", "check", "mutated.db"),
        ("history", "mutated.db"),
        ("replan", "plan.json", "--time-limit", "2", "-q", "-o", "new.json", "--store", "mutated.db"),
    ],
}
SOURCES = {"plan": "plan.json", "campaign": "campaign.toml", "states": "states.csv", "results": "results.csv"}
NAMES = {"plan": "mutated.json", "campaign": "mutated.toml", "states": "mutated.csv", "results": "mutated.csv"}
SLOW = ("replan", "explain")  # they solve: one in ten is enough


@pytest.fixture
def sound(run, desk):
    """Return the folder with a sound file of each kind, and what is in them."""
    (desk / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (desk / "campaign.toml").write_text(CAMPAIGN, encoding="utf-8")
    (desk / "states.csv").write_text(STATES, encoding="utf-8")
    (desk / "results.csv").write_text(RESULTS, encoding="utf-8")
    assert run("plan", "roster.csv", "--budget", "5000", "-q", "-o", "plan.json").exit_code == 0
    assert run("check", "roster.csv", "-c", "campaign.toml").exit_code == 0
    replan = ("replan", "plan.json", "--states", "states.csv", "--results", "results.csv")
    assert run(*replan, "-q", "-o", "plan.json", "--store", "campaign.db").exit_code == 0
    return desk


@contextmanager
def alarm(what):
    """Fail if the block computes or waits for too long; the main thread runs it, and may set an alarm of its own."""

    def late(*_):
        pytest.fail(f"over {LONGEST} s: {what}")

    before = {number: signal.signal(number, late) for number in (signal.SIGPROF, signal.SIGUSR1)}
    watch = threading.Timer(LONGEST_WAIT, os.kill, (os.getpid(), signal.SIGUSR1))
    watch.start()
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        watch.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


def mutate(kind, folder, chance):
    """Write a damaged file of a kind."""
    if kind == "store":
        shutil.copy(folder / "campaign.db", folder / "mutated.db")
        if chance.random() < 0.5:
            change_store(folder / "mutated.db", chance)
        else:
            data = (folder / "mutated.db").read_bytes()
            (folder / "mutated.db").write_bytes(flip_bytes(data, chance))
        return
    how = chance.choice((flip_bytes, change_json if kind == "plan" else change_lines))
    data = how((folder / SOURCES[kind]).read_bytes(), chance)
    (folder / NAMES[kind]).write_bytes(data)


def choose_command(kind, chance):
    quick = [command for command in COMMANDS[kind] if command[0] not in SLOW]
    return chance.choice(quick if quick and chance.random() < 0.9 else COMMANDS[kind])


@pytest.mark.fuzz
@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.parametrize("kind", COMMANDS)
def test_a_damaged_file_ends_in_a_result_or_in_a_named_error(kind, block, run, sound):
    chance = random.Random(f"{kind} {block}")
    kept = {name: data for name, data in files(sound).items() if not name.endswith(".lock")}
    for number in range(examples(EACH)):
        mutate(kind, sound, chance)
        command = choose_command(kind, chance)
        what = f"{kind}, block {block}, number {number}: {' '.join(command)}"
        with alarm(what):
            done = run(*command)
        assert done.exception is None or isinstance(done.exception, SystemExit), (what, done.exception)
        assert "a defect" not in done.output, (what, done.output)
        assert "Traceback" not in done.output, (what, done.output)
        assert done.exit_code in (0, 2, 3, 4, 5, 6, 7), (what, done.output)
        now = files(sound)
        assert {name: now.get(name) for name in kept} == kept, what
        for path in [*Path(sound).glob("new.json*"), *Path(sound).glob("mutated.db-*")]:
            path.unlink()
