"""`microopt plan --expect` and `--format line`."""

import pytest

from tests.cli.conftest import only_object

PLAN = ("plan", "roster.csv", "-b", "5k")


def test_a_plan_that_does_not_meet_what_is_expected_is_written_and_ends_with_8(run, desk):
    done = run(
        *PLAN, "--expect", "conversions >= 1M", "--expect", "creators >= 1", "-o", "plan.json", "--format", "json"
    )
    assert done.exit_code == 8
    assert done.stderr.startswith("Expectation: conversions >= 1M is not met: the plan expects ")
    assert done.stderr.count("\n") == 1
    assert only_object(done.stdout) == only_object((desk / "plan.json").read_text("utf-8"))


def test_what_is_met_changes_nothing(run):
    done = run(*PLAN, "--expect", "spend <= 100%", "--expect", "gap = 0", "-q")
    assert (done.exit_code, done.output) == (0, "")


def test_a_wrong_expectation_is_told_before_any_work(run, desk):
    done = run("plan", "nowhere.csv", "-b", "5k", "--expect", "convertions >= 3")
    assert done.exit_code == 2
    assert "did you mean conversions" in done.stderr.casefold()


def test_an_impossible_campaign_stays_impossible(run):
    done = run("plan", "roster.csv", "-b", "10", "--creators", "3", "--expect", "creators >= 3")
    assert done.exit_code == 4


@pytest.mark.parametrize("command", ["compare", "explain", "frontier", "alternatives", "tradeoff"])
def test_other_commands_know_no_expectations(run, command):
    assert run(command, "roster.csv", "-b", "5k", "--expect", "creators >= 3").exit_code == 2
    assert "No such option" in run(command, "roster.csv", "-b", "5k", "--expect", "creators >= 3").stderr


def test_a_plan_in_one_line(run):
    done = run(*PLAN, "--format", "line")
    assert done.exit_code == 0
    assert done.stdout.startswith("optimal · ")
    assert done.stdout.count("\n") == 1


def test_no_file_is_written_as_a_line(run, desk):
    assert run(*PLAN, "-o", "plan.line").exit_code == 2
