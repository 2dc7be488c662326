"""A contract state without an offer: the last plan's, the one quoted at the agreed fee, or a fault; never a guess."""

import numpy as np
import pytest
from msgspec.structs import replace

from microopt.campaign.progress import PostResults
from microopt.errors import RosterError
from microopt.inflight.agreed_offers import name_agreed_offers
from microopt.inflight.replan import replan
from microopt.plan.plan import Plan
from microopt.planning.optimize import optimize
from microopt.readers.contract_states import read_states
from microopt.readers.options import ReadOptions
from tests.inflight.test_replan import again, plan_file, state, tonight
from tests.planning.builders import build_campaign
from tests.readers.builders import read, read_with

HEAD = "creator,platform,followers,offer,fee,engagement_rate\n"
ROSTER = f"""{HEAD}@ana,instagram,50000,reel,1200,3%
@ana,instagram,50000,story,300,3%
@ben,tiktok,40000,video,900,9%
@dora,instagram,90000,reel,2500,1%
@dora,instagram,90000,story,800,1%
@dora,tiktok,90000,video,1100,1%
"""
BY_PLATFORM = f"""{HEAD}@ben,tiktok,40000,video,900,9%
@dora,instagram,90000,video,2500,1%
@dora,tiktok,90000,video,800,1%
"""
BY_UNITS = """creator,platform,followers,offer,fee,engagement_rate,max_units,volume_discount
@ben,tiktok,40000,video,900,9%,1,
@dora,instagram,90000,reel,500,1%,3,2:10%
@dora,instagram,90000,story,1000,1%,1,
"""
DEAR = 1_000_000


def planned(text=ROSTER, **reading):
    """Return a roster, and a plan from before anybody but @ben was on it."""
    roster = read(text, **reading)
    plan = optimize(roster.take(np.flatnonzero(roster.texts["creator"].contains_any({"ben"}))), build_campaign())
    assert isinstance(plan, Plan)
    return roster, plan


def request_with(text, **reading):
    states = read_with(read_states, text, "states.csv", ReadOptions(**reading))
    return replace(
        tonight(budget=DEAR), contracts=states.contracts, contract_rows=states.contract_rows, states_file=states
    )


def agreed(text, roster=ROSTER, **reading):
    """Return what a file of states means after a plan that has only @ben."""
    offers, plan = planned(roster, **reading)
    return name_agreed_offers(plan, offers, request_with(text, **reading))


def offers_of(result, creator="@dora"):
    return [(each.platform, each.offer, each.units) for each in result.contracts if each.creator == creator]


def one_fault(result):
    (fault,) = result.faults
    assert result.notes == ()
    return fault


def test_the_offer_of_the_last_plan_is_meant_whatever_the_fee():
    roster, plan = planned()
    with_dora = again(plan, roster, state("@dora", "signed", offer="story"), budget=DEAR)
    request = request_with("creator,state,fee\n@dora,live,1100\n")
    result = name_agreed_offers(with_dora, roster, request)
    assert (result.contracts, result.notes, result.faults) == (request.contracts, (), ())
    after = replan(plan_file(with_dora), roster, request)
    assert [(pick.offer, pick.fee) for pick in after.picks if pick.creator == "@dora"] == [("story", 110_000)]


def test_the_offer_quoted_at_the_agreed_fee_is_taken_and_told():
    result = agreed('creator,state,fee\n@dora,signed,800\n@ana,done,"1,200"\n')
    assert offers_of(result) == [("instagram", "story", None)]
    assert offers_of(result, "@ana") == [("instagram", "reel", None)]
    assert result.faults == ()
    (note,) = result.notes
    assert note.endswith("no offer is named for @dora (story), @ana (reel), so the one with the agreed fee is used")


def test_a_plan_keeps_the_offer_taken_by_its_fee_and_not_a_better_one():
    roster, plan = planned()
    result = replan(plan_file(plan), roster, request_with("creator,state,fee\n@dora,signed,2500\n"))
    assert [(pick.offer, pick.fee) for pick in result.picks if pick.creator == "@dora"] == [("reel", 250_000)]
    assert sum("no offer is named for @dora (reel)" in note for note in result.replan.notes) == 1
    night_after = replan(plan_file(result), roster, request_with("creator,state,fee\n@dora,signed,2500\n"))
    assert [pick.offer for pick in night_after.picks if pick.creator == "@dora"] == ["reel"]
    assert not any("no offer is named" in note for note in night_after.replan.notes)


