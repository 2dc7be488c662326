"""`microopt outreach`: whom to ask today, whom next, and until when; and the same of plan and replan."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from microopt.cli.exit_codes import Exit

STATES = "creator,state,asked_on\n@anna,asked,2026-11-20\n@eve,signed,\n"
ON = ("--as-of", "2026-11-30")


@pytest.fixture
def planned(run, desk):
    """Return the command runner, with a plan of the desk that names fallbacks."""
    done = run(
        "plan", "roster.csv", "-b", "1500", "--rule", "all count <= 2", "--fallbacks", "2", "-o", "plan.json", "-q"
    )
    assert done.exit_code == 0, done.output
    return run


def rows(path):
    text = Path(path).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def picks():
    return {pick["creator"] for pick in json.loads(Path("plan.json").read_text(encoding="utf-8"))["picks"]}


def test_a_list_is_printed_and_written(planned):
    done = planned("outreach", "plan.json", *ON, "-o", "outreach.csv", "-o", "list.json")
    assert done.exit_code == 0, done.output
    assert "30 Nov 2026 · 2 to ask today" in done.stdout
    assert {row["creator"] for row in rows("outreach.csv") if row["status"] == "to ask today"} == picks()
    assert {row["answer_by"] for row in rows("outreach.csv") if row["ask_on"]} == {"2026-12-03"}
    assert json.loads(Path("list.json").read_text(encoding="utf-8"))["schema"] == "microopt.outreach/1"


@pytest.mark.parametrize(
    ("command", "words"), [("outreach", "nobody to ask"), ("plan-b", "nobody can decline")], ids=str
)
def test_an_empty_plan_is_said_to_be_empty_with_what_to_do(run, desk, command, words):
    run("plan", "roster.csv", "-b", "1", "-o", "plan.json", "-q")
    done = run(command, "plan.json", "--format", "json")
    error = json.loads(done.stdout)
    assert (done.exit_code, error["code"]) == (Exit.USAGE, "plan-empty")
    assert words in error["message"] and "larger budget" in error["fix"]


def test_it_is_of_today_unless_a_day_is_given(planned):
    done = planned("outreach", "plan.json", "--format", "json")
    assert json.loads(done.stdout)["as_of"] == date.today().isoformat()


def test_days_to_answer_can_be_given(planned):
    planned("outreach", "plan.json", *ON, "--reply-days", "10", "-o", "outreach.csv", "-q")
    assert {row["answer_by"] for row in rows("outreach.csv") if row["ask_on"]} == {"2026-12-10"}


def test_states_say_who_was_asked_and_what_they_answered(planned):
    first = sorted(picks())[0]
    Path("states.csv").write_text(f"creator,state,asked_on\n{first},asked,2026-11-20\n", encoding="utf-8")
    done = planned("outreach", "plan.json", "--states", "states.csv", *ON, "-o", "outreach.csv")
    assert "1 overdue" in done.stdout
    (overdue,) = (row for row in rows("outreach.csv") if row["status"] == "overdue")
    assert (overdue["creator"], overdue["ask_on"], overdue["answer_by"]) == (first, "2026-11-20", "2026-11-23")
    (asked,) = (row for row in rows("outreach.csv") if row["creator"] == overdue["next_if_no"])
    assert (asked["status"], asked["fallback_for"]) == ("to ask today", first)


@pytest.mark.parametrize("command", ["plan", "replan"])
def test_a_file_of_that_name_is_the_list_and_any_other_csv_the_plan(planned, command):
    arguments = ("roster.csv", "-b", "1500") if command == "plan" else ("plan.json",)
    done = planned(command, *arguments, "-o", "spring-outreach.csv", "-o", "picks.csv", "-q")
    assert done.exit_code == 0, done.output
    assert "status" in rows("spring-outreach.csv")[0]
    assert "engagements" in rows("picks.csv")[0]


def test_a_filled_list_is_given_back_to_replan_and_the_fallback_is_taken(planned):
    planned("outreach", "plan.json", *ON, "-o", "outreach.csv", "-q")
    head, *_ = rows("outreach.csv")
    filled = Path("outreach.csv").read_text(encoding="utf-8-sig").replace("to ask today", "declined", 1)
    Path("states.csv").write_text(filled, encoding="utf-8")
    done = planned("replan", "plan.json", "--states", "states.csv", "-o", "plan.json", "-o", "outreach.csv", *ON)
    assert done.exit_code == 0, done.output
    assert f"{head['creator']} declined; their first fallback {head['next_if_no']} was taken" in " ".join(
        done.stdout.split()
    )
    assert "not used" not in done.output
    assert head["next_if_no"] in picks()
    (new,) = (row for row in rows("outreach.csv") if row["creator"] == head["next_if_no"])
    assert new["status"] == "to ask today"
    assert planned("verify", "plan.json").exit_code == 0


def test_the_same_night_twice_gives_the_same_bytes(planned):
    Path("states.csv").write_text(STATES, encoding="utf-8")
    command = ("replan", "plan.json", "--states", "states.csv", "-o", "plan.json", "-o", "outreach.csv", *ON)
    assert planned(*command).exit_code == 0
    before = {name: Path(name).read_bytes() for name in ("plan.json", "outreach.csv")}
    done = planned(*command)
    assert "Nothing changed" in done.stderr
    assert {name: Path(name).read_bytes() for name in before} == before


def test_a_filled_list_is_never_replaced_by_the_next_one(planned):
    planned("outreach", "plan.json", *ON, "-o", "outreach.csv", "-q")
    before = Path("outreach.csv").read_bytes()
    for command in ("outreach", "replan"):
        done = planned(command, "plan.json", "--states", "outreach.csv", "-o", "outreach.csv")
        assert done.exit_code == Exit.USAGE
        assert "outreach.csv" in done.stderr
    assert Path("outreach.csv").read_bytes() == before


def test_a_plan_that_was_altered_is_told(planned):
    document = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    document["picks"][0]["fee"] += 1
    Path("plan.json").write_text(json.dumps(document), encoding="utf-8")
    assert "was altered after it was written" in planned("outreach", "plan.json").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plan.json", "--as-of", "tomorrow"), "--as-of 'tomorrow' is not a date"),
        (("plan.json", "--reply-days", "-1"), "--reply-days"),
        (("plan.json", "-o", "outreach.xlsx"), "an outreach list is not written as xlsx"),
        (("roster.csv",), "roster.csv"),
        (("plan.json", "--states", "pounds.csv"), "pounds.csv is in GBP"),
        (("plan.json", "--states", "odd.csv"), "'perhaps' is not a contract state"),
        (("plan.json", "--states", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_bad_input_is_refused_with_its_place(planned, arguments, words):
    Path("pounds.csv").write_text("creator,state,agreed fee\n@anna,signed,£90\n", encoding="utf-8")
    Path("odd.csv").write_text("creator,state\n@anna,perhaps\n", encoding="utf-8")
    done = planned("outreach", *arguments)
    assert done.exit_code in (Exit.USAGE, Exit.ROSTER)
    assert words in " ".join(done.stderr.replace("│", " ").split())


def test_names_of_strangers_do_nothing_in_a_spreadsheet(run, desk):
    Path("hostile.csv").write_text(
        "creator,platform,offer,followers,fee,engagement_rate\n"
        '"=HYPERLINK(""http://x"")",instagram,+reel,18300,400,5%\n"a,""b""",tiktok,video,45000,500,4%\n',
        encoding="utf-8",
    )
    assert run("plan", "hostile.csv", "-b", "1000", "-o", "hostile.json", "-o", "outreach.csv", "-q").exit_code == 0
    found = rows("outreach.csv")
    assert len(found) == 2
    assert not any(cell[:1] in ("=", "+", "-") for row in found for cell in row.values())
    done = run("replan", "hostile.json", "--states", "outreach.csv", "-o", "next.json", "-q")
    assert done.exit_code == 0, done.output
