"""`microopt compare agency.toml`: campaigns planned together beside the same ones one by one."""

import json
from pathlib import Path

import pytest

from tests.cli.commands.test_portfolio import AGENCY, DEW, GLOW


@pytest.fixture
def compare(run, desk):
    """Return a function that compares a portfolio of two campaigns."""
    (desk / "glow.toml").write_text(GLOW, encoding="utf-8")
    (desk / "dew.toml").write_text(DEW, encoding="utf-8")
    (desk / "agency.toml").write_text(AGENCY, encoding="utf-8")
    return lambda *args: run("compare", "agency.toml", *args)


def test_the_answer_comes_first_then_both_orders(compare):
    done = compare()
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Planning ")
    assert "one by one" in done.stdout.split("\n\n")[0]
    assert "As listed  Reversed" in done.stdout
    assert not [*Path().glob("plans/*")]


def test_it_is_written_in_every_format_of_a_portfolio(compare):
    done = compare("-q", "-o", "c.json", "-o", "c.md", "-o", "c.html", "-o", "c.xlsx", "-o", "c.txt")
    assert done.exit_code == 0, done.output
    orders = json.loads(Path("c.json").read_text(encoding="utf-8"))["one_by_one"]
    assert [[each["name"] for each in order] for order in orders.values()] == [["glow", "dew"], ["dew", "glow"]]
    assert [*orders] == ["as listed", "reversed"]
    for name in ("c.md", "c.html", "c.txt"):
        assert "Together" in Path(name).read_text(encoding="utf-8")
    assert json.loads(compare("--format", "json").stdout)["schema"] == "microopt.portfolio/1"
    assert "| Of its best alone | Together |" in compare("--format", "markdown").stdout


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("-b", "600"), "so --budget cannot be used"),
        (("--over-time",), "so --over-time cannot be used"),
        (("--format", "csv"), "use one of: table, json, markdown"),
    ],
)
def test_what_only_one_campaign_can_have_is_refused(compare, args, words):
    done = compare(*args)
    assert done.exit_code == 2
    assert words.casefold() in done.stderr.casefold()


def test_a_campaign_file_in_place_of_a_portfolio_says_what_is_missing(run, compare):
    done = run("compare", "glow.toml")
    assert done.exit_code == 2
    assert "[[campaign]]" in done.stderr
