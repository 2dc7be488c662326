"""`microopt report` and `-o plan.html`: what is written, what is asked again, what goes wrong."""

import json
import re
import signal

import pytest
from msgspec.structs import replace

from microopt import rendering as renderers
from microopt.analysis.frontier import frontier as frontier_module
from microopt.solver.lexicographic import solve_cheapest
from microopt.solver.result import Limit, Termination
from tests.cli.conftest import files, only_object
from tests.cli.test_signals import PATIENCE, hard, interrupted  # noqa: F401 (a fixture)


@pytest.fixture
def planned(run, desk):
    """Return a folder that holds plan.json, made of its roster."""
    assert run("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json", "-q").exit_code == 0
    return desk


def budgets(path):
    """Return the points of a page, None where it has none."""
    text = path.read_text(encoding="utf-8")
    data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1])
    return data["budgets"]


def test_the_page_stands_beside_the_plan_and_says_what_it_shows(run, planned):
    done = run("report", "plan.json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert re.fullmatch(
        r"Wrote plan\.html: the plan of \d creators, and what 19 other budgets would bring\.\n", done.stdout
    )
    assert len(budgets(planned / "plan.html")["points"]) == 20


def test_the_point_of_the_plans_own_budget_is_the_plan(run, planned):
    run("report", "plan.json", "--steps", "7")
    plan, result = json.loads((planned / "plan.json").read_bytes()), budgets(planned / "plan.html")
    own = result["points"][result["own"]]
    assert own["money"] == "$5,000"
    assert {result["names"][number] for number in own["kept"]} == {pick["creator"] for pick in plan["picks"]}
    assert (own["new"], own["gone"]) == ([], [])


