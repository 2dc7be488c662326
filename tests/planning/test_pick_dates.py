"""The days of what a plan buys: from the calendar, the roster's availability, contracts and rules."""

from datetime import date, timedelta

from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.progress import CampaignProgress, Contract, ContractState, Posting, PostResults
from microopt.planning.optimize import optimize
from tests.planning.builders import build_campaign
from tests.solver.builders import roster

MARCH = Wave(name="2027-03", starts=date(2027, 3, 1), ends=date(2027, 3, 31))
APRIL = Wave(name="2027-04", starts=date(2027, 4, 1), ends=date(2027, 4, 30))


def planned(*rules, waves=(MARCH, APRIL), contracts=(), results=(), today=None, **columns):
    """Return the plan that buys whatever the rules allow of three creators, each of whom is wanted in each wave."""
    facts = {"followers": [12_000, 40_000, 9_000], "fee": [300, 700, 100], "offer": ["reel", "video", "story"]}
    listed = roster(["@a", "@b", "@c"], **{**facts, **columns})
    is_running = contracts or results or today
    running = CampaignProgress(contracts=contracts, results=results, today=today) if is_running else None
    settings = {"calendar": Calendar(waves=waves), "running": running}
    return optimize(listed, build_campaign(*rules, budget=2_000_000, **settings))


def contract(name, day, state=ContractState.OFFERED, **facts):
    return Contract(creator=name, state=state, posting=Posting(day=day), **facts)


def posting_dates(plan, creator):
    return [pick.posting_date for pick in plan.picks if pick.creator == creator]


def test_every_pick_has_days_in_its_wave():
    plan = planned()
    assert len(plan.picks) == 6
    for pick in plan.picks:
        wave = MARCH if pick.wave == MARCH.name else APRIL
        assert wave.starts <= pick.posting_date <= wave.ends
        assert pick.briefing_date < pick.approval_date < pick.posting_date
    assert len({pick.posting_date for pick in plan.picks}) == 6


def test_the_only_creator_of_the_largest_tier_posts_first_in_the_wave():
    plan = planned("tier:mid count <= 0 in 2027-04", followers=[12_000, 200_000, 9_000])
    (launch,) = posting_dates(plan, "@b")
    assert launch == min(pick.posting_date for pick in plan.picks)


def test_a_plan_without_a_calendar_has_no_days():
    plan = optimize(roster(["@a"], followers=[12_000], fee=[300]), build_campaign(budget=100_000))
    (pick,) = plan.picks
    assert (pick.posting_date, pick.approval_date, pick.briefing_date) == (None, None, None)


def test_days_keep_to_what_the_roster_says_of_availability():
    plan = planned(available_from=["2027-03-12", "", "2027-01-01"], available_to=["", "2027-03-03", "2027-04-05"])
    first, second = posting_dates(plan, "@a")
    assert first >= date(2027, 3, 26)
    assert second >= APRIL.starts
    assert posting_dates(plan, "@b") == [min(posting_dates(plan, "@b"))]
    assert posting_dates(plan, "@b")[0] <= date(2027, 3, 3)
    assert posting_dates(plan, "@c")[1] <= date(2027, 4, 5)


def test_a_day_in_a_contract_is_that_of_the_pick_in_its_wave():
    signed = contract("@A ", date(2027, 4, 20), ContractState.SIGNED)
    plan = planned(contracts=(signed, contract("@b", date(2027, 3, 2), offer="reel")))
    first, second = posting_dates(plan, "@a")
    assert MARCH.starts <= first <= MARCH.ends
    assert second == date(2027, 4, 20)
    assert date(2027, 3, 2) not in posting_dates(plan, "@b")  # the contract is for another offer


def test_the_day_of_results_is_that_of_the_post():
    live = contract("@a", date(2027, 3, 4), ContractState.LIVE, wave="2027-03")
    posted = PostResults(creator="@a", posts=1, first_day=date(2027, 3, 7), wave="2027-03")
    assert posting_dates(planned(contracts=(live,), results=(posted,)), "@a")[0] == date(2027, 3, 7)


def test_what_is_not_agreed_yet_is_posted_after_today_and_the_lead_time():
    signed = contract("@a", None, ContractState.SIGNED, wave="2027-03")
    plan = planned(contracts=(signed,), today=date(2027, 3, 10))
    others = [day for name in ("@b", "@c") for day in posting_dates(plan, name) if day < APRIL.starts]
    assert others
    assert min(others) >= date(2027, 3, 24)
    assert all(pick.briefing_date >= date(2027, 3, 10) for pick in plan.picks if pick.creator != "@a")
    assert posting_dates(plan, "@a")[0] < date(2027, 3, 24)


def test_a_contract_that_names_a_wave_is_of_the_pick_in_it():
    moved = contract("@c", date(2027, 4, 2), ContractState.SIGNED, wave="2027-03")
    plan = planned(contracts=(moved, contract("@a", date(2027, 4, 9), wave="2027-04")))
    assert posting_dates(plan, "@c")[0] == date(2027, 4, 2)
    assert posting_dates(plan, "@c")[1] != date(2027, 4, 2)
    assert posting_dates(plan, "@a")[1] == date(2027, 4, 9)


def test_a_day_that_was_agreed_outside_the_wave_is_kept_where_it_can_only_mean_one_pick():
    late = contract("@c", date(2027, 4, 2), ContractState.SIGNED)
    once = {"available_to": ["", "", "2027-03-31"]}
    assert posting_dates(planned(contracts=(late,), **once), "@c") == [date(2027, 4, 2)]
    never = contract("@c", date(1, 1, 1), ContractState.SIGNED)
    assert posting_dates(planned(contracts=(never,), **once), "@c")[0].month == 3
    may = contract("@c", date(2027, 5, 2), ContractState.SIGNED)
    assert date(2027, 5, 2) not in posting_dates(planned(contracts=(may,)), "@c")


def test_an_exclusive_creator_has_the_days_after_a_post_alone():
    plan = planned("creator:@b exclusive 30d", "creator:@b count >= 1", available_to=["", "2027-03-31", ""])
    after = posting_dates(plan, "@b")
    others = [pick.posting_date for pick in plan.picks if pick.creator != "@b"]
    assert after
    assert others
    for day in after:
        assert not [other for other in others if day <= other <= day + timedelta(30)]


def test_an_exclusive_creator_whose_days_the_waves_cannot_keep_free_is_told():
    short = Wave(name="sale", starts=date(2027, 4, 1), ends=date(2027, 4, 3))
    late = {"available_from": ["", "2027-03-15", ""], "available_to": ["", "2027-03-31", ""]}
    plan = planned("creator:@b exclusive 30d", "creator:@b count >= 1", waves=(MARCH, short), **late)
    (told,) = [warning for warning in plan.warnings if "exclusive" in warning]
    assert told.startswith(
        "creator:@b exclusive 30d: its waves leave no other days than @b on 2027-03-29 and @a on 2027-04-0"
    )
    free = planned("creator:@b exclusive 30d", "creator:@b count >= 1", available_to=["", "2027-03-31", ""])
    assert not [warning for warning in free.warnings if "exclusive" in warning]
