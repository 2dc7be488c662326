"""The benchmark of sizes: every peer is asked the same question, each process is measured, hard rosters are hard."""

import json
import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from benchmarks import stages
from benchmarks.integers import LinearRow, PlainProgram, load_program, save_program
from benchmarks.peers import ABSENT, solve_greedily
from benchmarks.process_runs import CommandRun, run_command
from benchmarks.scale_rosters import (
    KINDS,
    NICHES,
    RosterFacts,
    campaign_path,
    roster_path,
    tight_campaign,
    write_rosters,
)
from benchmarks.scale_sides import (
    ScaleInstance,
    SideResult,
    TimeAllowance,
    compare_value,
    missed_by_peer,
    prepare_program,
    read_json_object,
    run_in_turns,
    run_peer,
)

from microopt import CampaignInput, Diagnosis, Plan, optimize, read_roster
from microopt import campaign_from_input as campaign_from

pytestmark = pytest.mark.bench
ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = {"pulp": "pulp", "milp": "scipy", "cp-sat": "ortools", "greedy": "numpy"}
ENV = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}


def run(command, seconds):
    return run_command(command, env=ENV, seconds=seconds)


def took(seconds=1.0, code=0, late=False, err=""):
    return CommandRun(seconds=seconds, cpu=seconds, megabytes=50.0, code=code, timed_out=late, out="", err=err)


@pytest.fixture(scope="module")
def instances(tmp_path_factory):
    """Return small instances that are planned and whose integers are written."""
    folder = tmp_path_factory.mktemp("scale")
    write_rosters(folder, 60, 4, ["plain", "near"])
    found = {kind: ScaleInstance(kind=kind, offers=60, folder=folder, run=run) for kind in ("plain", "near")}
    for each in found.values():
        done = run(each.plan_command("balanced", seconds=30), 60)
        assert done.code == 0, done.err
        assert prepare_program(each, "balanced") == ""
    return found


@pytest.mark.parametrize("kind", ["plain", "near"])
@pytest.mark.parametrize("peer", ["pulp", "milp", "cp-sat"])
def test_every_peer_finds_the_same_optimum(instances, peer, kind):
    if find_spec(LIBRARIES[peer]) is None:  # not importorskip: OR-Tools and highspy cannot be in one process
        pytest.skip(f"{LIBRARIES[peer]} is not installed")
    found = run_peer(instances[kind], peer, TimeAllowance(limit=60, bars=60), limit=60)
    assert (found.value, found.shown, found.why) == ("the same", "says optimal", "")


def test_the_integers_are_those_of_the_plan(instances):
    given = load_program(str(instances["plain"].program))
    said = read_json_object(instances["plain"].plan("balanced"))
    assert given.violated_rows(given.picks) == []
    assert len(given.picks) == said["totals"]["creators"]
    assert given.objective_value(given.picks) == pytest.approx(said["proof"]["objective"] * 1e10, rel=1e-9)
    assert len(given.lines) == 1 + 12


def test_the_greedy_pick_keeps_every_cap_and_is_never_above_the_optimum(instances):
    for each in instances.values():
        given = load_program(str(each.program))
        _, picks = solve_greedily(given)
        broken = set(given.violated_rows(picks))
        assert all(line.lower is not None for line in given.lines if line.label in broken)
        assert broken or given.objective_value(picks) <= given.objective_value(given.picks)


def test_a_share_of_nothing_does_not_stop_the_greedy_pick():
    columns = np.arange(4)
    cost = np.array([10, 10, 10, 10])
    half = np.array([1, 1, -1, -1])  # of the spend, at most half on the first two
    lines = (
        LinearRow(label="budget", columns=columns, coefficients=cost, lower=None, upper=40),
        LinearRow(label="half", columns=columns, coefficients=half * 5, lower=None, upper=0),
    )
    given = PlainProgram(value=np.array([9, 8, 2, 1]), cost=cost, lines=lines, picks=columns)
    assert solve_greedily(given)[1].tolist() == [0, 1, 2, 3]


