"""One option table: what a field says of its flag is what the command, the file and the help have."""

from pathlib import Path

import pytest
from msgspec import structs
from typer.main import get_command

from microopt.campaign.inputs import CampaignInput
from microopt.campaign.options import Scope
from microopt.cli.app import app
from microopt.cli.command import options_by_field
from tests.cli.conftest import files

SRC = Path(__file__).resolve().parents[2] / "src" / "microopt"
COMMANDS = get_command(app).commands
PLANNING = {"plan", "compare", "explain", "frontier", "alternatives", "tradeoff"}
TAKERS = {
    Scope.ROSTER: PLANNING | {"forecast", "check", "claims"},
    Scope.CLAIMS: PLANNING | {"forecast", "claims"},
    Scope.FORECAST: PLANNING | {"forecast"},
    Scope.PLAN: PLANNING,
}
# Commands that mean something else by a flag: the budget of the whole campaign, who reads a report, what a simulation
# draws and counts.
OTHER_MEANINGS = {
    "--budget": {"replan"},
    "--audience": {"report"},
    "--seed": {"simulate"},
    "--target": {"simulate"},
}
ALSO_OF_PLANS = {
    "--posts": {"plan-b", "replan", "report", "simulate", "verify"}
}  # where the file of a plan has moved, or is newer


def flags(command):
    """Return the flags of a command that its help shows, by spelling."""
    return {opt: parameter for parameter in COMMANDS[command].params for opt in parameter.opts}


@pytest.mark.parametrize(("name", "option"), options_by_field(CampaignInput).items())
def test_a_campaign_option_is_a_flag_of_the_commands_of_its_scope_and_of_no_other(name, option):
    having = {command for command in COMMANDS if option.names[0] in flags(command)}
    assert having - OTHER_MEANINGS.get(option.names[0], set()) == TAKERS[option.scope] | ALSO_OF_PLANS.get(
        option.names[0], set()
    )
    assert flags("plan")[option.names[0]].help == option.help
    assert name in CampaignInput.__struct_fields__


def test_an_option_is_named_in_at_most_four_files():
    naming = [
        path.relative_to(SRC).as_posix() for path in SRC.rglob("*.py") if "with_minors" in path.read_text("utf-8")
    ]
    assert sorted(naming) == [
        "analysis/plan_diff/campaign_changes.py",  # the words for two plans that differ in it
        "campaign/campaign.py",  # the value
        "campaign/inputs.py",  # the flag, the key of the file, the help
        "roster/selection.py",  # what it does
    ]


@pytest.mark.parametrize(
    ("args", "name"),
    [
        (("plan", "", "-b", "5k"), "ROSTER"),
        (("plan", "roster.csv", "-b", "5k", "-o", "plan.json", "-o", ""), "--output"),
        (("plan", "roster.csv", "-b", "5k", "--ideals", ""), "--ideals"),
        (("check", "roster.csv", "-c", ""), "--campaign"),
        (("compare", "plan.json", ""), "OTHER"),
        (("replan", "plan.json", "--states", ""), "--states"),
        (("replan", "plan.json", "--store", ""), "--store"),
        (("verify", "plan.json", "--roster", ""), "--roster"),
        (("history", ""), "PLANS"),
        (("store", "check", ""), "STORE"),
        (("init", ""), "[DIR]"),
    ],
)
def test_the_name_of_a_file_that_an_unset_variable_leaves_empty_is_refused(run, desk, args, name):
    before = files(desk)
    done = run(*args)
    assert done.exit_code == 2
    assert f"the file name for {name} is empty" in " ".join(done.stderr.split())
    assert files(desk) == before


def test_a_flag_that_negates_sets_the_setting_of_its_name():
    option = options_by_field(CampaignInput)["shrink"]
    assert (option.names, option.negates) == (("--no-shrink",), True)
    (field,) = [field for field in structs.fields(CampaignInput) if field.name == "shrink"]
    assert field.default is True
