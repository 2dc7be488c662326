"""`microopt verify`: what it prints, where, and how it ends."""

import json
import re
import subprocess
import sys

import pytest

from microopt.errors import ErrorReport
from microopt.plan.codec import CODEC
from microopt.plan.verification_result import Verification
from microopt.solver.backends.base import load_backend
from tests.cli.conftest import only_object
from tests.support.cores import leave_cores_to_the_solver
from tests.verification.opponent import sealed

PLAN = ("plan", "roster.csv", "--budget", "5000", "-q", "-o", "plan.json")


def alter(folder, by=0.01):
    value = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    value["totals"]["spend"] += by
    (folder / "plan.json").write_text(json.dumps(value), encoding="utf-8")


def test_a_plan_that_holds_says_what_is_shown_and_what_is_not(run, monkeypatch):
    leave_cores_to_the_solver(monkeypatch)
    run("plan", "roster.csv", "--budget", "3500", "-q", "-o", "plan.json")  # which prices do not prove
    done = run("verify", "plan.json")
    assert (done.exit_code, done.stderr) == (0, "")
    text = " ".join(done.stdout.split())
    assert done.stdout.startswith("Check passed: plan.json agrees with roster.csv (")
    assert "Proven without the solver: it keeps the budget; it is within " in text
    assert re.search(
        r"The plan says that CBC [\d.]+ proved it best\. This check uses no solver, so it cannot repeat that", text
    )
    assert "Not checked, taken from the plan (made with CBC " in text


def test_a_plan_that_is_false_ends_with_seven_and_names_the_place(run, desk):
    run(*PLAN)
    alter(desk)
    done = run("verify", "plan.json")
    assert (done.exit_code, done.stdout) == (7, "")
    assert "Check failed: plan.json has a statement that is not true." in done.stderr
    assert "spend: the plan says " in done.stderr
    assert "The plan file was also changed after it was written" in done.stderr
    assert "Fix: " in done.stderr


@pytest.mark.parametrize("altered", [False, True])
def test_json_is_one_object_on_standard_output(run, desk, altered):
    run(*PLAN)
    if altered:
        alter(desk)
    done = run("verify", "plan.json", "--format", "json")
    value = only_object(done.stdout)
    assert (done.exit_code, done.stderr) == (7 if altered else 0, "")
    assert CODEC.decode(value, Verification).holds is value["holds"] is not altered
    assert (value["discrepancy"] or {}).get("place") == ("totals.spend" if altered else None)


def test_quiet_prints_only_what_is_false(run, desk):
    run(*PLAN)
    done = run("verify", "plan.json", "-q")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    alter(desk)
    done = run("verify", "plan.json", "-q")
    assert done.exit_code == 7
    assert "spend" in done.stderr


@pytest.mark.parametrize("route", ["-o", "stdout", "pipe", "campaign"])
def test_every_route_to_a_plan_file_gives_one_that_holds(run, desk, shell, route):
    flags = ("-c", "campaign.toml") if route == "campaign" else ("--budget", "5000")
    if route == "-o":
        run("plan", "roster.csv", *flags, "-o", "plan.json", "-o", "plan.csv")
    else:
        text = run("plan", "roster.csv", *flags, "--format", "json").stdout
        (desk / "plan.json").write_text(text, encoding="utf-8")
    if route == "pipe":
        done = run("verify", "-", stdin=(desk / "plan.json").read_text(encoding="utf-8"))
        assert "Check passed: standard input agrees with roster.csv" in done.stdout
    else:
        done = run("verify", "plan.json", *(flags if route == "campaign" else ()))
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize(
    "flags",
    [
        ("-b", "100", "-r", "niche:beauty count >= 1", "--repair"),
        ("-b", "5k", "--cross-check"),
        ("-b", "5k", "--goal", "engagement", "-r", "niche:beauty count >= 4 (soft 1%)"),
        ("--target", "engagements=900", "-r", "all count >= 4 (soft 2%)"),
    ],
    ids=["repaired", "cross-checked", "soft", "soft and least cost"],
)
def test_repaired_soft_and_cross_checked_plans_hold(run, flags):
    assert run("plan", "roster.csv", *flags, "-q", "-o", "plan.json").exit_code == 0
    done = run("verify", "plan.json")
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize(
    ("key", "expected"),
    [("becomes", "budget 119"), ("after", 119), ("label", "nonsense"), ("label", "all count >= 3"), ("becomes", None)],
)
def test_a_repair_that_campaign_or_changes_contradict_is_false(run, desk, key, expected):
    run("plan", "roster.csv", "-b", "100", "-r", "niche:beauty count >= 1", "--repair", "-q", "-o", "plan.json")
    value = json.loads((desk / "plan.json").read_text(encoding="utf-8"))
    value["repair"]["changes"][0][key] = expected
    (desk / "plan.json").write_text(json.dumps(sealed(value, claims=True)), encoding="utf-8")
    done = run("verify", "plan.json")
    assert done.exit_code == 7
    assert "repair." in done.stderr


def test_what_a_repair_only_claims_is_said(run):
    run("plan", "roster.csv", "-b", "100", "-r", "niche:beauty count >= 1", "--repair", "-q", "-o", "plan.json")
    assert "no plan was possible before the repair" in " ".join(run("verify", "plan.json").stdout.split())