def test_integers_come_back_from_their_file(tmp_path):
    line = LinearRow(label="a, b", columns=np.array([0, 2]), coefficients=np.array([3, -4]), lower=None, upper=-1)
    save_program(
        tmp_path / "p.npz",
        PlainProgram(value=np.array([1, 2, 3]), cost=np.ones(3, int), lines=(line,), picks=np.array([2])),
    )
    back = load_program(str(tmp_path / "p.npz"))
    assert (back.lines[0].label, back.lines[0].lower, back.lines[0].upper) == ("a, b", None, -1)
    assert back.lines[0].columns.tolist() == [0, 2]
    assert back.violated_rows(np.array([0])) == ["a, b"]
    assert back.violated_rows(np.array([2])) == []


def test_peers_load_nothing_of_microopt():
    code = "import benchmarks.peers, sys; print([m for m in sys.modules if m.split('.')[0] in ('microopt', 'pandas')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_rosters_are_the_same_for_a_seed_and_may_share_a_file(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_rosters(tmp_path / name, 200, 1, list(KINDS))
    for kind in KINDS:
        texts = {roster_path(tmp_path / name, kind).read_text(encoding="utf-8") for name in ("a", "b")}
        assert len(texts) == 1
        assert ("score" in texts.pop().splitlines()[0]) == bool(KINDS[kind].score)
        assert campaign_path(tmp_path / "a", kind).read_text(encoding="utf-8").count(" niche:") <= len(NICHES)
    assert roster_path(tmp_path, "tight") == roster_path(tmp_path, "plain")


def test_tight_rules_can_be_kept_and_not_with_less(tmp_path):
    write_rosters(tmp_path, 200, 1, ["plain"])
    roster = read_roster(str(tmp_path / "plain.csv"))
    niches = np.array([NICHES.index(name) for name in _column(tmp_path / "plain.csv", "niche")])
    fee, followers = (np.array(_column(tmp_path / "plain.csv", name), dtype=int) for name in ("fee", "followers"))
    asked = tight_campaign(RosterFacts(niche=niches, followers=followers, fee=fee))

    def found(budget, rules):
        return optimize(roster, campaign_from(CampaignInput(budget=str(budget), rules=rules)))

    assert isinstance(found(asked.budget, asked.rules), Plan)
    assert isinstance(found(asked.budget - 2, asked.rules), Diagnosis)
    tighter = [rule for rule in asked.rules if not rule.startswith("all count")]
    assert isinstance(found(asked.budget, (*tighter, "all count <= 59")), Diagnosis)


def _column(path, name):
    head, *rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    return [row[head.index(name)] for row in rows]


def test_a_command_is_measured_with_its_children():
    held = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'b = bytearray(150_000_000)'])"
    found = run_command([sys.executable, "-c", held], env=ENV, seconds=30)
    assert (found.code, found.timed_out) == (0, False)
    assert 150 < found.megabytes < 250
    small = run_command([sys.executable, "-c", "print('x')"], env=ENV, seconds=30)
    assert small.megabytes < 60  # and not what this process holds
    assert small.out == "x\n"


def test_what_takes_too_long_is_ended_with_its_children(tmp_path):
    mark = tmp_path / "mark"
    child = f"import time, pathlib; time.sleep(3); pathlib.Path({str(mark)!r}).touch()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    found = run_command([sys.executable, "-c", code], env=ENV, seconds=0.5)
    assert found.timed_out
    assert found.seconds < 2.5
    assert found.failure.startswith("> ")
    time.sleep(3)
    assert not mark.exists()


def test_who_asks_for_too_much_memory_is_told():
    found = run_command([sys.executable, "-c", "b = bytearray(2 << 30)"], env=ENV, seconds=30, room=1 << 30)
    assert found.ran_out_of_memory
    assert found.failure == "out of memory"


def test_another_failure_is_told_by_its_last_line():
    assert took(code=1, err="Traceback\nValueError: no\n").failure == "failed (1: ValueError: no)"


