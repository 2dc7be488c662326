"""`microopt plan-b`: from a plan file to whom to book where creators decline."""

import csv
import json
from pathlib import Path

from typer.testing import CliRunner

from microopt.cli.app import app


def run(*args, code=0):
    done = CliRunner().invoke(app, [*map(str, args)], prog_name="microopt")
    assert done.exit_code == code, done.output
    return done


ROSTER = "creator,platform,offer,followers,fee,engagement_rate\n" + "".join(
    f"{name},tiktok,video,20000,$100,{rate}%\n"
    for name, rate in zip(["@anna", "@ben", "@cleo", "@dora"], "9876", strict=True)
)


def planned(*flags):
    Path("roster.csv").write_text(ROSTER, encoding="utf-8")
    run("plan", "roster.csv", "-b", "200", "--goal", "engagement", *flags, "-q", "-o", "plan.json")


def test_the_answer_comes_first_and_the_new_plan_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    planned()
    done = run("plan-b", "plan.json", "@Anna", "-o", "b.json", "-o", "b.md")
    assert done.stdout.startswith("If @anna declines: book @cleo instead.")
    assert "Proven" in done.stdout
    assert json.loads(Path("b.json").read_text(encoding="utf-8"))["schema"] == "microopt.plan/1"
    assert "Check passed" in run("verify", "b.json").stdout
    run("replan", "b.json", "-o", "next.json")


def test_without_names_there_is_a_row_for_each_creator_and_pair(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    planned()
    run("plan-b", "plan.json", "-q", "-o", "all.csv", "-o", "all.json")
    with Path("all.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["declined"] for row in rows] == ["@anna", "@ben", "@anna|@ben"]
    assert [row["booked"] for row in rows] == ["@cleo", "@cleo", "@cleo|@dora"]
    assert json.loads(Path("all.json").read_text(encoding="utf-8"))["schema"] == "microopt.plan_b/1"


def test_a_name_that_is_not_in_the_plan_is_refused_with_the_nearest(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    planned()
    done = run("plan-b", "plan.json", "@anne", code=2)
    assert "@anne is not in the plan" in done.stderr and "Did you mean @anna?" in done.stderr
    error = json.loads(run("plan-b", "plan.json", "@cleo", "--format", "json", code=2).stdout)
    assert error["code"] == "plan-b-unknown"


def test_without_any_plan_it_says_which_rule_cannot_be_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    planned("--rule", "creator:@anna count >= 1")
    done = run("plan-b", "plan.json", "@anna", code=4)
    assert "creator:@anna count >= 1" in done.stderr


def test_fallbacks_are_shown_below_the_plan_and_kept_in_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    planned("--fallbacks", "2")
    plan = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    assert [[each["creator"] for each in one["substitutes"]] for one in plan["fallbacks"]] == [["@cleo", "@dora"]] * 2
    shown = run("plan", "roster.csv", "-b", "200", "--goal", "engagement", "--fallbacks", "2").stdout
    assert "ask, in this order" in shown and "@cleo $100" in shown
