"""A check finds the picks of a plan over waves again: which post, in which wave, as the how manieth of its creator."""

import json
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.calendar import Calendar, Wave
from microopt.plan.verification_result import Discrepancy
from microopt.planning.build_picks import build_picks
from microopt.planning.build_problem import build_problem
from microopt.planning.match_picks import match_picks
from microopt.verification.verify import verify
from tests.planning.builders import build_campaign
from tests.solver.builders import roster
from tests.verification.opponent import planned, sealed

MONTHS = tuple(Wave(name=f"2027-0{n}", starts=date(2027, n, 1), ends=date(2027, n, 28)) for n in (3, 4, 5))
CALENDAR = Calendar(waves=MONTHS, max_posts=2, retainer=((2, Fraction(1, 10)),))
CAMPAIGN = build_campaign(budget=150_000, calendar=CALENDAR, one_offer_per="creator,platform")
CREATORS = (("anna", 20_000, 200), ("ben", 90_000, 700), ("cleo", 8_000, 60))
ROSTER = "creator,platform,offer,niche,followers,fee,available_to\n" + "".join(
    f"@{name},instagram,reel,beauty,{followers},${fee},{'2027-04-15' if name == 'cleo' else ''}\n"
    for name, followers, fee in CREATORS
)


def problem():
    names, platforms = ["@anna", "@anna", "@ben"], ["tiktok", "instagram", "tiktok"]
    offers = roster(names, platform=platforms, offer=["video", "reel", "video"], fee=[10_001, 20_000, 30_000])
    return build_problem(offers, CAMPAIGN)[0]


@given(st.data())
def test_every_schedule_is_found_again_by_its_picks(data):
    case = problem()
    chosen = np.zeros(case.choice_count, dtype=bool)
    for creator in (0, 1):
        own = np.flatnonzero(case.choice_creators == creator).tolist()
        pick = data.draw(st.none() | st.sampled_from(own))
        if pick is not None:
            chosen[pick] = True
    found = match_picks(case, build_picks(case, case.select_rows(chosen)))
    assert found.tolist() == chosen.tolist()


def test_posts_that_are_no_schedule_are_not_found():
    case = problem()
    three = np.asarray([row for row in range(len(case)) if case.choice[row] < 3])  # anna's three first single posts
    picks = build_picks(case, np.isin(np.arange(len(case)), three))
    found = match_picks(case, picks)
    assert isinstance(found, Discrepancy)
    assert "max_posts = 2 under [calendar]" in found.message


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schedules")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "plan.json").write_text(planned(folder / "roster.csv", CAMPAIGN), encoding="utf-8")
    return folder / "plan.json"


def checked(plan, value):
    other = plan.with_name("altered.json")
    other.write_text(json.dumps(value), encoding="utf-8")
    return verify(str(other)).discrepancy


def test_a_plan_over_waves_holds(plan):
    assert verify(str(plan)).discrepancy is None
    picks = json.loads(plan.read_text(encoding="utf-8"))["picks"]
    assert {pick["wave"] for pick in picks} <= {wave.name for wave in MONTHS}
    assert len(picks) > len({pick["creator"] for pick in picks})


def test_a_post_that_was_moved_to_another_wave_is_found(plan):
    value = json.loads(plan.read_text(encoding="utf-8"))
    mine = [pick for pick in value["picks"] if pick["creator"] == value["picks"][0]["creator"]]
    mine[0]["wave"] = next(wave.name for wave in MONTHS if wave.name not in {pick["wave"] for pick in mine})
    assert checked(plan, sealed(value)) is not None


def test_a_post_in_a_wave_in_which_its_creator_is_not_there_is_found(plan):
    value = json.loads(plan.read_text(encoding="utf-8"))
    pick = next(pick for pick in value["picks"] if pick["creator"] == "@cleo")
    pick["wave"] = "2027-05"
    found = checked(plan, sealed(value))
    assert "has no offer 'reel' on instagram in 2027-05" in found.message


def test_a_plan_that_hides_its_calendar_is_found(plan):
    value = json.loads(plan.read_text(encoding="utf-8"))
    value["campaign"]["calendar"] = None
    assert checked(plan, sealed(value)) is not None
