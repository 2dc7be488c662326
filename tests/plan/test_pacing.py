"""How a campaign stands against its plan."""

from datetime import date

from msgspec.structs import replace

from microopt.campaign.progress import CampaignProgress, Contract, ContractState, PostResults
from microopt.plan.pacing import build_pacing
from tests.rendering.builders import metrics, pick, plan


def build_pacing_of(*contracts, results=(), picks=None, **facts):
    picks = picks or (pick(creator="@a", cost=10_000), pick(creator="@b", cost=30_000))
    made = plan(picks)
    running = CampaignProgress(contracts=contracts, results=tuple(results), **facts)
    return build_pacing(replace(made, campaign=replace(made.campaign, running=running)))


def of(creator, state, **facts):
    return Contract(creator=creator, state=ContractState(state), **facts)


def figure(found, what):
    return next(one for one in found.figures if one.name == what)


def test_a_plan_that_has_not_begun_has_no_pace():
    assert build_pacing(plan()) is None


def test_who_signed_is_committed_and_who_posted_is_spent():
    found = build_pacing_of(of("a", "live", paid=2_500), of("@b", "signed"), of("@c", "declined", paid=100))
    assert (found.committed, found.paid) == (40_000, 2_600)
    assert figure(found, "spend").to_date == 10_000


def test_results_add_up_and_what_nobody_counted_is_not_zero():
    actuals = (
        PostResults(creator="@a", posts=1, engagements=70.5),
        PostResults(creator="a", platform="tiktok", posts=1, engagements=2),
    )
    found = build_pacing_of(
        of("@a", "live", planned={"engagements": 90_000}), results=actuals, first_forecast={"engagements": 500_000}
    )
    whole = figure(found, "engagements")
    assert (whole.planned, whole.to_date) == (500_000, 72_500)
    assert figure(found, "clicks").to_date is None
    (one,) = found.creators
    assert (one.planned, one.to_date) == ({"engagements": 90_000}, {"engagements": 72_500})
    assert one.projected["engagements"] == metrics()["engagements"]


def test_those_furthest_along_stand_first():
    found = build_pacing_of(of("@a", "signed"), of("@b", "done"))
    assert [one.creator for one in found.creators] == ["@b", "@a"]


def test_days_are_counted_from_the_first():
    made = plan((pick(creator="@a"),))
    running = CampaignProgress(as_of=date(2026, 11, 12))
    asked = replace(made.campaign, running=running, starts=date(2026, 11, 1), ends=date(2026, 11, 30))
    assert (build_pacing(replace(made, campaign=asked)).day, build_pacing(replace(made, campaign=asked)).days) == (
        12,
        30,
    )
    assert build_pacing(replace(made, campaign=replace(asked, starts=None))).day is None
