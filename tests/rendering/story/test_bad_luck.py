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


def sentences(**facts):
    goal = facts.pop("goal", "engagement")
    made = plan(campaign={"goal": Goal(name=goal)})
    return describe_bad_luck(replace(made, **facts), ENGLISH)


def test_a_plan_for_the_worst_outcomes_says_what_it_brings_there_and_what_that_costs():
    (sentence,) = sentences(tail=tail(fresh="418"))
    assert sentence == (
        "In the worst 10% of 10,000 simulated outcomes, the plan brings 418 engagements on average. That is 10% more "
        "than with the plan that has the highest average, for 4% less on average."
    )


def test_a_plan_that_is_no_safer_is_not_called_safer():
    (sentence,) = sentences(tail=tail(fresh="370"))
    assert sentence.endswith("The plan with the highest average brings no less there.")


def test_safety_that_costs_nothing_on_average_says_so():
    own = tail(fresh="418")
    (sentence,) = sentences(tail=replace(own, plan=replace(own.plan, mean=own.of_means.mean)))
    assert sentence.endswith("brings as much on average, but there this plan brings 10% more.")


def test_a_plan_that_is_the_best_on_average_is_compared_with_nothing():
    own = tail(fresh="380")
    (sentence,) = sentences(tail=replace(own, plan=own.of_means))
    assert "highest average" not in sentence


def test_a_balanced_goal_has_no_result_of_its_own():
    (sentence,) = sentences(goal="balanced", tail=tail(fresh="418"))
    assert sentence.startswith("The plan was chosen for the worst 10% of the outcomes")
    assert "10% more" in sentence


def test_a_plan_for_what_comes_after_declines_says_what_that_is():
    (sentence,) = sentences(after_declines=replace(AFTER, value=Fraction(350)))
    assert (
        sentence == "If others take the place of creators who decline, the plan is forecast to bring 350 engagements."
    )


@pytest.mark.parametrize(("share", "count"), [("0.8868", 1), ("0.9", 0)])
def test_a_rule_that_holds_less_often_in_other_outcomes_is_named(share, count):
    rule = parse_rule("all conversions >= 90 in 90%")
    fresh = FreshChance(share=Fraction(share), draws=10_000, seed=2)
    chance = Chance(share=Fraction(9, 10), asked=Fraction(9, 10), scenarios=200, fresh=fresh)
    use = RuleUse(label=rule.label, used=Fraction(90), at_least=Fraction(90), chance=chance)
    found = sentences(rules=(use,))
    assert len(found) == count
    assert all("88.6% of 10,000 simulated outcomes" in sentence for sentence in found)


def test_a_plan_without_creators_says_nothing_of_luck():
    assert sentences(tail=tail(fresh="418"), picks=()) == ()
