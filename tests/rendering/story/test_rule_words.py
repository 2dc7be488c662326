"""Whether a rule limits a plan, and what the plan would gain without it, is told in words of a language."""

from fractions import Fraction

import pytest

from microopt.campaign.campaign import Goal
from microopt.plan.plan import RulePrice
from microopt.rendering.language.language import find_language
from microopt.rendering.story.rule_words import gain_words, limit_words, told_rules
from microopt.rendering.wording.plan_figures import describe_binding
from tests.rendering.builders import difference, plan, rule

ENGLISH, GERMAN = find_language("en"), find_language("de")
RULES = (
    rule(),
    rule(binding=True),
    rule(binding=True, used=Fraction(2)),
    rule(binding=True, used=Fraction(3)),
    rule(binding=True, used=Fraction(3), at_most=None),
    rule(used=Fraction(1), beyond=Fraction(1)),
    rule(used=Fraction(6), beyond=Fraction(5, 2), money=True),
    rule(used=None),
)


@pytest.mark.parametrize("of", RULES)
def test_english_words_are_those_of_the_terminal(of):
    assert limit_words(of, "USD", ENGLISH) == describe_binding(of, "USD")


def test_german_words_are_german():
    assert [limit_words(of, "USD", GERMAN) for of in RULES[1:3]] == ["Grenze erreicht", "am Minimum"]
    assert limit_words(RULES[6], "USD", GERMAN) == "2,50\xa0$ über der Grenze"


@pytest.mark.parametrize(
    ("price", "goal", "words"),
    [
        (None, "balanced", ""),
        ({"status": "optimal", "change": difference(Fraction(0))}, "balanced", "keine Änderung"),
        ({"status": "feasible", "change": difference(Fraction(0))}, "balanced", "keine Änderung gefunden"),
        ({"status": "optimal", "change": difference(1)}, "least cost", "dasselbe für 450\xa0$ weniger"),
        ({"status": "optimal", "change": difference(1)}, "conversions", "−0\xa0% Interaktionen, −7,1\xa0% Conversions"),
        ({"status": "unknown"}, "balanced", "in der Zeit kein Plan gefunden"),
        ({"status": "not looked at"}, "balanced", "nicht geprüft"),
    ],
)
def test_what_a_rule_costs_is_told(price, goal, words):
    found = None if price is None else RulePrice(label="x", **price)
    assert gain_words(plan(campaign={"goal": Goal(name=goal)}), found, GERMAN) == words


def test_a_gain_without_proof_may_be_more():
    price = RulePrice(label="x", status="feasible", change=difference(1))
    assert gain_words(plan(), price, GERMAN).endswith(" Conversions oder mehr")


def test_whom_the_campaign_requires_is_in_the_plan():
    rows = list(told_rules(plan(campaign={"include": ("@creator.1",), "exclude": ("@x",)}), GERMAN))
    assert [(row.label, row.allowed) for row in rows[1:]] == [
        ("Gesetzt: @creator.1", "im Plan"),
        ("Ausgeschlossen: @x", "ausgeschlossen"),
    ]
