"""The fit of niches, as a marketer meets it: shown by check, counted by plan, checked by verify."""

import json

import pytest

from tests.cli.conftest import ROSTER, only_object

BRIEF = 'budget = 5000\n[fit]\nbrief = "A gentle serum for beauty lovers"\n'
PASTED = "To use it, add use = true to [fit]. To change it, put this in place of your [fit]:"


def picks(run, *args):
    done = run("plan", "roster.csv", *args, "--format", "json")
    assert done.exit_code == 0, done.output
    plan = only_object(done.stdout)
    return [(pick["creator"], pick["offer"], pick["metrics"]["engagements"]) for pick in plan["picks"]], plan


def test_a_fit_decides_who_leads_a_plan(run):
    plain, _ = picks(run, "-b", "1000", "--goal", "engagement")
    fitted, plan = picks(run, "-b", "1000", "--goal", "engagement", "--fit", "beauty=1,other=0.1")
    assert plain[0][0] == "@ben"
    assert [creator for creator, *_ in fitted] == ["@anna", "@eve"]
    assert plan["notes"][-1] == "fit: beauty 1, other niches 0.1"


def test_the_table_that_is_shown_means_the_same_as_using_what_was_learned(run, desk):
    (desk / "brief.toml").write_text(BRIEF, encoding="utf-8")
    shown = run("check", "roster.csv", "-c", "brief.toml").stdout
    assert "learned from your brief: not used yet" in shown
    assert "see microopt check" not in shown
    lines = shown.partition(PASTED.split(" To change", maxsplit=1)[0])[2].partition("[fit]:")[2]
    (desk / "pasted.toml").write_text("budget = 5000\n" + lines, encoding="utf-8")
    (desk / "used.toml").write_text(f"{BRIEF}use = true\n", encoding="utf-8")
    learned, first = picks(run, "-c", "used.toml")
    pasted, second = picks(run, "-c", "pasted.toml")
    unused, third = picks(run, "-c", "brief.toml")
    assert learned == pasted != unused
    assert first["warnings"] == second["warnings"]
    assert any("does not count yet" in warning for warning in third["warnings"])


def test_what_is_learned_is_an_object_too(run, desk):
    (desk / "brief.toml").write_text(BRIEF, encoding="utf-8")
    fit = only_object(run("check", "roster.csv", "-c", "brief.toml", "--format", "json").stdout)["fit"]
    assert (fit["counts"], fit["other"]) == (False, 0.3)
    assert fit["niches"][0] == {"niche": "beauty", "creators": 3, "fit": 1, "words": ["beauty"]}
    assert only_object(run("check", "roster.csv", "--format", "json").stdout)["fit"] is None


@pytest.mark.parametrize("settings", [("--fit", "beauty=1"), ("-c", "used.toml")])
def test_a_plan_with_a_fit_is_checked_and_planned_on(run, desk, settings):
    (desk / "used.toml").write_text(f"{BRIEF}use = true\n", encoding="utf-8")
    assert run("plan", "roster.csv", "-b", "5000", *settings, "-o", "plan.json").exit_code == 0
    (desk / "used.toml").unlink()  # the plan keeps the words of the brief
    assert run("verify", "plan.json").exit_code == 0
    assert run("replan", "plan.json", "--roster", "roster.csv", "--dry-run").exit_code == 0
    plan = json.loads((desk / "plan.json").read_text(encoding="utf-8"))
    plan["campaign"]["fit"]["other"] = 1
    (desk / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    assert run("verify", "plan.json").exit_code != 0


def test_a_plan_from_before_there_was_a_fit_opens(run, desk):
    assert run("plan", "roster.csv", "-b", "5000", "-o", "plan.json").exit_code == 0
    plan = json.loads((desk / "plan.json").read_text(encoding="utf-8"))
    assert plan["campaign"].pop("fit") is None
    (desk / "old.json").write_text(json.dumps(plan), encoding="utf-8")
    assert run("compare", "old.json", "plan.json").exit_code == 0


def test_names_of_niches_are_safe_to_print_and_to_paste(run, desk):
    (desk / "roster.csv").write_text(ROSTER.replace("home decor", '"x\x1b[31m"" = 1] , y"'), encoding="utf-8")
    (desk / "brief.toml").write_text(BRIEF.replace("beauty", "beauty y"), encoding="utf-8")
    shown = run("check", "roster.csv", "-c", "brief.toml")
    assert shown.exit_code == 0
    assert "\x1b[31m" not in shown.stdout


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("niches = { beuty = 1 }", "fit-niche"),
        ("niches = { beauty = 3 }", "fit-range"),
        ('brief = ""', "fit-brief"),
        ('brief = "hammers"', "fit-brief"),
        ('brief_file = "none.txt"', "file-missing"),
        ("beauty = 1", "key-unknown"),
        ("", "fit-empty"),
    ],
)
def test_a_fit_that_cannot_be_is_a_fault_of_the_campaign(run, desk, table, code):
    (desk / "wrong.toml").write_text(f"budget = 5000\n[fit]\n{table}\n", encoding="utf-8")
    done = run("plan", "roster.csv", "-c", "wrong.toml", "--format", "json")
    assert done.exit_code == 2
    assert only_object(done.stdout)["faults"][0]["code"] == code
