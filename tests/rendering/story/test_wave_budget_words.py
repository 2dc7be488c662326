"""Budgets of waves in the words of a reader's language."""

from datetime import date
from fractions import Fraction

from microopt.campaign.calendar import Calendar, Wave, WaveBudget
from microopt.rendering.language.language import find_language
from microopt.rendering.story.rule_words import rule_sentences
from tests.rendering.builders import plan

WAVES = tuple(Wave(name=f"2027-0{i}", starts=date(2027, i, 1), ends=date(2027, i, 28)) for i in (3, 4))
BUDGETS = {
    "2027-03": WaveBudget(high=Fraction(1, 2), percent=True),
    "2027-04": WaveBudget(low=Fraction(1_000), high=Fraction(5_000)),
}


def told(tag, **settings):
    calendar = Calendar(waves=WAVES, budgets=BUDGETS, **settings)
    return dict(rule_sentences(plan(campaign={"calendar": calendar}), find_language(tag)))


def test_a_budget_of_a_wave_is_told_with_its_wave():
    assert told("en") == {
        "budget of 2027-03": "At most 50% of the budget in 2027-03",
        "budget of 2027-04": "$1,000 to $5,000 spent in 2027-04",
    }
    assert told("de")["budget of 2027-03"] == "Höchstens 50\xa0% des Budgets in 2027-03"


def test_budgets_that_carry_over_are_told_with_all_waves_so_far():
    assert told("en", carry_over=True)["budget up to 2027-04"] == "At most 75% of the budget in 2027-03 to 2027-04"