def test_no_solver_confirms_itself(run, desk):
    run("plan", "roster.csv", "-b", "5k", "--cross-check", "-q", "-o", "plan.json")
    value = json.loads((desk / "plan.json").read_text(encoding="utf-8"))
    value["proof"]["confirmed_by"] = f"CBC {load_backend('cbc').version}"
    (desk / "plan.json").write_text(json.dumps(sealed(value, claims=True)), encoding="utf-8")
    assert run("verify", "plan.json").exit_code == 7


def test_a_budget_that_buys_little_of_a_roster_holds(run, desk):
    rows = "creator,platform,niche,followers,engagement_rate,fee\n@a,instagram,beauty,1,1%,1\n"
    (desk / "tiny.csv").write_text(rows + "@b,instagram,beauty,90000000,5%,1000000\n", encoding="utf-8")
    run("plan", "tiny.csv", "-b", "1", "-q", "-o", "tiny.json")
    assert run("verify", "tiny.json").exit_code == 0


def test_a_roster_that_has_moved_must_be_named(run, desk):
    run(*PLAN)
    (desk / "roster.csv").rename(desk / "moved.csv")
    done = run("verify", "plan.json")
    assert done.exit_code == 3
    assert "--roster FILE" in done.stderr
    assert run("verify", "plan.json", "--roster", "moved.csv").exit_code == 0


def test_a_roster_from_standard_input_must_be_named(run, desk):
    roster = (desk / "roster.csv").read_text(encoding="utf-8")
    run("plan", "-", "-b", "5000", "-q", "-o", "plan.json", stdin=roster)
    done = run("verify", "plan.json")
    assert done.exit_code == 2
    assert "--roster" in done.stderr
    assert run("verify", "plan.json", "--roster", "roster.csv").exit_code == 0


def test_a_campaign_file_that_was_altered_is_told(run, desk):
    run("plan", "roster.csv", "-c", "campaign.toml", "-q", "-o", "plan.json")
    assert run("verify", "plan.json", "-c", "campaign.toml").exit_code == 0
    (desk / "campaign.toml").write_text("budget = 5000\n", encoding="utf-8")
    done = run("verify", "plan.json", "-c", "campaign.toml")
    assert done.exit_code == 7
    failed = "Check failed: campaign.toml is not the campaign file of this plan, or has changed since."
    assert failed in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("none.json",), 2),
        (("roster.csv",), 2),
        (("plan.json", "--roster", "none.csv"), 3),
        (("plan.json", "-c", "none.toml"), 2),
    ],
)
def test_what_cannot_be_read_is_an_error_as_elsewhere(run, arguments, code):
    run(*PLAN)
    done = run("verify", *arguments)
    assert done.exit_code == code
    assert "Fix: " in done.stderr
    value = only_object(run("verify", *arguments, "--format", "json").stdout)
    assert CODEC.decode(value, ErrorReport).faults


def test_a_damaged_plan_is_an_error_that_names_the_place(run, desk):
    run(*PLAN)
    value = json.loads((desk / "plan.json").read_text(encoding="utf-8"))
    del value["picks"][1]["fee"]
    (desk / "plan.json").write_text(json.dumps(value), encoding="utf-8")
    done = run("verify", "plan.json")
    assert done.exit_code == 2
    assert "picks[1].fee is missing" in done.stderr


def test_a_diagnosis_is_no_plan(run, desk):
    text = run("plan", "roster.csv", "-b", "50", "-r", "all count >= 3", "--format", "json").stdout
    (desk / "plan.json").write_text(text, encoding="utf-8")
    assert run("verify", "plan.json").exit_code == 2


def test_no_solver_is_loaded(run, desk):
    run(*PLAN)
    code = (
        "import sys; sys.argv = ['microopt', 'verify', 'plan.json']\nfrom microopt.__main__ import run\n"
        "try:\n    run()\nexcept SystemExit as end:\n    assert not end.code\n"
        "print([name for name in ('pulp', 'highspy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=desk)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_plan_in_another_folder_finds_its_roster_from_here(run, desk):
    (desk / "plans").mkdir()
    run("plan", "roster.csv", "-b", "5000", "-q", "-o", "plans/plan.json")
    assert run("verify", "plans/plan.json").exit_code == 0


SCORES = """\
creator,followers,engagement_rate,fee,score
@a,10000,0.03,100,9000000001
@b,10000,0.03,100,9000000002
@c,10000,0.03,99,9000000000
@d,10000,0.03,99,9000000000.5
"""


@pytest.mark.parametrize("solver", ["cbc", "highs"])
def test_a_goal_of_large_numbers_is_proven_and_verified_to_the_last_unit(run, desk, solver):
    if solver == "highs":
        pytest.importorskip("highspy")
    if solver == "highs":
        pytest.importorskip("highspy")
    (desk / "scores.csv").write_text(SCORES, encoding="utf-8")
    arguments = ("plan", "scores.csv", "--budget", "200", "--goal", "value:score", "--solver", solver)
    assert run(*arguments, "-q", "-o", "plan.json").exit_code == 0
    plan = json.loads((desk / "plan.json").read_text(encoding="utf-8"))
    proof = plan["proof"]
    assert [pick["creator"] for pick in plan["picks"]] == ["@a", "@b"]
    assert (proof["status"], proof["objective"], proof["bound"]) == ("optimal", 18_000_000_003, 18_000_000_003)
    assert run("verify", "plan.json").exit_code == 0