@pytest.mark.parametrize(("share", "code"), [(10**8, 0), (10**2, 5)])
def test_a_page_whose_budgets_are_proven_to_a_negligible_gap_is_a_success(run, planned, monkeypatch, share, code):
    def leave_some_open(*arguments):
        result = solve_cheapest(*arguments)
        left_open = {"termination": Termination.FEASIBLE, "limit": Limit.GAP, "is_cheapest": False}
        return replace(result, bound=result.objective + result.objective // share, **left_open)

    monkeypatch.setattr(frontier_module, "solve_cheapest", leave_some_open)
    assert run("report", "plan.json", "--steps", "3").exit_code == code


def test_quiet_prints_nothing_and_verbose_tells_what_is_done(run, planned):
    assert run("report", "plan.json", "-q", "-o", "a.html").output == ""
    assert "budget 1: " in run("report", "plan.json", "-v").stderr


def test_every_output_is_written(run, planned):
    done = run("report", "plan.json", "-o", "rep.html", "-o", "rep.xlsx", "--steps", "3")
    assert (done.exit_code, done.stderr) == (0, "")
    assert re.fullmatch(r"Wrote rep\.html: (.* \d creators, .*)\nWrote rep\.xlsx: \1\n", done.stdout)
    assert budgets(planned / "rep.html") is not None
    assert (planned / "rep.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("wrong", ["rep.csv", "none/rep.xlsx", "plan.json"])
def test_of_several_outputs_all_are_written_or_none(run, planned, wrong):
    before = files(planned)
    done = run("report", "plan.json", "-o", "rep.html", "-o", wrong)
    assert (done.exit_code, done.stdout) == (2, "")
    assert files(planned) == before


def test_plan_writes_the_same_page(run, planned):
    done = run("plan", "roster.csv", "-c", "campaign.toml", "-o", "made.html", "-q")
    assert (done.exit_code, done.output) == (0, "")
    run("report", "plan.json", "-o", "told.html", "-q")
    sample, output = budgets(planned / "made.html"), budgets(planned / "told.html")
    assert sample == output


@pytest.mark.parametrize(
    "change", [lambda path: path.unlink(), lambda path: path.write_text("creator,followers,fee\n")]
)
def test_where_the_roster_is_gone_or_another_the_plan_alone_is_shown(run, planned, change):
    change(planned / "roster.csv")
    done = run("report", "plan.json")
    assert (done.exit_code, done.stdout.count("budgets")) == (0, 0)
    assert done.stderr.startswith("Warning: made from the plan file alone: ")
    assert budgets(planned / "plan.html") is None
    assert "Made from the plan file alone" in (planned / "plan.html").read_text(encoding="utf-8")


def test_a_roster_that_was_moved_is_given(run, planned):
    (planned / "roster.csv").rename(planned / "moved.csv")
    assert run("report", "plan.json", "--roster", "moved.csv").exit_code == 0
    assert budgets(planned / "plan.html") is not None


@pytest.mark.parametrize(("roster", "code"), [("nowhere.csv", 3), ("other.csv", 2)])
def test_a_roster_that_is_given_must_be_the_plans(run, planned, roster, code):
    (planned / "other.csv").write_text("creator,followers,fee\n@a,1000,10\n", encoding="utf-8")
    before = files(planned)
    assert run("report", "plan.json", "--roster", roster).exit_code == code
    assert files(planned) == before


def test_an_altered_plan_is_called_so_on_the_page(run, planned):
    plan = json.loads((planned / "plan.json").read_bytes())
    plan["unspent_reason"] = "somebody wrote this"
    (planned / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    done = run("report", "plan.json")
    assert "was altered after it was written" in done.stderr
    assert "was altered after it was written" in (planned / "plan.html").read_text(encoding="utf-8")


def test_a_plan_whose_picks_are_false_has_no_page(run, planned):
    plan = json.loads((planned / "plan.json").read_bytes())
    plan["picks"][0]["metrics"]["engagements"] += 1_000
    (planned / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    done = run("report", "plan.json")
    assert (done.exit_code, "microopt verify plan.json" in done.stderr.replace("\n", " ")) == (2, True)
    assert not (planned / "plan.html").exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:700],
        lambda text: text.replace("microopt.plan/1", "microopt.plan/2"),
        lambda _: "",
        lambda _: "[]",
        lambda text: text.replace('"budget": 5000.0', '"budget": "all"'),
        lambda text: text.replace("niche:beauty count 1..3", "niche:beauty cuont 1..3"),
    ],
)
def test_what_is_no_plan_is_told_and_nothing_is_written(run, planned, spoil):
    path = planned / "plan.json"
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    (planned / "plan.html").write_text("an older page", encoding="utf-8")
    before = files(planned)
    done = run("report", "plan.json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: plan.json ")
    assert files(planned) == before


@pytest.mark.parametrize(
    "args",
    [
        ("plan.json", "-o", "plan.json"),
        ("plan.json", "-o", "none/p.html"),
        ("plan.json", "-o", "p.csv"),
        ("plan.json", "--steps", "1"),
        ("plan.json", "--time-limit", "nan"),
        ("nothing.json",),
        ("-",),
        ("plan.json", "--max-unpacked", "much"),
    ],
)
def test_flags_that_cannot_be_are_told_and_nothing_is_written(run, planned, args):
    before = files(planned)
    done = run("report", *args)
    assert (done.exit_code, done.stdout, done.stderr.startswith("Error: ")) == (2, "", True)
    assert files(planned) == before


def test_a_plan_may_come_from_standard_input(run, planned):
    text = (planned / "plan.json").read_text(encoding="utf-8")
    assert run("report", "-", "-o", "p.html", stdin=text).exit_code == 0
    assert budgets(planned / "p.html") is not None


def test_a_least_cost_has_a_page_without_other_budgets(run, desk):
    done = run("plan", "roster.csv", "--target", "engagements=1000", "-o", "p.html", "-q")
    assert (done.exit_code, done.output) == (0, "")
    assert budgets(desk / "p.html") is None
    assert 'id="ranges"' in (desk / "p.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("args", [("plan", "roster.csv", "-b", "5k", "-o", "p.html"), ("report", "plan.json")])
def test_a_missing_extra_is_told_before_the_work(run, planned, monkeypatch, args):
    monkeypatch.setitem(renderers.REQUIRED_MODULES, "html", ("no_such_module",))
    done = run(*args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "pip install 'microopt[report]'" in done.stderr
    assert not list(planned.glob("*.html"))


def test_other_commands_do_not_write_pages(run, desk):
    done = run("compare", "roster.csv", "-b", "5k", "-o", "c.html")
    assert (done.exit_code, "not written as html" in done.stderr) == (2, True)


def test_an_infeasible_plan_has_no_page(run, desk):
    assert run("plan", "roster.csv", "-b", "5k", "-r", "niche:beauty count >= 9", "-o", "p.html").exit_code == 4
    assert not (desk / "p.html").exists()


def test_after_the_time_the_page_shows_what_is_known(run, hard, desk):  # noqa: F811 (a fixture)
    done = run(*hard, "-o", "p.html", "-o", "p.json", "--time-limit", "2")
    assert done.exit_code == 5
    result = budgets(desk / "p.html")
    picks = json.loads((desk / "p.json").read_bytes())["picks"]
    assert len(result["points"][result["own"]]["kept"]) == len({pick["creator"] for pick in picks})
    assert any("time" in point["status"] for point in result["points"])


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_the_plan_and_writes_its_page(hard, desk, kind):  # noqa: F811 (a fixture)
    code, out, err, elapsed = interrupted([*hard, "-o", "p.html"], desk, kind)
    assert (code, err, only_object(out)["proof"]["limit"]) == (5, "", "interrupt")
    assert budgets(desk / "p.html") is not None
    assert elapsed < PATIENCE


@pytest.mark.parametrize("plan", [".", "/", ".."])
def test_a_folder_in_place_of_the_plan_is_told(run, desk, plan):
    done = run("report", plan)
    assert done.exit_code == 2
    assert "cannot be read as a plan: Is a directory" in done.stderr


def test_an_empty_name_in_place_of_the_plan_is_told(run, desk):
    done = run("report", "")
    assert done.exit_code == 2
    assert "the file name for PLAN is empty" in done.stderr


def test_for_is_another_name_of_audience(run, planned):
    for name in ("--audience", "--for"):
        assert run("report", "plan.json", name, "client", "--steps", "3", "-o", f"{name[2:]}.html").exit_code == 0
    assert (planned / "audience.html").read_bytes() == (planned / "for.html").read_bytes()
    run("report", "plan.json", "--steps", "3", "-o", "team.html")
    assert (planned / "audience.html").read_bytes() != (planned / "team.html").read_bytes()


def test_a_report_is_for_team_or_client(run, planned):
    done = run("report", "plan.json", "--audience", "boss")
    assert (done.exit_code, (planned / "plan.html").exists()) == (2, False)
    assert "team" in done.stderr
    assert "client" in done.stderr
