"""Acceptance and spread on the command line: what was learned stays in the plan, and false statements are found."""

import json

import pytest

from tests.verification.opponent import sealed

FALSE = 7  # of a plan that says what is not so
ANSWERS = "creator,state\n@anna,signed\n@ben,declined\n@ben,declined\n@cleo,live\n"


@pytest.fixture
def answers(desk):
    path = desk / "answers.csv"
    path.write_text(ANSWERS, encoding="utf-8")
    return path


def test_a_plan_is_verified_without_the_file_it_learned_from(run, answers):
    assert run("plan", "roster.csv", "-b", "5k", "--acceptance-from", "answers.csv", "-o", "plan.json").exit_code == 0
    answers.unlink()
    done = run("verify", "plan.json")
    assert done.exit_code == 0, done.output
    done = run("replan", "plan.json", "--dry-run")
    assert done.exit_code == 0, done.output


def test_a_plan_whose_answers_were_changed_is_false(run, answers, desk):
    assert run("plan", "roster.csv", "-b", "5k", "--acceptance-from", "answers.csv", "-o", "plan.json").exit_code == 0
    plan = json.loads((desk / "plan.json").read_text(encoding="utf-8"))
    plan["campaign"]["declines"]["history"][0]["accepted"] = 0
    (desk / "plan.json").write_text(json.dumps(sealed(plan)), encoding="utf-8")
    assert run("verify", "plan.json").exit_code == FALSE


def test_the_note_says_where_the_chances_are_from(run, answers):
    done = run("plan", "roster.csv", "-b", "5k", "--acceptance", "70%", "--details")
    assert "acceptance: 70% assumed for" in " ".join(done.stdout.split())
    done = run("forecast", "roster.csv", "--acceptance-from", "answers.csv")
    assert "as they answered before" in " ".join(done.stdout.split())


def test_a_file_of_answers_that_is_missing_is_told(run, desk):
    done = run("plan", "roster.csv", "-b", "5k", "--acceptance-from", "none.csv")
    assert done.exit_code == 3
    assert "none.csv" in done.stderr


def test_spread_is_in_the_plan_and_checked(run, desk):
    assert run("plan", "roster.csv", "-b", "5k", "--spread", "-o", "plan.json").exit_code == 0
    assert run("verify", "plan.json").exit_code == 0
    plan = json.loads((desk / "plan.json").read_text(encoding="utf-8"))
    assert plan["spread"]["largest"]
    plan["spread"]["share"] = 0.01
    (desk / "plan.json").write_text(json.dumps(sealed(plan)), encoding="utf-8")
    done = run("verify", "plan.json")
    assert done.exit_code == FALSE
    assert "spread.share" in done.output


def test_a_plan_that_was_not_asked_has_no_spread(run, desk):
    assert run("plan", "roster.csv", "-b", "5k", "-o", "plan.json").exit_code == 0
    assert json.loads((desk / "plan.json").read_text(encoding="utf-8"))["spread"] is None
