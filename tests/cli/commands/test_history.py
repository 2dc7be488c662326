"""`microopt history`: a folder, a plan or a store, and files in it that are not plans."""

import json
import os

import pytest

from microopt.storage.database.store import open_store
from microopt.storage.plan_history import archive_plan
from tests.cli.conftest import files, only_object
from tests.storage.database.builders import run_plans, run_time


@pytest.fixture
def nights(desk):
    """Return the desk after four nights: plan.json, its history, and a store."""
    last = None
    for number, (document, text) in enumerate(run_plans(4)):
        if last is not None:
            archive_plan("plan.json", last[1], last[0])
        (desk / "plan.json").write_text(text, encoding="utf-8")
        with open_store("campaign.db") as store:
            store.add_plan(document, text, at=run_time(number))
        last = document, text
    return desk


def run_json(run, *args):
    done = run("history", *args, "--format", "json")
    assert done.exit_code == 0, done.output
    return only_object(done.stdout)


@pytest.mark.parametrize("source", [".", "plan.json", "campaign.db"])
def test_a_folder_a_plan_and_a_store_tell_the_same_nights(run, nights, source):
    before = files(nights)
    value = run_json(run, source)
    assert [item["made_at"] for item in value["entries"]][1:] == [run_time(1), run_time(2), run_time(3)]
    assert (value["notes"], value["warnings"]) == ([], [])
    assert files(nights) == before


def test_a_plan_tells_its_own_nights_and_not_those_of_another_plan_in_its_folder(run, nights):
    assert run("plan", "roster.csv", "-b", "3000", "-q", "-o", "other.json").exit_code == 0
    assert [item["path"] for item in run_json(run, "other.json")["entries"]] == ["other.json"]
    assert len(run_json(run, "plan.json")["entries"]) == 4
    assert len(run_json(run, ".")["entries"]) == 5


def test_the_table_is_shown_and_written(run, nights):
    done = run("history", ".", "--last", "2", "-o", "h.md", "-o", "h.csv", "-o", "h.txt")
    assert done.exit_code == 0
    assert done.stdout.startswith("Test: the last 2 plans")
    assert "2 earlier plans are not shown." in done.stdout
    assert (nights / "h.txt").read_text(encoding="utf-8") == done.stdout
    assert (nights / "h.csv").read_text(encoding="utf-8").count("\n") == 3
    assert run("history", ".", "-q").stdout == ""


def test_other_files_are_passed_over_and_broken_plans_are_told(run, nights):
    (nights / "package.json").write_text('{"name": "x"}')
    (nights / "list.json").write_text("[1, 2]")
    (nights / "torn.json").write_text('{\n  "schema": "microopt.plan/1",\n  "mic')
    (nights / "bytes.json").write_bytes(b"\xff\xfe\x00")
    (nights / "history" / "2026-03-09T020000Z-0123456789ab.json").write_bytes(b"")
    changed = json.loads((nights / "plan.json").read_text("utf-8"))
    changed["totals"]["spend"] = 1.0
    (nights / "changed.json").write_text(json.dumps(changed))
    (nights / "lacks.json").write_text('{"schema": "microopt.plan/1"}')
    value = run_json(run, ".")
    assert len(value["entries"]) == 4
    output = "\n".join(value["warnings"])
    assert all(name in output for name in ("torn.json", "0123456789ab", "changed.json", "lacks.json"))
    assert len(value["warnings"]) == 4


def test_a_plan_of_a_newer_microopt_is_told_by_name(run, nights):
    newer = json.loads((nights / "plan.json").read_text("utf-8")) | {"schema": "microopt.plan/2"}
    (nights / "newer.json").write_text(json.dumps(newer))
    value = run_json(run, "newer.json")
    assert len(value["entries"]) == 4
    assert ["newer.json was written by a newer microopt" in text for text in value["warnings"]] == [True]


def test_where_all_plans_are_newer_it_is_told_why_there_is_none(run, desk):
    (desk / "newer.json").write_text('{"schema": "microopt.plan/2"}')
    done = run("history", "newer.json")
    assert (done.exit_code, "newer.json was written by a newer microopt" in " ".join(done.stderr.split())) == (2, True)


def test_a_diagnosis_is_no_plan(run, desk):
    text = run("plan", "roster.csv", "-b", "10", "--creators", "3", "--format", "json").stdout
    (desk / "none.json").write_text(text, encoding="utf-8")
    done = run("history", ".")
    assert done.exit_code == 2
    assert "no plan was found in ." in done.stderr
    assert "none.json" not in done.stderr


@pytest.mark.parametrize("source", ["nowhere", "nowhere/plan.json", "\0"])
def test_what_is_not_there_is_told(run, desk, source):
    done = run("history", source)
    assert done.exit_code == 2
    assert "cannot be read" in done.stderr


def test_a_database_of_another_program_is_refused(run, desk):
    import sqlite3

    connection = sqlite3.connect("other.db")
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    done = run("history", "other.db", "--format", "json")
    assert done.exit_code == 2
    assert only_object(done.stdout)["code"] == "store-foreign"


def test_a_result_may_not_replace_the_plan(run, nights):
    before = files(nights)
    assert run("history", "plan.json", "-o", "plan.json").exit_code == 2
    assert files(nights) == before


def test_a_pipe_in_the_folder_is_told_and_not_waited_for(run, nights):
    os.mkfifo(nights / "pipe.json")
    value = run_json(run, ".")
    assert len(value["entries"]) == 4
    assert value["warnings"] == ["pipe.json cannot be read: it is not a regular file"]


@pytest.mark.parametrize("source", [".", "plan.json", "campaign.db"])
def test_the_same_history_is_written_again_since_it_is_no_plan(run, nights, source):
    for _ in range(2):
        assert run("history", source, "-o", "history.json", "-q").exit_code == 0


@pytest.mark.parametrize("command", ["history", "store check"])
def test_a_pipe_in_place_of_a_store_is_refused_and_not_waited_for(run, desk, command):
    os.mkfifo(desk / "pipe.db")
    done = run(*command.split(), "pipe.db")
    assert done.exit_code == 2
    assert "pipe.db" in done.stderr
    assert "it is not a regular file" in done.stderr
