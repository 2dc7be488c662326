"""A cover says what a plan brings in the outcomes that it was chosen for, and which chances it misses elsewhere."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.campaign import Goal
from microopt.campaign.rule_grammar import parse_rule
from microopt.plan.chance import Chance, FreshChance
from microopt.plan.plan import RuleUse
from microopt.rendering.language.language import find_language
from microopt.rendering.story.bad_luck import describe_bad_luck
from tests.rendering.builders import plan
from tests.rendering.wording.test_after_declines import AFTER
from tests.rendering.wording.test_tail import tail

ENGLISH = find_language("en")


def told(**facts):
    goal = facts.pop("goal", "engagement")
    made = plan(campaign={"goal": Goal(name=goal)})
    return describe_bad_luck(replace(made, **facts), ENGLISH)


def test_a_plan_for_the_worst_outcomes_says_what_it_brings_there_and_what_that_costs():
    (sentence,) = told(tail=tail(fresh="418"))
    assert sentence == (
        "In the worst 10% of 10,000 simulated outcomes, it brings 418 engagements on average. That is 10% more than "
        "the plan with the highest average brings there, for 4% less on average."
    )


def test_a_plan_that_is_no_safer_is_not_called_safer():
    (sentence,) = told(tail=tail(fresh="380"))
    assert "more than" not in sentence


def test_a_balanced_goal_has_no_result_of_its_own():
    (sentence,) = told(goal="balanced", tail=tail(fresh="418"))
    assert sentence.startswith("It was chosen for the worst 10% of the outcomes")
    assert "10% more" in sentence


def test_a_plan_for_what_comes_after_declines_says_what_that_is():
    (sentence,) = told(after_declines=replace(AFTER, value=Fraction(350)))
    assert (
        sentence == "If others take the place of creators who decline, the plan is forecast to bring 350 engagements."
    )


@pytest.mark.parametrize(("share", "count"), [("0.8868", 1), ("0.9", 0)])
def test_a_rule_that_holds_less_often_in_other_outcomes_is_named(share, count):
    rule = parse_rule("all conversions >= 90 in 90%")
    fresh = FreshChance(share=Fraction(share), draws=10_000, seed=2)
    chance = Chance(share=Fraction(9, 10), asked=Fraction(9, 10), scenarios=200, fresh=fresh)
    use = RuleUse(label=rule.label, used=Fraction(90), at_least=Fraction(90), chance=chance)
    sentences = told(rules=(use,))
    assert len(sentences) == count
    assert all("88.6% of 10,000 simulated outcomes" in sentence for sentence in sentences)


def test_a_plan_without_creators_says_nothing_of_luck():
    assert told(tail=tail(fresh="418"), picks=()) == ()
