"""Offers over the waves of a calendar are doubted once, and as single posts."""

from datetime import date
from fractions import Fraction

import numpy as np
from msgspec.structs import replace

from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.campaign import Campaign
from microopt.planning.build_problem import build_problem
from microopt.planning.suspicions import suspicions_of_plan
from tests.solver.builders import roster

MONTHS = tuple(Wave(name=f"2027-0{n}", starts=date(2027, n, 1), ends=date(2027, n, 28)) for n in (3, 4, 5))
CALENDAR = Calendar(waves=MONTHS, retainer=((2, Fraction(1, 2)),))
CAMPAIGN = Campaign(budget=10**6, calendar=CALENDAR)
OFFERS = roster(["@a", "@b", "@c"], fee=[20_000, 10**8, 15_000], numbers={"engagement_rate": [0.9, 0.03, 0.04]})


def found(campaign, creators):
    problem, _ = build_problem(OFFERS, campaign)
    names = problem.roster.texts["creator"]
    selection = np.asarray([names[row] in creators for row in range(len(problem))])
    return suspicions_of_plan(problem, selection)


def test_a_calendar_changes_nothing_about_what_is_hard_to_believe():
    alone = found(replace(CAMPAIGN, calendar=None), {"@b"})
    assert {suspicion.code for suspicion in alone} == {"suspicious-engagement", "suspicious-fee"}
    assert found(CAMPAIGN, {"@b"}) == alone
    assert [suspicion.count for suspicion in alone] == [1, 1]
