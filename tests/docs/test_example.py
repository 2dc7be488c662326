"""The creator computed by hand in `forecast.md`: a reader's own arithmetic, and what the command forecasts."""

import re
import runpy
from math import exp, log, sqrt
from pathlib import Path
from statistics import NormalDist

import pytest

from microopt.analysis.forecast_table import build_forecast_table
from microopt.campaign.campaign import Campaign
from microopt.campaign.rule_grammar import parse_where
from microopt.readers.roster import read_roster

ROOT = Path(__file__).resolve().parents[2]
MODULE = runpy.run_path(str(ROOT / "docs" / "make_example.py"))
EXAMPLE = (
    (ROOT / "docs" / "forecast.md").read_text(encoding="utf-8").partition("<!-- by hand")[2].partition("<!-- end")[0]
)
LOOKED_UP, COMPUTED = ([*re.findall(r"^\| `(.+?)` \| (.*) \|$", part, re.M)] for part in EXAMPLE.split("| computed |"))
NUMBERS = {symbol: float(cells.split(" | ")[1]) for symbol, cells in LOOKED_UP}
STEPS = [(symbol, *cells.split(" | ")[1:]) for symbol, cells in COMPUTED]
RESULTS = {symbol: float(result) for symbol, _, result in STEPS}


def reel():
    roster = read_roster(ROOT / "examples" / "launch.csv")
    campaign = Campaign(budget=0, where=(parse_where(f"creator:{MODULE['CREATOR']}"),))
    return next(offer for offer in build_forecast_table(roster, campaign).offers if offer.offer == MODULE["OFFER"])


@pytest.mark.parametrize(("symbol", "expression", "result"), STEPS, ids=[step[0] for step in STEPS])
def test_each_step_is_what_its_expression_gives(symbol, expression, result):
    names = {"ln": log, "exp": exp, "sqrt": sqrt, "N": NormalDist().cdf}
    value = eval(expression.strip("`").replace("^", "**"), names)
    assert float(result) == pytest.approx(value, rel=1e-4), symbol


def test_each_step_uses_only_numbers_of_the_lines_above():
    known = {f"{number:.10f}".rstrip("0").rstrip(".") for number in NUMBERS.values()}
    constants = {"1", "2", "365", "1.2816"}
    for _, expression, result in STEPS:
        used = re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", re.sub(r"(?<=[\d)]) - ", " + ", expression).replace("^2", ""))
        assert {*used} <= known | constants
        known.add(result)


def test_no_sign_stands_before_a_power_since_spreadsheets_read_it_otherwise():
    assert not [expression for _, expression, _ in STEPS if re.search(r"(?:^|[`(*/])\s*-[\d.]+\)?\^", expression)]


def test_the_figures_are_those_that_the_command_forecasts():
    offer = reel()
    for metric in ("engagements", "impressions", "clicks", "conversions"):
        assert RESULTS[metric] == pytest.approx(offer.figures[metric].mean, rel=1e-3), metric
    assert RESULTS["CPE"] * 100 == pytest.approx(offer.rates["cpe"], rel=1e-3)
    assert offer.fee == NUMBERS["fee"] * 100


def test_the_ranges_are_those_that_the_command_forecasts():
    figures = reel().figures
    engagements, conversions = figures["engagements"], figures["conversions"]
    assert (RESULTS["low"], RESULTS["high"]) == pytest.approx((engagements.low, engagements.high), rel=2e-3)
    ends = (RESULTS["low of conversions"], RESULTS["high of conversions"])
    assert ends == pytest.approx((conversions.low, conversions.high), rel=2e-3)


def test_expressions_are_arithmetic_only():
    evaluate = MODULE["evaluate"]
    assert evaluate("2 * 3^2 - ln(exp(1)) + sqrt(4) / N(0)") == pytest.approx(21)
    with pytest.raises(ValueError, match="is not arithmetic"):
        evaluate("[1][0]")
