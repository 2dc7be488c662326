"""`microopt compare --over-time`: in every format, and refused where there is nothing to compare."""

import json

import pytest
from typer.testing import CliRunner

from microopt.cli.app import app

ROSTER = "creator,platform,followers,fee,engagement_rate\n@anna,tiktok,20000,200,5%\n@ben,tiktok,40000,350,4%\n"
WAVES = ("--waves", "2027-03,2027-04")


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")

    def invoke(*args):
        return CliRunner().invoke(app, ["compare", *args], prog_name="microopt")

    return invoke


def test_it_answers_in_every_format(run):
    asked = ("roster.csv", "-b", "600", *WAVES, "--over-time")
    done = run(*asked, "-o", "t.json", "-o", "t.csv", "-o", "t.md", "-o", "t.txt")
    assert done.exit_code == 0, done.output
    assert "Burst in 2027-03 or 2027-04" in done.stdout
    assert json.loads(run(*asked, "--format", "json").stdout)["bursts"][0]["waves"] == ["2027-03", "2027-04"]
    assert run(*asked, "--format", "csv").stdout.splitlines()[1].startswith('"plan","2027-03|2027-04","optimal"')
    assert "| Plan |" in run(*asked, "--format", "markdown").stdout


@pytest.mark.parametrize(("args", "words"), [(("roster.csv", "-b", "600"), "tiers are"), (("a.json", "b.json"), "two")])
def test_other_comparisons_have_no_such_formats(run, args, words):
    done = run(*args, "--format", "csv")
    assert done.exit_code == 2
    assert words in done.stderr
    assert "--format json" in done.stderr


@pytest.mark.parametrize("waves", [(), ("--waves", "2027-03")])
def test_without_several_waves_it_says_what_to_add(run, waves):
    done = run("roster.csv", "-b", "600", *waves, "--over-time")
    assert done.exit_code == 2
    assert "--waves 2027-03,2027-04,2027-05" in done.stderr


def test_two_plans_are_compared_without_it(run):
    done = run("a.json", "b.json", "--over-time")
    assert done.exit_code == 2
    assert "--over-time cannot be used" in done.stderr
