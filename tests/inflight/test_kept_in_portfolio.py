"""What is bound before a portfolio is planned: lost money, and plans of campaigns that cannot be planned tonight."""

from datetime import date
from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.campaign.portfolio import Capacity, Exclusivity, Portfolio, PortfolioMember
from microopt.campaign.progress import CampaignProgress, Contract, ContractState
from microopt.errors import CampaignError
from microopt.inflight.kept_in_portfolio import KeptPlan, without_bound
from microopt.planning.optimize import optimize
from microopt.planning.portfolio.entry import Entry
from microopt.planning.portfolio.solve_portfolio import solve_portfolio
from tests.planning.builders import build_campaign
from tests.solver.builders import FREE, solver
from tests.solver.builders import roster as plain_roster

NAMES = ("@a", "@b", "@mega")
ROSTER = plain_roster(NAMES, followers=[20_000, 30_000, 2_000_000], fee=[10_000] * 3, numbers={"most": [1, 3, 9]})
MARCH = {"starts": date(2027, 3, 1), "ends": date(2027, 3, 31)}


def member(name, campaign, **facts):
    return PortfolioMember(name=name, file=f"{name}.toml", sha256="", roster="r.csv", campaign=campaign, **facts)


def entry(name="dew", campaign=None, **facts):
    campaign = campaign or build_campaign(**MARCH)
    return Entry(member=member(name, campaign, **facts), roster=ROSTER, campaign=campaign)


@pytest.fixture(scope="module")
def kept():
    """Return the last plan of a campaign in March, with everybody."""
    campaign = build_campaign("all count >= 3", **MARCH)
    plan = optimize(ROSTER, campaign)
    assert plan.totals.spend == 30_000
    return KeptPlan(member=member("glow", Campaign(budget=None), category="skin"), plan=plan)


def left(kept, own, **shared):
    portfolio = Portfolio(members=(own.member,), **shared)
    found = without_bound(portfolio, [own], [kept] if kept else [])
    return found.portfolio, found.entries[0]


def test_without_failures_and_losses_nothing_changes():
    own = entry(floor=500, cap=9_000)
    portfolio, opened = left(None, own, budget=100_000, capacity=Capacity(campaigns=1))
    assert (portfolio.budget, opened) == (100_000, own)


def test_the_spend_of_a_kept_plan_is_left_to_it(kept):
    portfolio, opened = left(kept, entry(), budget=100_000)
    assert (portfolio.budget, opened.campaign.exclude) == (70_000, ())
    with pytest.raises(CampaignError, match="nothing is left"):
        left(kept, entry(), budget=30_000)


def test_lost_money_is_out_of_the_budget_the_floor_and_the_cap():
    campaign = build_campaign(currency="EUR", running=CampaignProgress(sunk_cost=1_001))
    portfolio, opened = left(
        None, entry(campaign=campaign, floor=2_000, cap=5_000), budget=100_000, exchange={"EUR": Fraction(3, 2)}
    )
    assert portfolio.budget == 100_000 - 1_502
    assert (opened.member.floor, opened.member.cap) == (498, 3_498)
    assert portfolio.members == (opened.member,)


@pytest.mark.parametrize(
    ("capacity", "out"),
    [
        (Capacity(), ()),
        (Capacity(campaigns=1), ("@a", "@b", "@mega")),
        (Capacity(campaigns=2), ()),
        (Capacity(tiers={"mega": 1}), ("@mega",)),
        (Capacity(campaigns=1, tiers={"Mega": 2}), ("@a", "@b")),
        (Capacity(campaigns=1, column="most"), ("@a",)),
        (Capacity(posts=1), ("@a", "@b", "@mega")),
        (Capacity(posts=2), ()),
    ],
)
def test_creators_who_have_no_campaign_left_are_out(kept, capacity, out):
    assert left(kept, entry(), capacity=capacity)[1].campaign.exclude == out


@pytest.mark.parametrize(
    ("members", "days", "starts", "is_out"),
    [
        (("glow", "dew"), None, date(2027, 9, 1), True),
        (("skin", "dew"), None, date(2027, 9, 1), True),
        (("glow", "other"), None, date(2027, 3, 1), False),
        (("glow", "dew"), 30, date(2027, 4, 10), True),
        (("glow", "dew"), 30, date(2027, 9, 1), False),
    ],
)
def test_creators_of_a_rival_are_out_as_long_as_the_rivals_are_near(kept, members, days, starts, is_out):
    own = entry(campaign=build_campaign(starts=starts, ends=starts.replace(day=28)))
    _, opened = left(kept, own, exclusivity=(Exclusivity(members=members, days=days),))
    assert opened.campaign.exclude == (NAMES if is_out else ())


def test_whoever_has_signed_stays(kept):
    contract = Contract(creator="@A", state=ContractState.SIGNED)
    campaign = replace(build_campaign(), running=CampaignProgress(contracts=(contract,)))
    assert left(kept, entry(campaign=campaign), capacity=Capacity(campaigns=1))[1].campaign.exclude == ("@b", "@mega")


@pytest.mark.parametrize("capacity", [Capacity(campaigns=2), Capacity(posts=2)])
def test_creators_of_a_kept_plan_are_left_to_only_as_many_others_as_they_may_be_in(kept, capacity):
    own = [entry("dew"), entry("mist")]
    portfolio = Portfolio(members=tuple(each.member for each in own), capacity=capacity)
    found = without_bound(portfolio, own, [kept])
    answer = solve_portfolio(found.portfolio, found.entries, limits=FREE, solver=solver("highs"))
    names = [pick.creator for plan in answer.plans.values() for pick in plan.picks]
    assert names and len(names) == len(set(names))
