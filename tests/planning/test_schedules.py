"""Plans over the waves of a calendar agree with an enumeration of all plans."""

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt import Diagnosis, Plan, optimize
from microopt.campaign.calendar import Calendar, Days, Wave
from microopt.campaign.campaign import Audience, Campaign, Goal
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import CampaignError
from tests.planning.schedule_oracle import METRICS, all_plans, items_of, slot_of
from tests.solver.builders import roster, text_column

MOST_PLANS = 30_000
MEASURE = {"engagement": "engagements", "conversions": "conversions", "reach": "reach"}
days = st.dates(date(2027, 1, 5), date(2027, 4, 20)).map(date.isoformat)
rarely = st.one_of(st.just(""), st.just(""), days)
ROW = {
    "platform": st.sampled_from(["tiktok", "youtube"]),
    "offer": st.sampled_from(["video", "short"]),
    "followers": st.integers(2_000, 400_000),
    "fee": st.integers(1_000, 90_000),
    "views": st.integers(500, 90_000),
    "available_from": rarely,
    "available_to": rarely,
    "max_units": st.sampled_from([1, 1, 1, 2]),
}


@st.composite
def lists(draw):
    """Draw up to eight offers of up to three creators, no two alike."""
    names = sorted(draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=8)))
    rows = [{"creator": f"@{name}", **draw(st.fixed_dictionaries(ROW))} for name in names]
    rows = list({(row["creator"], row["platform"], row["offer"]): row for row in rows}.values())
    for row in rows:
        if row["available_from"] and row["available_to"]:
            row["available_from"], row["available_to"] = sorted([row["available_from"], row["available_to"]])
    return rows


def listed(rows):
    texts = {name: [row[name] for row in rows] for name in ("platform", "offer", "available_from", "available_to")}
    return roster(
        [row["creator"] for row in rows],
        followers=[row["followers"] for row in rows],
        fee=[row["fee"] for row in rows],
        numbers={name: [row[name] for row in rows] for name in ("views", "max_units")},
        **texts,
    )


@st.composite
def calendars(draw):
    waves = [
        Wave(
            name=f"2027-0{month}",
            starts=date(2027, month, 1),
            ends=date(2027, month, 28),
            demand=draw(st.sampled_from([Fraction(1), Fraction(13, 10), Fraction(1, 2)])),
        )
        for month in range(1, draw(st.integers(2, 4)) + 1)
    ]
    steps = st.sampled_from([(), ((2, Fraction(1, 10)),), ((2, Fraction(7, 100)), (3, Fraction(1, 3)))])
    black = st.sampled_from([(), (Days(starts=date(2027, 2, 1), ends=date(2027, 2, 28)),)])
    return Calendar(
        waves=tuple(waves),
        max_posts=draw(st.integers(1, 4)),
        repetition=draw(st.booleans()),
        retainer=draw(steps),
        blackout=draw(black),
        lead_days=draw(st.sampled_from([0, 14])),
    )


RULES = ("all count <= 2", "wave:2027-02 count >= 1", "wave:2027-01 spend <= 300", "platform:tiktok spend <= 60%")


def keeps(text, plan):
    """Whether a plan keeps one of `RULES`."""
    if text == "all count <= 2":
        return len({post["creator"] for post in plan}) <= 2
    if text == "wave:2027-02 count >= 1":
        return any(post["wave"] == 1 for post in plan)
    if text == "wave:2027-01 spend <= 300":
        return sum(post["cost"] for post in plan if post["wave"] == 0) <= 30_000
    on_tiktok = sum(post["cost"] for post in plan if post["platform"] == "tiktok")
    return on_tiktok * 5 <= sum(post["cost"] for post in plan) * 3


@st.composite
def campaigns(draw):
    rules = draw(st.lists(st.sampled_from(RULES), unique=True, max_size=2))
    return rules, Campaign(
        budget=draw(st.integers(20_000, 400_000)),
        goal=Goal(name=draw(st.sampled_from(sorted(MEASURE)))),
        calendar=draw(calendars()),
        rules=tuple(map(parse_rule, rules)),
        per_creator=draw(st.sampled_from([0, 2_500])),
        one_offer_per=draw(st.sampled_from(["creator", "creator,platform", "offer"])),
    )


