"""A roster by the habits of a country, in any of its encodings, is the roster in plain form, and plans alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign
from microopt.planning.optimize import optimize
from microopt.roster.roster import NO_FEE
from tests.readers.builders import cells, read
from tests.readers.habits import HABITS, rosters
from tests.scale import examples
from tests.solver.builders import CALM


@pytest.mark.parametrize("name", HABITS)
@given(data=st.data())
def test_a_list_by_the_habits_of_a_country_gives_its_plain_numbers(name, data):
    habit = HABITS[name]
    written = data.draw(rosters(habit))
    roster = read(written.data, fees_required=False, currency=data.draw(st.sampled_from([None, habit.currency])))
    assert roster.numbers["followers"].tolist() == written.followers
    assert roster.fee.tolist() == written.fees
    assert written.pays == (cells(roster, "pay") if "pay" in roster.texts else [""] * len(written.pays))


def picks(roster, currency):
    plan = optimize(roster, Campaign(budget=1_000_000, currency=currency))
    return [(pick.creator, pick.followers, pick.fee, pick.niche, pick.metrics) for pick in plan.picks]


@pytest.mark.parametrize("name", HABITS)
@settings(CALM, max_examples=examples(12))
@given(data=st.data())
def test_a_list_by_the_habits_of_a_country_gives_the_plan_of_its_plain_form(name, data):
    habit = HABITS[name]
    written = data.draw(rosters(habit))
    messy, plain = (read(text, fees_required=False, currency=habit.currency) for text in (written.data, written.plain))
    assert messy.fee.tolist() == plain.fee.tolist()
    assert messy.numbers["followers"].tolist() == plain.numbers["followers"].tolist()
    assert messy.numbers["engagement_rate"].tolist() == pytest.approx(plain.numbers["engagement_rate"].tolist())
    assert cells(messy, "creator") == cells(plain, "creator")
    if (plain.fee != NO_FEE).all():
        assert picks(messy, habit.currency) == picks(plain, habit.currency)
