"""What a nightly run may not write over, and what it leaves in store and history."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from microopt.cli import replan_run
from tests.cli.conftest import files

REPLAN = ("replan", "plan.json", "--states", "states.csv")


@pytest.fixture
def campaign(run, desk):
    """Return the folder of a campaign with its first plan."""
    assert run("plan", "roster.csv", "-c", "campaign.toml", "-q", "-o", "plan.json").exit_code == 0
    (desk / "states.csv").write_text("creator,state\n@ben,signed\n", encoding="utf-8")
    return desk


def runs():
    with closing(sqlite3.connect("campaign.db")) as connection:
        return connection.execute("SELECT seal, previous, exit_code FROM runs ORDER BY id").fetchall()


@pytest.mark.parametrize(
    "flags",
    [
        ("-o", "roster.csv"),
        ("-o", "states.csv"),
        ("--store", "plan.json"),
        ("--log", "plan.json"),
        ("--log", "states.csv"),
        ("-o", "new.json", "--log", "new.json"),
        ("--store", "a.db", "--log", "a.db"),
        ("--store", "roster.csv"),
        ("--log", "nowhere/runs.jsonl"),
        ("--store", "nowhere/a.db"),
        ("--log", "."),
    ],
)
def test_a_file_that_is_read_or_asked_for_twice_is_not_written_to(run, campaign, flags):
    before = files(campaign)
    done = run(*REPLAN, *flags)
    assert done.exit_code == 2
    assert "Error: " in done.stderr
    assert {name: data for name, data in files(campaign).items() if not name.endswith(".lock")} == before


def test_a_first_run_keeps_the_plan_before_it_too(run, campaign):
    first = json.loads(Path("plan.json").read_text())["seal"]
    assert run(*REPLAN, "-o", "plan.json", "--store", "campaign.db", "--expect", "spend <= 1").exit_code == 8
    second = json.loads(Path("plan.json").read_text())["seal"]
    assert runs() == [(first, None, None), (second, first, 8)]
    assert json.loads(next(Path("history").iterdir()).read_text())["seal"] == first


def test_a_store_that_is_asked_for_later_has_the_plan_in_place_even_if_nothing_is_new(run, campaign):
    assert run(*REPLAN, "-o", "plan.json").exit_code == 0
    assert run(*REPLAN, "-o", "plan.json", "--store", "campaign.db").exit_code == 0
    assert [seal for seal, *_ in runs()] == [json.loads(Path("plan.json").read_text())["seal"]]


def test_states_that_are_replaced_during_a_run_are_those_of_the_next_one(run, campaign, monkeypatch):
    plan_anew = replan_run._replan

    def replace_states(*args):
        Path("new.csv").write_text("creator,state\n@ben,declined\n", encoding="utf-8")
        Path("new.csv").replace("states.csv")
        return plan_anew(*args)

    with monkeypatch.context() as patch:
        patch.setattr(replan_run, "_replan", replace_states)
        assert run(*REPLAN, "-o", "plan.json").exit_code == 0
    picked = [{pick["creator"] for pick in json.loads(Path("plan.json").read_text())["picks"]}]
    done = run(*REPLAN, "-o", "plan.json")
    assert (done.exit_code, "Nothing changed" in done.stderr) == (0, False)
    picked.append({pick["creator"] for pick in json.loads(Path("plan.json").read_text())["picks"]})
    assert ["@ben" in names for names in picked] == [True, False]


def test_a_dry_run_leaves_no_store_log_or_history(run, campaign):
    before = files(campaign)
    done = run(*REPLAN, "-o", "plan.json", "--store", "campaign.db", "--log", "runs.jsonl", "--dry-run")
    assert done.exit_code == 0
    assert "Without --dry-run, this writes: plan.json, campaign.db, runs.jsonl." in done.stderr
    assert files(campaign) == before


def test_a_dry_run_says_where_a_run_would_write_no_file(run, campaign):
    done = run(*REPLAN, "--dry-run")
    assert "Without --dry-run, this only prints the plan: to keep it in a file, add -o plan.json." in done.stderr
    assert run(*REPLAN, "-o", "plan.json").exit_code == 0
    done = run(*REPLAN, "-o", "plan.json", "--dry-run")
    assert "Nothing changed since plan.json was made" in done.stderr
    assert "Without --dry-run, this only prints the plan." in done.stderr


def test_what_a_dead_run_left_in_the_history_is_swept(run, campaign):
    assert run(*REPLAN, "-o", "plan.json").exit_code == 0
    remaining = next(Path("history").iterdir())
    torn = remaining.with_name(f".{remaining.name}.4194305-abcd_123")
    torn.write_text("{", encoding="utf-8")
    assert run(*REPLAN, "-o", "plan.json").exit_code == 0
    assert list(Path("history").iterdir()) == [remaining]


def test_a_last_plan_that_was_edited_is_refused_and_leaves_no_plan_store_or_history(run, campaign):
    text = Path("plan.json").read_text(encoding="utf-8")
    Path("plan.json").write_text(text.replace('"name": "Test"', '"name": "Best"'), encoding="utf-8")
    edited = Path("plan.json").read_bytes()
    done = run(*REPLAN, "-o", "plan.json", "--store", "campaign.db")
    assert done.exit_code == 2
    assert "plan.json was altered after it was written" in done.stderr
    assert Path("plan.json").read_bytes() == edited
    assert not Path("history").exists()
    assert not Path("campaign.db").exists() or not runs()
