"""Numbers, money and ranges as people type them, read exactly."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.errors import UsageError
from microopt.quantities.parse_and_format import (
    MAX_CENTS,
    Range,
    find_priced,
    find_thousands,
    format_bound,
    format_count,
    format_distinct,
    format_exact,
    format_exact_money,
    format_floor,
    format_money,
    format_names,
    format_percent,
    format_range,
    parse_amount,
    parse_currency,
    parse_money,
    parse_number,
    parse_range,
    parse_share,
    parse_size,
    shorten,
)
from tests.scale import examples


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("12.5K", 12_500),
        ("1,234,567", 1_234_567),
        ("1.234.567", 1_234_567),
        ("1.234,5", Fraction(2469, 2)),
        ("1,234.5", Fraction(2469, 2)),
        ("20,5k", 20_500),
        ("1 234 567", 1_234_567),
        ("1_000", 1_000),
        (".5", Fraction(1, 2)),
        ("-3", -3),
        ("+3", 3),
        ("5M", 5_000_000),
        ("2b", 2_000_000_000),
        (" 7 ", 7),
        ("0.1", Fraction(1, 10)),
    ],
)
def test_a_number_is_read_exactly(text, value):
    assert parse_number(text) == value
    assert parse_amount(text) == value


@pytest.mark.parametrize(
    ("text", "rate", "amount"),
    [
        ("20.000", 20, 20_000),
        ("20,000", 20, 20_000),
        ("0.025", Fraction(1, 40), Fraction(1, 40)),
        ("0,125", Fraction(1, 8), Fraction(1, 8)),
        ("4,125", Fraction(33, 8), 4_125),
        ("1.125", Fraction(9, 8), 1_125),
        ("20.00", 20, 20),
        ("199,99", Fraction(19_999, 100), Fraction(19_999, 100)),
        ("1234.500", Fraction(2469, 2), Fraction(2469, 2)),
        ("1.500k", 1_500, 1_500),
        ("1,500k", 1_500, 1_500_000),
    ],
)
def test_three_digits_after_a_lone_mark_are_thousands_of_an_amount_and_decimals_of_a_rate(text, rate, amount):
    assert parse_number(text) == rate
    assert parse_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", " ", ".", "-", "k", "1.2.3", "1,2,3", "12.34.567", "1,2.3", "5.", "1e5", "nan", "inf", "12x", "5 %", "0x10"],
)
@pytest.mark.parametrize("parse", [parse_number, parse_amount])
def test_what_is_no_number_is_refused(parse, text):
    with pytest.raises(ValueError, match="is not a number"):
        parse(text)


@given(st.text("0123456789.,' kmb%€$-+０１２٣²", max_size=12) | st.text(max_size=12))
@settings(deadline=None, max_examples=examples(300))
def test_hostile_text_is_an_amount_or_a_value_error(text):
    for parse in (parse_number, parse_amount):
        try:
            value = parse(text)
        except ValueError:
            continue
        assert isinstance(value, Fraction)


def test_digits_of_other_scripts_are_grouped_alike():
    assert parse_amount("２０.０００") == 20_000
    assert find_thousands("２０.０００") == ["２０.０００"]


def test_a_comma_after_four_digits_and_before_three_is_no_amount():
    with pytest.raises(ValueError, match="is not a number"):
        parse_amount("1000,500")


@given(st.integers(0, 10**12), st.sampled_from([",", ".", " ", "'", "\u202f", "_"]), st.integers(0, 99) | st.none())
@settings(deadline=None)
def test_every_habit_of_grouping_gives_the_same_amount(whole, mark, cents):
    decimal = "," if mark == "." else "."
    text = f"{whole:,}".replace(",", mark) + ("" if cents is None else f"{decimal}{cents:02d}")
    assert parse_amount(text) == whole + Fraction(cents or 0, 100)


@given(st.fractions(0, 10_000, max_denominator=10**6).map(lambda it: Fraction(round(it * 10**4), 10**4)))
@settings(deadline=None)
def test_what_is_written_exactly_is_read_as_the_same_amount(value):
    assert parse_amount(format_exact(value, percent=False)) == value


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("20.000", ["20.000"]),
        ("5.000..50.000", ["5.000", "50.000"]),
        ("spend <= $1.000", ["1.000"]),
        ("1,500k", ["1,500k"]),
        *(
            (text, [])
            for text in ["20,000", "20000", "1.234.567", "20.000,50", "0.125", "1.500k", "5.125%", "2..5", "1.50"]
        ),
    ],
)
def test_a_point_that_was_taken_for_thousands_is_found(text, doubtful):
    assert find_thousands(text) == doubtful


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("10001b", "is beyond ten trillion"),
        ("-10001b", "is beyond ten trillion"),
        ("9" * 5_000, "is beyond ten trillion"),
        ("0.0000000001", "has more than nine decimals"),
    ],
)
def test_a_number_that_no_campaign_can_mean_is_refused_in_a_short_message(text, problem):
    with pytest.raises(ValueError, match=f"' {problem}$") as caught:
        parse_number(text)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("20000", 2_000_000),
        ("20k", 2_000_000),
        ("5M", 500_000_000),
        ("$20,000", 2_000_000),
        ("199.99", 19_999),
        ("1027 USD", 102_700),
        ("EUR 12.50", 1_250),
        ("€0.07", 7),
        ("R$ 10", 1_000),
        ("0.29", 29),
        ("0", 0),
        ("20.000", 2_000_000),
        ("20.000 €", 2_000_000),
        ("€20.000,50", 2_000_050),
        ("20 000 EUR", 2_000_000),
        ("20'000 CHF", 2_000_000),
        ("1.234.567", 123_456_700),
        ("20,5k", 2_050_000),
        ("199,99", 19_999),
        ("20.00", 2_000),
        ("1.200,-", 120_000),
        ("5 lakh", 50_000_000),
        ("₹2 Cr", 2_000_000_000),
        ("20 Tsd. €", 2_000_000),
        ("15 тыс. руб.", 1_500_000),
        ("12 mil", 1_200_000),
        ("1,5 mil", 150_000),
        ("3 mil €", 300_000),
        ("R$ 1.2 mil", 120_000),
        ("3 mil", 300_000_000),
        ("1.2 mil", 120_000_000),
    ],
)
def test_money_is_read_to_the_cent(text, cents):
    assert parse_money(text) == cents


@pytest.mark.parametrize("text", ["abc", "", "-5", "1.2345", "$", "twenty", "20000%", "1e4", "$$5", "$5€"])
def test_what_is_no_money_is_refused_and_the_fix_shows_a_form(text):
    with pytest.raises(UsageError, match="budget") as caught:
        parse_money(text)
    assert "20k" in caught.value.fix


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("-500", "is negative"),
        ("-0.5", "is negative"),
        ("$-3k", "is negative"),
        ("0.001", "has a fraction of a cent"),
        ("199.999k5", "is not an amount of money"),
        ("99999999999999", "is beyond ten trillion"),
        ("9" * 30, "is beyond ten trillion"),
    ],
)
def test_the_one_reason_why_it_is_not_money_is_told(text, problem):
    with pytest.raises(UsageError) as caught:
        parse_money(text)
    assert caught.value.message == f"budget {text!r} {problem}"


@pytest.mark.parametrize("text", ["20.0000", "20,0000", "$20.0000", "20,0000 €"])
def test_money_with_four_zeros_behind_its_mark_is_unclear(text):
    with pytest.raises(UsageError, match="is unclear"):
        parse_money(text)


@pytest.mark.parametrize("text", ["20000 ABC", "5 MILS", "XYZ 20"])
def test_a_currency_that_nobody_knows_is_refused_rather_than_taken_for_dollars(text):
    with pytest.raises(UsageError, match="is not an amount of money"):
        parse_money(text)


@pytest.mark.parametrize("text", ["0,000", " 0,000", ",500", "0.000"])
def test_a_budget_that_the_shell_has_eaten_is_explained(text):
    with pytest.raises(UsageError) as caught:
        parse_money(text)
    assert "single quotes" in caught.value.fix


def test_money_beyond_reason_is_refused():
    assert parse_money("10000b") == MAX_CENTS
    with pytest.raises(UsageError):
        parse_money("10000b1")
    with pytest.raises(UsageError):
        parse_money("10000000000000.01")


def test_the_error_names_what_the_money_is_for():
    with pytest.raises(UsageError, match="order value 'x'"):
        parse_money("x", "order value")


@pytest.mark.parametrize(
    ("text", "size"),
    [("4G", 4 << 30), ("500M", 500 << 20), ("1 kb", 1 << 10), ("2TiB", 2 << 40), ("1000000", 1_000_000)],
)
def test_a_size_is_read_in_bytes(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "G", "-4G", "4.5G", "4X", "lots", "9" * 5_000])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(UsageError, match="is not a size") as caught:
        parse_size(text)
    assert "4G" in caught.value.fix


@pytest.mark.parametrize(
    ("text", "code"),
    [("$5", "USD"), ("5 €", "EUR"), ("R$5", "BRL"), ("SEK 5", "SEK"), ("5CHF", "CHF"), ("5", None), ("5k", None)],
)
def test_a_currency_is_recognised_by_its_sign_or_code(text, code):
    assert parse_currency(text) == code


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("spend $1,000..€2,000", ["$1,000", "€2,000"]),
        ("spend <= 20.000 €", ["20.000 €"]),
        ("fee<=500eur", ["500 eur"]),
        ("all spend 500 руб...600 руб.", ["500 руб.", "600 руб."]),
        ("spend <= 5 k€ (soft $2)", ["5 k €", "$2"]),
        *((text, []) for text in ("count 2..5", "spend <= 5% of budget", "followers 5k..500k", "ab 5 of")),
    ],
)
def test_amounts_that_name_their_currency_are_found_in_a_text(text, amounts):
    assert find_priced(text) == amounts


@given(st.integers(0, MAX_CENTS))
@settings(deadline=None)
def test_printed_money_reads_back_to_the_cent(cents):
    assert parse_money(format_money(cents)) == cents
    assert parse_money(format_money(cents, "SEK")) == cents


@pytest.mark.parametrize(
    ("text", "low", "high", "percent"),
    [
        ("2..5", 2, 5, False),
        ("2..", 2, None, False),
        ("..5", None, 5, False),
        (">= 2", 2, None, False),
        (">=2", 2, None, False),
        ("≥ 2", 2, None, False),
        ("<= 40%", None, Fraction(2, 5), True),
        ("≤ 40 %", None, Fraction(2, 5), True),
        ("= 3", 3, 3, False),
        ("== 3", 3, 3, False),
        ("3..3", 3, 3, False),
        ("10..40%", Fraction(1, 10), Fraction(2, 5), True),
        ("10%..40%", Fraction(1, 10), Fraction(2, 5), True),
        ("0.5..0.8", Fraction(1, 2), Fraction(4, 5), False),
        ("5k..500k", 5_000, 500_000, False),
        ("$1,000..$2,000", 1_000, 2_000, False),
        ("1,000 .. 2,000", 1_000, 2_000, False),
        ("-5..5", -5, 5, False),
        (" ..40% ", None, Fraction(2, 5), True),
        ("5.000..50.000", 5_000, 50_000, False),
        ("1.234.567..2.000.000", 1_234_567, 2_000_000, False),
        ("20 000..50 000", 20_000, 50_000, False),
        ("<= 20.000 €", None, 20_000, False),
        ("1.500 EUR..2.000 EUR", 1_500, 2_000, False),
        ("2,5..5%", Fraction(1, 40), Fraction(1, 20), True),
    ],
)
def test_a_range_is_read(text, low, high, percent):
    assert parse_range(text) == Range(low, high, percent)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("5..2", r"the wrong way round: write 2\.\.5$"),
        ("40%..10%", r"the wrong way round: write 10%\.\.40%$"),
        ("..", "neither a lower nor an upper end"),
        ("10%..40", "mixes a percent"),
        ("", "is not a range"),
        ("5", "is not a range"),
        ("many", "is not a range"),
        ("< 5", "is not a range"),
        ("a..b", "is not a number"),
        ("<= 5 MIL", "is not a number"),
        ("<= 33.33333333%", "more than seven decimals"),
        (">= ", "is not a range"),
        (">= 2 <= 5", "is not a number"),
        ("=3..5", "is not a number"),
        ("1..2..3", "is not a"),
    ],
)
def test_a_range_that_makes_no_sense_says_why(text, what):
    with pytest.raises(ValueError, match=what):
        parse_range(text)


def test_three_decimals_of_a_rate_are_no_thousands():
    assert parse_range("1.125..2.250", of_rate=True) == Range(Fraction(9, 8), Fraction(9, 4))
    assert parse_range("1.125..2.250") == Range(1_125, 2_250)


bounds = st.none() | st.decimals(-(10**9), 10**9, places=2, allow_nan=False).map(Fraction)


@given(bounds, bounds, st.booleans())
@settings(deadline=None)
def test_a_printed_range_reads_back(low, high, percent):
    if low is None and high is None:
        return
    if low is not None and high is not None:
        low, high = sorted((low, high))
    written = Range(low, high, percent)
    assert parse_range(format_range(written)) == written
    assert str(written) == format_range(written)


@given(st.text(max_size=30))
@settings(deadline=None, max_examples=examples(300))
def test_hostile_text_is_no_range_or_a_range_and_never_another_error(text):
    try:
        read = parse_range(text)
    except ValueError:
        return
    assert read.low is not None or read.high is not None


@pytest.mark.parametrize(
    ("cents", "currency", "text"),
    [
        (2_000_000, "USD", "$20,000"),
        (17, "USD", "$0.17"),
        (0, "USD", "$0"),
        (1_205, "EUR", "€12.05"),
        (123_400, "SEK", "1,234 SEK"),
        (500, "BRL", "R$5"),
    ],
)
def test_money_shows_cents_only_where_there_are_any(cents, currency, text):
    assert format_money(cents, currency) == text


def test_money_can_be_rounded_to_the_whole():
    assert format_money(1_049, whole_units=True) == "$10"
    assert format_money(1_050, whole_units=True) == "$11"
    assert format_money(1_000, whole_units=False) == "$10.00"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.4, "0"),
        (950, "950"),
        (9_999, "9,999"),
        (9_999.6, "10k"),
        (18_300, "18.3k"),
        (999_949, "999.9k"),
        (999_951, "1M"),
        (1_200_000, "1.2M"),
        (3_400_000_000, "3.4B"),
    ],
)
def test_a_count_takes_a_few_characters(value, text):
    assert format_count(value) == text


def test_floors_percents_and_bounds_print_short():
    assert [format_floor(value) for value in (0, 1_000, 2_500, 500_000, 1_000_000)] == [
        "0",
        "1k",
        "2,500",
        "500k",
        "1M",
    ]
    assert [format_percent(share) for share in (0, 0.004, 0.0994, 0.47, 1)] == ["0%", "0.4%", "9.9%", "47%", "100%"]
    nearly = (1e-9, 0.0003, 0.9949, 0.9951, 0.99996, 1.00001, 1.0049)
    assert [format_percent(share) for share in nearly] == [
        "0.0001%",
        "0.03%",
        "99%",
        "99.5%",
        "99.9%",
        "100.1%",
        "100.5%",
    ]
    assert format_percent(sum([0.1] * 10)) == "100%"
    assert format_bound(Fraction(5, 2), False) == "2.5"
    assert format_bound(Fraction(1, 3), True) == "33.3333%"
    assert format_bound(Fraction(20_000), False) == "20,000"


def test_a_small_loss_does_not_read_as_minus_nothing():
    assert [format_percent(share) for share in (-0.0002, -0.01, -0.5)] == ["-0.02%", "-1.0%", "-50.0%"]


@pytest.mark.parametrize(("text", "share"), [("40%", Fraction(2, 5)), (" 0.4 ", Fraction(2, 5)), ("0", 0), ("100%", 1)])
def test_shares_are_read(text, share):
    assert parse_share(text) == share


@pytest.mark.parametrize("text", ["101%", "1.01", "-1%", "", "%", "half", "1/2", "nan"])
def test_what_is_no_share_is_refused(text):
    with pytest.raises(ValueError, match="is not a"):
        parse_share(text)


def test_a_long_text_is_cut_and_a_short_one_is_whole():
    assert shorten("abcde", 5) == "abcde"
    assert shorten("abcdef", 5) == "abcd…"


def test_names_are_printed_up_to_some():
    names = ["@a", "@b", "@c", "@d", "@e"]
    assert format_names(names[:3]) == "@a, @b, @c"
    assert format_names(names) == "@a, @b, @c and 2 more"
    assert format_names(names, 1) == "@a and 4 more"


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        (("11.469", "10.701"), ("11.5", "10.7")),
        (("11.469", "10.4"), ("11", "10")),
        (("9.94", "9.86"), ("9.94", "9.86")),
        (("0.509", "0.471"), ("0.51", "0.47")),
        (("18301", "18312"), ("18,301", "18,312")),
        (("1.122", "1.123"), ("1.1220", "1.1230")),
        (("0.00001", "0.00002"), ("0", "0")),
        (("7", "7"), ("7", "7")),
    ],
)
def test_two_numbers_have_only_as_many_digits_as_tell_them_apart(numbers, texts):
    assert format_distinct(*map(Fraction, numbers)) == texts


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("41.2", "$41.20"),
        ("0.0916", "$0.0916"),
        ("0.5", "$0.50"),
        ("1.234", "$1.23"),
        ("-0.125", "-$0.125"),
        ("0", "$0"),
    ],
)
def test_less_than_a_unit_of_money_has_hundredths_of_a_cent(amount, text):
    assert format_exact_money(Fraction(amount)) == text


def test_a_loss_has_its_sign_before_the_currency():
    assert format_money(-12_345) == "-$123.45"
    assert format_money(-12_345, "SEK", whole_units=True) == "-123 SEK"
