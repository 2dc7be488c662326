"""How a campaign stands against its plan."""

from datetime import date

from msgspec.structs import replace

from microopt.campaign.progress import CampaignProgress, Contract, ContractState, PostResults
from microopt.plan.pacing import build_pacing
from tests.rendering.builders import metrics, pick, plan


def build_pacing_of(*contracts, results=(), picks=None, **facts):
    picks = picks or (pick(creator="@a", cost=10_000), pick(creator="@b", cost=30_000))
    base_plan = plan(picks)
    running = CampaignProgress(contracts=contracts, results=tuple(results), **facts)
    return build_pacing(replace(base_plan, campaign=replace(base_plan.campaign, running=running)))


def contract(creator, state, **facts):
    return Contract(creator=creator, state=ContractState(state), **facts)


def figure(pacing, what):
    return next(item for item in pacing.figures if item.name == what)


def test_a_plan_that_has_not_begun_has_no_pace():
    assert build_pacing(plan()) is None


def test_who_signed_is_committed_and_who_posted_is_spent():
    result = build_pacing_of(
        contract("a", "live", paid=2_500), contract("@b", "signed"), contract("@c", "declined", paid=100)
    )
    assert (result.committed, result.paid) == (40_000, 2_600)
    assert figure(result, "spend").to_date == 10_000


def test_what_is_paid_is_spent_also_before_they_post():
    contracts = (
        contract("@a", "live", paid=2_500),
        contract("@b", "signed", paid=20_000),
        contract("@c", "offered", paid=5),
    )
    result = build_pacing_of(*contracts, sunk_cost=300)
    assert figure(result, "spend").to_date == 10_000 + 20_000 + 5 + 300
    assert figure(build_pacing_of(contract("@b", "signed")), "spend").to_date is None


def test_results_add_up_and_what_nobody_counted_is_not_zero():
    actuals = (
        PostResults(creator="@a", posts=1, engagements=70.5),
        PostResults(creator="a", platform="tiktok", posts=1, engagements=2),
    )
    result = build_pacing_of(
        contract("@a", "live", planned={"engagements": 90_000}),
        results=actuals,
        first_forecast={"engagements": 500_000},
    )
    total = figure(result, "engagements")
    assert (total.planned, total.to_date) == (500_000, 72_500)
    assert figure(result, "clicks").to_date is None
    (item,) = result.creators
    assert (item.planned, item.to_date) == ({"engagements": 90_000}, {"engagements": 72_500})
    assert item.projected["engagements"] == metrics()["engagements"]


def test_those_furthest_along_stand_first():
    result = build_pacing_of(contract("@a", "signed"), contract("@b", "done"))
    assert [item.creator for item in result.creators] == ["@b", "@a"]


def test_days_are_counted_from_the_first():
    base_plan = plan((pick(creator="@a"),))
    running = CampaignProgress(as_of=date(2026, 11, 12))
    campaign = replace(base_plan.campaign, running=running, starts=date(2026, 11, 1), ends=date(2026, 11, 30))
    assert (
        build_pacing(replace(base_plan, campaign=campaign)).day,
        build_pacing(replace(base_plan, campaign=campaign)).days,
    ) == (
        12,
        30,
    )
    assert build_pacing(replace(base_plan, campaign=replace(campaign, starts=None))).day is None
