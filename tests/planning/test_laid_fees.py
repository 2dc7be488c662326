"""Fees of a house and further discounts give each offer the fee that is due, whatever names the campaign uses."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.agreed_fees import AgreedFee
from microopt.errors import CampaignError
from microopt.planning.build_problem import build_problem
from microopt.planning.laid_fees import names_unknown_values, with_laid_fees
from microopt.roster.agreed_fees import rows_of_names
from microopt.roster.roster import with_tiers
from tests.planning.builders import CALM, build_campaign, build_roster, roster_rows
from tests.planning.wave_builders import calendar
from tests.solver.builders import roster

OFFERS = roster(
    ["@anna", "@anna", "@ben", "@cleo"],
    platform=["instagram", "tiktok", "tiktok", "youtube"],
    offer=["reel", "video", "video", "video"],
    niche=["beauty", "beauty", "food", "beauty"],
    fee=[40_000, 30_000, 50_000, 90_000],
)
TENTH, FIFTH = Fraction(1, 10), Fraction(1, 5)


def at(amount, off=Fraction(0)):
    return AgreedFee(amount=amount, off=off)


def laid(own, house=None, discounts=None, offers=OFFERS, **facts):
    return with_laid_fees(build_campaign(fees=own, **facts), offers, house, discounts)


def test_without_any_the_campaign_is_the_same():
    campaign = build_campaign(fees={"@anna": at(1)})
    assert with_laid_fees(campaign, OFFERS) is campaign


def test_fees_of_the_house_are_added_where_the_list_has_the_creator():
    house = {"@BEN": at(100), "@nobody": at(2), "niche:beauty": AgreedFee(off=TENTH)}
    assert laid({}, house).fees == {"@BEN": at(100), "niche:beauty": AgreedFee(off=TENTH)}


def test_a_fee_of_the_campaign_goes_before_one_of_the_house():
    assert laid({"anna": at(1)}, {"@Anna": at(2), "@ben": at(3)}).fees == {"anna": at(1), "@ben": at(3)}
    assert laid({"@anna": at(1)}, {"niche:beauty": at(2)}).fees == {"@anna": at(1), "@cleo": at(2)}
    assert laid({"offer:reel": at(1)}, {"@anna": at(2)}).fees == {
        "offer:reel": at(1),
        "creator:@anna & platform:tiktok & offer:video": at(2),
    }


def test_a_further_discount_is_taken_off_what_the_others_leave():
    assert laid({"@ben": at(100, TENTH)}, discounts={"BEN": FIFTH}).fees == {"@ben": at(100, Fraction(28, 100))}
    assert laid({}, {"@anna": at(1)}, {"@anna": TENTH, "@cleo": FIFTH}).fees == {
        "@anna": at(1, TENTH),
        "@cleo": AgreedFee(off=FIFTH),
    }
    assert laid({"platform:tiktok": at(1)}, discounts={"@anna": TENTH}).fees == {
        "creator:@anna & platform:instagram & offer:reel": AgreedFee(off=TENTH),
        "creator:@anna & platform:tiktok & offer:video": at(1, TENTH),
        "@ben": at(1),
    }


def test_a_name_of_the_campaign_that_nobody_has_is_still_found():
    campaign = laid({"@nobody": at(1)}, {"@ben": at(2)})
    with pytest.raises(CampaignError, match="no creator @nobody"):
        build_problem(OFFERS, campaign)


def test_two_fees_of_the_house_for_one_offer_are_a_fault():
    with pytest.raises(CampaignError, match="'@anna' and 'niche:beauty' both give"):
        laid({}, {"@anna": at(1), "niche:beauty": at(2)})


def test_offers_without_a_name_of_their_own_cannot_have_their_own_fees():
    offers = roster(["@anna", "@anna"], platform=["tiktok", "tiktok"], offer=["", "video"], fee=[100, 200])
    with pytest.raises(CampaignError, match="have one name and several fees"):
        laid({"offer:video": at(1)}, discounts={"@anna": TENTH}, offers=offers)


def test_fees_of_waves_are_laid_wave_by_wave():
    case = laid(
        {"wave:2027-02": at(100)},
        discounts={"@ben": TENTH},
        calendar=calendar(2),
        offers=OFFERS.take(np.asarray([2, 3])),
    )
    assert case.fees == {
        "creator:@ben & platform:tiktok & offer:video & wave:2027-01": AgreedFee(off=TENTH),
        "creator:@ben & platform:tiktok & offer:video & wave:2027-02": at(100, TENTH),
        "creator:@cleo & platform:youtube & offer:video & wave:2027-02": at(100),
    }


NAMES = st.sampled_from(
    [
        *("a", "@B", "c", "@d", "niche:beauty", "niche:food", "platform:tiktok", "platform:youtube", "offer:reel"),
        *("tier:micro", "tier:micro,mid", "creator:a & offer:story", "creator:b,c & platform:instagram"),
    ]
)
SHARES = st.sampled_from([Fraction(0), TENTH, FIFTH, Fraction(1, 3)])
FEES = st.dictionaries(
    NAMES, st.builds(AgreedFee, amount=st.sampled_from([None, 0, 12_345, 20_001]), off=SHARES), max_size=3
)


def disjoint(offers, fees, *, known):
    """Return the fees whose names mean no offer of an earlier one; with `known` only those that the list knows."""
    taken, kept = set(), {}
    for name, fee in fees.items():
        rows = set(rows_of_names(offers, [name])[name].tolist())
        if taken.isdisjoint(rows) and not (known and names_unknown_values(offers, name)):
            kept[name] = fee
            taken |= rows
    return kept


@CALM
@given(st.data(), FEES, FEES)
def test_every_offer_has_the_fee_that_is_due(data, own, house):
    rows = data.draw(roster_rows(creators="abcd"))
    offers = with_tiers(build_roster(rows), build_campaign().tiers)
    discounts = data.draw(st.dictionaries(st.sampled_from("abcd"), SHARES, max_size=2))
    own, house = disjoint(offers, own, known=True), disjoint(offers, house, known=False)
    campaign = with_laid_fees(build_campaign(fees=own, one_offer_per="offer"), offers, house, discounts)
    case = build_problem(offers, campaign, bundles=False)[0]
    wanted = {}
    for row in range(len(offers)):
        creator, fee = offers.texts["creator"][row].strip().removeprefix("@"), int(offers.fee[row])
        means = [
            next((fee for name, fee in layer.items() if row in rows_of_names(offers, [name])[name]), None)
            for layer in (own, house)
        ]
        agreed = next((fee for fee in means if fee is not None), AgreedFee())
        left = (1 - agreed.off) * (1 - discounts.get(creator, Fraction(0)))
        wanted[int(offers.row[row])] = round((fee if agreed.amount is None else agreed.amount) * left)
    found = dict(zip(case.roster.row.tolist(), case.forecast.fee.tolist(), strict=True))
    assert found == wanted
