"""What offers cost on top of the fee, line by line: the roster's own cell, else what the campaign sets."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError
from microopt.forecast.model import forecast
from microopt.roster.extra_costs import COST_LINES, FEE_EXTRAS, OFFER_EXTRAS, SEEDING, amount_column
from tests.forecast.builders import NAN, cost, roster

SHARES = st.none() | st.integers(0, 300).map(lambda percent: Fraction(percent, 200))
AMOUNTS = st.none() | st.integers(0, 50_000).map(lambda cents: Fraction(cents, 100))
CELLS = {
    **dict.fromkeys(FEE_EXTRAS, SHARES),
    **dict.fromkeys((*map(amount_column, FEE_EXTRAS), SEEDING, *OFFER_EXTRAS, "product", "shipping"), AMOUNTS),
}


def lines(campaign=None, **columns):
    """Return the lines of the first offer's cost, without those of 0."""
    found = forecast(roster(**columns), Campaign(budget=1, **(campaign or {}))).extra_costs
    return {name: int(line[0]) for name, line in found.items() if line[0]}


@pytest.mark.parametrize("name", ["usage", "whitelisting", "exclusivity", "agency"])
def test_a_surcharge_is_set_once_for_the_campaign_and_a_cell_of_the_roster_wins(name):
    twenty = {name: Fraction(1, 5)}
    assert lines(twenty) == {name: 8_000}
    assert lines(twenty, **{name: 0.1}) == {name: 4_000}
    assert lines(twenty, **{name: 0.0}) == {}
    assert lines(twenty, **{name: NAN}) == {name: 8_000}
    assert lines(twenty, **{amount_column(name): 30.0}) == {name: 3_000}


def test_an_amount_wins_over_a_share_of_the_fee():
    assert lines(usage=0.5, usage_amount=120.0) == {"usage": 12_000}


def test_the_campaigns_agency_share_wins_over_the_forecasts():
    assert lines({"forecast": {"deal": {"agency": 0.1}}}) == {"agency": 4_000}
    assert lines({"forecast": {"deal": {"agency": 0.1}}, "agency": Fraction(1, 5)}) == {"agency": 8_000}


def test_seeding_is_for_creators_whose_product_and_shipping_are_not_stated():
    sent = {"seeding": 4_000}
    assert lines(sent) == {"seeding": 4_000}
    assert lines(sent, seeding=25.0) == {"seeding": 2_500}
    assert lines(sent, product=10.0, shipping=NAN) == {"products": 1_000}
    assert lines(sent, pay="gifted") == {"seeding": 4_000}


def test_costs_of_the_offer_are_added():
    assert lines(production=100.0, travel=50.0, extra_cost=7.5) == {
        "production": 10_000,
        "travel": 5_000,
        "extra_cost": 750,
    }


def test_a_half_cent_goes_to_the_even_one_whatever_the_floats_last_digit():
    assert lines(fee=150, usage=0.07) == {"usage": 10}  # 10.5 cents, which a float shows as 10.500000000000002
    assert lines({"usage": Fraction(7, 100)}, fee=50) == {"usage": 4}


def test_no_order_value_is_needed_where_no_commission_is_due():
    assert lines(commission=0.0) == {}
    with pytest.raises(CampaignError, match="value of an order is not known"):
        lines(commission=0.1)


@given(
    st.integers(0, 10**7),
    st.fixed_dictionaries(CELLS),
    st.fixed_dictionaries(dict.fromkeys(("usage", "whitelisting", "exclusivity", "agency"), SHARES)),
    st.none() | st.integers(0, 9_999),
    st.integers(0, 9_999),
    st.integers(1, 4),
)
def test_the_cost_is_the_fee_and_every_line_by_hand(fee, cells, shares, seeding, per_creator, deliverables):
    campaign = Campaign(budget=1, seeding=seeding, per_creator=per_creator, **shares)
    columns = {name: NAN if value is None else float(value) for name, value in cells.items()}
    found = forecast(roster(fee=fee, deliverables=float(deliverables), **columns), campaign)
    expected = 0
    for name in FEE_EXTRAS:
        share = cells[name] if cells[name] is not None else shares.get(name)
        amount = cells[amount_column(name)]
        expected += round(fee * (share or 0)) if amount is None else amount * 100
    expected += sum((cells[name] or 0) * 100 for name in OFFER_EXTRAS)
    itemized = cells["product"] is not None or cells["shipping"] is not None
    expected += deliverables * sum((cells[name] or 0) * 100 for name in ("product", "shipping"))
    expected += cells[SEEDING] * 100 if cells[SEEDING] is not None else 0 if itemized else seeding or 0
    assert int(found.cost[0]) == fee + expected + per_creator
    assert int(found.cost[0]) == fee + sum(int(line[0]) for line in found.extra_costs.values())
    assert [*found.extra_costs] == [name for name in COST_LINES if name in found.extra_costs]


def test_the_lines_do_not_depend_on_the_cells_so_that_parts_of_a_roster_can_be_joined():
    people = roster(2, usage=[0.0, 0.5], commission=[0.0, 0.0], pay=["", "flat"])
    whole = forecast(people, Campaign(budget=1)).extra_costs
    parts = [forecast(people.take(np.asarray([row])), Campaign(budget=1)).extra_costs for row in (0, 1)]
    assert whole.keys() == parts[0].keys() == parts[1].keys()


@given(st.integers(0, 10**9), st.fractions(0, 2), st.fractions(0, 2))
def test_cost_never_falls_as_the_campaigns_shares_grow(fee, one, other):
    low, high = sorted((one, other))
    assert fee <= cost({"agency": low}, fee=fee) <= cost({"agency": high}, fee=fee)
