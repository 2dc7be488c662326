"""A schedule is found by its posts, in any order and spelling."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.campaign import Campaign
from microopt.planning.build_picks import build_picks
from microopt.planning.build_problem import build_problem
from microopt.planning.find_schedules import ScheduleFinder
from tests.solver.builders import roster

MONTHS = tuple(Wave(name=f"2027-0{n}", starts=date(2027, n, 1), ends=date(2027, n, 28)) for n in (3, 4, 5))
CAMPAIGN = Campaign(budget=10**6, calendar=Calendar(waves=MONTHS), one_offer_per="offer")
OFFERS = roster(
    ["@a", "@a", "@b"],
    platform=["tiktok", "x", "tiktok"],
    offer=["video", "post", "Video"],
    numbers={"max_units": [2, 1, 1]},
)
PROBLEM, _ = build_problem(OFFERS, CAMPAIGN)
FINDER = ScheduleFinder.of_rows(PROBLEM, slice(None))


@given(choice=st.integers(0, PROBLEM.choice_count - 1), order=st.randoms())
def test_each_schedule_is_found_among_all_of_its_creator(choice, order):
    picks = list(build_picks(PROBLEM, PROBLEM.choice == choice))
    order.shuffle(picks)
    creator = int(PROBLEM.choice_creators[choice])
    written = [
        replace(pick, offer=pick.offer.upper(), platform="Twitter" if pick.platform == "x" else "Tik Tok")
        for pick in picks
    ]
    assert FINDER.find(creator, written).tolist() == [choice]
    own = np.flatnonzero(PROBLEM.roster.creator_id == creator)
    assert ScheduleFinder.of_rows(PROBLEM, own).find(creator, picks).tolist() == [choice]
    assert FINDER.find(1 - creator, [*picks, *picks]).tolist() == []


def test_a_post_that_nobody_offers_is_in_no_schedule():
    pick = build_picks(PROBLEM, PROBLEM.choice == 0)[0]
    changes = (
        {"wave": "2027-09"},
        {"wave": None},
        {"offer": "reel"},
        {"platform": "snapchat"},
        {"units": 3},
        {"units": 0},
    )
    for change in changes:
        assert FINDER.find(0, [replace(pick, **change)]).tolist() == []
