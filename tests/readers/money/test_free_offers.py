"""An offer with a fee of 0 is a gifted post in a list that says how creators are paid."""

import pytest

from microopt.campaign.campaign import Campaign
from microopt.forecast.model import forecast
from tests.readers.builders import cells, read


@pytest.mark.parametrize("header", ["fee", "price from,price to"])
def test_a_fee_of_0_costs_what_a_gifted_post_costs(header):
    empty = "," * header.count(",")
    roster = read(f"creator,followers,{header}\na,9000,0{empty}\nb,9000,gifted{empty}\nc,9000,$0{empty}\n")
    assert cells(roster, "pay") == ["gifted"] * 3
    costs = forecast(roster, Campaign(budget=1)).cost.tolist()
    assert costs[0] > 0
    assert len({*costs}) == 1


def test_an_offer_that_is_paid_by_commission_or_a_fee_is_not_a_gift():
    roster = read("creator,followers,fee,pay,commission\na,9000,0,,10%\nb,9000,0,affiliate,\nc,9000,50,,\nd,9000,0,,\n")
    assert cells(roster, "pay") == ["", "affiliate", "", "gifted"]


def test_a_fee_of_0_stays_0_where_no_pay_type_is_known_and_is_told():
    roster = read("creator,followers,fee\na,9000,0\nb,9000,50\n")
    assert "1 offer with a fee of 0 is counted at no cost: write gifted if a product is given" in roster.notes
    assert forecast(roster, Campaign(budget=1)).cost.tolist() == [0, 5_000]
