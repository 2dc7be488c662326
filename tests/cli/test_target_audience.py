"""The people whom a campaign is to reach, as a marketer meets them: from the list to the page."""

import copy
import csv
import io
import json

import pytest

from microopt.campaign.metrics import TARGET_METRICS
from tests.cli.conftest import only_object
from tests.verification.opponent import sealed

ROSTER = """\
creator,platform,offer,niche,country,followers,fee,engagement_rate,Audience countries,% Female,18-24,25-34
@anna,instagram,reel,beauty,Germany,18300,400,5%,"DE 74%, AT 9%",86%,31%,44%
@ben,tiktok,video,fitness,US,45000,900,4%,"US 62%, DE 2%",40%,50%,30%
@cleo,youtube,video,beauty,GB,250000,2500,3%,"GB 55%, US 12%",60%,30%,35%
@dora,instagram,reel,home decor,Austria,150000,900,2%,,,,
@eve,instagram,story,beauty,,5200,120,6%,,,,
"""
CAMPAIGN = """\
budget = 2000
goal = "target-engagements"
[target]
countries = ["DE", "AT"]
ages = "18-34"
gender = "female"
"""
FLAGS = ("--audience-country", "DE,AT", "--audience-age", "18-34", "--audience-gender", "female")


@pytest.fixture
def german(desk):
    (desk / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (desk / "campaign.toml").write_text(CAMPAIGN, encoding="utf-8")
    return desk


def planned(run, *args):
    done = run("plan", "roster.csv", *args, "--format", "json")
    assert done.exit_code == 0, done.output
    return only_object(done.stdout)


def test_the_table_says_what_the_plan_brings_on_target(run, german):
    output = " ".join(run("plan", "roster.csv", "-c", "campaign.toml").stdout.split())
    assert "On target (women aged 18-34 in DE and AT): " in output
    assert "of impressions at a CPM of $" in output
    assert (
        "Note: audiences on target: stated for 3 of 5 creators; countries of 1 from the country named for them"
        in output
    )
    assert "countries of 1 not known, counted as off target" in output


def test_flags_and_the_campaign_file_mean_the_same(run, german):
    from_file = planned(run, "-c", "campaign.toml")
    from_flags = planned(run, "-b", "2000", "--goal", "target-engagements", *FLAGS)
    assert from_file["picks"] == from_flags["picks"]
    assert from_file["campaign"]["target_audience"] == from_flags["campaign"]["target_audience"]


def test_the_target_decides_who_is_bought(run, german):
    for_all = planned(run, "-b", "900", "-x", "@dora", "--goal", "engagement")
    on_target = planned(run, "-b", "900", "-x", "@dora", "--goal", "target-engagements", *FLAGS)
    assert {pick["creator"] for pick in for_all["picks"]} != {pick["creator"] for pick in on_target["picks"]}
    assert "@anna" in {pick["creator"] for pick in on_target["picks"]}


def test_without_a_target_nothing_of_it_is_read_or_told(run, german):
    plain = planned(run, "-b", "2000")
    (german / "roster.csv").write_text(ROSTER.replace("AT 9%", "AT 90%"), encoding="utf-8")
    assert planned(run, "-b", "2000")["picks"] == plain["picks"]
    assert TARGET_METRICS.keys().isdisjoint(plain["totals"]["metrics"])
    assert not any("audience" in note for note in plain["notes"])
    assert plain["on_target"] is None


def test_figures_on_target_are_shares_of_those_of_each_pick(run, german):
    plan = planned(run, "-c", "campaign.toml")
    anna = next(pick for pick in plan["picks"] if pick["creator"] == "@anna")
    share = 0.83 * 0.75 * 0.86
    for name, whole in TARGET_METRICS.items():
        assert anna["metrics"][name] == pytest.approx(anna["metrics"][whole] * share, abs=0.001)
    total = sum(pick["metrics"]["target_impressions"] for pick in plan["picks"])
    assert plan["on_target"]["share"] == pytest.approx(total / plan["totals"]["metrics"]["impressions"])
    assert plan["on_target"]["cpm"] == pytest.approx(1000 * plan["totals"]["spend"] / total)


def test_verify_recomputes_what_is_on_target_from_the_roster(run, german):
    assert run("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json", "-q").exit_code == 0
    assert run("verify", "plan.json").exit_code == 0
    plan = json.loads((german / "plan.json").read_text(encoding="utf-8"))
    for change in (
        lambda value: value["picks"][0]["metrics"].update(target_reach=9_000_000.0),
        lambda value: value["totals"]["metrics"].update(target_engagements=9_000_000.0),
        lambda value: value["on_target"].update(share=0.99),
        lambda value: value["campaign"]["target_audience"].update(gender=None),
        lambda value: value["campaign"].update(target_audience=None),
        lambda value: value["picks"][0]["origins"].update(target_reach="shrunk"),
    ):
        altered = copy.deepcopy(plan)
        change(altered)
        (german / "altered.json").write_text(json.dumps(sealed(altered, claims=True)), encoding="utf-8")
        done = run("verify", "altered.json")
        assert done.exit_code == 7, done.output
        assert "Traceback" not in done.output


def test_rules_targets_and_expectations_count_people_on_target(run, german):
    plan = planned(run, *FLAGS, "--target", "target_reach=1k")
    assert plan["totals"]["metrics"]["target_reach"] >= 1000
    assert planned(run, "-b", "2000", *FLAGS, "-r", "all target_reach >= 1k")["rules"][0]["used"] >= 1000
    assert planned(run, "-b", "2000", *FLAGS, "-r", "each creator target_reach >= 500")["picks"]
    done = run("plan", "roster.csv", "-b", "2000", *FLAGS, "--expect", "target_cpm <= 1")
    assert done.exit_code == 8
    assert "the plan has a CPM on target of $" in " ".join(done.stderr.split())


def test_csv_has_a_column_of_each_result_on_target(run, german):
    done = run("plan", "roster.csv", "-c", "campaign.toml", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert all(float(row["target_reach"]) <= float(row["reach"]) for row in rows)
    plain = run("plan", "roster.csv", "-b", "2000", "--format", "csv").stdout.splitlines()[0]
    assert "target" not in plain


def test_a_forecast_shows_the_share_of_each_audience(run, german):
    shown = run("forecast", "roster.csv", *FLAGS).stdout
    assert "Target: the share of the audience" in shown
    offers = only_object(run("forecast", "roster.csv", *FLAGS, "--format", "json").stdout)["offers"]
    shares = {offer["creator"]: offer["on_target"] for offer in offers}
    assert shares["@anna"] == {"share": pytest.approx(0.83 * 0.75 * 0.86, abs=1e-4), "origin": "own"}
    assert shares["@eve"] == {"share": 0, "origin": "default"}
    assert all(0 < shares[name]["share"] < 1 for name in ("@ben", "@dora"))


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "of the impressions are on target (women aged 18–34"), ("de", "Frauen im Alter von 18–34 in Deutschland")],
)
def test_a_page_tells_what_is_on_target(run, german, language, text):
    pytest.importorskip("jinja2")
    (german / "campaign.toml").write_text(f'{CAMPAIGN}[report]\nlanguage = "{language}"\n', encoding="utf-8")
    done = run("plan", "roster.csv", "-c", "campaign.toml", "-q", "-o", "plan.html")
    assert done.exit_code == 0, done.output
    assert text in (german / "plan.html").read_text(encoding="utf-8")