@settings(deadline=None)
@given(rows=lists(), drawn=campaigns())
def test_a_plan_over_waves_is_the_best_of_all_plans(rows, drawn):
    texts, campaign = drawn
    offers = listed(rows)
    items = items_of(rows, offers, campaign)
    assume(len(items) <= 20)
    plans = list(zip(range(MOST_PLANS + 1), all_plans(rows, offers, campaign), strict=False))
    assume(len(plans) <= MOST_PLANS)
    possible = [
        plan
        for _, plan in plans
        if sum(post["cost"] for post in plan) <= campaign.budget and all(keeps(text, plan) for text in texts)
    ]
    if not items:
        with pytest.raises(CampaignError, match="no creator is available in any wave"):
            optimize(offers, campaign)
        return
    if campaign.calendar.retainer and campaign.calendar.retainer[0][0] > most_posts(items, campaign):
        with pytest.raises(CampaignError, match="no creator can post more than"):
            optimize(offers, campaign)
        return
    answer = optimize(offers, campaign)
    if isinstance(answer, Diagnosis):
        assert not possible
        return
    assert isinstance(answer, Plan)
    measure = MEASURE[campaign.goal.name]
    assert answer.status == "optimal"
    assert answer.totals.metrics[measure] == max(sum(post[measure] for post in plan) for plan in possible)
    waves = campaign.calendar.names
    bought = sorted(
        (pick.wave, pick.creator, pick.platform, pick.offer, pick.units, pick.fee, pick.cost, *pick.metrics.values())
        for pick in answer.picks
    )
    assert bought in [
        sorted((waves[post["wave"]], *figures_of(post), *(post[name] for name in METRICS)) for post in plan)
        for plan in possible
    ]


def net_reach_of(plan, size):
    """Return the people of one pool whom a plan reaches: on each platform a creator's largest post, independently."""
    largest = {}
    for post in plan:
        key = (post["creator"], post["platform"])
        largest[key] = max(largest.get(key, 0), post["reach"])
    missed = 1.0
    for reach in largest.values():
        missed *= 1 - min(reach / (size * 1000), 0.99)
    return size * 1000 * (1 - missed)


@settings(deadline=None, max_examples=40)
@given(rows=lists(), drawn=campaigns(), size=st.sampled_from([30_000, 300_000, 5_000_000]))
def test_the_most_people_are_reached_with_each_creator_counted_once_on_a_platform(rows, drawn, size):
    texts, campaign = drawn
    campaign = replace(campaign, goal=Goal(name="net reach"), audience=Audience(by="niche", size={"beauty": size}))
    campaign = replace(campaign, calendar=replace(campaign.calendar, retainer=()))
    offers = replace(listed(rows), texts={**listed(rows).texts, "niche": text_column(["beauty"] * len(rows))})
    items = items_of(rows, offers, campaign)
    assume(0 < len(items) <= 16)
    plans = list(zip(range(MOST_PLANS + 1), all_plans(rows, offers, campaign), strict=False))
    assume(len(plans) <= MOST_PLANS)
    reached = [
        net_reach_of(plan, size)
        for _, plan in plans
        if sum(post["cost"] for post in plan) <= campaign.budget and all(keeps(text, plan) for text in texts)
    ]
    answer = optimize(offers, campaign)
    if isinstance(answer, Diagnosis):
        assert not reached
    else:
        assert answer.net_reach.people == pytest.approx(max(reached), rel=1e-6, abs=2 + size * 2e-5)


def most_posts(items, campaign):
    """Return how often a creator can post at the most."""
    slots, posts = {}, Counter()
    for item in items:
        key = (item["creator"], slot_of(item, campaign.one_offer_per))
        slots[key] = max(slots.get(key, 0), item["units"])
    for (creator, _), units in slots.items():
        posts[creator] += units
    return min(max(posts.values()), campaign.calendar.max_posts)


def figures_of(post):
    return tuple(post[name] for name in ("creator", "platform", "offer", "units", "fee", "cost"))


MONTHS = tuple(
    Wave(name=f"2027-0{month}", starts=date(2027, month, 1), ends=date(2027, month, 28)) for month in (3, 4, 5)
)


def plan_for(campaign, creators=("@a",), **columns):
    """Return the plan for creators at $100 whose posts get 1,000 views, 50 engagements, 100 clicks and 10 orders."""
    count = len(creators)
    numbers = {"views": 1_000, "engagement_rate": 0.05, "ctr": 0.1, "cvr": 0.1, "posts": 1e9}
    offers = roster(
        list(creators),
        followers=[1_000] * count,
        fee=[10_000] * count,
        numbers={**{name: [figure] * count for name, figure in numbers.items()}, **columns},
    )
    return optimize(offers, campaign)


def shown(plan, name):
    return [round(pick.metrics[name] / 1000, 2) for pick in plan.picks]


def test_three_posts_by_hand():
    calendar = Calendar(waves=MONTHS, retainer=((2, Fraction(1, 10)), (3, Fraction(1, 4))), lead_days=0)
    plan = plan_for(Campaign(budget=100_000, goal=Goal(name="conversions"), calendar=calendar, per_creator=1_000))
    assert [pick.wave for pick in plan.picks] == ["2027-03", "2027-04", "2027-05"]
    assert [pick.fee for pick in plan.picks] == [7_500] * 3  # 25% off for three posts
    assert [pick.cost for pick in plan.picks] == [8_500, 7_500, 7_500]  # handled once, with the first post
    assert shown(plan, "impressions") == [1_000, 1_000, 1_000]
    assert shown(plan, "clicks") == [100, 95, 92]
    assert shown(plan, "conversions") == [10, 11, 11.5]
    first, second, third = shown(plan, "engagements")
    assert (second / first, third / first) == (pytest.approx(0.97, abs=1e-3), pytest.approx(0.94, abs=1e-3))


