"""`microopt simulate`: of a plan file, in every format, and what cannot be asked."""

import pytest

from tests.cli.conftest import files, only_object

ROSTER = """\
creator,platform,offer,niche,region,followers,fee,engagement_rate,acceptance,commission
@anna,instagram,reel,beauty,US,18300,400,5%,0.7,10%
@ben,tiktok,video,fitness,US,45000,900,4%,0.9,20%
@cleo,youtube,video,beauty|tech,GB,250000,2500,3%,0.5,15%
@eve,instagram,story,beauty,US,5200,120,6%,0.8,
"""
PLAN = ("plan", "roster.csv", "-b", "4200", "--order-value", "300", "-r", "niche:beauty count >= 2", "-q")


@pytest.fixture
def plan(run, desk):
    (desk / "roster.csv").write_text(ROSTER, encoding="utf-8")
    assert run(*PLAN, "-o", "plan.json").exit_code == 0
    return desk


def simulated(run, *args):
    return only_object(run("simulate", "plan.json", *args, "--format", "json").stdout)


def test_the_table_gives_the_answer_first_and_writes_nothing(run, plan):
    before = files(plan)
    done = run("simulate", "plan.json", "--target", "conversions=2", "--expect", "cpa <= 900")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("In 8 of 10 outcomes this plan brings ")
    for text in (
        "It meets conversions >= 2 in ",
        "Counted in 10,000 simulated outcomes (seed 2)",  # as a plan for the worst outcomes: they can be compared
        "niche:beauty count >= 2",
        "spend within the budget of $4,200",
        "Who carries the risk (engagements and conversions)",
        "Engagements: how many of the outcomes bring how much",
    ):
        assert text in done.stdout
    assert files(plan) == before


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_no_line_is_wider_than_the_screen(run, plan, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    done = run("simulate", "plan.json", "--target", "conversions=2")
    assert max(map(len, done.stdout.splitlines())) <= int(width)
    assert ("95% sure" in done.stdout) is (width == "120")


def test_the_object_holds_what_makes_it_again(run, plan):
    value = simulated(run, "--draws", "200", "--seed", "7", "--target", "conversions=1.5")
    assert (value["schema"], value["draws"], value["seed"]) == ("microopt.simulation/1", 200, 7)
    assert value["targets"] == [["conversions", 1.5]]
    assert {each["measure"] for each in value["distributions"]} >= {"creators", "spend", "engagements", "roas"}
    assert sum(each["shortfall"] for each in value["risk"]) == pytest.approx(1)
    assert [each["kind"] for each in value["chances"]] == ["target", "expected", "expected", "rule"]
    for path in ("a.json", "b.json"):
        run("simulate", "plan.json", "--draws", "200", "--seed", "7", "-q", "-o", path)
    assert (plan / "a.json").read_bytes() == (plan / "b.json").read_bytes()


def test_every_file_is_written_at_once(run, plan):
    names = ("s.json", "s.csv", "s.md", "s.txt", "s.html", "s.xlsx", "s.png", "s.svg")
    done = run("simulate", "plan.json", "--draws", "200", "-q", *(part for name in names for part in ("-o", name)))
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert set(names) <= set(files(plan))
    assert (plan / "s.png").read_bytes().startswith(b"\x89PNG")


def test_csv_has_one_figure_per_row(run, plan):
    lines = run("simulate", "plan.json", "--draws", "200", "--format", "csv").stdout.splitlines()
    assert lines[0] == "part,name,figure,value"
    assert '"total","engagements","p50",' in "\n".join(lines)
    shares = [
        float(line.rpartition(",")[2]) for line in lines if line.endswith(tuple("0123456789")) and "shortfall" in line
    ]
    assert sum(shares) == pytest.approx(1, abs=1e-5)


def test_more_declines_make_a_quota_less_likely(run, plan):
    often = simulated(run)["chances"][-1]
    (plan / "roster.csv").write_text(ROSTER.replace("0.5,15%", "0.1,15%"), encoding="utf-8")
    assert run(*PLAN, "-o", "plan.json").exit_code == 0
    rarely = simulated(run)["chances"][-1]
    assert often["label"] == rarely["label"] == "niche:beauty count >= 2"
    assert rarely["share"] <= often["share"]


@pytest.mark.parametrize(
    ("args", "message", "fix"),
    [
        (("--draws", "0"), "--draws 0 is too few", "such as --draws 10000"),
        (("--draws", "900000000"), "too much memory", "give fewer"),
        (("--seed", "-3"), "--seed -3 is out of range", "--seed 1"),
        (("--target", "fame=3"), "'fame' is neither a measure nor a column", "use one of"),
        (("--target", "conversion"), "not of the form METRIC=AMOUNT", "--target conversions=30"),
        (("--target", "conversions=none"), "is not an amount above 0", "--target engagements=50k"),
        (("--target", "cpa=3"), "cpa is a ratio", "--expect 'cpa <= 3'"),
        (("--target", "net-reach=3"), "net reach", "reach"),
        (("--expect", "gap = 0"), "does not depend on chance", "--expect 'gap = 0'"),
        (("--expect", "fame >= 3"), "no figure called 'fame'", "use one of"),
        (("--expect", "profit >= 3"), "profit needs a margin", "--margin"),
        (("--roster", "other.csv"), "other.csv is not the roster of this plan", "--roster"),
        (("-o", "s.pdf"), "a simulation is not written as pdf", ".html"),
        (("-o", "plan.json"), "it is one of the inputs", "such as"),
    ],
)
def test_what_cannot_be_asked_says_why_and_how(run, plan, args, message, fix):
    (plan / "other.csv").write_text(ROSTER.replace("400", "410"), encoding="utf-8")
    done = run("simulate", "plan.json", *args)
    assert (done.exit_code, done.stdout) == (2, "")
    text = " ".join(done.stderr.split())
    assert message in text
    assert fix.casefold() in text.casefold()
    assert set(files(plan)) == {"plan.json", "other.csv", "roster.csv", "campaign.toml"}


def test_a_list_is_not_a_plan(run, plan):
    done = run("simulate", "roster.csv")
    assert done.exit_code != 0
    assert "is not a plan" in done.stderr


def test_a_plan_that_was_altered_is_warned_about(run, plan):
    text = (plan / "plan.json").read_text(encoding="utf-8")
    (plan / "plan.json").write_text(text.replace('"seconds": ', '"seconds": 9'), encoding="utf-8")
    assert "was altered after it was written" in run("simulate", "plan.json").stdout
    assert "was altered" in run("simulate", "plan.json", "--format", "csv").stderr


def test_a_plan_comes_from_standard_input(run, plan):
    text = (plan / "plan.json").read_text(encoding="utf-8")
    assert run("simulate", "-", "--roster", "roster.csv", "-q", stdin=text).exit_code == 0


def test_an_ending_that_no_simulation_has_is_refused_with_those_that_it_has(run, plan):
    done = run("simulate", "plan.json", "-o", "s.docx")
    assert done.exit_code == 2
    said = " ".join(done.stderr.split())
    assert "a simulation is not written as docx" in said
    assert ".xlsx" in said and ".pptx" not in said and "outreach.csv" not in said


FEW = ("--scenarios", "50")
CHOSEN = {
    "a risk": ("--risk", "20%", "--goal", "engagement"),
    "a chance": ("--goal", "engagement", "-r", "all engagements >= 100 in 60%"),
    "declines": ("--goal", "engagement", "--after-declines"),
}


@pytest.mark.parametrize("how", CHOSEN)
def test_a_plan_that_scenarios_chose_is_simulated_by_other_draws(run, desk, how):
    (desk / "roster.csv").write_text(ROSTER, encoding="utf-8")
    options = ("-b", "4200", "--order-value", "300", *FEW, *CHOSEN[how], "--seed", "4", "-q", "-o", "plan.json")
    assert run("plan", "roster.csv", *options).exit_code == 0
    assert simulated(run)["seed"] == 5
    told = " ".join(run("simulate", "plan.json").stdout.split())
    assert "(seed 5; the scenarios that chose the plan have seed 4)" in told
    told = " ".join(run("simulate", "plan.json", "--seed", "4").stdout.split())
    assert "(seed 4, which has the scenarios that chose the plan and flatter it)" in told


def test_the_simulation_shows_the_figures_of_other_draws_that_the_plan_states(run, desk):
    (desk / "roster.csv").write_text(ROSTER, encoding="utf-8")
    options = ("-b", "3000", "--order-value", "300", *FEW, "--risk", "averse", "--format", "json", "-o", "plan.json")
    tail = only_object(run("plan", "roster.csv", *options).stdout)["tail"]
    found = {each["measure"]: each["worst_tenth"] for each in simulated(run)["distributions"]}
    assert {each["metric"]: each["worst"] for each in tail["metrics"]} == pytest.approx(
        {name: found[name] for name in ("engagements", "conversions")}
    )


def test_the_simulation_shows_the_chance_that_the_plan_states(run, desk):
    (desk / "roster.csv").write_text(ROSTER, encoding="utf-8")
    rule = "all engagements >= 100 in 60%"
    options = ("-b", "3000", "--order-value", "300", *FEW, "-r", rule, "--format", "json", "-o", "plan.json")
    stated = only_object(run("plan", "roster.csv", *options).stdout)["rules"]
    fresh = next(each["chance"]["fresh"]["share"] for each in stated if each["chance"])
    share = next(each["share"] for each in simulated(run)["chances"] if each["label"] == rule)
    assert share == pytest.approx(fresh)
