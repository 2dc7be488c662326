"""Money in one currency and whole cents; price columns by format become one offer each."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from microopt.readers.money.money import read_money, to_cents
from microopt.readers.options import ReadOptions
from tests.readers.builders import cells, fault_keys, make_context, noted_faults, read, roster_error

EURO = {"currency": "USD", "exchange": {"EUR": Fraction("1.08")}}


def parse(cells, name="fee", **options):
    context = make_context(ReadOptions(**options), **{name: cells})
    key = next(iter(context.columns))
    money = read_money(context)[key]
    return money.amounts, money, context


@pytest.mark.parametrize(
    ("cells", "currency"),
    [(["$5", "6"], "USD"), (["5", "6"], None), (["€5", "6 EUR"], "EUR"), (["", "5 CHF"], "CHF"), ([5.0, 6.0], None)],
)
def test_the_currency_sign_decides_the_currency(cells, currency):
    _, _, context = parse(cells)
    assert context.currency == currency
    assert noted_faults(context) == []


def test_the_header_decides_the_currency_if_no_cell_names_one():
    assert parse(["5", "6"], name="fee (GBP)")[2].currency == "GBP"
    assert parse(["$5", "$6"], name="fee (GBP)")[2].currency == "USD"
    assert noted_faults(parse(["$5", "6"], name="fee (GBP)")[2]) == [("currency-mixed", None, "fee (GBP)")]


def test_two_currencies_in_a_column_are_a_fault_that_names_them():
    _, _, context = parse(["$5", "€6", "£7"])
    assert noted_faults(context) == [("currency-mixed", None, "fee")]
    assert "EUR, GBP, USD" in context.faults.faults[0].message
    fix = context.faults.faults[0].fix
    assert fix.endswith(':\ncurrency = "USD"\nexchange.EUR = 0.00\nexchange.GBP = 0.00')


def test_two_currencies_in_two_columns_are_a_fault():
    assert fault_keys("creator,followers,fee,product\na,5,$5,€6\n") == [("currency-mixed", None, "fee")]


def test_a_currency_other_than_the_campaigns_is_a_fault():
    assert noted_faults(parse(["€5"], currency="USD")[2]) == [("currency-other", None, "fee")]
    assert noted_faults(parse(["$5"], currency="USD")[2]) == []
    assert noted_faults(parse(["5"], currency="USD")[2]) == []


def test_exchange_rates_make_one_currency():
    values, _, context = parse(["$5", "€100", "7", ""], **EURO)
    assert values[:3].tolist() == pytest.approx([5, 108, 7])
    assert (context.currency, context.interpretations["fee"]) == ("USD", "converted to USD")
    assert noted_faults(context) == []


def test_cells_without_a_currency_are_in_the_currency_of_the_header():
    values, _, context = parse(["$5", "100"], name="fee (EUR)", **EURO)
    assert values.tolist() == pytest.approx([5, 108])
    assert noted_faults(context) == []


def test_the_currency_of_an_unused_header_needs_no_rate():
    assert noted_faults(parse(["$5", "$6"], name="fee (GBP)", **EURO)[2]) == []


def test_without_a_campaign_currency_rates_are_to_the_dollar():
    values, _, context = parse(["€100"], exchange={"EUR": Fraction(2)})
    assert (values.tolist(), context.currency) == ([200], "USD")


def test_a_currency_without_a_rate_is_a_fault_for_the_column():
    assert noted_faults(parse(["$5", "£6"], **EURO)[2]) == [("currency-unknown", None, "fee")]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [("334.87", 33487), ("0", 0), ("0.29", 29), ("1.00", 100), ("1e10", 10**12), ("19.99", 1999), ("1,234.5", 123450)],
)
def test_amounts_are_whole_cents(cell, amount):
    values, parsed, context = parse([cell, "1.5"])
    assert to_cents(context, "fee", values, parsed, required=True).tolist() == [amount, 150]
    assert noted_faults(context) == []


@pytest.mark.parametrize("cell", ["1e12", "-1e300", "1e300", "0.001", "-0.01"])
def test_amounts_out_of_range_are_faults_and_give_no_fee(cell):
    values, parsed, context = parse([cell, "1.5"])
    assert to_cents(context, "fee", values, parsed, required=True).tolist() == [-1, 150]
    assert [row for _, row, _ in noted_faults(context)] == [2]


def test_a_missing_fee_is_a_fault_only_if_it_is_required():
    values, parsed, context = parse(["", "x", "5"])
    assert to_cents(context, "fee", values, parsed, required=False).tolist() == [-1, -1, 500]
    assert noted_faults(context) == [("number-unreadable", 3, "fee")]
    to_cents(context, "fee", values, parsed, required=True)
    assert noted_faults(context)[1:] == [("fee-missing", 2, "fee")]


def test_every_cent_survives_a_round_trip_through_a_file():
    amounts = [*range(1, 400), 10_009, 123_456, 99_999_999]
    rows = "\n".join(f"c{amount},5,{amount / 100:.2f}" for amount in amounts)
    assert read("creator,followers,fee\n" + rows).fee.tolist() == amounts


def test_a_roster_in_euros_is_converted_to_dollars():
    roster = read("creator,followers,fee,shipping\na,5,€100,€5\nb,6,$7,6\n", **EURO)
    assert roster.fee.tolist() == [10800, 700]
    np.testing.assert_allclose(roster.numbers["shipping"], [5.4, 6])
    assert roster.currency == "USD"


def test_each_quoted_price_is_an_offer():
    roster = read("creator,followers,Story Price,Reel Price\na,5,1,2\nb,6,,3\nc,7,0,\n")
    assert cells(roster, "creator") == ["a", "a", "b", "c"]
    assert cells(roster, "offer") == ["story", "reel", "reel", "story"]
    assert roster.fee.tolist() == [100, 200, 300, 0]
    assert roster.row.tolist() == [2, 2, 3, 4]
    assert roster.numbers["followers"].tolist() == [5, 5, 6, 7]
    assert roster.creators == 3


def test_the_column_use_names_the_offer_of_a_price():
    roster = read("creator,followers,IG Story Price,tiktok video price\na,5,1,2\n")
    assert [(use.column, use.reading) for use in roster.columns[2:]] == [
        ("price of an offer", "instagram story"),
        ("price of an offer", "tiktok video"),
    ]


def test_a_platform_in_the_header_is_the_platform_of_the_offer():
    roster = read("creator,followers,IG Story Price,tiktok price,Reel price\na,5,1,2,3\n")
    assert cells(roster, "platform") == ["instagram", "tiktok", ""]
    assert cells(roster, "offer") == ["story", "post", "reel"]


def test_the_platform_in_a_header_takes_precedence_over_the_rows_and_is_told():
    roster = read("creator,platform,followers,IG Story Price,tiktok video price\na,youtube,5,1,2\n")
    assert cells(roster, "platform") == ["instagram", "tiktok"]
    assert "2 prices are for another platform than the row names: the platform in the header is used" in roster.notes


@pytest.mark.parametrize(
    ("header", "offer", "platform"),
    [
        ("Story Price", "story", None),
        ("Rate per reel", "reel", None),
        ("Reel price (USD)", "reel", None),
        ("Fee per story", "story", None),
        ("TikTok video rate", "video", "tiktok"),
        ("TikTok rate", None, "tiktok"),
        ("Preis Reel", "reel", None),
    ],
)
def test_a_single_price_column_is_the_fee_of_the_format_and_platform_in_its_header(header, offer, platform):
    roster = read(f"creator,followers,{header}\na,5,1\n")
    assert roster.fee.tolist() == [100]
    assert {name: cells(roster, name) for name in ("offer", "platform") if name in roster.texts} == {
        name: [label] for name, label in (("offer", offer), ("platform", platform)) if label
    }
    assert roster.columns[2].column == "fee"
    assert roster.columns[2].reading == " ".join(filter(None, (platform, offer)))


@pytest.mark.parametrize("header", ["fee", "Rate", "Fee per post", "Price (net)", "Story and reel price", "Live fee"])
def test_a_fee_whose_header_names_no_format_or_several_names_no_offer(header):
    assert "offer" not in read(f"creator,followers,{header}\na,5,1\n").texts


def test_the_format_in_the_header_of_the_fee_fills_the_offers_that_nothing_names():
    roster = read("creator,platform,offer,followers,TikTok video rate\na,,,5,1\nb,Instagram,2 stories,6,2\n")
    assert cells(roster, "offer") == ["video", "2 stories"]
    assert cells(roster, "platform") == ["tiktok", "instagram"]


def test_an_offer_column_stays_part_of_the_names_of_offers():
    roster = read("creator,package,followers,Story Price,Reel Price\na,Gold,5,1,2\nb,,6,3,4\n")
    assert cells(roster, "offer") == ["Gold story", "Gold reel", "story", "reel"]


def test_a_creator_without_a_price_is_a_fault_if_fees_are_required():
    text = "creator,followers,Story Price,Reel Price\na,5,1,2\nb,6,,\nc,7,x,\nd,8,y,4\n"
    assert fault_keys(text) == [
        ("fee-missing", 3, "Story Price"),
        ("number-unreadable", 4, "Story Price"),
        ("number-unreadable", 5, "Story Price"),
    ]


def test_a_creator_without_a_price_has_one_offer_to_estimate():
    roster = read("creator,followers,Story Price,Reel Price\na,5,1,2\nb,6,,\n", fees_required=False)
    assert roster.fee.tolist() == [100, 200, -1]
    assert cells(roster, "offer") == ["story", "reel", "story"]


def test_a_bad_price_skips_all_offers_of_the_row():
    roster = read("creator,followers,Story Price,Reel Price\na,5,1,x\nb,6,1,2\n", skip_bad_rows=True)
    assert roster.row.tolist() == [3, 3]


def test_two_columns_of_the_same_offer_are_a_fault():
    text = "creator,followers,Price per story,Story Price (USD)\na,5,1,2\n"
    assert fault_keys(text) == [("column-twice", None, "Story Price (USD)")]


def test_two_prices_in_two_currencies_are_a_fault():
    text = "creator,followers,Story Price (USD),Reel Price (EUR)\na,5,1,2\n"
    assert fault_keys(text) == [("currency-mixed", None, "Story Price (USD)")]


@pytest.mark.parametrize("header", ["Cost per post", "Fee", "price", "Rate (USD)"])
def test_a_general_price_next_to_a_format_price_is_that_of_a_post(header):
    roster = read(f"creator,followers,{header},Story Price\na,5,1,2\n")
    assert cells(roster, "offer") == ["post", "story"]


def test_numbers_and_texts_follow_their_creator():
    roster = read("creator,followers,Story Price,Reel Price,hours,notes\na,5,1,2,7,x\nb,6,3,4,,y\n")
    np.testing.assert_array_equal(roster.numbers["hours"], [7, 7, np.nan, np.nan])
    assert cells(roster, "notes") == ["x", "x", "y", "y"]


def test_a_price_header_that_names_a_platform_counts_more_than_the_platform_of_the_row():
    head = "creator,platform,followers,"
    text = f"{head}Reel price,TikTok price\na,Instagram,5000,100,50\nb,TikTok,6000,,80\nc,Instagram,5000,70,\n"
    roster = read(text)
    assert cells(roster, "platform") == ["instagram", "tiktok", "tiktok", "instagram"]
    assert cells(roster, "offer") == ["reel", "post", "post", "reel"]
    both = read(f"{head}IG price,TT price\na,IG + TT,5000,100,50\n")
    assert (cells(both, "platform"), both.fee.tolist()) == (["instagram", "tiktok"], [10000, 5000])


def test_a_row_without_prices_keeps_its_platform():
    text = "creator,platform,followers,IG price,TT price\na,TikTok,5000,,\nb,Instagram,5000,70,\n"
    assert cells(read(text, fees_required=False), "platform") == ["tiktok", "instagram"]


def test_a_fee_below_a_cent_is_not_told_to_be_too_high():
    faults = roster_error("creator,followers,fee\n@a,5000,0.001\n@b,5000,400000000000000\n").faults
    assert [fault.message for fault in faults] == [
        "a fee of '0.001' is less than a cent",
        "a fee of '400000000000000' is too high to be true",
    ]


def test_a_low_end_above_the_high_end_is_mended_in_the_two_columns():
    (found,) = roster_error("creator,followers,Min price,Max price\n@a,5000,300,500\n@b,5000,400,250\n").faults
    assert (found.row, found.fix) == (
        3,
        "write the lower amount under 'Min price' and the higher one under 'Max price'",
    )
