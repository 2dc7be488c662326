"""Price columns per format become one offer each."""

import numpy as np
import pytest

from tests.readers.builders import cells, faults, read


def test_each_price_that_is_given_is_an_offer():
    roster = read("creator,followers,Story Price,Reel Price\na,5,1,2\nb,6,,3\nc,7,0,\n")
    assert cells(roster, "creator") == ["a", "a", "b", "c"]
    assert cells(roster, "offer") == ["story", "reel", "reel", "story"]
    assert roster.fee.tolist() == [100, 200, 300, 0]
    assert roster.row.tolist() == [2, 2, 3, 4]
    assert roster.numbers["followers"].tolist() == [5, 5, 6, 7]
    assert roster.creators == 3


def test_the_mapping_says_which_offer_a_price_is():
    roster = read("creator,followers,IG Story Price,tiktok video price\na,5,1,2\n")
    assert [(use.column, use.reading) for use in roster.columns[2:]] == [
        ("price of an offer", "instagram story"),
        ("price of an offer", "tiktok video"),
    ]


def test_a_platform_in_the_header_is_the_offers():
    roster = read("creator,followers,IG Story Price,tiktok price,Reel price\na,5,1,2,3\n")
    assert cells(roster, "platform") == ["instagram", "tiktok", ""]
    assert cells(roster, "offer") == ["story", "post", "reel"]


def test_a_platform_column_outranks_the_header():
    roster = read("creator,platform,followers,IG Story Price,tiktok video price\na,youtube,5,1,2\n")
    assert cells(roster, "platform") == ["youtube", "youtube"]


def test_a_lone_price_is_the_fee_and_names_no_offer():
    roster = read("creator,followers,Story Price\na,5,1\n")
    assert roster.fee.tolist() == [100]
    assert "offer" not in roster.texts


def test_a_column_of_offers_stays_part_of_their_names():
    roster = read("creator,package,followers,Story Price,Reel Price\na,Gold,5,1,2\nb,,6,3,4\n")
    assert cells(roster, "offer") == ["Gold story", "Gold reel", "story", "reel"]


def test_a_creator_without_a_price_is_a_fault_where_fees_are_needed():
    text = "creator,followers,Story Price,Reel Price\na,5,1,2\nb,6,,\nc,7,x,\nd,8,y,4\n"
    assert faults(text) == [
        ("fee-missing", 3, "Story Price"),
        ("number-unreadable", 4, "Story Price"),
        ("number-unreadable", 5, "Story Price"),
    ]


def test_a_creator_without_a_price_has_one_offer_to_estimate():
    roster = read("creator,followers,Story Price,Reel Price\na,5,1,2\nb,6,,\n", fees_required=False)
    assert roster.fee.tolist() == [100, 200, -1]
    assert cells(roster, "offer") == ["story", "reel", "story"]


def test_a_bad_price_leaves_out_the_row_with_all_its_offers():
    roster = read("creator,followers,Story Price,Reel Price\na,5,1,x\nb,6,1,2\n", skip_bad_rows=True)
    assert roster.row.tolist() == [3, 3]


def test_two_columns_of_the_same_offer_are_a_fault():
    text = "creator,followers,Price per story,Story Price (USD)\na,5,1,2\n"
    assert faults(text) == [("column-twice", None, "Story Price (USD)")]


def test_two_prices_in_two_currencies_are_a_fault():
    text = "creator,followers,Story Price (USD),Reel Price (EUR)\na,5,1,2\n"
    assert faults(text) == [("currency-mixed", None, "Reel Price (EUR)")]


@pytest.mark.parametrize("header", ["Cost per post", "Fee", "price", "Rate (USD)"])
def test_a_general_price_beside_a_format_is_that_of_a_post(header):
    roster = read(f"creator,followers,{header},Story Price\na,5,1,2\n")
    assert cells(roster, "offer") == ["post", "story"]


def test_numbers_and_texts_follow_their_creator():
    roster = read("creator,followers,Story Price,Reel Price,hours,notes\na,5,1,2,7,x\nb,6,3,4,,y\n")
    np.testing.assert_array_equal(roster.numbers["hours"], [7, 7, np.nan, np.nan])
    assert cells(roster, "notes") == ["x", "x", "y", "y"]