def test_a_workbook_has_the_results_on_target_of_each_creator(run, german):
    pytest.importorskip("xlsxwriter")
    calamine = pytest.importorskip("python_calamine")
    assert run("plan", "roster.csv", "-c", "campaign.toml", "-q", "-o", "plan.xlsx").exit_code == 0
    sheets = calamine.CalamineWorkbook.from_path("plan.xlsx")
    sums, headers, *rows = sheets.get_sheet_by_name("Creators").to_python()
    place = headers.index("Impressions on target")
    assert sums[place] == pytest.approx(sum(row[place] for row in rows if row[0].startswith("@")), abs=0.01)
    assert any(
        "are on target (women aged 18–34" in str(cell) for cell in sheets.get_sheet_by_name("Plan").to_python()[3]
    )


def test_plans_for_other_people_are_not_compared_by_their_values(run, german):
    for name, country in (("a", "DE"), ("b", "AT")):
        args = ("-b", "2000", "--goal", "target-reach", "--audience-country", country, "-q", "-o", f"{name}.json")
        assert run("plan", "roster.csv", *args).exit_code == 0
    value = only_object(run("compare", "a.json", "b.json", "--format", "json").stdout)
    assert value["change_in_totals"]["objective"] is None
    assert "the target audience: DE in A, AT in B" in [change["message"] for change in value["campaign"]]


