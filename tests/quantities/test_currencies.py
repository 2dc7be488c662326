"""Signs, words and codes of currencies."""

import re

import pytest

from microopt.quantities.currencies import (
    CURRENCY_CODES,
    CURRENCY_SIGNS,
    SHARED_SIGNS,
    currency_pattern,
    find_currency,
    shared_sign,
    shown_sign,
)
from microopt.quantities.parse_and_format import format_money, parse_currency, parse_money


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *[("Rs", "INR"), ("₨", "INR"), ("PKR", "PKR"), ("Rp", "IDR"), ("IDR", "IDR"), ("₺", "TRY"), ("TL", "TRY")],
        *[("TRY", "TRY"), ("元", "CNY"), ("RMB", "CNY"), ("CNY", "CNY"), ("￥", "JPY"), ("¥", "JPY"), ("руб", "RUB")],
        *[("РУБ.", "RUB"), ("₽", "RUB"), ("RUB", "RUB"), ("zł", "PLN"), ("ZŁ", "PLN"), ("PLN", "PLN"), ("Kč", "CZK")],
        *[("CZK", "CZK"), ("kr", "SEK"), ("R$", "BRL"), ("S/", "PEN"), ("PEN", "PEN"), ("₦", "NGN"), ("NGN", "NGN")],
        *[("₩", "KRW"), ("KRW", "KRW"), ("CHF", "CHF"), ("Fr.", "CHF"), ("A$", "AUD"), ("C$", "CAD"), ("US$", "USD")],
        *[("HK$", "HKD"), ("NT$", "TWD"), ("S$", "SGD"), ("د.إ", "AED"), ("AED", "AED"), ("SAR", "SAR"), ("₪", "ILS")],
        *[("₴", "UAH"), ("UAH", "UAH"), ("฿", "THB"), ("₫", "VND"), ("₱", "PHP"), ("HUF", "HUF"), ("Ft", "HUF")],
        *[("RON", "RON"), ("lei", "RON"), ("EUR", "EUR"), ("Euro", "EUR"), ("dollars", "USD"), ("pounds", "GBP")],
    ],
)
def test_a_sign_means_a_currency_wherever_it_stands(written, code):
    assert find_currency(written) == code
    assert parse_currency(f"{written} 500") == parse_currency(f"500 {written}") == code
    assert parse_money(f"500 {written}") == 50_000


@pytest.mark.parametrize("text", ["from", "k", "m", "b", "reel", "XYZ", ""])
def test_other_words_are_no_currencies(text):
    assert find_currency(text) is None


def test_every_sign_means_a_known_code():
    assert {*CURRENCY_SIGNS.values(), *(code for codes in SHARED_SIGNS.values() for code in codes)} <= CURRENCY_CODES
    assert all(CURRENCY_SIGNS[sign] == codes[0] for sign, codes in SHARED_SIGNS.items())


@pytest.mark.parametrize(("text", "sign"), [("KR", "kr"), ("￥", "¥"), ("₨", "Rs"), ("rs.", "Rs"), ("dollars", "$")])
def test_a_sign_that_several_currencies_share_is_known_by_one_key(text, sign):
    assert shared_sign(text) == sign


@pytest.mark.parametrize("text", ["US$", "€", "SEK", "元"])
def test_a_sign_of_one_currency_is_not_shared(text):
    assert shared_sign(text) is None


def test_the_longest_sign_is_found_and_no_part_of_a_word():
    pattern = re.compile(currency_pattern())
    assert pattern.findall("us$ 5, r$ 5, 5 kr, from 5, 5 reels") == ["us$", "r$", "kr"]


@pytest.mark.parametrize("code", sorted(CURRENCY_CODES))
def test_money_of_every_currency_is_formatted_and_reads_back(code):
    text = format_money(123_450, code)
    assert parse_money(text) == 123_450
    assert parse_currency(text) == code


def test_money_has_a_sign_where_it_is_well_known_and_else_the_code():
    assert [format_money(50_000, code) for code in ("EUR", "INR", "CHF", "SEK")] == [
        "€500",
        "₹500",
        "500 CHF",
        "500 SEK",
    ]
    assert shown_sign("XYZ") == ""
