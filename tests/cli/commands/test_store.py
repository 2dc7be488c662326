"""`microopt store check`: what it prints, where, and how it ends."""

import sqlite3
from contextlib import closing

import pytest

from tests.cli.conftest import only_object

REPLAN = ("replan", "plan.json", "-q", "-o", "plan.json", "--store", "campaign.db")


@pytest.fixture
def store(run, desk):
    """Return the store of a first plan and the one after it."""
    assert run("plan", "roster.csv", "--budget", "5000", "-q", "-o", "plan.json").exit_code == 0
    assert run(*REPLAN, "--budget", "6000").exit_code == 0
    return desk / "campaign.db"


def execute(path, statement):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


@pytest.mark.usefixtures("store")
def test_a_sound_store_ends_with_zero(run):
    done = run("store", "check", "campaign.db")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("Check passed: campaign.db is sound, and it has 2 runs, each with its plan")
    assert run("store", "check", "campaign.db", "-q").output == ""


def test_a_store_with_one_run_says_so(run, store):
    store.unlink()
    assert run(*REPLAN, "--budget", "6000").exit_code == 0
    assert "it has 1 run, with its plan as it was written" in " ".join(
        run("store", "check", "campaign.db").stdout.split()
    )


def test_a_damaged_one_ends_with_seven_and_names_the_run(run, store):
    execute(store, "UPDATE plans SET document = x'ff00fe' WHERE run = 1")
    done = run("store", "check", "campaign.db", "-q")
    assert (done.exit_code, done.stdout) == (7, "")
    assert done.stderr.startswith("Check failed: campaign.db has 1 problem.\nRun 1 is not a plan of microopt: ")
    assert "mv campaign.db campaign.db.damaged" in " ".join(done.stderr.split())


def test_json_is_one_object_on_standard_output(run, store):
    execute(store, "UPDATE runs SET spend = 1 WHERE id = 2")
    done = run("store", "check", "campaign.db", "--format", "json")
    value = only_object(done.stdout)
    assert (done.exit_code, value["schema"], value["sound"], value["runs"]) == (7, "microopt.store_check/1", False, 2)
    assert [problem["run"] for problem in value["problems"]] == [2]


def test_a_file_that_is_not_a_store_ends_with_two(run):
    done = run("store", "check", "roster.csv")
    assert done.exit_code == 2
    assert "roster.csv exists, but is not a microopt store" in done.stderr


def test_the_other_commands_name_a_damaged_store(run, store):
    for statement in ("UPDATE plans SET document = x'ff00fe' WHERE run = 1", "PRAGMA user_version = -5"):
        execute(store, statement)
        for command in (("history", "campaign.db"), (*REPLAN, "--budget", "7000")):
            done = run(*command)
            assert "a defect" not in done.output
            assert (done.exit_code == 2) == ("the store campaign.db is damaged: its version is -5" in done.stderr)
    assert done.exit_code == 2


def test_the_history_of_a_store_shows_the_plans_that_can_be_read(run, store):
    execute(store, "UPDATE plans SET document = CAST(x'ff00fe' AS TEXT) WHERE run = 1")
    done = run("history", "campaign.db")
    assert done.exit_code == 0
    assert "run 1 is not a plan of microopt: it is not JSON" in " ".join(done.output.split())


def test_a_group_without_a_command_is_answered_with_help(run):
    assert "check" in run("store").output
    assert run("store", "chek").exit_code == 2
