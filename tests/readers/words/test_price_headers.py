"""Which headers are prices, and of what."""

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.readers.words.price_headers import (
    assign_price_columns,
    find_header_currency,
    is_low_price,
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
        "Price range",
        "Instagram Rate",
        "TikTok Rate",
        "YouTube rate",
        "LinkedIn Rate",
        "Rate (min)",
        "Rate in kr",
        "Preis Story",
        "Storypreis",
        "Preis pro Reel (€)",
        "Precio Reel",
        "Tarif Story",
        "Prix d'une vidéo",
        "Preço Reel",
        "Cachê",
        "Cena za post",
        "Reel ücreti fiyat",
        "Цена за пост",
        "视频报价",
        "リール料金",
        "릴스 단가",
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
        ("Min Price", "post", ""),
        ("Reel price (max)", "reel", ""),
        ("TikTok Price", "post", "tiktok"),
        ("Tik Tok video price", "video", "tiktok"),
        ("YOUTUBE RATE", "post", "youtube"),
        ("LinkedIn post rate", "post", "linkedin"),
        ("Preis Story", "story", ""),
        ("Preis pro Reel (€)", "reel", ""),
        ("Prix vidéo (euros)", "video", ""),
        ("IG Story avg fee", "story", "instagram"),
    ],
)
def test_the_offer_of_a_price(header, offer, platform):
    assert parse_offer_header(header) == (offer, platform)


def test_a_second_price_is_an_offer_only_if_it_names_a_format():
    assert names_format("Story Price")
    assert names_format("Instagram fee")
    assert not names_format("Old price")


@pytest.mark.parametrize(
    "headers",
    [
        ("price from", "price to"),
        ("Min price", "Max price"),
        ("Fee low", "Fee high"),
        ("Preis von", "Preis bis"),
        ("Precio desde", "Precio hasta"),
        ("Rate (min)", "Rate (max)"),
        ("Price from", "Price"),
    ],
)
def test_a_pair_of_price_headers_is_the_two_ends_of_one_fee(headers):
    assert assign_price_columns(headers, set(), None, has_offers=False) == {"fee": 1, "fee_low": 0}
    assert assign_price_columns(headers[::-1], set(), None, has_offers=False) == {"fee": 0, "fee_low": 1}


@pytest.mark.parametrize("header", ["Price from", "Min price", "Reel ab (€)", "from", "最低报价"])
def test_a_header_says_the_low_end_of_a_price(header):
    assert is_low_price(header)


@pytest.mark.parametrize(
    "header", ["Price to", "Fee from agency", "Price", "Range from - to", "Reel", "Preis von Agentur"]
)
def test_a_header_does_not_say_the_low_end_of_a_price(header):
    assert not is_low_price(header)


def test_each_format_has_its_own_pair():
    headers = ["Reel from", "Reel price from", "Reel price to", "Story price min", "Story price max"]
    columns = assign_price_columns(headers, set(), None, has_offers=False)
    assert columns == {"fee:0": 2, "fee:1": 4, "fee_low:0": 1, "fee_low:1": 3}


@pytest.mark.parametrize("header", ["Price from", "Min price", "Max price"])
def test_one_end_without_the_other_is_the_fee(header):
    assert assign_price_columns([header], set(), None, has_offers=False) == {"fee": 0}


def test_an_alias_of_the_fee_is_the_high_end():
    assert assign_price_columns(["Fee", "Price from"], set(), (1, 0), has_offers=True) == {"fee": 0, "fee_low": 1}


def test_every_word_for_a_fee_in_the_list_of_headers_is_one_for_a_price():
    rows = csv.DictReader(files("microopt.readers.words").joinpath("headers.csv").read_text("utf-8").splitlines())
    words = {row["header"] for row in rows if row["column"] == "fee" and row["language"] not in ("", "en")}
    single = {word for word in words if " " not in word}
    assert len(single) > 20
    assert {word for word in single if not is_price_header(word)} == set()
    assert {word for word in single if not is_price_header(f"{word} Reel")} == set()


def test_a_header_of_another_column_is_not_a_price():
    assert assign_price_columns(["Engagement price", "fee"], {0}, None, has_offers=False) == {"fee": 1}


@given(st.lists(st.text("abcdePriceFeRtostyl _-()$€%", max_size=20), max_size=6))
def test_any_headers_give_a_fee_or_two_offers_or_nothing(headers):
    columns = assign_price_columns(headers, set(), None, has_offers=False)
    high = {name for name in columns if not name.startswith("fee_low")}
    assert high in (set(), {"fee"}, {f"fee:{number}" for number in range(max(len(high), 2))})
    assert {name.replace("fee_low", "fee") for name in columns} == high
    assert all(is_price_header(headers[position]) for position in columns.values())


_ON_TOP = ("usage", "whitelisting", "exclusivity", "agency", "seeding", "product", "shipping")


@pytest.mark.parametrize("language", ["es", "pt", "de", "fr", "it", "pl", "tr", "id", "ru", "zh", "ja", "ko"])
def test_the_costs_on_top_of_a_fee_are_known_and_are_not_prices(language):
    lines = csv.reader(files("microopt.readers.words").joinpath("headers.csv").read_text(encoding="utf-8").splitlines())
    known = {header: column.removesuffix("_amount") for name, _, header, column in lines if name == language}
    headers = [header for header, column in known.items() if column in _ON_TOP]
    assert {known[header] for header in headers} == {*_ON_TOP}
    for header in headers:
        assert not is_price_header(header), header
        assert not is_price_header(f"{header} 2026"), header
