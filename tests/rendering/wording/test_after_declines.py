"""What is said of a plan after declines: figures that are true, and no claim to be best that is not proven."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.campaign import Goal
from microopt.plan.after_declines import AfterDeclines
from microopt.rendering.wording.after_declines import after_declines_sentences
from microopt.rendering.wording.plan_head import plan_head
from microopt.rendering.wording.plan_sentences import plan_sentences, short_sentences
from tests.rendering.builders import plan

AFTER = AfterDeclines(
    value=Fraction(1060),
    of_means=Fraction(1000),
    of_means_alone=Fraction(800),
    bound=Fraction(1100),
    scenarios=200,
    seed=1,
    rounds=3,
    candidates=4,
    share=Fraction(1, 2),
    per_dollar=Fraction(1, 10),
    spend=100_00,
    substitutes=Fraction(2),
    rules_kept=200,
    means=(1, 2),
)


def chosen(goal="engagement", **changes):
    made = plan()
    proof = replace(
        made.proof, status="feasible", objective=Fraction(950), bound=Fraction(1000), limit=None, failure=""
    )
    campaign = replace(made.campaign, goal=Goal(name=goal))
    return replace(made, campaign=campaign, proof=proof, after_declines=replace(AFTER, **changes))


def said(made):
    return [text for _, text in after_declines_sentences(made)]


def test_a_plan_says_how_much_more_it_brings_than_the_plan_of_averages():
    assert said(chosen()) == [
        "After declines and substitutes, the plan brings 1,060 engagements on average (200 draws of who accepts): "
        "6.0% more than the plan of averages with the same substitutes and 32% more than that plan if nobody is "
        "replaced (800 engagements in these draws). Knowing all answers in advance would bring at most 3.8% more."
    ]


def test_a_balanced_goal_has_no_unit_to_say():
    (text,) = said(chosen(goal="balanced"))
    assert text.startswith("After declines and substitutes, the plan brings 6.0% more than the plan of averages")


def test_a_difference_that_rounds_to_nothing_is_not_told_as_more():
    (text,) = said(chosen(of_means=Fraction(1060)))
    assert "as much as the plan of averages" in text and "0.0% more" not in text


@pytest.mark.parametrize(
    ("candidates", "words"), [(1, "is still the best one found"), (3, "still brings the most of the 3 compared")]
)
def test_the_plan_of_averages_says_that_it_stays(candidates, words):
    (text,) = said(chosen(share=Fraction(0), candidates=candidates, of_means=Fraction(1060)))
    assert words in text and "32% more than if nobody is replaced" in text


def test_a_plan_in_which_nobody_may_decline_brings_as_much_without_substitutes():
    (text,) = said(chosen(share=Fraction(0), of_means=Fraction(1060), of_means_alone=Fraction(1060)))
    assert ": 1,060 engagements, as much as if nobody is replaced." in text


def test_rules_that_declines_break_are_told():
    assert "In 150 of the 200 draws, all rules are kept in the end" in said(chosen(rules_kept=150))[1]


def test_a_plan_without_declines_says_nothing():
    assert not said(plan())


def test_nothing_is_called_proven_best_and_no_longer_search_is_advised():
    made = chosen()
    head = [text for _, text in plan_head(made)]
    assert any(
        text.startswith("Best of 4 plans by what they bring after declines, not proven best of all.") for text in head
    )
    every = [text for _, text in (*plan_sentences(made), *short_sentences(made))]
    assert not any("Proven best" in text or "--time-limit" in text or "contradicts" in text for text in (*head, *every))
    assert any("If nobody is replaced, another plan brings at most 5.27% more" in text for text in every)
