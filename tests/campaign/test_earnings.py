"""The margin, returns and lifetime value of a campaign, and the names of what it earns."""

from fractions import Fraction

import pytest

from microopt.campaign.earnings import parse_ltv, parse_margin, parse_returns, ratio_name
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.settings import parse_campaign
from microopt.errors import MicrooptError


def refused(parse, *arguments):
    with pytest.raises(MicrooptError) as caught:
        parse(*arguments)
    assert caught.value.fix
    return caught.value


@pytest.mark.parametrize(
    ("text", "share"), [("40%", "2/5"), ("0.4", "2/5"), ("33,3 %", "333/1000"), ("0", 0), ("1", 1)]
)
def test_a_margin_is_a_share_of_the_revenue(text, share):
    assert parse_margin(text) == Fraction(share)


@pytest.mark.parametrize("text", ["40", "140%", "-5%", "half", "1.2", ""])
def test_a_margin_above_one_or_below_nothing_is_refused(text):
    assert refused(parse_margin, text).code == "share-range"


def test_a_margin_without_its_percent_sign_is_asked_about():
    assert "did you mean 40%?" in refused(parse_margin, "40").fix
    assert 'margin = "40%"' in refused(parse_margin, "40").fix
    assert "did you mean 12%?" in refused(parse_returns, "12").fix
    assert "did you mean" not in refused(parse_margin, "400").fix


def test_not_every_order_can_be_returned():
    assert parse_returns("12%") == Fraction(3, 25)
    assert parse_returns("0") == 0
    assert refused(parse_returns, "100%").code == refused(parse_returns, "1").code == "share-range"


@pytest.mark.parametrize(
    ("text", "orders"), [("2.4x", "12/5"), ("2,4 X", "12/5"), ("3×", 3), ("108", "12/5"), ("$45", 1)]
)
def test_a_lifetime_value_is_orders_in_all_or_money(text, orders):
    assert parse_ltv(text, 4_500) == Fraction(orders)


def test_a_lifetime_value_includes_the_first_order():
    assert refused(parse_ltv, "0.5x", None).code == "ltv-range"
    error = refused(parse_ltv, "2.4", 4_500)  # $2.40, not 2.4 orders
    assert (error.code, "--ltv 2.4x" in error.fix) == ("ltv-range", True)
    assert refused(parse_ltv, "101x", None).code == "ltv-range"
    share = refused(parse_ltv, "240%", None)
    assert (share.code, "--ltv 2.4x" in share.fix) == ("ltv-range", True)
    assert "--ltv 2.4x" in refused(parse_ltv, "40%", 4_500).fix  # an example


def test_a_lifetime_value_in_money_needs_the_value_of_an_order():
    assert refused(parse_ltv, "$108", None).code == "order-value-missing"
    assert parse_ltv("2x", None) == 2


def test_all_that_is_wrong_is_told_at_once():
    settings = CampaignInput(budget=5_000, margin="140%", returns="2", ltv="0.2x")
    error = refused(parse_campaign, settings)
    assert [fault.code for fault in error.faults] == ["share-range", "share-range", "ltv-range"]


def test_settings_become_shares_and_orders():
    campaign = parse_campaign(CampaignInput(budget=5_000, order_value=45, margin=0.4, returns="12%", ltv=108))
    assert (campaign.margin, campaign.returns, campaign.ltv) == (Fraction(2, 5), Fraction(3, 25), Fraction(12, 5))


@pytest.mark.parametrize(
    ("written", "name"), [("CPA", "cpa"), ("roas", "roas"), ("ROAS", "roas"), ("cpms", "cpm"), ("cp", None)]
)
def test_a_ratio_is_known_in_any_case(written, name):
    assert ratio_name(written) == name