@pytest.mark.parametrize(
    ("written", "place", "words"),
    [
        ("ages = [18, 34]", "target.ages", "text in quotes"),
        ("countries = 49", "target.countries", "a list in square brackets"),
        ("gender = true", "target.gender", "text in quotes"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_under_its_own_name(run, german, written, place, words):
    (german / "campaign.toml").write_text(f"budget = 2000\n[target]\n{written}\n", encoding="utf-8")
    fault = only_object(run("plan", "roster.csv", "-c", "campaign.toml", "--format", "json").stdout)["faults"][0]
    assert (fault["code"], fault["column"]) == ("value-kind", place)
    assert words in fault["message"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [('countrys = ["DE"]', "countries"), ('genders = "female"', "gender"), ('agess = "18-34"', "ages")],
)
def test_a_misspelled_key_of_the_target_is_answered_with_the_right_one(run, german, written, meant):
    (german / "campaign.toml").write_text(f"budget = 2000\n[target]\n{written}\n", encoding="utf-8")
    fault = only_object(run("plan", "roster.csv", "-c", "campaign.toml", "--format", "json").stdout)["faults"][0]
    assert fault["code"] == "key-unknown"
    assert f"did you mean {meant}" in fault["fix"]


def test_shares_beyond_the_whole_audience_are_a_fault_with_row_and_column(run, german):
    (german / "roster.csv").write_text(ROSTER.replace("AT 9%", "AT 56%"), encoding="utf-8")
    fault = only_object(run("plan", "roster.csv", "-c", "campaign.toml", "--format", "json").stdout)["faults"][0]
    assert (fault["code"], fault["row"], fault["column"]) == ("audience-total", 2, "Audience countries")
    assert fault["message"] == "the shares of countries add up to 130%"


def test_a_replan_keeps_the_target(run, german):
    assert run("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json", "-q").exit_code == 0
    (german / "states.csv").write_text("creator,state\n@anna,signed\n", encoding="utf-8")
    done = run("replan", "plan.json", "--states", "states.csv", "--format", "json")
    assert done.exit_code == 0, done.output
    assert only_object(done.stdout)["on_target"]["share"] > 0


@pytest.mark.parametrize(("before", "after"), [((), FLAGS), (FLAGS, ()), (FLAGS, ("--audience-country", "US"))])
def test_a_plan_and_one_for_another_target_are_compared_and_replanned(run, german, before, after):
    goals = [("--goal", "target-engagements") if target else () for target in (before, after)]
    for name, target, goal in zip(("a", "b"), (before, after), goals, strict=True):
        assert run("plan", "roster.csv", "-b", "1300", *target, *goal, "-q", "-o", f"{name}.json").exit_code == 0
    assert run("compare", "a.json", "b.json").exit_code == 0
    (german / "new.toml").write_text(CAMPAIGN if after else "budget = 1500\n", encoding="utf-8")
    done = run("replan", "a.json", "-c", "new.toml", "--format", "json")
    assert done.exit_code == 0, done.output
    assert (only_object(done.stdout)["on_target"] is not None) is bool(after)


def test_a_plan_file_without_its_figures_on_target_is_not_a_plan(run, german):
    assert run("plan", "roster.csv", "-c", "campaign.toml", "-o", "plan.json", "-q").exit_code == 0
    plan = json.loads((german / "plan.json").read_text(encoding="utf-8"))
    del plan["picks"][0]["metrics"]["target_reach"]
    (german / "altered.json").write_text(json.dumps(sealed(plan)), encoding="utf-8")
    done = run("report", "altered.json", "-o", "plan.html")
    assert done.exit_code == 2
    assert "picks[0].metrics.target_reach is missing" in " ".join(done.stderr.split())
