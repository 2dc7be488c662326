"""What a campaign without a plan says: the rules that conflict, and a repair where one is asked for."""

import pytest

from tests.cli.conftest import files, only_object

INFEASIBLE = {
    "too few": (("-b", "5k", "-r", "niche:beauty count >= 4"), ["niche:beauty count >= 4"]),
    "too dear": (("-b", "100", "-r", "niche:beauty count >= 1"), ["niche:beauty count >= 1", "budget"]),
    "include too dear": (("-b", "100", "-i", "@anna"), ["include @anna", "budget"]),
    "includes too dear": (("-b", "1k", "-i", "@anna", "-i", "@ben"), ["include @anna", "include @ben", "budget"]),
    "a short form": (("-b", "5k", "--niche", "beauty=4.."), ["niche:beauty count 4.."]),
    "two rules": (
        ("-b", "50k", "-r", "niche:beauty count >= 3", "-r", "all hours <= 5"),
        ["niche:beauty count >= 3", "all hours <= 5"],
    ),
    "a pair": (
        ("-b", "50k", "-i", "@anna", "-r", "creator:@anna excludes creator:@ben", "-r", "creator:@ben count >= 1"),
        ["include @anna", "creator:@anna excludes creator:@ben", "creator:@ben count >= 1"],
    ),
}


@pytest.mark.parametrize(("args", "clash"), INFEASIBLE.values(), ids=INFEASIBLE)
def test_an_infeasible_campaign_names_its_rules_in_json(run, desk, args, clash):
    before = files(desk)
    done = run("plan", "roster.csv", *args, "--format", "json", "-o", "p.json")
    value = only_object(done.stdout)
    assert (done.exit_code, done.stderr) == (4, "")
    assert (value["schema"], value["status"]) == ("microopt.diagnosis/1", "infeasible")
    assert set(value["clash"]) == set(clash)
    assert value["irreducible"]
    assert 1 <= len(value["repairs"]) <= 3
    assert files(desk) == before


def test_a_repair_makes_a_plan_and_says_so(run, desk):
    args = ("plan", "roster.csv", "-b", "100", "-r", "niche:beauty count >= 1", "--repair")
    done = run(*args, "-o", "p.json")
    assert done.exit_code == 0
    assert done.stdout.startswith("Not everything you asked for is possible.")  # all below it is of another request
    assert "raise the budget from $100 to $120" in " ".join(done.stdout.split())
    value = only_object((desk / "p.json").read_text(encoding="utf-8"))
    change = {
        "label": "budget",
        "before": 100,
        "after": 120,
        "becomes": "budget 120",
        "share": False,
        "money": True,
        "wave": None,
    }
    assert value["repair"] == {"changes": [change], "price": 0.2, "minimal": True}
    assert (value["campaign"]["budget"], value["totals"]["spend"]) == (120, 120)


@pytest.mark.parametrize("flags", [("-q",), ("--format", "csv")])
def test_a_repair_is_told_even_where_no_page_is(run, flags):
    done = run("plan", "roster.csv", "-b", "100", "-r", "niche:beauty count >= 1", "--repair", *flags)
    assert done.exit_code == 0
    assert "Repaired: raise the budget from $100 to $120." in done.stderr
    assert "Not everything you asked for" not in done.stderr  # it is told once


def test_a_repair_is_not_asked_where_there_is_a_plan(run):
    done = run("plan", "roster.csv", "-b", "5k", "--repair", "--format", "json")
    assert done.exit_code == 0
    assert only_object(done.stdout)["repair"] is None


def test_of_repairs_that_are_as_small_the_one_that_brings_most_is_taken(run):
    args = ("-b", "50k", "-r", "creator:@anna count >= 1", "-r", "creator:@dora count >= 1", "--creators", "1")
    plain = only_object(run("plan", "roster.csv", *args, "--format", "json").stdout)
    assert [repair["price"] for repair in plain["repairs"]] == [1, 1, 1]
    value = only_object(run("plan", "roster.csv", *args, "--repair", "--format", "json").stdout)
    assert [change["label"] for change in value["repair"]["changes"]] == ["all count = 1"]


def test_what_would_help_is_listed_with_the_flag_that_does_it(run):
    done = run("plan", "roster.csv", "-b", "100", "-r", "niche:beauty count >= 1")
    output = " ".join(done.stderr.split())
    assert "1. raise the budget from $100 to $120" in output
    assert "2. drop niche:beauty count >= 1" not in output  # a plan of nobody would be no help
    assert "add --repair" in output


@pytest.mark.parametrize(("args", "clash"), INFEASIBLE.values(), ids=INFEASIBLE)
def test_an_infeasible_campaign_names_its_rules_on_standard_error(run, desk, args, clash):
    before = files(desk)
    done = run("plan", "roster.csv", *args, "-o", "p.json")
    assert (done.exit_code, done.stdout) == (4, "")
    assert all(label.replace("include ", "") in done.stderr or label == "budget" for label in clash)
    assert ("budget" in done.stderr) >= ("budget" in clash)
    assert files(desk) == before
