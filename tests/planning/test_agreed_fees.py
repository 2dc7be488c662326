"""Fees agreed with creators: what is due to the cent, on which offers, and before what."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt import Diagnosis, Plan, optimize
from microopt.campaign.agreed_fees import AgreedFee
from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.progress import CampaignProgress, Contract, ContractState
from microopt.errors import CampaignError
from microopt.forecast.forecast import Origin
from microopt.planning.build_problem import build_problem, eligible_offers, for_roster_analysis
from microopt.planning.purchase_causes import exclusion_reasons
from microopt.planning.schedule_pool import build_pool
from microopt.roster.roster import NO_FEE
from tests.planning.builders import CALM, GOALS, build_campaign, build_roster, campaigns, comparable, roster_rows
from tests.planning.wave_builders import listed, offer_rows, wave_campaigns
from tests.solver.builders import FREE, roster, solver

OFFERS = roster(
    ["@anna", "@anna", "@ben", "@cleo"],
    platform=["instagram", "tiktok", "tiktok", "youtube"],
    offer=["reel", "video", "video", "video"],
    niche=["beauty", "beauty", "food", "tech"],
    followers=[20_000, 20_000, 40_000, 1_500_000],
    fee=[40_000, 30_005, 50_015, 900_000],
)


def off(percent, amount=None):
    return AgreedFee(amount=amount, off=Fraction(percent, 100))


def at(amount):
    return AgreedFee(amount=amount)


def problem(fees, offers=OFFERS, **facts):
    return build_problem(offers, build_campaign(fees=fees, one_offer_per="offer", **facts))[0]


def fees_of(case):
    """Return the fee of each single unit or set of units, by creator, offer and units, in rows of one choice."""
    own = {}
    for row in range(len(case)):
        if np.count_nonzero(case.choice == case.choice[row]) == 1:
            units = int(case.roster.unit_counts()[row])
            name = case.roster.texts["creator"][row].strip(), case.roster.text("offer", row)
            own[*name, units] = int(case.forecast.fee[row])
    return own


def refusal(fees, offers=OFFERS, **facts):
    with pytest.raises(CampaignError) as error:
        problem(fees, offers, **facts)
    return [(fault.code, fault.message, fault.fix) for fault in error.value.faults]


def test_an_amount_replaces_the_fee_and_a_discount_is_taken_off_to_the_cent():
    assert fees_of(problem({"ANNA": at(35_000), "@ben": off(10)})) == {
        ("@anna", "reel", 1): 35_000,
        ("@anna", "video", 1): 35_000,
        ("@ben", "video", 1): 45_014,  # 500.15 less 10% is 450.135: half a cent goes to the even one
        ("@cleo", "video", 1): 900_000,
    }


def test_a_selector_names_offers_and_both_parts_count():
    fees = {"creator:@anna & platform:tiktok": off(15, 20_001), "tier:mega": off(50)}
    assert fees_of(problem(fees)) == {
        ("@anna", "reel", 1): 40_000,
        ("@anna", "video", 1): 17_001,  # 200.01 less 15% is 170.0085
        ("@ben", "video", 1): 50_015,
        ("@cleo", "video", 1): 450_000,
    }


def test_an_amount_is_for_each_unit_and_a_discount_comes_after_that_of_the_package():
    packages = roster(
        ["@ben"],
        platform=["tiktok"],
        offer=["video"],
        niche=["food"],
        followers=[40_000],
        fee=[50_015],
        numbers={"max_units": [3]},
        volume_discount=["3:20%"],
    )
    assert fees_of(problem({"@ben": at(10_001)}, packages)) == {
        ("@ben", "video", 1): 10_001,
        ("@ben", "video", 2): 20_002,
        ("@ben", "video", 3): 24_002,  # 300.03 less 20% is 240.024
    }
    assert fees_of(problem({"@ben": off(10)}, packages)) == {
        ("@ben", "video", 1): 45_014,
        ("@ben", "video", 2): 90_027,
        ("@ben", "video", 3): 108_032,  # 1,500.45 less 20% is 1,200.36, and less 10% of that 1,080.324
    }


def test_surcharges_follow_the_fee():
    case = problem({"@anna": off(10, 40_000)}, usage=Fraction(1, 5), per_creator=700)
    assert case.forecast.cost[0] == 36_000 + 7_200 + 700


def test_an_agreed_fee_is_no_estimate_and_a_discount_on_an_estimate_is_one():
    offers = replace(OFFERS, fee=np.asarray([NO_FEE, NO_FEE, 50_015, NO_FEE]))
    plain, case = (problem(fees, offers, estimate_fees=True) for fees in ({}, {"@anna": at(35_000), "@cleo": off(10)}))
    named = [(case.roster.texts["creator"][row], case.roster.text("offer", row)) for row in range(len(case))]
    origins = dict(zip(named, case.forecast.origins["fee"].tolist(), strict=True))
    assert origins["@anna", "reel"] == Origin.OWN
    assert origins["@cleo", "video"] == Origin.ESTIMATED
    cleo = fees_of(plain)["@cleo", "video", 1]
    assert fees_of(case)["@cleo", "video", 1] == round(cleo * 0.9)


def test_agreed_fees_do_not_move_what_offers_usually_cost():
    plain, agreed = problem({}), problem({"@anna": at(1), "@ben": off(90)})
    assert agreed.forecast.usual_fee.tolist() == plain.forecast.usual_fee.tolist()


def test_the_fee_of_a_contract_goes_before_one_of_the_campaign():
    contracts = (
        Contract(creator="@anna", state=ContractState.SIGNED, offer="reel", platform="instagram", fee=12_345),
        Contract(creator="@ben", state=ContractState.SIGNED),
    )
    case = problem({"@anna": at(35_000), "@ben": off(10)}, running=CampaignProgress(contracts=contracts))
    assert fees_of(case)["@anna", "reel", 1] == 12_345
    assert fees_of(case)["@anna", "video", 1] == 35_000
    assert fees_of(case)["@ben", "video", 1] == 45_014  # nothing else was agreed


def test_filters_of_the_fee_go_by_what_is_paid():
    campaign = build_campaign(fees={"@ben": off(25), "@cleo": at(20_000)}, where=["fee <= 400"])
    case = build_problem(OFFERS, campaign)[0]
    assert {case.roster.texts["creator"][row] for row in range(len(case))} == {"@anna", "@ben", "@cleo"}
    assert eligible_offers(OFFERS, campaign).tolist() == [True, True, True, True]
    assert list(exclusion_reasons(OFFERS, replace(campaign, fees={}), "@ben"))
    assert not list(exclusion_reasons(OFFERS, campaign, "@ben"))


def test_a_table_of_the_forecast_has_the_agreed_fees_too():
    campaign = for_roster_analysis(build_campaign(fees={"@anna": at(35_000), "@ben": off(10)}))
    case = build_problem(OFFERS, campaign, bundles=False)[0]
    assert case.forecast.fee.tolist() == [35_000, 35_000, 45_014, 900_000]


def test_a_name_that_nobody_has_is_a_fault_with_the_nearest():
    assert refusal({"@ana": at(1)}) == [("fees-unknown", "fees: the roster has no creator @ana", "did you mean @anna?")]
    assert refusal({"niche:beuty": at(1)}) == [
        ("value-unknown", "fees 'niche:beuty': no offer has niche 'beuty'", "did you mean beauty?")
    ]
    ((code, message, _),) = refusal({"colour:red": at(1)})
    assert (code, message) == ("column-unknown", "fees 'colour:red': the roster has no text column 'colour'")


def test_two_fees_of_one_offer_are_a_fault_that_names_both():
    ((code, message, _),) = refusal({"@cleo": off(5), "@anna": at(1), "platform:tiktok": off(10)})
    assert code == "fees-twice"
    assert message == "fees: '@anna' and 'platform:tiktok' both give the fee of @anna tiktok video"


def test_without_a_fee_on_the_list_or_an_agreed_one_the_fee_is_missing():
    offers = replace(OFFERS, fee=np.asarray([NO_FEE, NO_FEE, 50_015, NO_FEE]))
    assert refusal({"@anna": at(35_000)}, offers)[0][:2] == ("fee-missing", "1 offers have no fee")


MONTHS = tuple(Wave(name=f"2027-0{n}", starts=date(2027, n, 1), ends=date(2027, n, 28)) for n in (3, 4))
CALENDAR = Calendar(waves=MONTHS, max_posts=2, lead_days=0, retainer=((2, Fraction(1, 5)),))


def test_a_discount_comes_after_that_of_a_retainer():
    one = OFFERS.take(np.asarray([2]))
    case = build_problem(one, build_campaign(fees={"@ben": off(10)}, calendar=CALENDAR))[0]
    posts = np.bincount(case.choice)[case.choice]
    assert set(case.forecast.fee[posts == 1].tolist()) == {45_014}
    assert set(case.forecast.fee[posts == 2].tolist()) == {
        36_011
    }  # 500.15 less 20% is 400.12, and less 10% of that 360.108


def test_a_fee_may_be_agreed_for_one_wave():
    one = OFFERS.take(np.asarray([2]))
    campaign = build_campaign(fees={"creator:@ben & wave:2027-04": at(30_000)}, calendar=replace(CALENDAR, retainer=()))
    case = build_problem(one, campaign)[0]
    found = {(case.roster.text("wave", row), int(case.forecast.fee[row])) for row in range(len(case))}
    assert found == {("2027-03", 50_015), ("2027-04", 30_000)}
    assert build_problem(one, campaign, bundles=False)[0].forecast.fee.tolist() == [50_015]


def as_listed(rows):
    """Return fees that are those of the list, by selectors that each mean one offer."""
    return {
        f'creator:"{row["creator"].strip()}" & platform:{row["platform"]} & offer:{row["offer"]}': at(row["fee"])
        for row in rows
    }


@CALM
@given(st.data(), st.sampled_from(GOALS))
def test_fees_that_are_those_of_the_list_change_no_plan(data, goal):
    rows = data.draw(roster_rows())
    campaign = data.draw(campaigns(rows, goal))
    try:
        plans = [
            optimize(build_roster(rows), replace(campaign, fees=fees), solver=solver("highs"), limits=FREE)
            for fees in ({}, as_listed(rows))
        ]
    except CampaignError:
        return
    if isinstance(plans[0], Diagnosis):
        assert isinstance(plans[1], Diagnosis)
        return
    plain, agreed = (comparable(plan, rows) for plan in plans)
    del plain["campaign"], agreed["campaign"]
    assert agreed == plain


@CALM
@given(st.data(), st.booleans())
def test_fees_that_are_those_of_the_list_change_no_plan_over_waves(data, in_pool):
    rows, campaign = data.draw(offer_rows()), data.draw(wave_campaigns())
    with pytest.MonkeyPatch.context() as patch:
        if in_pool:
            patch.setattr(build_pool, "MANY", 0)
        try:
            plans = [
                optimize(listed(rows), replace(campaign, fees=fees), solver=solver("highs"), limits=FREE)
                for fees in ({}, as_listed(rows))
            ]
        except CampaignError:
            return
    if isinstance(plans[0], Plan) and isinstance(plans[1], Plan):
        plain, agreed = (comparable(plan, rows) for plan in plans)
        del plain["campaign"], agreed["campaign"]
        assert agreed == plain
