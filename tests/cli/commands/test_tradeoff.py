"""`microopt tradeoff`: a front of plans; formats, exit codes, what is refused, limits."""

import csv
import io
import signal
from itertools import pairwise

import pytest

from tests.cli.conftest import ROSTER, files, only_object, reasons
from tests.cli.test_signals import PATIENCE, hard, interrupted, knot  # noqa: F401 (fixtures)

TRADEOFF = ("tradeoff", "roster.csv", "-b", "5k")
MORE = "@gus,youtube,video,beauty,US,30000,600,5%,3\n@hal,tiktok,video,tech,US,60000,700,4%,5\n"


@pytest.fixture
def roster(desk):
    (desk / "roster.csv").write_text(ROSTER + MORE, encoding="utf-8")
    return desk


def run_json(run, *args):
    return only_object(run(*TRADEOFF, *args, "--format", "json").stdout)


def test_the_table_shows_points_steps_and_the_picture(run, roster):
    before = files(roster)
    done = run(*TRADEOFF)
    assert (done.exit_code, done.stderr) == (0, "")
    for text in ("engagements against conversions", "Weights", "gives up", "┌", "1 to 2", "Each point is proven"):
        assert text in done.stdout
    assert files(roster) == before


@pytest.mark.parametrize("width", ["40", "80", "120", "200"])
def test_no_line_is_wider_than_the_screen_and_nothing_is_coloured_on_a_pipe(run, roster, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    done = run(*TRADEOFF)
    assert max(map(len, done.stdout.splitlines())) <= int(width)
    assert "\x1b" not in done.stdout


def test_the_ends_are_the_plans_of_the_two_goals(run, roster):
    points = run_json(run)["points"]
    for goal, metric, end in (("engagement", "engagements", points[0]), ("conversions", "conversions", points[-1])):
        plan = only_object(run("plan", "roster.csv", "-b", "5k", "--goal", goal, "--format", "json").stdout)
        assert end["totals"]["metrics"][metric] == plan["totals"]["metrics"][metric]
    for before, after in pairwise(points):
        assert before["totals"]["metrics"]["engagements"] > after["totals"]["metrics"]["engagements"]
        assert before["totals"]["metrics"]["conversions"] < after["totals"]["metrics"]["conversions"]


def test_the_floor_of_a_point_makes_its_plan(run, roster):
    for point in run_json(run, "--steps", "30")["points"]:
        rule = f"all conversions >= {point['totals']['metrics']['conversions']:.4f}"
        args = ("-b", "5k", "--goal", "engagement", "-r", rule, "--format", "json")
        plan = only_object(run("plan", "roster.csv", *args).stdout)
        assert plan["totals"]["metrics"]["engagements"] == point["totals"]["metrics"]["engagements"]
        assert [pick["creator"] for pick in plan["picks"]] == [pick["creator"] for pick in point["picks"]]


def test_the_marked_point_is_the_plan_of_the_balanced_goal(run, roster):
    value = run_json(run, "--steps", "2")
    plan = only_object(run("plan", "roster.csv", "-b", "5k", "--goal", "balanced", "--format", "json").stdout)
    point = value["points"][value["balanced"]]
    assert [pick["creator"] for pick in point["picks"]] == [pick["creator"] for pick in plan["picks"]]
    assert point["totals"] == plan["totals"]


def test_other_metrics_are_named_with_of(run, roster):
    value = run_json(run, "--of", "Views,engagement", "--steps", "3")
    assert (value["metrics"], value["steps"]) == (["impressions", "engagements"], 3)
    assert {ideal["metric"] for ideal in value["ideals"]} == {"impressions", "engagements"}


def test_csv_has_one_row_a_point_and_files_are_written(run, roster):
    done = run(*TRADEOFF, "--format", "csv", "-o", "t.json", "-o", "t.csv", "-o", "t.txt")
    points = only_object((roster / "t.json").read_text(encoding="utf-8"))["points"]
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [float(row["engagements"]) for row in rows] == [
        point["totals"]["metrics"]["engagements"] for point in points
    ]
    assert (roster / "t.csv").read_text(encoding="utf-8") == done.stdout
    assert "gives up" in (roster / "t.txt").read_text(encoding="utf-8")


def test_the_campaign_file_and_its_rules_stay_in_force_but_not_its_goal(run, roster):
    (roster / "c.toml").write_text('budget = 5000\ngoal = "reach"\nrules = ["all count <= 2"]\n', encoding="utf-8")
    done = run("tradeoff", "roster.csv", "-c", "c.toml", "--format", "json")
    value = only_object(done.stdout)
    assert done.exit_code == 0
    assert all(point["totals"]["creators"] <= 2 for point in value["points"])
    assert "goal reach does not count here" in value["warnings"][-1]
    done = run("tradeoff", "roster.csv", "-c", "c.toml", "--format", "csv")
    assert done.stderr.startswith("Warning: the campaign's goal reach does not count here")
    assert "Warning" not in done.stdout


@pytest.mark.parametrize(
    ("args", "flag"),
    [
        (("--goal", "reach"), "--goal"),
        (("--goal", ""), "--goal"),
        (("--worth", "conversions=30"), "--worth"),
        (("--target", "engagements=50k"), "--target"),
        (("--ideals", "plan.json"), "--ideals"),
    ],
)
def test_a_goal_of_its_own_is_refused_and_of_is_named(run, roster, args, flag):
    done = run(*TRADEOFF, *args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{flag} sets one goal" in done.stderr
    assert "all weights of two metrics" in " ".join(done.stderr.split())
    assert "--of" in done.stderr


@pytest.mark.parametrize(
    ("args", "exit", "code"),
    [
        (("--goal", "reach"), 2, "tradeoff-goal"),
        (("--of", "reach"), 2, "tradeoff-of"),
        (("--of", "reach,hours"), 2, "tradeoff-of"),
        (("--of", ""), 2, "tradeoff-of"),
        (("--steps", "1"), 2, "tradeoff-steps"),
        (("--steps", "101"), 2, "tradeoff-steps"),
        (("-r", "all count >= 3 (soft 2%)"), 2, "tradeoff-soft"),
        (("-r", "niche:beauty cuont >= 1"), 2, "measure-unknown"),
        (("--time-limit", "nan"), 2, "usage"),
        (("-b", "0"), 2, "budget-zero"),
    ],
)
def test_errors_are_objects_where_json_is_asked_for(run, roster, args, exit, code):
    done = run(*TRADEOFF, *args, "--format", "json")
    value = only_object(done.stdout)
    assert (done.exit_code, value["schema"]) == (exit, "microopt.error/1")
    assert code in {value["code"], *(fault["code"] for fault in value["faults"])}
    assert all(fault["fix"] for fault in value["faults"])


@pytest.mark.parametrize("format", ["table", "json"])
def test_a_campaign_that_cannot_be_is_told_as_by_plan(run, roster, format):
    args = ("-r", "niche:beauty count >= 9", "--format", format)
    done, plan = run(*TRADEOFF, *args, "-o", "t.json"), run("plan", "roster.csv", "-b", "5k", *args)
    assert (done.exit_code, plan.exit_code) == (4, 4)
    assert done.stderr == plan.stderr
    if format == "json":
        assert reasons(done) == reasons(plan)
    assert not (roster / "t.json").exists()


@pytest.mark.parametrize("target", ["t.md", "t.docx", "none/t.json", "roster.csv"])
def test_a_target_that_cannot_be_written_is_told_before_the_work(run, roster, target):
    before = files(roster)
    done = run(*TRADEOFF, "-o", target)
    assert (done.exit_code, done.stdout) == (2, "")
    assert files(roster) == before


def test_the_help_offers_a_goal_with_risk_only(run):
    words = run("tradeoff", "--help").stdout.replace("│", " ").split()
    output = " ".join(words)
    assert "--of" in words
    assert not {"--target", "--cross-check"} & set(words)
    for flag, metavar in (("--goal", "GOAL"), ("--worth", "METRIC=MONEY")):
        assert f"{flag} {metavar} With --risk, " in output
    assert "--ideals PLAN.json With --risk, " in output


def test_verbose_tells_what_is_looked_at_and_quiet_nothing(run, roster):
    output = run(*TRADEOFF, "-v").stderr
    assert "most engagements: " in output
    assert "most conversions: " in output
    assert run(*TRADEOFF, "-q").output == ""


def test_both_solvers_agree(run, roster):
    pytest.importorskip("highspy")
    first, second = (run_json(run, "--solver", name, "--steps", "20") for name in ("cbc", "highs"))
    for value in (first, second):
        del value["seconds"], value["backend"], value["version"]
    assert first == second


@pytest.fixture
def dear(hard, desk):  # noqa: F811 (a fixture)
    """Return arguments of a trade-off whose ends take minutes to prove: more followers use more of each cap."""
    lines = [line.split(",") for line in (desk / "hard.csv").read_text(encoding="utf-8").splitlines()]
    many = [[name, str(int(score) * 100), fee, score, *rest] for name, _, fee, score, *rest in lines[1:]]
    (desk / "hard.csv").write_text("\n".join(",".join(line) for line in [lines[0], *many]) + "\n", encoding="utf-8")
    return ["tradeoff", "hard.csv", "-b", "10M", *hard[hard.index("value:score") + 1 :]]


def test_a_time_limit_gives_what_was_found_and_counts_what_is_left(run, dear):
    done = run(*dear, "--time-limit", "3")
    value = only_object(done.stdout)
    assert (done.exit_code, value["status"], value["limit"]) == (5, "feasible", "time")
    assert value["points"]
    assert value["unproven"] + value["not_examined"] > 0


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_gives_what_was_found_and_writes_it(dear, desk, kind):
    code, out, err, elapsed = interrupted([*dear, "-o", "t.json"], desk, kind)
    value = only_object(out)
    assert (code, err, value["limit"]) == (5, "", "interrupt")
    assert value["points"]
    assert value["not_examined"] > 0
    assert (desk / "t.json").exists()
    assert elapsed < PATIENCE


def test_an_interrupt_before_any_plan_writes_nothing_and_says_so(knot, desk):  # noqa: F811 (a fixture)
    before = files(desk)
    rest = knot[knot.index("value:score") + 1 :]
    code, out, _, elapsed = interrupted(
        ["tradeoff", "hard.csv", "-b", "10M", *rest, "-o", "t.json"], desk, signal.SIGINT
    )
    assert code == 130
    assert "points" not in only_object(out)
    assert files(desk) == before
    assert elapsed < PATIENCE
