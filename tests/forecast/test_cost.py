"""What offers cost: fee, rights, product, commission, agency, handling; and what they usually cost."""

from fractions import Fraction
from math import log10, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError
from microopt.forecast.forecast import NO_REVENUE, Origin
from microopt.forecast.model import forecast
from microopt.roster.roster import NO_FEE
from tests.forecast.builders import NAN, assert_close, cost, roster

SALES = {"order_value": 5_000}  # $50; the offer below brings 10 conversions: $500
TEN = {"views": 10_000.0, "ctr": 0.05, "cvr": 0.02}


def test_a_fee_alone_is_the_cost():
    assert cost() == 40_000


def test_rights_are_shares_of_the_fee():
    assert cost(usage=0.1, whitelisting=0.3, exclusivity=0.2) == 64_000
    assert cost(usage=NAN) == 40_000


def test_each_deliverable_needs_a_product_and_its_shipping():
    assert cost(product=30.0, shipping=5.5, deliverables=2.0) == 40_000 + 7_100


def test_a_commission_is_due_on_the_revenue_after_discount():
    assert cost(SALES, commission=0.1, **TEN) == 40_000 + 5_000
    assert cost(SALES, commission=0.1, discount=0.2, **TEN) == 40_000 + 4_000
    assert cost(SALES, commission=0.1, order_value=100.0, **TEN) == 40_000 + 10_000


def test_agency_and_handling_come_on_top():
    assert cost({"per_creator": 2_500, "forecast": {"deal": {"agency": 0.15}}}) == 46_000 + 2_500


def test_a_commission_without_an_order_value_is_refused():
    with pytest.raises(CampaignError) as refused:
        cost(commission=0.1)
    assert refused.value.code == "order-value-missing"
    assert "--order-value" in refused.value.fix


@pytest.mark.parametrize(
    ("pay", "cents"),
    [
        ("", 40_000 + 5_000 + 3_000),
        ("flat", 40_000 + 3_000),
        ("Flat fee", 40_000 + 3_000),
        ("gifted", 43_000),
        ("affiliate", 48_000),
        ("flat plus commission", 48_000),
        ("flat + commission", 48_000),
    ],
)
def test_the_pay_type_says_what_counts(pay, cents):
    assert cost(SALES, pay=pay, commission=0.1, product=30.0, **TEN) == cents


def test_gifted_and_affiliate_offers_need_no_fee_and_have_usual_terms():
    assert cost(pay="gifted", fee=NO_FEE) == round(100 * sqrt(20 * 50))
    assert cost(SALES, pay="affiliate", fee=NO_FEE, **TEN) == round(50_000 * sqrt(0.08 * 0.18))
    with pytest.raises(CampaignError, match="no fee"):
        cost(pay="flat", fee=NO_FEE)


def test_a_missing_fee_is_estimated_to_two_digits_and_marked():
    result = forecast(roster(2, fee=[NO_FEE, 40_000]), Campaign(budget=1, estimate_fees=True))
    nano, micro = sqrt(33 * 250), sqrt(250 * 1_950)  # of 1,000 to 10,000 and 10,000 to 100,000 followers
    share = log10(20_000 / sqrt(1_000 * 10_000))  # of the way between the middles of these bands
    dollars = nano * (micro / nano) ** share
    assert result.fee.tolist() == [round(dollars / 10) * 1_000, 40_000]
    assert result.origins["fee"].tolist() == [Origin.ESTIMATED, Origin.OWN]


def test_a_fee_of_more_than_twice_the_usual_is_flagged_and_an_estimate_never():
    usual = int(forecast(roster(), Campaign(budget=1)).usual_fee[0])
    people = roster(2, fee=[2 * usual, NO_FEE])
    assert forecast(people, Campaign(budget=1, estimate_fees=True)).fee_high.tolist() == [False, False]
    people = roster(2, fee=[2 * usual + 1, NO_FEE])
    assert forecast(people, Campaign(budget=1, estimate_fees=True)).fee_high.tolist() == [True, False]
    higher = Campaign(budget=1, estimate_fees=True, forecast={"fee_estimate": {"high": 3}})
    assert not forecast(people, higher).fee_high.any()


def test_expected_results_are_times_acceptance_and_the_cost_is_not():
    campaign = Campaign(budget=1, order_value=5_000)
    sure, half = (forecast(roster(acceptance=share, commission=0.1, **TEN), campaign) for share in (1.0, 0.5))
    for name, values in sure.metrics.items():
        assert_close(half.metrics[name] * 2, values, 1e-2)
    assert half.cost.tolist() == sure.cost.tolist() == [45_000]
    assert (sure.revenue.tolist(), half.revenue.tolist()) == ([50_000], [25_000])


def test_revenue_is_known_only_where_an_order_value_is():
    assert forecast(roster(**TEN), Campaign(budget=1)).revenue is None
    people = roster(2, order_value=[NAN, 80.0], **TEN)
    assert forecast(people, Campaign(budget=1)).revenue.tolist() == [NO_REVENUE, 80_000]
    assert forecast(people, Campaign(budget=1, order_value=5_000)).revenue.tolist() == [50_000, 80_000]


