"""What is said of rules that hold in a share of the scenarios."""

from fractions import Fraction

import pytest

from microopt.campaign.rule_grammar import parse_rule
from microopt.plan.chance import BestChance, Chance
from microopt.plan.plan import RuleUse
from microopt.rendering.language.language import find_language
from microopt.rendering.story.rule_sentence import rule_sentence
from microopt.rendering.story.rule_words import limit_words
from microopt.rendering.wording.chances import best_chance_sentence
from microopt.rendering.wording.plan_figures import describe_binding, format_chance

RULE = "all conversions >= 300 in 90%"


def chance(share):
    return Chance(share=Fraction(share), asked=Fraction(9, 10), scenarios=200)


@pytest.mark.parametrize(
    ("share", "text"),
    [("186/200", "in 93% of 200 scenarios"), ("187/200", "in 93.5% of 200 scenarios"), ("1", "in all 200 scenarios")],
)
def test_a_table_says_in_how_many_scenarios_a_rule_holds(share, text):
    use = RuleUse(label=RULE, used=Fraction(310), at_least=Fraction(300), chance=chance(share))
    assert format_chance(use.chance) == describe_binding(use, "USD") == text


def test_a_page_says_so_in_its_language():
    use = RuleUse(label=RULE, used=Fraction(310), at_least=Fraction(300), chance=chance("187/200"))
    german = find_language("de")
    assert limit_words(use, "USD", german) == "in 93,5\N{NO-BREAK SPACE}% von 200 Szenarien"
    assert rule_sentence(parse_rule(RULE), "USD", german) == (
        "Mindestens 300 Conversions, in mindestens 90\N{NO-BREAK SPACE}% der Szenarien"
    )


@pytest.mark.parametrize(
    ("share", "at_most", "text"),
    [
        (
            "62/100",
            "62/100",
            "no plan keeps this limit in more than 62% of the 200 scenarios; move the limit, or ask for 62%",
        ),
        (
            "55/100",
            "71/100",
            "the best plan found keeps this limit in 55% of the 200 scenarios, and none can in more than 71%; move the "
            "limit, or ask for 55%",
        ),
        ("0", "0", "no plan reaches this limit in any of the 200 scenarios; move the limit"),
    ],
)
def test_the_best_chance_is_said_as_far_as_it_is_known(share, at_most, text):
    best = BestChance(
        label=RULE, share=Fraction(share), at_most=Fraction(at_most), asked=Fraction(9, 10), scenarios=200
    )
    assert best_chance_sentence(best) == f"{RULE}: {text}."
