"""`microopt explain`: of a plan file, of a roster, and what cannot be asked."""

import pytest
from msgspec.structs import replace

from microopt.planning import problem_run
from microopt.solver.result import Limit, Termination
from tests.cli.conftest import files, only_object

PLAN = ("plan", "roster.csv", "-b", "5k", "-q", "-o", "plan.json")


@pytest.fixture
def plan(run, desk):
    assert run(*PLAN).exit_code == 0
    return desk


def explained(run, *args):
    return only_object(run("explain", *args, "--format", "json").stdout)


def test_a_plan_file_and_its_roster_explain_alike(run, plan):
    of_plan, of_roster = explained(run, "plan.json", "@cleo"), explained(run, "roster.csv", "-b", "5k", "@cleo")
    assert of_plan["creators"] == of_roster["creators"]
    assert of_plan["schema"] == "microopt.explain/1"


def test_every_pick_has_the_fee_up_to_which_it_is_in(run, plan):
    result = explained(run, "plan.json", "--all")["creators"]
    assert {item["creator"] for item in result} == {"@anna", "@ben", "@cleo", "@eve"}
    assert all(item["picked"] and item["main"]["break_even"]["fee"] >= item["main"]["fee"] for item in result)


def test_at_the_fee_told_the_plan_has_the_creator_and_above_it_not(run, plan):
    fee = explained(run, "plan.json", "@dora", "--roster", "roster.csv")["creators"][0]["main"]["break_even"]["fee"]
    assert fee is not None
    text = (plan / "roster.csv").read_text()
    for limit, included in ((fee - 1, True), (fee + 1, False)):
        (plan / "other.csv").write_text(text.replace("9000", f"{limit:.2f}"))
        done = run("plan", "other.csv", "-b", "5k", "--ideals", "plan.json", "--format", "json")
        assert ("@dora" in [pick["creator"] for pick in only_object(done.stdout)["picks"]]) is included


@pytest.mark.parametrize("width", ["80", "120"])
@pytest.mark.parametrize("creators", [["--all"], ["@dora", "@anna"]])
def test_no_line_is_wider_than_the_screen(run, plan, monkeypatch, width, creators):
    monkeypatch.setenv("COLUMNS", width)
    done = run("explain", "plan.json", *creators)
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= int(width)


def test_it_is_written_too(run, plan):
    assert run("explain", "plan.json", "--all", "-q", "-o", "why.json", "-o", "why.txt").stdout == ""
    assert {"why.json", "why.txt"} <= set(files(plan))


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["plan.json"], "no creator is named"),
        (["plan.json", "--all", "@anna"], "creators are named too"),
        (["plan.json", "@anna", "-b", "5k"], "has its campaign already"),
        (["-", "@anna", "-b", "5k"], "standard input is a plan, which has its campaign already"),
        (["plan.json", "@ana"], "did you mean @anna"),
        (["roster.csv", "@anna", "-b", "5k", "--roster", "roster.csv"], "--roster names another"),
        (["gone.json", "@anna"], "cannot be read"),
        (["plan.json", "--all", "-o", "why.md"], "not written as markdown"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_fix(run, plan, args, expected):
    done = run("explain", *args)
    assert done.exit_code == 2
    assert expected in " ".join((done.stdout + done.stderr).split()).replace("Did", "did")
    assert "Fix" in done.stderr


def test_a_plan_of_another_roster_is_refused(run, plan):
    (plan / "roster.csv").write_text((plan / "roster.csv").read_text().replace("400", "401"))
    done = run("explain", "plan.json", "@anna")
    assert done.exit_code == 2
    assert "has changed since this plan was made" in done.stderr


def test_an_altered_plan_is_told_of(run, plan):
    path = plan / "plan.json"
    path.write_text(path.read_text().replace('"seconds": 0', '"seconds": 9'))
    assert "was altered" in run("explain", "plan.json", "@anna").stdout


def test_a_campaign_without_a_plan_is_diagnosed(run, desk):
    done = run("explain", "roster.csv", "@anna", "-b", "5k", "-r", "all count >= 9")
    assert done.exit_code == 4
    assert "all count >= 9" in done.stderr


@pytest.mark.parametrize(("fee", "change"), [("gifted", ""), ("400", "(+")])
def test_a_gifted_post_has_a_highest_fee_and_no_percent(run, desk, fee, change):
    (desk / "roster.csv").write_text((desk / "roster.csv").read_text().replace(",400,", f",{fee},"), encoding="utf-8")
    text = " ".join(run("explain", "roster.csv", "@anna", "-b", "5k").stdout.split())
    limit, found, _ = text.partition("worth up to ")[2].partition("Proven to the cent: one cent more")
    assert found
    assert "(-)" not in limit
    assert (change in limit) if change else limit.endswith("to this plan. ") and "(" not in limit


def test_a_cap_is_not_called_what_a_required_creator_is_worth(run, desk):
    text = " ".join(run("explain", "roster.csv", "@dora", "-b", "10k", "--include", "@dora").stdout.split())
    assert "is in the plan: you required them (include @dora), and the plan is better with them. Without them" in text
    assert " · worth at least $10,000 to this plan; your rules allow up to $10,000. What your rules allow is " in text
    assert "they stay in at any fee your rules allow" in text
    assert "you can still agree" not in text


def test_a_plan_that_a_limit_left_unproven_ends_with_its_own_code(run, desk, monkeypatch):
    honest = problem_run.solve_for_goal

    def stop(*arguments):
        result = honest(*arguments)
        return replace(result, termination=Termination.FEASIBLE, limit=Limit.TIME, bound=result.objective * 2)

    asked = ("explain", "roster.csv", "--all", "--budget", "5k", "--goal", "engagement", "--format", "json")
    assert run(*asked).exit_code == 0
    monkeypatch.setattr(problem_run, "solve_for_goal", stop)
    done = run(*asked)
    assert only_object(done.stdout)["status"] == "feasible"
    assert done.exit_code == 5