def test_a_campaign_without_an_order_value_is_asked_for_it_once():
    people = roster(3, commission=[0.1, 0.1, 0.1], **TEN)
    with pytest.raises(CampaignError) as refused:
        forecast(people, Campaign(budget=1))
    assert [(fault.code, fault.row) for fault in refused.value.faults] == [("order-value-missing", None)]


def test_a_commission_on_an_order_value_that_one_row_lacks_is_a_fault_of_that_row():
    people = roster(3, order_value=[80.0, NAN, NAN], commission=[0.1, 0.1, 0.0], **TEN)
    with pytest.raises(CampaignError) as refused:
        forecast(people, Campaign(budget=1))
    assert [(fault.code, fault.row) for fault in refused.value.faults] == [("order-value-missing", 3)]


def test_public_figures_are_in_dollars_and_are_exchanged_or_not_used():
    people = replace(roster(2, fee=[NO_FEE, 40_000]), currency="EUR")
    few = "fewer than 15 creators have a fee .* in US dollars, but the campaign uses EUR"
    with pytest.raises(CampaignError, match=few) as refused:
        forecast(people, Campaign(budget=1, estimate_fees=True))
    assert refused.value.fix.startswith("fill in the fees, use --skip-bad-rows instead of --estimate-fees, or")
    dear = forecast(people, Campaign(budget=1, estimate_fees=True, exchange={"USD": Fraction(2)}))
    plain = forecast(replace(people, currency="USD"), Campaign(budget=1, estimate_fees=True))
    assert_close(dear.fee[0], 2 * plain.fee[0], 0.05)
    unknown = forecast(people.take(np.asarray([1])), Campaign(budget=1))
    assert unknown.usual_fee is unknown.fee_high is None
    gifted = replace(roster(pay="gifted"), currency="EUR")
    told = forecast(gifted, Campaign(budget=1))
    assert told.cost.tolist() == [40_000]
    assert "the product of 1 gifted post is counted at no cost" in told.notes[-1]
    rated = forecast(gifted, Campaign(budget=1, currency="EUR", exchange={"USD": Fraction("0.9")}))
    assert rated.cost[0] > 40_000
    assert not [note for note in rated.notes if "no cost" in note]


def test_what_the_product_of_gifted_posts_is_assumed_to_cost_is_told():
    told = forecast(roster(2, pay="gifted", fee=0), Campaign(budget=1))
    (note,) = [note for note in told.notes if "product" in note]
    assert note.startswith("products given for posts are counted at $31.62 each, an industry estimate")
    assert told.cost.tolist() == [3_162, 3_162]
    for changed in (
        forecast(roster(2, pay="gifted", fee=0), Campaign(budget=1, seeding=4_000)),
        forecast(roster(2, pay="gifted", fee=0, product=[40.0, 40.0]), Campaign(budget=1)),
    ):
        assert changed.cost.tolist() == [4_000, 4_000]
        assert not [note for note in changed.notes if "product" in note]


def test_no_estimate_is_nothing():
    tiny = roster(2, fee=NO_FEE, followers=[10, 1_000], offer="story")
    free = {"fee_estimate": {"least": 0}}
    assert forecast(tiny, Campaign(budget=1, estimate_fees=True, forecast=free)).fee.min() == 100


@given(st.integers(0, 10**9), st.fractions(0, 2), st.fractions(0, 2))
def test_cost_never_falls_as_rights_grow(fee, one, other):
    low, high = sorted((float(Fraction(one)), float(Fraction(other))))
    assert fee <= cost(fee=fee, usage=low) <= cost(fee=fee, usage=high)


def test_returned_orders_earn_nothing_and_no_commission():
    campaign = {"order_value": 5_000, "returns": Fraction(1, 10)}
    expected = forecast(roster(commission=0.1, discount=0.2, **TEN), Campaign(budget=1, **campaign))
    assert expected.revenue.tolist() == [36_000]  # 10 orders of $50 less 20%, one of them returned
    assert expected.cost.tolist() == [40_000 + 3_600]


def test_repeat_purchases_are_at_full_price_and_without_commission():
    campaign = {"order_value": 5_000, "ltv": Fraction(5, 2), "returns": Fraction(1, 10)}
    expected = forecast(roster(commission=0.1, discount=0.2, **TEN), Campaign(budget=1, **campaign))
    assert expected.revenue.tolist() == [103_500]  # 10 customers with $50 * (2.5 - 0.2), a tenth of it returned
    assert expected.cost.tolist() == [40_000 + 3_600]
    assert forecast(roster(**TEN), Campaign(budget=1, order_value=5_000, ltv=Fraction(2))).revenue.tolist() == [100_000]


def test_the_margin_is_kept_of_the_revenue_shown():
    campaign = Campaign(budget=1, order_value=3_333, margin=Fraction(1, 3))
    expected = forecast(roster(2, order_value=[NAN, 0.0], **TEN), campaign)
    assert (expected.revenue.tolist(), expected.kept_revenue.tolist()) == ([33_330, 0], [11_110, 0])
    unknown = forecast(roster(2, order_value=[NAN, 80.0], **TEN), Campaign(budget=1, margin=Fraction(1, 2)))
    assert unknown.kept_revenue.tolist() == [NO_REVENUE, 40_000]
    assert forecast(roster(**TEN), Campaign(budget=1, margin=Fraction(1, 2))).kept_revenue is None
