"""What Typer cannot parse is said with what to do about it."""

import shlex

import pytest

from microopt.cli.options import parse_gap
from tests.cli.conftest import only_object


@pytest.mark.parametrize(
    ("args", "message", "fix"),
    [
        (["--exact", "5"], "--exact takes no value, but is followed by '5'", "Write --exact on its own"),
        (["-q", "yes"], "-q takes no value, but is followed by 'yes'", "Write -q on its own"),
        (["--time-limit", "soon"], "--time-limit 'soon' is not a number", "Write a number, such as --time-limit 60"),
        (["--rule", "all", "count 5"], "'count 5' does not belong here", "in quotes, such as --rule 'all count"),
        (["--time-limit", "0"], "--time-limit 0.0 is too small", "Write a number of at least 0.1"),
        (
            ["--fallbacks", "two"],
            "--fallbacks 'two' is not a whole number",
            "Write a whole number, such as --fallbacks 3",
        ),
        (["--seed", "abc"], "--seed 'abc' is not a whole number", "Write a whole number, such as --seed 1"),
        (["--fallbacks", "-1"], "only 0 to 20 are", "--fallbacks 3"),
        (["--gap", "5"], "--gap '5' lacks a percent sign", "Write --gap 5%."),
        (["--gap", "1"], "--gap '1' lacks a percent sign", "Write --gap 1%."),
        (["--gap", "0.7"], "--gap '0.7' lacks a percent sign", "Write --gap 70% or --gap 0.7%."),
        (["--gap", "500"], "--gap '500' is not a share from 0% to 100%", "Write it like --gap 1%"),
        (["--gap", "nan"], "--gap 'nan' is not a share", "Write it like --gap 1%"),
    ],
)
def test_it_has_a_message_and_a_fix(run, desk, args, message, fix):
    done = run("plan", "roster.csv", "-b", "5k", *args)
    assert (done.exit_code, done.stdout) == (2, "")
    said = " ".join(done.stderr.split())
    assert message in said
    assert fix in said
    shown = run("plan", "roster.csv", "-b", "5k", *args, "--format", "json")
    assert (shown.exit_code, shown.stderr) == (2, "")
    assert message in shown.stdout


@pytest.mark.parametrize("budget", ["5k", "$5,000", "5000", "5000 EUR"])
def test_an_amount_that_belongs_to_no_option_is_probably_the_budget(run, desk, budget):
    done = run("plan", "roster.csv", budget)
    assert done.exit_code == 2
    flag, amount = shlex.split(done.stderr.partition("write ")[2].strip().removesuffix("."))
    assert (flag, amount) == ("-b", budget)
    assert run("plan", "roster.csv", flag, "5k").exit_code == 0


@pytest.mark.parametrize("command", ["simulate", "verify", "replan"])
def test_a_list_after_a_plan_is_probably_its_roster(run, desk, command):
    done = run(command, "plan.json", "mine 2.csv")
    assert done.exit_code == 2
    assert "If it is the roster, write --roster 'mine 2.csv'." in " ".join(done.stderr.split())


def test_scenarios_of_a_simulation_are_its_draws(run, desk):
    done = run("simulate", "plan.json", "--scenarios", "500")
    assert done.exit_code == 2
    said = " ".join(done.stderr.split())
    assert "--scenarios does not exist for simulate" in said
    assert "--draws 10000" in said


@pytest.mark.parametrize("args", [("plan", "roster.csv", "-b", "5k", "6k"), ("check", "roster.csv", "5k")])
def test_an_amount_is_not_the_budget_where_there_is_one_or_none_is_taken(run, desk, args):
    assert "write -b" not in run(*args).stderr


@pytest.mark.parametrize("gap", ["1%", "0.01", "1 %", "1e-2", "0,01"])
def test_a_gap_is_a_share_as_people_write_it(gap):
    assert parse_gap(["7%", gap]) == 0.01


def test_a_gap_is_that_of_the_plan(run, desk):
    done = run("plan", "roster.csv", "-b", "5k", "--gap", "2%", "--format", "json")
    assert done.exit_code == 0
    assert only_object(done.stdout)["status"] in ("optimal", "feasible")


@pytest.mark.parametrize(("flag", "example"), [("-b", "-b 20000"), ("--where", "--where VALUE")])
def test_a_flag_without_its_value_is_named(run, desk, flag, example):
    done = run("plan", "roster.csv", flag)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{flag} needs a value" in done.stderr
    assert f"Write one after it, such as {example}." in done.stderr


def test_a_file_of_a_format_that_plan_b_does_not_write_is_refused_with_those_that_it_writes(run, desk):
    refused = run("plan-b", "plan.json", "-o", "x.docx")
    assert "End its name in .txt, .json, .csv, .md, .markdown." in " ".join(refused.stderr.split())
    named = run("plan-b", "plan.json", "@anna", "-o", "x.docx")
    assert ".html" in named.stderr and ".png" in named.stderr
