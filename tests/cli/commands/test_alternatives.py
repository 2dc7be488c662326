"""`microopt alternatives`: the next best plans; flags, exit codes, files, limits."""

import signal

import pytest

from tests.cli.commands.test_compare import MORE
from tests.cli.conftest import ROSTER, files, only_object
from tests.cli.test_signals import PATIENCE, hard, interrupted, knot  # noqa: F401 (fixtures)

ALTERNATIVES = ("alternatives", "roster.csv", "-b", "5k")


@pytest.fixture
def roster(desk):
    (desk / "roster.csv").write_text(ROSTER + MORE, encoding="utf-8")
    return desk


def run_json(run, *args):
    return only_object(run(*ALTERNATIVES, *args, "--format", "json").stdout)


def creator_names(plan):
    """Return the creators of a plan, or of an alternative."""
    return {pick["creator"] for pick in plan.get("plan", plan)["picks"]}


def test_the_table_shows_the_plans_what_changes_and_who_is_in_all(run, roster):
    before = files(roster)
    done = run(*ALTERNATIVES, "--count", "3")
    assert (done.exit_code, done.stderr) == (0, "")
    for text in ("Plan  Creators", "Best  ", " dropped", "In every plan (", " of 4", "All proven: "):
        assert text in done.stdout
    assert files(roster) == before


