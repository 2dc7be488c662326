"""Which format a name or a suffix means, and the small parts that all formats share."""

from fractions import Fraction

import pytest

from microopt.errors import UsageError
from microopt.plan.plan import Totals
from microopt.rendering import FORMATS, SUFFIXES, format_from_path, plan_renderer
from microopt.rendering.terminal.screen import bar
from microopt.rendering.wording.plan_figures import (
    describe_binding,
    format_allowed,
    format_amount,
    format_conversions,
    format_cost_per,
    format_used,
)
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


@pytest.mark.parametrize("path", ["plan", "plan.docx", "folder.json/plan", "", ".", "plan.", "plan.json.gz"])
def test_a_suffix_that_means_nothing_lists_those_that_do(path):
    with pytest.raises(UsageError) as caught:
        format_from_path(path)
    assert all(suffix in caught.value.fix for suffix in SUFFIXES)


def test_an_unknown_format_lists_the_known_ones():
    with pytest.raises(UsageError, match="no format 'docx'") as caught:
        plan_renderer("docx")
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


@pytest.mark.parametrize(
    ("used", "text"),
    [(Fraction(2, 3), "0.667"), (Fraction(809, 40), "20.2"), (Fraction(14, 3), "4.67"), (Fraction(20_007, 4), "5,002")],
)
def test_a_long_fraction_is_rounded_for_the_eye(used, text):
    assert format_used(rule(used=used), "USD") == text


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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (950.4, "950"),
        (4_837, "4,837"),
        (9_999.4, "9,999"),
        (9_999.6, "10.0k"),
        (18_340, "18.3k"),
        (21_000, "21.0k"),
        (99_960, "100k"),
        (213_800, "214k"),
        (999_400, "999k"),
        (999_600, "1.00M"),
        (2_666_000, "2.67M"),
        (13_900_000, "13.9M"),
        (4.5e12, "4,500B"),
    ],
)
def test_an_amount_in_a_column_has_three_digits_and_keeps_its_zeros(value, text):
    assert format_amount(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.44, "0.4"), (9.94, "9.9"), (9.96, "10"), (12.4, "12"), (1_109, "1,109")]
)
def test_conversions_have_a_decimal_only_below_ten(value, text):
    assert format_conversions(round(value * 1000)) == text


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"used": Fraction(5)}, "limit reached"),
        ({"used": Fraction(2)}, "at its minimum"),
        ({"used": Fraction(2), "at_most": Fraction(2)}, "limit reached"),
        ({"used": Fraction(4), "at_least": None}, "no other creator fits"),
        ({"used": Fraction(3), "at_most": None}, "none can be dropped"),
    ],
)
def test_a_rule_without_room_says_which_side_it_stops(overrides, words):
    assert describe_binding(rule(binding=True, **overrides), "USD") == words
