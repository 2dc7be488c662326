"""Fees agreed with creators, as a campaign file and flags give them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.agreed_fees import (
    AgreedFee,
    format_agreed_fee,
    format_agreed_fees,
    invalid_agreed_fees,
    parse_agreed_fees,
    parse_fee_flags,
    split_agreed_fee,
)
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.layered_settings import lay_over
from microopt.campaign.settings import parse_campaign
from microopt.campaign.written_money import describe_thousands, written_amounts
from microopt.errors import CampaignError, UsageError

TENTH = Fraction(1, 10)


def fee(written):
    return parse_agreed_fees({"@anna": written})["@anna"]


def refusal(**written):
    with pytest.raises(CampaignError) as error:
        parse_campaign(CampaignInput(budget="20k", **written))
    return error.value


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        (900, AgreedFee(amount=90_000)),
        ("900.50", AgreedFee(amount=90_050)),
        ("$1,200", AgreedFee(amount=120_000)),
        ("1.5k", AgreedFee(amount=150_000)),
        (0, AgreedFee(amount=0)),
        ("-10%", AgreedFee(off=TENTH)),
        ("- 12.5 %", AgreedFee(off=Fraction(1, 8))),
        ("900 -10%", AgreedFee(amount=90_000, off=TENTH)),
        ("900-10%", AgreedFee(amount=90_000, off=TENTH)),
        ("€ 900 −10%", AgreedFee(amount=90_000, off=TENTH)),
        ("900 EUR –33.3%", AgreedFee(amount=90_000, off=Fraction(333, 1000))),
    ],
)
def test_a_fee_is_an_amount_a_discount_or_both(written, meaning):
    assert fee(written) == meaning


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("10%", 'for a discount, write "@anna" = "-10%"'),
        ("+10%", 'for a discount, write "@anna" = "-10%"'),
        ("-10", 'for a discount, write "@anna" = "-10%"'),
        (-10, 'for a discount, write "@anna" = "-10%"'),
        ("-0%", 'write "@anna" = "-10%", or "@anna" = 0 for posts without a fee'),
        ("-100%", 'write "@anna" = "-10%", or "@anna" = 0 for posts without a fee'),
        ("900 -x%", 'write "@anna" = "-10%", or "@anna" = 0 for posts without a fee'),
        ("100000000001", "write the fee of one unit, such as 900"),
    ],
)
def test_what_is_neither_an_amount_nor_a_discount_is_refused_with_the_fix(written, fix):
    error = refusal(fees={"@anna": written})
    assert (error.faults[0].code, error.faults[0].fix, error.faults[0].column) == ("fees-value", fix, "fees.@anna")


@pytest.mark.parametrize("written", ["", "free", "900 for two", "%", "-", "9.1234"])
def test_other_text_is_no_amount_of_money(written):
    with pytest.raises(CampaignError):
        fee(written)


def test_all_faults_of_the_table_are_found_at_once():
    error = refusal(fees={"@anna": "10%", "@ben": "-5%", "ANNA": 3, " ": 4, "@cara": "x"})
    assert [each.code for each in error.faults] == ["fees-value", "given-twice", "fees-name", "usage"]


def test_amounts_are_in_the_currency_of_the_campaign():
    assert parse_campaign(CampaignInput(budget="20k", fees={"@anna": "€900 -10%"})).currency == "EUR"
    error = refusal(currency="USD", fees={"@anna": "900 € -10%"})
    assert error.faults[0].message == "fee of @anna 900 € is in EUR, but the campaign is in USD"


def test_a_point_before_three_digits_is_told_as_thousands():
    settings = CampaignInput(budget=1, fees={"@anna": "1.500 -10%"})
    assert describe_thousands(written_amounts(settings)) == "fee of @anna 1.500 is read as 1,500"


def test_flags_may_be_repeated_and_a_name_may_have_an_equals_sign():
    assert parse_fee_flags(["@anna=900", "a=b=-10%", "tier:micro = 200 -5%"]) == {
        "@anna": "900",
        "a=b": "-10%",
        "tier:micro": "200 -5%",
    }


@pytest.mark.parametrize("text", ["@anna", "=900", "@anna=", ""])
def test_a_flag_of_another_form_is_refused(text):
    with pytest.raises(UsageError, match="not of the form CREATOR=FEE"):
        parse_fee_flags([text])


def test_a_flag_that_names_a_creator_twice_is_refused():
    with pytest.raises(UsageError, match="--fee gives ANNA twice"):
        parse_fee_flags(["@anna=900", "ANNA=800"])


def test_a_flag_replaces_the_fee_of_the_file_in_any_spelling():
    file, flags = CampaignInput(fees={"@Anna": 900, "@ben": 5}), CampaignInput(fees={"anna": "800"})
    assert lay_over(flags, file).fees == {"@ben": 5, "anna": "800"}


@given(
    st.none() | st.integers(0, 10**9),
    st.fractions(0, Fraction(999, 1000), max_denominator=1000).map(lambda share: Fraction(round(share * 1000), 1000)),
)
def test_a_fee_is_read_again_as_it_was_written(amount, off):
    text = "" if amount is None else f"{amount // 100}.{amount % 100:02d}"
    text += f" -{float(off * 100):.4g}%" if off else ""
    if text:
        assert fee(text) == AgreedFee(amount=amount, off=off)


def test_the_parts_of_a_fee_are_found():
    assert split_agreed_fee(" 900 -10% ") == ("900", "10")
    assert split_agreed_fee("-10%") == ("", "10")
    assert split_agreed_fee("900") == ("900", None)


def test_fees_are_worded():
    assert format_agreed_fee(AgreedFee(amount=90_050, off=TENTH), "USD") == "$900.50 less 10%"
    fees = {"@ben": AgreedFee(off=TENTH), "@anna": AgreedFee(amount=0)}
    assert format_agreed_fees(fees, "EUR") == "@anna €0, @ben 10% off"
    assert format_agreed_fees({}, "EUR") == "none"


@pytest.mark.parametrize(
    "fees",
    [
        {"@a": AgreedFee(amount=-1)},
        {"@a": AgreedFee(amount=10**14)},
        {"@a": AgreedFee(off=Fraction(1))},
        {"@a": AgreedFee(off=Fraction(-1, 10))},
        {" ": AgreedFee(amount=1)},
        {"@a": AgreedFee(amount=1), "A": AgreedFee(amount=1)},
    ],
)
def test_fees_that_no_campaign_can_have_are_named(fees):
    assert len(list(invalid_agreed_fees(fees))) == 1
    assert not list(invalid_agreed_fees({"@a": AgreedFee(amount=0, off=TENTH)}))