@pytest.mark.parametrize(
    ("before", "offers", "told"),
    [
        (took(seconds=301, late=True), 1_000_000, "> 300 s (not run: > 301 s at 100,000)"),
        (took(code=1, err="MemoryError"), 1_000_000, "out of memory (not run: at 100,000)"),
        (took(seconds=40), 1_000_000, ""),
        (took(seconds=40), 10_000_000, "> 300 s (not run: 40 s at 100,000)"),
        (took(seconds=20), 10_000_000, ""),
    ],
)
def test_peers_are_not_run_where_they_would_take_too_long(before, offers, told):
    patience = TimeAllowance(limit=300, bars=1_000_000, past={"pulp": (100_000, before)})
    assert patience.refusal("pulp", offers) == told
    assert patience.refusal("milp", offers) == ""


def test_a_peer_without_its_library_is_not_installed(tmp_path):
    instance = ScaleInstance(kind="plain", offers=60, folder=tmp_path, run=lambda command, seconds: took(code=ABSENT))
    assert run_peer(instance, "cp-sat", TimeAllowance(limit=60, bars=60), limit=60).why == "not installed"


def test_what_is_slow_is_run_once_and_the_others_in_turns():
    asked = []

    def clocked(command, seconds):
        asked.append(command)
        return took(seconds=90 if command == "slow" else 1)

    runs = run_in_turns({"slow": "slow", "quick": "quick"}, clocked, rounds=2, warm=True, limit=100)
    assert asked == ["slow", "quick", "quick", "quick"]
    assert [len(each) for each in runs.values()] == [1, 2]


def test_a_better_plan_of_a_peer_is_missed_and_one_that_breaks_a_rule_is_none(tmp_path):
    instance = ScaleInstance(kind="plain", offers=60, folder=tmp_path, run=run)
    mine = SideResult(side="microopt", value="optimum, proven")
    said = {"status": "optimal", "picks": 3, "value": 101, "best": 100, "broken": []}
    assert missed_by_peer(instance, mine, SideResult(side="PuLP", value=compare_value(said)))
    assert not missed_by_peer(
        instance, mine, SideResult(side="PuLP", value=compare_value({**said, "broken": ["budget"]}))
    )
    assert not missed_by_peer(instance, mine, SideResult(side="PuLP", value=compare_value({**said, "value": 99})))
    assert compare_value({**said, "value": 100}) == "the same"
    assert compare_value({**said, "value": 99}) == "-1%"


@pytest.mark.parametrize("place", [place for places in stages.STAGES.values() for place in places])
def test_every_function_of_a_stage_is_there(place):
    owner, name = stages.locate(place)
    assert callable(getattr(owner, name))


def test_a_stage_whose_function_is_gone_is_an_error():
    for gone in ("microopt.cli.load:gone", "microopt.gone:load", "microopt.solver.backends.cbc:Cbc.gone"):
        with pytest.raises(LookupError, match=gone):
            stages.locate(gone)


def test_a_stage_is_without_the_stages_it_calls():
    clocks = stages.Stages()
    inner = clocks.timed("backend", lambda: time.sleep(0.2))
    clocks.timed("prices and pruning", inner)()
    assert clocks.seconds["backend"] >= 0.2
    assert clocks.seconds["prices and pruning"] < 0.1


def test_stages_add_up_to_the_whole_run(instances, tmp_path):
    plan = instances["plain"].plan_command("stages", seconds=30)
    out = tmp_path / "stages.json"
    command = [sys.executable, "-m", "benchmarks.stages", str(out), *plan[plan.index("plan") :]]
    done = run(command, 60)
    assert done.code == 0, done.err
    parts = json.loads(out.read_text(encoding="utf-8"))
    assert list(parts) == [stages.IMPORTING, *stages.STAGES, stages.REST]
    assert min(parts.values()) >= 0
    assert sum(parts.values()) < done.seconds