@pytest.mark.parametrize("fee", ["", "950"])
def test_a_state_that_may_mean_several_offers_is_a_fault_that_lists_them(fee):
    fault = one_fault(agreed(f"Handle,state,fee\n@ben,signed,\n@dora,signed,{fee}\n"))
    assert (fault.code, fault.row, fault.column, fault.value) == ("states-offer", 3, "Handle", "@dora")
    assert "reel ($2,500), story ($800), video ($1,100)" in fault.message
    assert ("$950" in fault.message) is bool(fee)
    assert "`offer` column" in fault.fix


def test_an_empty_cell_below_an_offer_column_is_like_no_column():
    fault = one_fault(agreed("creator,state,offer\n@dora,signed,story\n@ana,signed,\n"))
    assert (fault.row, fault.value) == (3, "@ana")
    assert offers_of(agreed("creator,state,offer,fee\n@dora,signed,,800\n")) == [("instagram", "story", None)]


def test_the_row_of_a_fault_is_that_of_the_state_without_an_offer():
    assert one_fault(agreed("creator,state,offer\n@dora,signed,story\n@dora,live,\n")).row == 3


def test_two_offers_quoted_at_the_agreed_fee_are_a_fault():
    roster = ROSTER.replace("1100", "800")
    fault = one_fault(agreed("creator,state,fee\n@dora,signed,800\n", roster))
    assert "story ($800), video ($800)" in fault.message


def test_only_who_signed_must_name_an_offer():
    text = "creator,state,fee\n@dora,declined,\n@ana,offered,\n"
    assert agreed(text).faults == ()


def test_a_creator_with_a_single_offer_needs_no_column():
    roster, plan = planned()
    alone = roster.take(np.asarray([2, 3]))
    request = request_with("creator,state,fee\n@dora,signed,950\n")
    result = name_agreed_offers(plan, alone, request)
    assert (result.contracts, result.faults) == (request.contracts, ())


def test_an_earlier_contract_says_which_offer_is_meant():
    signed = ROSTER.replace("rate\n", "rate,status\n").replace("story,800,1%", "story,800,1%,signed")
    result = agreed("creator,state\n@dora,live\n", signed)
    assert (offers_of(result), result.faults) == ([(None, None, None)], ())


def test_offers_of_one_name_are_told_apart_by_platform():
    fault = one_fault(agreed("creator,state,offer\n@dora,signed,video\n", BY_PLATFORM))
    assert "instagram ($2,500), tiktok ($800)" in fault.message
    assert "`platform` column" in fault.fix
    assert agreed("creator,state,platform\n@dora,signed,TikTok\n", BY_PLATFORM).faults == ()


def test_fees_are_compared_in_the_currency_of_the_campaign():
    roster = ROSTER.replace(",800,", ",€750,").replace(",1100,", ",$800,")
    reading = {"currency": "USD", "exchange": {"EUR": 1.1}}
    for fee in ("$825", "€750"):
        result = agreed(f"creator,state,fee\n@dora,signed,{fee}\n", roster, **reading)
        assert offers_of(result) == [("instagram", "story", None)]
    in_dollars = agreed("creator,state,fee\n@dora,signed,$750\n", roster, **reading)
    assert "story ($825)" in one_fault(in_dollars).message


@pytest.mark.parametrize(("fee", "units"), [("500", 1), ("900", 2), ("1350", 3)])
def test_a_quote_for_several_units_says_how_many_were_agreed(fee, units):
    result = agreed(f"creator,state,fee\n@dora,signed,{fee}\n", BY_UNITS)
    assert offers_of(result) == [("instagram", "reel", units)]


