"""What is said of rules that hold in a share of the scenarios."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.rule_grammar import parse_rule
from microopt.plan.chance import BestChance, Chance, FreshChance
from microopt.plan.plan import RuleUse
from microopt.rendering.language.language import find_language
from microopt.rendering.story.rule_sentence import rule_sentence
from microopt.rendering.story.rule_words import limit_words
from microopt.rendering.wording.chances import best_chance_sentence, chance_sentences
from microopt.rendering.wording.plan_figures import describe_binding, format_chance
from microopt.rendering.wording.rules import rule_rows
from tests.rendering.builders import plan

RULE = "all conversions >= 300 in 90%"


def chance(share, fresh=None):
    draws = None if fresh is None else FreshChance(share=Fraction(fresh), draws=10_000, seed=2)
    return Chance(share=Fraction(share), asked=Fraction(9, 10), scenarios=200, fresh=draws)


def said(*fresh, hints=True):
    """Return what is said of a plan whose rules hold in these shares of other draws."""
    uses = [RuleUse(label=f"all conversions >= {number} in 90%", used=Fraction(1)) for number in range(len(fresh))]
    uses = [replace(use, chance=chance("19/20", share)) for use, share in zip(uses, fresh, strict=True)]
    return [text for _, text in chance_sentences(plan(rules=tuple(uses)), hints=hints)]


@pytest.mark.parametrize(
    ("share", "text"),
    [("186/200", "in 93% of 200 scenarios"), ("187/200", "in 93.5% of 200 scenarios"), ("1", "in all 200 scenarios")],
)
def test_a_table_says_in_how_many_scenarios_a_rule_holds(share, text):
    use = RuleUse(label=RULE, used=Fraction(310), at_least=Fraction(300), chance=chance(share))
    assert format_chance(use.chance) == describe_binding(use, "USD") == text


def test_a_table_says_in_which_share_of_the_scenarios_so_much_is_used():
    use = RuleUse(label=RULE, used=Fraction(310), at_least=Fraction(300), chance=chance("187/200"))
    (row, *_) = rule_rows(plan(rules=(use,)))
    assert row.used == "310 in 90%"


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


def test_a_rule_that_holds_less_often_in_other_draws_than_asked_is_named_with_what_helps():
    counted, first, advice = said("0.8765", "0.9")
    assert counted == (
        "Chances are counted in the 200 scenarios that the plan was made for; in 10,000 other draws one is lower than "
        "asked."
    )
    assert first == "Warning: all conversions >= 0 in 90% is kept in only 87.6% of 10,000 other draws."
    assert advice == "To keep this rule in other draws, too, ask for a little more, or move the limit."
    assert said("0.88", "0.7")[3].startswith("To keep these rules")
    assert len(said("0.88", hints=False)) == 2


def test_rules_that_hold_as_often_in_other_draws_get_one_sentence():
    assert said("0.9", "1") == [
        "Chances are counted in the 200 scenarios that the plan was made for; in 10,000 other draws they are as high "
        "as asked, too."
    ]
    assert said() == []
