"""Merging contracts: the latest state counts, and what is not mentioned again is kept."""

from datetime import date

from microopt.campaign.progress import Asked, CampaignProgress, Contract, ContractState, Posting, PostResults
from microopt.inflight.merge_contracts import merge_contracts
from microopt.plan.plan import Pick


def contract(creator, state, **facts):
    return Contract(creator=creator, state=ContractState(state), **facts)


def pick(creator, offer="reel", fee=10_000, units=1):
    return Pick(
        creator=creator,
        offer=offer,
        units=units,
        platform="instagram",
        tier="micro",
        niche=(),
        region="",
        followers=9,
        fee=fee,
        fee_estimated=False,
        usual_fee=None,
        fee_high=False,
        cost=fee + 2_000,
        metrics={"reach": 1_000, "impressions": 2_000, "engagements": 3_000, "clicks": 4_000, "conversions": 5_000},
        revenue=None,
    )


def now(*states, last=None, picks=(), actuals=()):
    return merge_contracts(CampaignProgress(contracts=tuple(last or ())), picks, states, actuals)[0]


def test_a_contract_covers_the_offer_of_the_last_plan_at_its_cost():
    (result,) = now([contract("A", "signed")], picks=[pick("@a", fee=12_050, units=2)])
    assert (result.creator, result.offer, result.platform, result.units, result.fee) == (
        "@a",
        "reel",
        "instagram",
        2,
        12_050,
    )
    assert result.planned == {
        "reach": 1_000,
        "impressions": 2_000,
        "engagements": 3_000,
        "clicks": 4_000,
        "conversions": 5_000,
        "cost": 14_050,
    }


def test_the_first_planned_figures_stay():
    first = contract("@a", "signed", offer="reel", platform="instagram", fee=10_000, planned={"engagements": 9})
    (result,) = now([contract("@a", "live")], last=[first], picks=[pick("@a", fee=50_000)])
    assert (result.state, result.fee, result.planned) == (ContractState.LIVE, 10_000, {"engagements": 9})


def test_the_stronger_source_is_the_later_one():
    (result,) = now([contract("@a", "signed")], [contract("a ", "declined")])
    assert result.state is ContractState.DECLINED


def test_payments_are_kept():
    first = contract("@a", "signed", paid=700)
    assert now([contract("@a", "declined")], last=[first])[0].paid == 700
    assert now([contract("@a", "declined", paid=900)], last=[first])[0].paid == 900


def test_another_offer_of_a_kept_creator_is_another_contract():
    first = contract("@a", "signed", offer="reel", platform="instagram", fee=10_000, planned={"engagements": 9})
    (result,) = now([contract("@a", "signed", offer="story")], last=[first], picks=[pick("@a")])
    assert (result.offer, result.fee, result.planned) == ("story", None, {})


def test_a_total_fee_is_split_among_a_creators_offers():
    picks = [pick("@a", "reel", 300.0), pick("@a", "story", 100.0)]
    result = now([contract("@a", "signed", fee=20_000, paid=50)], picks=picks)
    assert [(item.offer, item.fee, item.paid) for item in result] == [("reel", 15_000, 50), ("story", 5_000, None)]


def test_results_make_only_creators_of_the_plan_live():
    actuals = [PostResults(creator=name, posts=1, matured_posts=1) for name in ("A", "b", "c")]
    result = now([contract("@b", "declined")], picks=[pick("@a"), pick("@b")], actuals=actuals)
    assert [(item.creator, item.state.value) for item in result] == [("@a", "live"), ("@b", "declined")]


def test_a_done_contract_stays_done_after_new_results():
    result = now(
        [contract("@a", "done")], picks=[pick("@a")], actuals=[PostResults(creator="a", posts=1, matured_posts=1)]
    )
    assert [item.state for item in result] == [ContractState.DONE]


def two(**facts):
    remaining = {"platform": "instagram", "planned": {"engagements": 9}, **facts}
    return [
        contract("@a", "signed", offer="reel", fee=30_000, paid=300, **remaining),
        contract("@a", "signed", offer="story", fee=10_000, **remaining),
    ]


def test_a_creator_who_declines_is_out_with_every_offer():
    (result,) = now([contract("@a", "declined")], last=two())
    assert (result.state, result.offer, result.paid) == (ContractState.DECLINED, None, 300)


def test_a_state_of_a_creator_applies_to_each_contract():
    result = now([contract("@a", "live")], last=two())
    assert [(item.state.value, item.offer, item.fee) for item in result] == [
        ("live", "reel", 30_000),
        ("live", "story", 10_000),
    ]


def test_a_total_fee_stays_the_total():
    result = now([contract("@a", "live", fee=50_000)], last=two())
    assert [item.fee for item in result] == [37_500, 12_500]


def test_contracts_without_news_stay():
    result = merge_contracts(
        CampaignProgress(contracts=tuple(two())),
        (),
        ([contract("@a", "declined", offer="story")],),
        (),
        one_offer_per_creator=False,
    )[0]
    assert {(item.offer, item.state.value) for item in result} == {("reel", "signed"), ("story", "declined")}


def test_units_that_are_not_mentioned_again_are_kept():
    (result,) = now([contract("@a", "signed", offer="reel")], picks=[pick("@a", units=3)])
    assert result.units == 3
    assert now([contract("@a", "live", offer="reel")], last=[result])[0].units == 3


def test_a_payment_can_be_corrected_to_zero():
    assert now([contract("@a", "declined", paid=0)], last=[contract("@a", "declined", paid=900)])[0].paid == 0


def test_the_teams_note_stays_until_a_file_says_another():
    old, new = Posting(note="call Kim"), Posting(note="signed by mail")
    before = [contract("@a", "signed", offer="reel", platform="instagram", posting=old), contract("@b", "offered")]
    assert [each.posting for each in now([contract("@a", "live")], last=before)] == [old, None]
    assert now([contract("@a", "live", posting=new)], last=before)[0].posting == new
    assert now([contract("@a", "declined")], last=before)[0].posting == old


def test_the_day_on_which_a_creator_was_asked_stays_until_a_file_says_another():
    first, later = Asked(day=date(2026, 11, 27)), Asked(day=date(2026, 11, 30))
    before = [contract("@a", "offered", offer="reel", asked=first), contract("@b", "offered")]
    assert [each.asked for each in now([contract("@a", "offered")], last=before)] == [first, None]
    assert now([contract("@a", "offered", asked=later)], last=before)[0].asked == later
    assert now([contract("@a", "signed")], last=before)[0].asked == first
    assert now([contract("@a", "proposed")], last=before)[0].asked is None
