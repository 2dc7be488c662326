"""Numbers, money, shares and dates are written as a language and its country write them."""

from datetime import date

import pytest

from microopt.campaign.report_settings import LANGUAGES
from microopt.rendering.language.language import find_language

FIRST, LAST = date(2027, 1, 4), date(2027, 2, 28)
SIGNS = str.maketrans("\xa0\u2009\u202f’", "   '")  # which differ between versions of Babel's locales


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("en", 470_437.997, "470K"),
        ("en", 9_999.4, "9,999"),
        ("de", 470_437.997, "470.438"),
        ("de", 2_670_000.4, "2,67\xa0Mio."),
    ],
)
def test_a_large_number_is_short_where_the_language_has_a_short_form(code, value, text):
    assert find_language(code).count(value) == text


@pytest.mark.parametrize(
    ("code", "number", "money", "cents", "percent"),
    [
        ("de", "45,6", "20.000 €", "0,31 €", "8 %"),
        ("de-AT", "45,6", "€ 20.000", "€ 0,31", "8 %"),
        ("de-CH", "45.6", "CHF 20'000", "CHF 0.31", "8%"),
        ("en-GB", "45.6", "€20,000", "€0.31", "8%"),
        ("en", "45.6", "€20,000", "€0.31", "8%"),
    ],
)
def test_numbers_money_and_shares_are_those_of_the_country(code, number, money, cents, percent):
    language = find_language(code)
    currency = "CHF" if code == "de-CH" else "EUR"
    written = (language.number(45.61, 1), language.money(2_000_000, currency), language.money(31, currency))
    shown = [text.translate(SIGNS) for text in (*written, language.percent(0.08))]
    assert shown == [number, money, cents, percent]


@pytest.mark.parametrize(
    ("code", "day", "period"),
    [
        ("de", "4. Januar 2027", "4. Jan. – 28. Feb. 2027"),
        ("de-AT", "4. Jänner 2027", "4. Jän. – 28. Feb. 2027"),
        ("de-CH", "4. Januar 2027", "4. Jan. – 28. Feb. 2027"),
        ("en-GB", "4 January 2027", "4 Jan – 28 Feb 2027"),
        ("en", "January 4, 2027", "Jan 4 – Feb 28, 2027"),
    ],
)
def test_days_and_periods_are_those_of_the_country(code, day, period):
    language = find_language(code)
    assert (language.day(FIRST), language.period(FIRST, LAST).translate(SIGNS)) == (day, period)


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code.startswith("de")])
def test_every_german_country_reads_german(code):
    assert find_language(code).text("Campaign plan") == "Kampagnenplan"
    assert find_language(code).plural("{amount} conversion", "{amount} conversions", 2, amount="2") == "2 Conversions"


def test_swiss_german_has_no_sharp_s():
    at, ch = (find_language(code).catalogue.ugettext for code in ("de-AT", "de-CH"))
    assert at("Where the money goes") == "Wohin das Geld fließt"
    assert ch("Where the money goes") == "Wohin das Geld fliesst"


def test_a_language_that_is_not_known_is_english():
    assert find_language("tlh").text("Campaign plan") == "Campaign plan"


@pytest.mark.parametrize(
    ("code", "currency", "text"),
    [
        ("en", "SEK", "SEK\xa01,710"),
        ("en", "CHF", "CHF\xa01,710"),
        ("en", "USD", "$1,710"),
        ("de", "SEK", "1.710\xa0SEK"),
    ],
)
def test_the_code_of_a_currency_stands_apart_from_its_amount(code, currency, text):
    language = find_language(code)
    assert language.money(171_000, currency, whole=True) == text
    assert language.money(171_050, currency)[:5] == text[:5]


@pytest.mark.parametrize(("cents", "text"), [(1_719_450, "$17,195"), (1_719_449, "$17,194"), (-1_719_450, "-$17,195")])
def test_half_a_unit_of_money_rounds_up_as_on_the_terminal(cents, text):
    assert find_language("en").money(cents, "USD", whole=True).replace("\u2212", "-") == text