def test_a_retainer_buys_posts_that_would_not_be_worth_their_price_alone():
    calendar = Calendar(waves=MONTHS, retainer=((2, Fraction(1, 2)),), lead_days=0)
    campaign = Campaign(budget=10_000, goal=Goal(name="conversions"), calendar=calendar)
    assert [pick.fee for pick in plan_for(campaign).picks] == [5_000, 5_000]
    single = Campaign(budget=9_999, goal=Goal(name="conversions"), calendar=calendar)
    assert not plan_for(single).picks  # one post costs 10,000; two cost that too


def test_demand_moves_posts_to_the_waves_in_which_people_buy():
    waves = (MONTHS[0], replace(MONTHS[1], demand=Fraction(3, 2)), MONTHS[2])
    calendar = Calendar(waves=waves, repetition=False, lead_days=0)
    plan = plan_for(Campaign(budget=10_000, goal=Goal(name="conversions"), calendar=calendar))
    assert [pick.wave for pick in plan.picks] == ["2027-04"]
    assert shown(plan, "conversions") == [15]


def test_units_of_an_offer_are_posts_for_every_limit():
    calendar = Calendar(waves=MONTHS, lead_days=0, max_posts=4)
    campaign = Campaign(budget=10**6, goal=Goal(name="conversions"), calendar=calendar)
    plan = plan_for(campaign, max_units=[3])
    assert sum(pick.units for pick in plan.picks) == 4
    two = plan_for(replace(campaign, rules=(parse_rule("each creator count <= 2"),)), max_units=[3])
    assert sum(pick.units for pick in two.picks) == 2
    one = plan_for(replace(campaign, rules=(parse_rule("each creator count <= 1 each wave"),)), max_units=[3])
    assert [pick.units for pick in one.picks] == [1, 1, 1]


def test_a_creator_counts_once_however_often_they_post():
    calendar = Calendar(waves=MONTHS, lead_days=0)
    campaign = Campaign(budget=60_000, calendar=calendar, rules=(parse_rule("all count <= 1"),))
    plan = plan_for(campaign, ("@a", "@b"))
    assert (plan.totals.creators, len(plan.picks)) == (1, 3)


def test_without_a_calendar_picks_have_no_wave():
    assert {pick.wave for pick in plan_for(Campaign(budget=60_000)).picks} == {None}


def test_the_posts_of_a_creator_reach_the_same_people():
    calendar = Calendar(waves=MONTHS, lead_days=0)
    pools = Audience(by="niche", size={"beauty": 2_000})
    campaign = Campaign(budget=30_000, goal=Goal(name="net reach"), audience=pools, calendar=calendar)
    offers = roster(["@a", "@b", "@c"], followers=[1_000] * 3, niche=["beauty"] * 3, numbers={"reach": [500] * 3})
    plan = optimize(offers, campaign)
    assert {pick.creator for pick in plan.picks} == {"@a", "@b", "@c"}  # three people's audiences, not one three times
    assert plan.net_reach.people == pytest.approx(2_000_000 * (1 - 0.75**3), abs=1)
    alone = optimize(offers, replace(campaign, include=("@a",), rules=(parse_rule("all count <= 1"),)))
    assert alone.net_reach.people == alone.net_reach.at_most == 500_000


def test_a_floor_on_net_reach_is_not_met_by_further_posts_of_one_creator():
    calendar = Calendar(waves=MONTHS, lead_days=0)
    pools = Audience(by="niche", size={"beauty": 2_000})
    rules = (parse_rule("all net reach >= 600"), parse_rule("all count <= 1"))
    offers = roster(["@a", "@b"], followers=[1_000] * 2, niche=["beauty", "food"], numbers={"reach": [500] * 2})
    asked = Campaign(budget=90_000, audience=pools, calendar=calendar, rules=rules)
    assert isinstance(optimize(offers, asked), Diagnosis)
    assert isinstance(optimize(offers, replace(asked, rules=rules[:1])), Plan)


def test_posts_on_two_platforms_reach_other_people():
    calendar = Calendar(waves=MONTHS[:1], lead_days=0)
    pools = Audience(by="niche", size={"beauty": 2_000})
    offers = roster(
        ["@a", "@a"],
        followers=[1_000] * 2,
        niche=["beauty"] * 2,
        numbers={"reach": [500] * 2},
        platform=["tiktok", "x"],
    )
    goal = Goal(name="net reach")
    campaign = Campaign(budget=90_000, goal=goal, audience=pools, calendar=calendar, one_offer_per="creator,platform")
    assert optimize(offers, campaign).net_reach.people == pytest.approx(2_000_000 * (1 - 0.75**2), abs=1)
