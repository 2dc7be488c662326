"""`microopt frontier`: budgets from a range or from the campaign, files, wrong ranges."""

import csv

import pytest

from tests.cli.conftest import only_object

FRONTIER = ("frontier", "roster.csv", "--budget", "1k..12k", "--steps", "5")


def test_points_are_of_the_range_both_ends_included(run, desk):
    done = run(*FRONTIER, "--format", "json")
    result = only_object(done.stdout)
    assert done.exit_code == 0
    assert [point["budget"] for point in result["points"]] == [1000.0, 3750.0, 6500.0, 9250.0, 12000.0]
    values = [point["objective"] for point in result["points"]]
    assert values == sorted(values)
    assert all(point["status"] == "optimal" for point in result["points"])


def test_without_a_range_the_campaign_says_it(run, desk):
    result = only_object(
        run("frontier", "roster.csv", "-c", "campaign.toml", "--steps", "3", "--format", "json").stdout
    )
    assert [point["budget"] for point in result["points"]] == [1250.0, 5625.0, 10000.0]


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
    assert "proven optimal" in done.stdout


def test_the_data_is_written_as_csv_and_json(run, desk):
    assert run(*FRONTIER, "-q", "-o", "f.csv", "-o", "f.json").stdout == ""
    rows = list(csv.DictReader((desk / "f.csv").read_text().splitlines()))
    output = only_object((desk / "f.json").read_text())["points"]
    assert [float(row["budget"]) for row in rows] == [point["budget"] for point in output]
    assert [float(row["spend"]) for row in rows] == [point["totals"]["spend"] for point in output]
    for row, point in zip(rows, output, strict=True):
        assert row["names"].lstrip("'").split("|") == point["creators"]
        tiers = {key.removesuffix("_creators") for key in row if key.endswith("_creators") and row[key] != "0"}
        assert tiers == set(point["mix"])
        assert all(float(row[f"{tier}_spend"]) == totals["spend"] for tier, totals in point["mix"].items())
    assert run(*FRONTIER, "--format", "csv").stdout == (desk / "f.csv").read_text()


def test_with_worths_it_says_where_spending_ends(run, desk):
    result = run(*FRONTIER, "--worth", "conversions=30")
    assert "Spending is worth it up to" in result.stdout or "No plan within these budgets is worth" in result.stdout


def test_an_infeasible_end_says_so_and_the_others_stand(run, desk):
    done = run("frontier", "roster.csv", "-b", "100..9k", "--steps", "3", "-r", "all count >= 2")
    assert done.exit_code == 0
    assert "no plan keeps the rules" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--budget", "20k"], "range of budgets"),
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
