"""The rows of the rules: whom the campaign requires and excludes stands among them."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.plan.plan import RulePrice
from microopt.rendering.html.page import plan_html
from microopt.rendering.markdown import plan_markdown
from microopt.rendering.terminal.plan import plan_table
from microopt.rendering.terminal.screen import Screen
from microopt.rendering.wording.rules import rule_rows
from tests.rendering.builders import difference, pick, plan, rule

PICKS = (pick(0, creator="Tess Runs", cost=576_000), pick(1, creator="Uma"), pick(2, creator="Vera"))


def sample(*rules, include=("tess runs",), exclude=("Carla Home",), **overrides):
    return plan(PICKS, rules=rules, campaign={"include": include, "exclude": exclude}, **overrides)


def rows(of):
    return [(row.label, row.used, row.allowed) for row in rule_rows(of)]


def test_whom_the_campaign_requires_and_excludes_is_told_with_what_the_plan_pays():
    assert rows(sample()) == [("include tess runs", "$5,760", "in the plan"), ("exclude Carla Home", "", "left out")]
    assert rows(sample(include=(), exclude=())) == []


def test_a_required_link_or_selector_has_no_amount():
    assert rows(sample(include=("niche:beauty",), exclude=())) == [("include niche:beauty", "", "in the plan")]


def test_many_names_share_a_row_unless_each_has_a_price():
    names = ("Tess Runs", "Uma", "Vera", "d", "e", "f", "g")
    ((label, *_),) = rows(sample(include=names, exclude=()))
    assert label == "include Tess Runs, Uma, Vera, d, e, f and 1 more"
    price = RulePrice(label="include Uma", status="optimal", change=difference(Fraction(0)))
    priced = list(rule_rows(sample(include=names, exclude=(), rule_prices=(price,))))
    assert [(row.label, row.without) for row in priced[:2]] == [("include Tess Runs", ""), ("include Uma", "no change")]
    assert len(priced) == len(names)


def test_they_stand_in_the_table_the_markdown_and_the_page_even_without_rules():
    of = replace(sample(), rules=())
    for text in (plan_table(of, Screen(width=80)), plan_markdown(of)):
        assert "include tess runs" in text
        assert "exclude Carla Home" in text
        assert "left out" in text
    page = plan_html(of)
    assert "Required: tess runs" in page
    assert "Excluded: Carla Home" in page
    assert "left out" in page


@pytest.mark.parametrize(
    ("label", "used", "allowed"),
    [
        ("all mean(engagement_rate) >= 3%", "7.6%", ">= 3%"),
        ("all mean(engagement_rate) >= 0.03", "0.076", ">= 0.03"),
        ("all mean(engagement_rate) >= 0.03 (soft 5%)", "0.076", ">= 0.03"),
        ('all mean("er %") >= 0.03', "0.076", ">= 0.03"),
    ],
)
def test_a_mean_is_shown_in_the_unit_of_its_rule(label, used, allowed):
    (row,) = rule_rows(
        plan(rules=(rule(label=label, used=Fraction("0.076"), at_least=Fraction("0.03"), at_most=None),))
    )
    assert (row.used, row.allowed) == (used, allowed)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("open_offer:yes count >= 10", "open offers kept"),
        ("open_offer:yes count >= 10 (soft 100%)", "open offers kept"),
        ("taken_fallback:yes count >= 4", "substitutes kept"),
        ("open_offer:no count >= 2", "open_offer:no count >= 2"),
    ],
)
def test_rules_that_replan_adds_itself_are_told_in_words(label, said):
    (row, *_) = rule_rows(plan(rules=(rule(label),)))
    assert row.label == said
