"""Which headers are prices, and of what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.readers.price_headers import (
    assign_price_columns,
    find_header_currency,
    is_price_header,
    names_format,
    parse_offer_header,
    split_header,
)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Story Price", ("story", "price")),
        ("story_price", ("story", "price")),
        ("storyPrice", ("story", "price")),
        ("STORYPRICE", ("story", "price")),
        ("pricestory", ("price", "story")),
        ("Price/Reel (USD)", ("price", "reel", "usd")),
        ("pirate", ("pirate",)),
        ("enterprise", ("enterprise",)),
        ("", ()),
        ("%$", ()),
    ],
)
def test_the_words_of_a_header(header, words):
    assert split_header(header) == words


@pytest.mark.parametrize(
    "header",
    [
        "price",
        "Fee",
        "Story Price",
        "pricePerReel",
        "Asking price (net)",
        "Rate",
        "Rate (USD)",
        "Instagram rate",
        "Post rates",
        "yt_price",
        "Rate card",
        "Cost per post",
        "60 sec video fee",
        "reelprice",
    ],
)
def test_a_price_header(header):
    assert is_price_header(header)


@pytest.mark.parametrize(
    "header",
    [
        "Engagement Rate",
        "Growth Rate",
        "open rate",
        "Response rate",
        "Completion rate",
        "Cost per click",
        "CPM",
        "cost per view",
        "Cost per 1k followers",
        "shipping cost",
        "Agency fee",
        "Fee %",
        "Price notes",
        "Price range",
        "Fee type",
        "followers",
        "",
        "prices-as-of date",
        "view rate",
    ],
)
def test_not_a_price_header(header):
    assert not is_price_header(header)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Rate (USD)", "USD"),
        ("fee_eur", "EUR"),
        ("Preço (R$)", "BRL"),
        ("Price in $", "$"),
        ("£ per post", "£"),
        ("Pris (kr)", "kr"),
        ("Preis in Euro", "EUR"),
        ("Цена, руб.", "RUB"),
        ("报价（元）", "CNY"),
        ("Price CA$", "CAD"),
        ("fee", None),
        ("audit", None),
        ("CHF", "CHF"),
        ("Cost, €", "EUR"),
    ],
)
def test_the_currency_of_a_header(header, code):
    assert find_header_currency(header) == code


@pytest.mark.parametrize(
    ("header", "offer", "platform"),
    [
        ("Story Price", "story", ""),
        ("Price per Reel (USD)", "reel", ""),
        ("YT price", "post", "youtube"),
        ("Instagram feed post rate", "feed post", "instagram"),
        ("tiktokVideoPrice", "video", "tiktok"),
        ("Fee", "post", ""),
        ("Min Price", "min", ""),
        ("IG Story avg fee", "story", "instagram"),
    ],
)
def test_the_offer_of_a_price(header, offer, platform):
    assert parse_offer_header(header) == (offer, platform)


def test_a_second_price_is_an_offer_only_if_it_names_a_format():
    assert names_format("Story Price")
    assert names_format("Instagram fee")
    assert not names_format("Old price")


def test_a_header_of_another_column_is_not_a_price():
    assert assign_price_columns(["Engagement price", "fee"], {0}, None, has_offers=False) == {"fee": 1}


@given(st.lists(st.text("abcdePriceFeRtostyl _-()$€%", max_size=20), max_size=6))
def test_any_headers_give_a_fee_or_two_offers_or_nothing(headers):
    columns = assign_price_columns(headers, set(), None, has_offers=False)
    assert set(columns) in (set(), {"fee"}, {f"fee:{number}" for number in range(max(len(columns), 2))})
    assert all(is_price_header(headers[position]) for position in columns.values())
