"""Scenarios of posts over the waves of a calendar: what is the creator's stays, the luck of a post does not."""

from datetime import date

import numpy as np

from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.campaign import Campaign
from microopt.forecast.model import forecast
from microopt.forecast.scenarios import draw_scenarios
from microopt.roster.waves import expand_waves
from tests.solver.builders import roster

MONTHS = tuple(Wave(name=f"2027-0{n}", starts=date(2027, n, 1), ends=date(2027, n, 28)) for n in (3, 4))
CAMPAIGN = Campaign(budget=1, calendar=Calendar(waves=MONTHS, lead_days=0))
COUNT = 5_000


def drawn(listed):
    offers = expand_waves(listed, CAMPAIGN.calendar)
    return draw_scenarios(offers, CAMPAIGN, forecast(offers, CAMPAIGN), count=COUNT, seed=1)


def people(creators, **numbers):
    rows = len(creators)
    texts = {"platform": ["tiktok"] * rows, "offer": ["video"] * rows}
    numbers = {"engagement_rate": [0.05] * rows, "posts": [2.0] * rows, **numbers}
    return roster(creators, followers=[20_000] * rows, numbers=numbers, **texts)


def logs(draws, row):
    return np.log(np.maximum(draws.metrics["engagements"][row], 1).astype(float))


def correlation(draws, one, other):
    return float(np.corrcoef(logs(draws, one), logs(draws, other))[0, 1])


def test_posts_of_one_offer_in_two_waves_differ_and_move_together_more_than_those_of_two_creators():
    draws = drawn(people(["@a", "@b"]))  # rows: @a in March, @a in April, @b in March, @b in April
    assert not np.array_equal(draws.metrics["engagements"][0], draws.metrics["engagements"][1])
    assert 0.95 > correlation(draws, 0, 1) > correlation(draws, 0, 2) + 0.1


def test_a_creator_answers_once_for_all_waves():
    draws = drawn(people(["@a", "@b"], acceptance=[0.5, 0.5]))
    assert np.array_equal(draws.accepted[0], draws.accepted[1])
    assert not np.array_equal(draws.accepted[0], draws.accepted[2])
