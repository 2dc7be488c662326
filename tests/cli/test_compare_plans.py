"""`microopt compare A.json B.json`: what it prints, what it refuses, files, exit codes."""

import json

import pytest

from tests.cli.conftest import ROSTER, files, only_object
from tests.verification.opponent import put

TWO = ("compare", "a.json", "b.json")


@pytest.fixture
def plans(run, desk):
    """Return the desk with two plans of its roster, the second with less to spend."""
    run("plan", "roster.csv", "-b", "5k", "-q", "-o", "a.json")
    run("plan", "roster.csv", "-b", "1k", "-q", "-o", "b.json")
    return desk


def test_the_table_tells_who_left_and_why_and_changes_no_file(run, plans):
    before = files(plans)
    done = run(*TWO)
    assert (done.exit_code, done.stderr) == (0, "")
    for text in ("A  a.json", "B  b.json", "Creators", "Settings that changed", "Dropped", "@cleo"):
        assert text in done.stdout
    assert "Their cost of $2,500 is more than the budget of B, $1,000." in done.stdout
    assert files(plans) == before


@pytest.mark.parametrize("width", ["80", "120"])
def test_no_line_is_wider_than_the_screen(run, plans, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    lines = run(*TWO).stdout.splitlines()
    assert max(map(len, lines)) <= int(width)
    assert any("Followers" in line for line in lines) is (width == "120")


def test_json_is_one_object_and_files_hold_the_same(run, plans):
    value = only_object(run(*TWO, "--format", "json").stdout)
    done = run(*TWO, "-q", "-o", "c.json", "-o", "c.txt")
    assert (done.exit_code, done.output) == (0, "")
    assert value["schema"] == "microopt.plan_comparison/1"
    assert only_object((plans / "c.json").read_text(encoding="utf-8")) == value
    assert (plans / "c.txt").read_text(encoding="utf-8").startswith("B brings ")


def test_one_plan_may_come_from_standard_input(run, plans):
    text = (plans / "b.json").read_text(encoding="utf-8")
    value = only_object(run("compare", "a.json", "-", "--format", "json", stdin=text).stdout)
    assert (value["after"]["path"], value["change_in_totals"]["creators"] < 0) == ("-", True)
    assert run("compare", "-", "-", stdin=text).exit_code == 2


def test_the_same_plan_twice_is_the_same(run, plans):
    done = run("compare", "a.json", "a.json")
    assert done.exit_code == 0
    assert "The two plans are the same." in done.stdout


def test_the_same_question_asked_twice_is_the_same_plan(run, plans):
    run("plan", "roster.csv", "-b", "5k", "-q", "-o", "again.json")
    assert only_object(run("compare", "a.json", "again.json", "--format", "json").stdout)["same"] is True


def test_a_night_later_the_first_roster_is_gone_and_that_is_told(run, plans):
    (plans / "roster.csv").write_text(ROSTER.replace("@ben", "@zoe"), encoding="utf-8")
    run("plan", "roster.csv", "-b", "5k", "-q", "-o", "b.json")
    value = only_object(run(*TWO, "--format", "json").stdout)
    assert [item["causes"][0]["kind"] for item in value["dropped"]] == ["roster"]
    assert [item["causes"][-1]["kind"] for item in value["added"]] == ["unknown"]
    assert value["notes"][0].startswith("some reasons are unknown without the roster of A: ")


def test_a_broken_seal_is_told_before_the_figures_and_nothing_is_called_proven(run, plans):
    value = put(json.loads((plans / "a.json").read_text("utf-8")), ("spend",), 1.0)
    (plans / "a.json").write_text(json.dumps(value), encoding="utf-8")
    done = run(*TWO)
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    assert said.startswith("Warning: A was altered after it was written (its seal is broken), so its figures may be")
    assert "See what is false with microopt verify a.json. " in said
    assert "Not proven: A was altered. " in said
    assert "Both plans are proven" not in said


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("-b", "5k"), "--budget"),
        (("--campaign", "campaign.toml", "--time-limit", "60"), "--campaign and --time-limit"),
        (("--no-shrink",), "--no-shrink"),
        (("--solver", "cbc"), "--solver"),
    ],
)
def test_options_that_say_how_to_plan_are_refused_by_name(run, plans, args, expected):
    done = run(*TWO, *args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"two plans are compared as they are, so {expected} cannot be used" in done.stderr


@pytest.mark.parametrize("name", ["a.json", "none.json", "A.JSON"])
def test_one_plan_alone_is_told_to_be_no_roster(run, plans, name):
    done = run("compare", name, "-b", "5k")
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{name} is not a roster: compare takes one roster or two plans" in done.stderr


@pytest.mark.parametrize("format", ["table", "json"])
@pytest.mark.parametrize(
    ("text", "code"),
    [(None, "file-missing"), ("creator,fee", "plan-unreadable"), ("{}", "plan-unreadable"), ("", "plan-unreadable")],
)
def test_what_is_no_plan_is_refused_as_by_verify(run, plans, text, code, format):
    if text is not None:
        (plans / "x.json").write_text(text, encoding="utf-8")
    for pair in (("x.json", "b.json"), ("a.json", "x.json")):
        done, check = run("compare", *pair, "--format", format), run("verify", "x.json", "--format", format)
        assert (done.exit_code, done.output) == (check.exit_code, check.output)
        assert format == "table" or only_object(done.stdout)["code"] == code


def test_why_there_is_no_plan_is_no_plan(run, plans):
    (plans / "x.json").write_text(run("plan", "roster.csv", "-b", "1", "--creators", "9..", "--format", "json").stdout)
    done = run("compare", "a.json", "x.json")
    assert done.exit_code == 2
    assert "it says why there is no plan" in done.stderr


@pytest.mark.parametrize("target", ["c.csv", "c.docx", "none/c.json", "a.json", "b.json"])
def test_a_target_that_cannot_be_written_is_told_before_the_work(run, plans, target):
    before = files(plans)
    done = run(*TWO, "-o", target)
    assert (done.exit_code, done.stdout) == (2, "")
    assert files(plans) == before


def test_verbose_tells_which_roster_is_read(run, plans):
    done = run(*TWO, "-v")
    assert "reading the roster of A" in done.stderr
    assert "reading the roster of B" in done.stderr


def test_on_a_pipe_the_table_has_no_colour(shell, plans):
    done = shell(*TWO)
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
