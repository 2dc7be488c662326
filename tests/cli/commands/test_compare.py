"""`microopt compare`: tiers alone, the mix, baskets; exit codes, files, limits."""

import signal

import pytest

from tests.cli.conftest import ROSTER, files, only_object, reasons
from tests.cli.test_signals import PATIENCE, hard, interrupted, knot  # noqa: F401 (fixtures)

COMPARE = ("compare", "roster.csv", "-b", "5k")
MORE = "@gus,instagram,reel,beauty,US,30000,600,5%,3\n@hal,tiktok,video,tech,US,60000,700,4%,5\n"


@pytest.fixture
def roster(desk):
    (desk / "roster.csv").write_text(ROSTER + MORE, encoding="utf-8")
    return desk


def run_json(run, *args):
    return only_object(run(*COMPARE, *args, "--format", "json").stdout)


def test_the_table_shows_every_tier_the_mix_and_baskets(run, roster):
    before = files(roster)
    done = run(*COMPARE)
    assert (done.exit_code, done.stderr) == (0, "")
    for text in ("nano only", "micro only", "mid only", "Mix of all", "@dora reel", "smaller creators"):
        assert text in done.stdout
    assert "mega alone has no plan: the cheapest creator costs $9,000." in done.stdout
    assert "mega only" not in done.stdout
    assert done.stdout.startswith("A mix of nano, micro and mid is best: $")
    assert files(roster) == before