@pytest.mark.parametrize("width", ["80", "120"])
def test_no_line_is_wider_than_the_screen(run, roster, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    lines = run(*ALTERNATIVES).stdout.splitlines()
    assert max(map(len, lines)) <= int(width)
    assert any("CPA" in line for line in lines) is (width == "120")


def test_the_best_is_the_plan_that_plan_makes(run, roster):
    plan = only_object(run("plan", "roster.csv", "-b", "5k", "--format", "json").stdout)
    value = run_json(run)
    best = value["best"]
    assert value["schema"] == "microopt.alternatives/1"
    assert (best["proof"]["objective"], best["totals"]) == (plan["proof"]["objective"], plan["totals"])
    assert creator_names(value["best"]) == creator_names(plan)
    assert (best["campaign"], best["ideals"]) == (plan["campaign"], plan["ideals"])


def test_each_alternative_leaves_out_enough_and_is_worth_no_more_than_the_last(run, roster):
    value = run_json(run, "--count", "4", "--differ", "2")
    plans = [value["best"], *value["plans"]]
    assert (value["count"], value["differ"], value["status"]) == (4, 2, "optimal")
    for number, plan in enumerate(plans[1:], 1):
        assert all(len(creator_names(before) - creator_names(plan)) >= 2 for before in plans[:number])
        alternative, before = (of.get("plan", of) for of in (plan, plans[number - 1]))
        assert alternative["proof"]["objective"] <= before["proof"]["objective"]
        assert set(plan["change"]["dropped"]) == creator_names(plans[0]) - creator_names(plan)
        more = alternative["totals"]["spend"] - value["best"]["totals"]["spend"]
        assert plan["change"]["spend"] == pytest.approx(more)
    for alternative in value["creators"]:
        assert alternative["plans"] == [
            number for number, plan in enumerate(plans) if alternative["creator"] in creator_names(plan)
        ]


def test_the_first_is_what_plan_makes_without_whom_it_leaves_out(run, roster):
    first = run_json(run, "--count", "1", "--goal", "conversions")["plans"][0]
    without = [part for name in first["change"]["dropped"] for part in ("-x", name)]
    done = run("plan", "roster.csv", "-b", "5k", "--goal", "conversions", *without, "--format", "json")
    assert only_object(done.stdout)["proof"]["objective"] == first["plan"]["proof"]["objective"]


def test_the_campaign_file_and_its_rules_stay_in_force(run, roster):
    done = run("alternatives", "roster.csv", "-c", "campaign.toml", "-i", "@ben", "--format", "json")
    value = only_object(done.stdout)
    assert done.exit_code == 0
    assert value["plans"]
    assert all("@ben" in creator_names(plan) for plan in value["plans"])
    assert value["best"]["campaign"]["name"] == "Test"


def test_a_least_cost_needs_no_budget_and_says_what_others_cost_more(run, roster):
    done = run("alternatives", "roster.csv", "--target", "engagements=1000", "--count", "2")
    assert done.exit_code == 0
    assert "more than the best plan" in done.stdout
    assert "Alternative 1 costs $" in done.stdout


def test_where_no_more_plans_exist_that_is_told_and_is_no_failure(run, roster):
    done = run(*ALTERNATIVES, "--count", "50", "--differ", "3")
    assert done.exit_code == 0
    assert "such plan" in done.stdout
    assert "--differ 1" in done.stdout
    assert run_json(run, "--count", "50", "--differ", "3")["stop_reason"] == "exhausted"


def test_a_plan_of_fewer_creators_than_to_leave_out_is_warned_of(run, roster):
    value = run_json(run, "--creators", "2", "--differ", "5")
    assert any("only 2 creators, not 5" in warning for warning in value["warnings"])
    assert not set.intersection(*(creator_names(plan) for plan in (value["best"], *value["plans"])))


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("--count", "0"), "--count 0 is not between 1 and 50"),
        (("--count", "1000"), "--count 1000 is not between 1 and 50"),
        (("--differ", "0"), "--differ 0 would let"),
    ],
)
def test_numbers_out_of_range_are_refused_before_the_roster_is_read(run, args, expected):
    done = run("alternatives", "missing.csv", "-b", "5k", *args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert expected in done.stderr
    assert "Fix: " in done.stderr


@pytest.mark.parametrize("format", ["table", "json"])
def test_a_campaign_without_a_plan_is_told_as_by_plan(run, roster, format):
    args = ("-r", "niche:beauty count >= 9", "--format", format)
    done, plan = run(*ALTERNATIVES, *args, "-o", "a.json"), run("plan", "roster.csv", "-b", "5k", *args)
    assert (done.exit_code, plan.exit_code) == (4, 4)
    assert done.stderr == plan.stderr
    assert not (roster / "a.json").exists()


def test_files_are_written_beside_the_table_and_quiet_prints_nothing(run, roster):
    done = run(*ALTERNATIVES, "-o", "a.json", "-o", "a.txt", "-q")
    assert (done.exit_code, done.output) == (0, "")
    assert only_object((roster / "a.json").read_text(encoding="utf-8"))["schema"] == "microopt.alternatives/1"
    assert "In every plan" in (roster / "a.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["a.csv", "a.md", "a.docx", "none/a.json", "roster.csv"])
def test_a_target_that_cannot_be_written_is_told_before_the_work(run, roster, target):
    before = files(roster)
    done = run(*ALTERNATIVES, "-o", target)
    assert (done.exit_code, done.stdout) == (2, "")
    assert files(roster) == before


@pytest.mark.parametrize(
    ("args", "exit", "code"),
    [
        (("-r", "niche:beauty cuont >= 1"), 2, "measure-unknown"),
        (("--count", "x"), 2, "usage"),
        (("--differ", "-1"), 2, "usage"),
        (("-b", "0"), 2, "budget-zero"),
    ],
)
def test_errors_are_objects_where_json_is_asked_for(run, roster, args, exit, code):
    done = run(*ALTERNATIVES, *args, "--format", "json")
    value = only_object(done.stdout)
    assert (done.exit_code, value["schema"]) == (exit, "microopt.error/1")
    assert code in {value["code"], *(fault["code"] for fault in value["faults"])}


def test_verbose_tells_which_plan_is_looked_for(run, roster):
    done = run(*ALTERNATIVES, "--count", "2", "-v")
    assert done.exit_code == 0
    for text in ("best plan: ", "alternative 1: ", "alternative 2: "):
        assert text in done.stderr


def test_both_solvers_agree(run, roster):
    pytest.importorskip("highspy")
    first, second = (run_json(run, "--solver", name) for name in ("cbc", "highs"))
    for value in (first, second):
        del value["seconds"], value["best"]["proof"]["backend"], value["best"]["proof"]["version"]
    assert first == second


def test_a_time_limit_gives_the_plans_so_far(run, hard):  # noqa: F811 (a fixture)
    done = run("alternatives", *hard[1:], "--time-limit", "3")
    value = only_object(done.stdout)
    assert (done.exit_code, value["status"], value["best"]["status"]) == (5, "feasible", "feasible")
    assert all(item["plan"]["status"] == "feasible" and 0 < item["plan"]["proof"]["gap"] < 1 for item in value["plans"])
    assert value["stop_reason"] == ("found" if len(value["plans"]) == 5 else "stopped")


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_gives_the_best_so_far_and_writes_it(hard, desk, kind):  # noqa: F811 (a fixture)
    code, out, err, elapsed = interrupted(["alternatives", *hard[1:], "-o", "a.json"], desk, kind)
    value = only_object(out)
    assert (code, err, value["best"]["proof"]["limit"]) == (5, "", "interrupt")
    assert (value["stop_reason"], value["limit"], value["plans"]) == ("stopped", "interrupt", [])
    assert (desk / "a.json").exists()
    assert elapsed < PATIENCE


def test_an_interrupt_before_any_plan_writes_nothing_and_says_so(knot, desk):  # noqa: F811 (a fixture)
    before = files(desk)
    code, out, _, elapsed = interrupted(["alternatives", *knot[1:], "-o", "a.json"], desk, signal.SIGINT)
    assert code == 130
    assert "best" not in only_object(out)
    assert files(desk) == before
    assert elapsed < PATIENCE