def test_stated_units_are_part_of_the_quote():
    result = agreed("creator,state,units,fee\n@dora,signed,2,1600\n")
    assert offers_of(result) == [("instagram", "story", 2)]
    fault = one_fault(agreed("creator,state,units,fee\n@dora,signed,2,2500\n"))
    assert "reel ($5,000), story ($1,600), video ($2,200)" in fault.message


def test_all_faults_of_a_states_file_are_told_at_once():
    roster, plan = planned()
    text = "creator,state\n@gone,signed\n@dora,signed\n@ana,live\n"
    with pytest.raises(RosterError) as error:
        replan(plan_file(plan), roster, request_with(text))
    assert [(fault.code, fault.row) for fault in error.value.faults] == [
        ("states-unknown", 2),
        ("states-offer", 3),
        ("states-offer", 4),
    ]


def test_an_offer_named_later_completes_a_contract_that_names_none():
    roster, plan = planned(
        HEAD.replace("offer,fee", "reel fee,story fee,status") + "@ben,tiktok,40000,900,500,,9%\n"
        "@dora,instagram,90000,2500,800,signed,1%\n"
    )
    result = again(plan, roster, state("@dora", "signed", offer="reel"), budget=DEAR)
    assert [pick.offer for pick in result.picks if pick.creator == "@dora"] == ["reel"]


def test_a_contract_that_names_no_offer_means_the_one_in_the_last_plan_at_its_fee():
    by_prices = HEAD.replace("offer,fee", "reel fee,story fee,status") + "@dora,instagram,90000,{},{},signed,1%\n"
    roster = read(by_prices.format(2500, 800))
    plan = optimize(roster, build_campaign(budget=DEAR))
    assert isinstance(plan, Plan)
    assert [pick.offer for pick in plan.picks] == ["reel"]
    after = again(plan, read(by_prices.format(9000, 200)), budget=DEAR)
    assert [(pick.offer, pick.fee) for pick in after.picks] == [("reel", 250_000)]


def posted(creator, offer=None, **facts):
    return PostResults(creator=creator, offer=offer, posts=1, matured_posts=1, engagements=50.0, **facts)


def test_results_of_a_creator_who_is_not_in_the_last_plan_make_them_live_with_a_note():
    roster, plan = planned(f"{HEAD}@ben,tiktok,40000,video,900,9%\n@eve,tiktok,40000,video,700,2%\n")
    result = again(plan, roster, budget=DEAR, results_to_date=(posted("@eve"),))
    (contract,) = result.campaign.running.contracts
    assert (contract.creator, contract.state.value) == ("@eve", "live")
    assert [each.causes for each in result.replan.switches if each.creator == "@eve"] == [
        ("live but not in the last plan",)
    ]
    note = "results but neither a signed state nor a place in the last plan: @eve (treated as live)"
    assert result.replan.notes[0] == note
    assert note not in again(result, roster, budget=DEAR).replan.notes


def test_the_offer_that_results_name_is_live():
    roster, plan = planned()
    result = again(plan, roster, budget=DEAR, results_to_date=(posted("@dora", "Story"),))
    assert [pick.offer for pick in result.picks if pick.creator == "@dora"] == ["story"]


def test_results_of_a_creator_outside_the_plan_who_has_several_offers_are_a_fault_that_lists_them():
    roster, plan = planned()
    with pytest.raises(RosterError) as error:
        again(plan, roster, budget=DEAR, results_to_date=(posted("@dora"),))
    assert error.value.code == "results-offer"
    assert error.value.message == (
        "results.csv: @dora has results, but it is not clear for which of their offers: "
        "reel ($2,500), story ($800), video ($1,100)"
    )


def test_the_agreed_fee_of_an_unsigned_state_says_which_offer_was_posted():
    roster, plan = planned()
    result = again(plan, roster, state("@dora", "offered", fee=80_000), budget=DEAR, results_to_date=(posted("@dora"),))
    assert [(pick.offer, pick.fee) for pick in result.picks if pick.creator == "@dora"] == [("story", 80_000)]


def test_an_offer_without_a_name_is_no_example_of_what_to_write():
    roster = ROSTER.replace("90000,reel,", "90000,,")
    assert one_fault(agreed("creator,state\n@dora,signed\n", roster)).fix.endswith("such as story")