@pytest.mark.parametrize("width", ["80", "120"])
def test_no_line_is_wider_than_the_screen(run, roster, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    lines = run(*COMPARE).stdout.splitlines()
    assert max(map(len, lines)) <= int(width)
    assert any("CPA" in line for line in lines) is (width == "120")


def test_the_mix_is_the_plan_that_plan_makes(run, roster):
    plan = only_object(run("plan", "roster.csv", "-b", "5k", "--format", "json").stdout)
    value = run_json(run)
    mix = value["mix"]
    assert value["schema"] == "microopt.compare/1"
    assert (mix["proof"]["objective"], mix["totals"]) == (plan["proof"]["objective"], plan["totals"])
    assert [pick["creator"] for pick in value["mix"]["picks"]] == [pick["creator"] for pick in plan["picks"]]
    assert mix["ideals"] == plan["ideals"]
    assert mix["campaign"] == plan["campaign"]


def test_a_basket_never_costs_more_than_its_large_creator(run, roster):
    value = run_json(run, "--goal", "conversions")
    (first,) = value["substitutes"]["creators"]
    assert (value["substitutes"]["tier"], first["creator"], first["status"]) == ("mega", "@dora", "optimal")
    small, large = first["small"]["totals"], first["large"]["totals"]
    assert small["spend"] <= large["spend"] == 9_000
    ratio = small["metrics"]["conversions"] / large["metrics"]["conversions"]
    assert first["ratios"]["conversions"] == pytest.approx(ratio)


def test_the_campaign_file_and_its_rules_stay_in_force(run, roster):
    done = run("compare", "roster.csv", "-c", "campaign.toml", "-r", "tier:micro count >= 1", "--format", "json")
    result = {tier["tier"]: tier for tier in only_object(done.stdout)["tiers"]}
    assert done.exit_code == 0
    assert result["micro"]["status"] == "optimal"
    assert result["nano"]["status"] == "infeasible"
    assert result["nano"]["reasons"] == ["tier:micro count >= 1: no such creator is available"]
    assert result["nano"]["result"]["clash"] == ["tier:micro count >= 1"]


def test_other_bands_have_other_tiers(run, roster):
    assert [tier["tier"] for tier in run_json(run, "--tiers", "wide-micro")["tiers"]] == ["micro", "macro", "mega"]


def test_a_least_cost_needs_no_budget(run, roster):
    done = run("compare", "roster.csv", "--target", "engagements=1000", "--format", "json")
    value = only_object(done.stdout)
    assert done.exit_code == 0
    assert all(tier["share_of_mix"] is None or tier["share_of_mix"] >= 1 for tier in value["tiers"])
    assert value["mix"]["proof"]["objective"] == value["mix"]["totals"]["spend"]


@pytest.mark.parametrize("format", ["table", "json"])
def test_a_mix_that_cannot_be_is_told_as_by_plan(run, roster, format):
    args = ("-r", "niche:beauty count >= 9", "--format", format)
    done, plan = run(*COMPARE, *args, "-o", "c.json"), run("plan", "roster.csv", "-b", "5k", *args)
    assert (done.exit_code, plan.exit_code) == (4, 4)
    assert done.stderr == plan.stderr
    if format == "json":
        assert reasons(done) == reasons(plan)
    assert not (roster / "c.json").exists()


def test_files_are_written_beside_the_table_and_quiet_prints_nothing(run, roster):
    done = run(*COMPARE, "-o", "c.json", "-o", "c.txt", "-q")
    assert (done.exit_code, done.output) == (0, "")
    assert only_object((roster / "c.json").read_text(encoding="utf-8"))["schema"] == "microopt.compare/1"
    assert "Mix of all" in (roster / "c.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["c.csv", "c.md", "c.docx", "none/c.json", "roster.csv"])
def test_a_target_that_cannot_be_written_is_told_before_the_work(run, roster, target):
    before = files(roster)
    done = run(*COMPARE, "-o", target)
    assert (done.exit_code, done.stdout) == (2, "")
    assert files(roster) == before


@pytest.mark.parametrize(
    ("args", "exit", "code"),
    [
        (("-r", "niche:beauty cuont >= 1"), 2, "measure-unknown"),
        (("-i", "@nobody"), 2, "include-unknown"),
        (("--time-limit", "nan"), 2, "usage"),
        (("-b", "0"), 2, "budget-zero"),
    ],
)
def test_errors_are_objects_where_json_is_asked_for(run, roster, args, exit, code):
    done = run(*COMPARE, *args, "--format", "json")
    value = only_object(done.stdout)
    assert (done.exit_code, value["schema"]) == (exit, "microopt.error/1")
    assert code in {value["code"], *(fault["code"] for fault in value["faults"])}


def test_a_missing_roster_is_exit_three(run):
    assert run("compare", "missing.csv", "-b", "5k").exit_code == 3


def test_verbose_tells_what_is_looked_at(run, roster):
    done = run(*COMPARE, "-v")
    assert done.exit_code == 0
    for text in ("mix: ", "micro: ", "group 1 of 1: "):
        assert text in done.stderr


def test_both_solvers_agree(run, roster):
    pytest.importorskip("highspy")
    first, second = (run_json(run, "--solver", name) for name in ("cbc", "highs"))
    for value in (first, second):
        del value["seconds"], value["mix"]["proof"]["backend"], value["mix"]["proof"]["version"]
    assert first == second


@pytest.fixture
def dear(hard):  # noqa: F811 (a fixture)
    """Return arguments of a comparison whose mix takes minutes to prove."""
    return ["compare", *hard[1:]]


def test_a_time_limit_gives_the_best_so_far_and_names_what_is_left(run, dear):
    done = run(*dear, "--time-limit", "2")
    value = only_object(done.stdout)
    assert (done.exit_code, value["status"]) == (5, "feasible")
    assert value["mix"]["status"] == "feasible"
    assert 0 < value["mix"]["proof"]["gap"] < 1
    assert value["mix"]["picks"]


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_gives_the_mix_so_far_and_writes_it(dear, desk, kind):
    code, out, err, elapsed = interrupted([*dear, "-o", "c.json"], desk, kind)
    value = only_object(out)
    assert (code, err, value["mix"]["proof"]["limit"]) == (5, "", "interrupt")
    assert {tier["status"] for tier in value["tiers"]} == {"not looked at"}
    assert value["substitutes"] is None or value["substitutes"]["not_examined"]
    assert (desk / "c.json").exists()
    assert elapsed < PATIENCE


def test_an_interrupt_before_any_plan_writes_nothing_and_says_so(knot, desk):  # noqa: F811 (a fixture)
    before = files(desk)
    code, out, _, elapsed = interrupted(["compare", *knot[1:], "-o", "c.json"], desk, signal.SIGINT)
    assert code == 130
    assert "mix" not in only_object(out)
    assert files(desk) == before
    assert elapsed < PATIENCE
