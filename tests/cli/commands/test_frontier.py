"""`microopt frontier`: budgets from a range or from the campaign, files, wrong ranges."""

import csv

import pytest

from microopt.analysis.frontier import frontier as frontier_module
from tests.cli.conftest import only_object

FRONTIER = ("frontier", "roster.csv", "--budget", "1k..12k", "--steps", "5")


def test_points_are_of_the_range_both_ends_included(run, desk):
    done = run(*FRONTIER, "--format", "json")
    result = only_object(done.stdout)
    assert done.exit_code == 0
    assert [point["budget"] for point in result["points"]] == [1000.0, 5000.0, 10000.0, 12000.0]
    values = [point["objective"] for point in result["points"]]
    assert values == sorted(values)
    assert all(point["status"] == "optimal" for point in result["points"])


def test_without_a_range_the_campaign_says_it(run, desk):
    result = only_object(
        run("frontier", "roster.csv", "-c", "campaign.toml", "--steps", "3", "--format", "json").stdout
    )
    assert [point["budget"] for point in result["points"]] == [1250.0, 5000.0, 10000.0]


@pytest.mark.parametrize("text", ["9k,2k,5k", "2k;5k;9k", "2,000; 5,000; 9,000", "$2k,5k,9k"])
def test_a_list_of_budgets_has_a_row_for_each(run, desk, text):
    result = only_object(run("frontier", "roster.csv", "-b", text, "--format", "json").stdout)
    assert [point["budget"] for point in result["points"]] == [2000.0, 5000.0, 9000.0]
    assert result["campaign"]["budget"] == 9000.0


def test_a_point_is_the_plan_of_its_budget(run, desk):
    points = only_object(
        run("frontier", "roster.csv", "-b", "2k,5k", "--goal", "engagement", "--format", "json").stdout
    )
    for point in points["points"]:
        args = ("-b", str(point["budget"]), "--goal", "engagement", "--format", "json")
        plan = only_object(run("plan", "roster.csv", *args).stdout)
        assert point["totals"] == plan["totals"]


@pytest.mark.parametrize("width", ["80", "120"])
def test_no_line_is_wider_than_the_screen_and_there_is_a_chart(run, desk, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    done = run(*FRONTIER)
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= int(width)
    assert "Budget" in done.stdout
    assert "┤" in done.stdout
    assert "Mix" in done.stdout
    assert "mega" in done.stdout
    assert "Proven: no plan within these budgets" in " ".join(done.stdout.split())
    assert "New since the row above" in done.stdout
    assert "Value" not in done.stdout


def test_the_data_is_written_as_csv_and_json(run, desk):
    assert run(*FRONTIER, "-q", "-o", "f.csv", "-o", "f.json").stdout == ""
    rows = list(csv.DictReader((desk / "f.csv").read_text().splitlines()))
    output = only_object((desk / "f.json").read_text())["points"]
    assert [float(row["budget"]) for row in rows] == [point["budget"] for point in output]
    assert [float(row["spend"]) for row in rows] == [point["totals"]["spend"] for point in output]
    assert [row["new"].lstrip("'").split("|") if row["new"] else [] for row in rows] == only_object(
        (desk / "f.json").read_text()
    )["added"]
    for row, point in zip(rows, output, strict=True):
        assert row["names"].lstrip("'").split("|") == point["creators"]
        tiers = {key.removesuffix("_creators") for key in row if key.endswith("_creators") and row[key] != "0"}
        assert tiers == set(point["mix"])
        assert all(float(row[f"{tier}_spend"]) == totals["spend"] for tier, totals in point["mix"].items())
    assert run(*FRONTIER, "--format", "csv").stdout == (desk / "f.csv").read_text()


def test_with_worths_it_says_where_spending_ends(run, desk):
    text = " ".join(run(*FRONTIER, "--worth", "conversions=30").stdout.split())
    assert "The campaign earns most at a spend of" in text or "At no budget in this range does the campaign pay" in text


def test_where_no_budget_earns_its_cost_it_says_so_with_the_least_loss(run, desk):
    text = " ".join(run(*FRONTIER, "--worth", "conversions=0.01", "--include", "@ben").stdout.split())
    assert "At no budget in this range does the campaign pay for itself; the least loss is $" in text
    assert "at a spend of $900 that brings" in text
    assert "earns most" not in text


def test_with_an_order_value_each_row_has_its_roas(run, desk):
    text = run(*FRONTIER, "--order-value", "50").stdout
    assert "ROAS" in text
    assert "At $50 an order, " in text


def test_an_infeasible_end_says_so_and_the_others_stand(run, desk):
    done = run("frontier", "roster.csv", "-b", "100..9k", "--steps", "3", "-r", "all count >= 2")
    assert done.exit_code == 0
    assert "no plan keeps the rules" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--budget", "20k"], "a range such as 5k..50k or a list such as 20k,25k,30k"),
        (["--budget", "20,000,25,000"], "20k,25k or 20000,25000"),
        (["--budget", "2k,x"], "not an amount of money"),
        (["--budget", "2k,0"], "is 0"),
        (["--budget", "2k,9k", "--steps", "5"], "--steps belongs to a range"),
        (["--budget", "9k..2k"], "no width"),
        (["--budget", "1k..9k", "--steps", "1"], "--steps 1 is out of range"),
        (["--budget", "1k..9k", "--steps", "1000000"], "--steps 1,000,000 is out of range"),
        (["--budget", "1k..x"], "not an amount of money"),
        (["--target", "engagements=100", "--budget", "1k..9k"], "a target has none"),
        ([], "no budget"),
    ],
)
def test_what_is_no_range_is_refused_with_its_fix(run, desk, args, expected):
    done = run("frontier", "roster.csv", *args)
    assert done.exit_code == 2
    assert expected in " ".join(done.stderr.split())
    assert "Fix" in done.stderr


def test_a_range_that_cannot_be_is_refused_before_anything_is_read(run, desk):
    done = run("frontier", "missing.csv", "-b", "50k..5k")
    assert "the range of budgets has no width" in done.stderr


def test_a_frontier_whose_optimal_spend_was_not_found_in_time_is_not_proven(run, desk, monkeypatch):
    monkeypatch.setattr(frontier_module, "_optimal_spend", lambda *_: None)
    assert run(*FRONTIER, "-q").exit_code == 0
    assert run(*FRONTIER, "--worth", "conversions=30", "-q").exit_code == 5
