"""Which format a name or a suffix means, and the small parts that all formats share."""

from fractions import Fraction

import pytest

from microopt.errors import UsageError
from microopt.plan.plan import Totals
from microopt.rendering import FORMATS, SUFFIXES, format_from_path, plan_renderer
from microopt.rendering.terminal.screen import bar
from microopt.rendering.wording.plan_figures import describe_binding, format_allowed, format_cost_per, format_used
from tests.rendering.builders import plan, rule


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_renders_a_plan(name):
    assert ("7 creators" if name == "line" else "@creator.0") in plan_renderer(name)(plan())


@pytest.mark.parametrize(
    ("path", "name"),
    [("a.json", "json"), ("a.b.CSV", "csv"), ("/x.y/p.md", "markdown"), ("p.markdown", "markdown"), ("p.txt", "table")],
)
def test_a_suffix_means_a_format(path, name):
    assert format_from_path(path) == name


@pytest.mark.parametrize("path", ["plan", "plan.pdf", "folder.json/plan", "", ".", "plan.", "plan.json.gz"])
def test_a_suffix_that_means_nothing_lists_those_that_do(path):
    with pytest.raises(UsageError) as caught:
        format_from_path(path)
    assert all(suffix in caught.value.fix for suffix in SUFFIXES)


def test_an_unknown_format_lists_the_known_ones():
    with pytest.raises(UsageError, match="no format 'pdf'") as caught:
        plan_renderer("pdf")
    assert "markdown" in caught.value.fix


@pytest.mark.parametrize("share", [-1, 0, 0.001, 0.5, 0.999, 1, 7])
def test_a_bar_is_always_as_wide_as_it_should_be(share):
    assert len(bar(share, 12)) == 12


def test_a_bar_fills_to_the_eighth():
    assert bar(0, 4) == "    "
    assert bar(0.5, 4) == "██  "
    assert bar(1 / 32, 4) == "▏   "
    assert bar(1, 4) == "████"


def test_a_rule_on_money_is_shown_as_money():
    sample = rule(used=Fraction(1999, 100), at_least=Fraction(10), at_most=None, money=True)
    assert (format_used(sample, "EUR"), format_allowed(sample, "EUR")) == ("€19.99", ">= €10")


def test_a_rule_with_nothing_to_measure_says_so():
    assert format_allowed(rule(at_least=None, at_most=None), "USD") == "met: nothing to measure"


def test_a_long_fraction_is_rounded_for_the_eye():
    assert format_used(rule(used=Fraction(2, 3)), "USD") == "0.667"


def test_only_a_binding_rule_speaks_of_room():
    assert describe_binding(rule(), "USD") == ""
    assert describe_binding(rule(binding=True), "USD") == "limit reached"


@pytest.mark.parametrize(
    ("spend", "amount", "per", "text"),
    [
        (1_000, 0, 1, "-"),
        (1_700, 100_000, 1, "$0.17"),
        (1_000_000, 1_000, 1, "$10,000"),
        (1_000, 1_000_000, 1000, "$10.00"),
    ],
)
def test_a_cost_per_result_is_a_dash_where_no_result_is_expected(spend, amount, per, text):
    assert format_cost_per(Totals(creators=1, spend=spend, metrics={"reach": amount}), "reach", "USD", per) == text
