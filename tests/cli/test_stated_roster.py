"""A plan has a roster read only where its own folder or the current one is; elsewhere the user gives it."""

import json
import os
import shlex

import pytest

from microopt.errors import MicrooptError, RosterError, UsageError
from microopt.plan.seal import seal_of
from microopt.readers.plan_file import read_plan
from microopt.verification.stated_roster import find_roster
from tests.cli.conftest import ROSTER

SECRET = "user,password\nroot,hunter2\n"


@pytest.fixture
def plan(run, desk):
    """Return a function that states another roster in the plan of a folder, sealed anew, and returns the file."""
    (desk / "plans").mkdir()
    assert run("plan", "roster.csv", "--budget", "5000", "-q", "-o", "plans/plan.json").exit_code == 0

    def plan(roster, path="plans/plan.json"):
        value = json.loads((desk / "plans" / "plan.json").read_text(encoding="utf-8"))
        value["roster"]["source"]["path"] = str(roster)
        value["seal"] = seal_of(value)
        (desk / path).write_text(json.dumps(value), encoding="utf-8")
        return read_plan(path)

    return plan


@pytest.fixture
def elsewhere(tmp_path_factory):
    """Return a file of somebody else, in a folder of its own."""
    file = tmp_path_factory.mktemp("elsewhere") / "secret.csv"
    file.write_text(SECRET, encoding="utf-8")
    return file


def test_a_roster_in_the_folder_of_the_plan_is_read_from_anywhere(plan, desk, tmp_path_factory, monkeypatch):
    (desk / "plans" / "lists").mkdir()
    for name in ("mine.csv", "lists/mine.csv"):
        (desk / "plans" / name).write_text(ROSTER, encoding="utf-8")
        file = plan(name)
        assert find_roster(file, None) == f"plans/{name}"
    plan(desk / "plans" / "mine.csv")
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))
    assert find_roster(read_plan(str(desk / "plans" / "plan.json")), None) == str(desk / "plans" / "mine.csv")


def test_a_roster_in_the_current_folder_is_read(plan, desk):
    assert find_roster(plan("roster.csv"), None) == "roster.csv"
    assert find_roster(plan(desk / "roster.csv"), None) == str(desk / "roster.csv")
    assert find_roster(plan("../roster.csv"), None) == "plans/../roster.csv"


def test_the_folder_of_the_plan_comes_first(plan, desk):
    (desk / "plans" / "roster.csv").write_text(ROSTER, encoding="utf-8")
    assert find_roster(plan("roster.csv"), None) == "plans/roster.csv"


def test_a_roster_elsewhere_is_not_read_and_the_flag_can_be_pasted(plan, elsewhere):
    file = plan(elsewhere)
    with pytest.raises(UsageError, match="names a roster outside its folder") as refused:
        find_roster(file, None)
    assert (refused.value.code, refused.value.fix) == (
        "roster-outside",
        f"if it is the right one, add --roster {elsewhere}",
    )
    words = shlex.split(refused.value.fix.partition("add ")[2])
    assert find_roster(file, words[1]) == str(elsewhere)


def test_a_roster_above_both_folders_is_elsewhere(plan, desk, monkeypatch):
    plan("../roster.csv")
    monkeypatch.chdir(desk / "plans")
    with pytest.raises(UsageError, match=r"outside its folder, \.\./roster\.csv,"):
        find_roster(read_plan("plan.json"), None)


def test_a_link_to_a_roster_elsewhere_is_elsewhere(plan, desk, elsewhere):
    (desk / "plans" / "link.csv").symlink_to(elsewhere)
    (desk / "plans" / "folder").symlink_to(elsewhere.parent)
    (desk / "plans" / "loop.csv").symlink_to("loop.csv")
    for name in ("link.csv", "folder/secret.csv"):
        with pytest.raises(UsageError, match="outside its folder"):
            find_roster(plan(name), None)
    with pytest.raises(RosterError):
        find_roster(plan("loop.csv"), None)


@pytest.mark.parametrize("name", [".secret.csv", ".ssh/id.csv", "lists/.hidden/id.csv"])
def test_a_hidden_file_is_not_read(plan, desk, name):
    for folder in (desk, desk / "plans"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(SECRET, encoding="utf-8")
    with pytest.raises(UsageError, match="outside its folder"):
        find_roster(plan(name), None)


def test_a_folder_that_is_hidden_itself_is_the_plan_s_own(plan, desk, monkeypatch):
    (desk / ".work").mkdir()
    (desk / ".work" / "roster.csv").write_text(ROSTER, encoding="utf-8")
    plan("roster.csv", path=".work/plan.json")
    monkeypatch.chdir(desk / ".work")
    assert find_roster(read_plan("plan.json"), None) == "roster.csv"


def test_a_pattern_is_read_where_all_that_it_names_is_there(plan, desk, elsewhere):
    for name in ("a.parquet", "b.parquet"):
        (desk / "plans" / name).touch()
    assert find_roster(plan("*.parquet"), None) == "plans/*.parquet"
    (desk / "plans" / "c.parquet").symlink_to(elsewhere)
    with pytest.raises(UsageError, match="outside its folder"):
        find_roster(plan("*.parquet"), None)
    with pytest.raises(UsageError, match="outside its folder"):
        find_roster(plan(f"{elsewhere.parent}/*"), None)


@pytest.mark.parametrize("name", ["pipe", "/dev/zero", "a\0b.csv", "a\0*.csv", "x" * 5000, "nowhere.csv", "/**", "**"])
def test_what_is_no_file_is_missing(plan, desk, name):
    os.mkfifo(desk / "plans" / "pipe")
    with pytest.raises(MicrooptError) as missing:
        find_roster(plan(name), None)
    assert missing.value.fix


@pytest.mark.parametrize(
    "command",
    [
        ("verify", "plans/plan.json"),
        ("report", "plans/plan.json", "-o", "page.html"),
        ("explain", "plans/plan.json", "@anna"),
        ("replan", "plans/plan.json", "-o", "new.json"),
        ("compare", "plans/plan.json", "plans/plan.json"),
    ],
    ids=lambda words: words[0],
)
def test_no_command_shows_what_is_in_another_file(run, plan, elsewhere, command):
    plan(elsewhere)
    done = run(*command)
    assert "hunter2" not in done.output
    assert "password" not in done.output
    assert "a defect" not in done.output
    if command[0] != "compare":  # which compares what the two plans say themselves
        assert done.exit_code == 2
        assert "names a roster outside its folder" in " ".join(done.stderr.split())
