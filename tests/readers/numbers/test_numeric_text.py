"""Numbers in every known notation, and nothing else."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.readers.numbers.numeric_text import (
    LOOSE,
    NumberColumn,
    NumberStyle,
    ThreeDigits,
    looks_numeric,
    parse_numbers,
)
from tests.readers.builders import column
from tests.readers.oracle import explains_number, is_missing, possible_numbers
from tests.scale import examples

NAN = float("nan")


def parse_first(cell, *others):
    """Return the value of a cell in a column with these others, or None where it is no number."""
    parsed = parse_numbers(column(str(cell), *others))
    return None if parsed.bad[0] else float(parsed.values[0])


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12500", 12500),
        ("12,500", 12500),
        ("1,234,567", 1234567),
        ("12.5K", 12500),
        ("12.5 k", 12500),
        ("475.8m", 475.8e6),
        ("29.0b", 29e9),
        ("50.7M", 50.7e6),
        ("0.89k", 890),
        ("8.3M", 8_300_000),
        ("1 234", 1234),
        ("1\u00a0234\u00a0567", 1234567),
        ("1\u202f234", 1234),
        ("1\u2009234", 1234),
        ("1\u2007234", 1234),
        ("1'234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1.234.567", 1234567),
        ("12,5", 12.5),
        ("12,50", 12.5),
        ("1,2345", 1.2345),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.234", 1.234),
        ("0.139", 0.139),
        ("0,139", 0.139),
        ("0,034", 0.034),
        ("-5", -5),
        ("+5", 5),
        ("1e5", 1e5),
        ("1.5E+03", 1500),
        ("0.5e4", 5000),
        ("2e-3", 0.002),
        ("0", 0),
        ("007", 7),
        ("$1,027", 1027),
        ("€ 1,296", 1296),
        ("1027 USD", 1027),
        ("USD 1027", 1027),
        ("1027€", 1027),
        ("R$ 5", 5),
        ("-$5", -5),
        ("$-5", -5),
        ("chf 5", 5),
        ("$1.2k", 1200),
        ("1.39%", 0.0139),
        ("1.39 %", 0.0139),
        (" 7 ", 7),
        ("\t7\r", 7),
        ("1,234.50", 1234.5),
        ("1 234,5", 1234.5),
        ("1 234.5", 1234.5),
        ("12 500 USD", 12500),
    ],
)
def test_a_known_notation_is_parsed(cell, value):
    assert parse_first(cell) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("120K+", 120_000),
        ("~120k", 120_000),
        ("ca. 120k", 120_000),
        ("approx 9k", 9_000),
        ("1,2 Mio", 1_200_000),
        ("1,2 Mio.", 1_200_000),
        ("300 Tsd.", 300_000),
        ("300 tausend", 300_000),
        ("12.5 万", 125_000),
        ("8.2万人", 82_000),
        ("120人", 120),
        ("20к", 20_000),
        ("<10k", 10_000),
        ("up to 10k", 10_000),
        ("%4,2", 0.042),
        ("% 0.9", 0.009),
        ("105 mil", 105_000),
        ("45 B", 45e9),
        ("12.5w", 125_000),
        ("3.2億", 320_000_000),
        ("3.2亿", 320_000_000),
        ("15만", 150_000),
        ("1.2 jt", 1_200_000),
        ("300 rb", 300_000),
        ("2 Lakh", 200_000),
        ("2.5 lakhs", 250_000),
        ("1.2 Cr", 12_000_000),
        ("1,00,000", 100_000),
        ("12,34,567", 1_234_567),
        ("1.2 mil", 1_200_000),
        ("1,2 mil", 1_200),
        ("1,2 млн", 1_200_000),
        ("300 тыс.", 300_000),
        ("300 ТЫС", 300_000),
        ("1,5 MIO", 1_500_000),
        ("2 mrd", 2e9),
        ("１２，５００", 12_500),
        ("￥１２００", 1_200),
        ("1’234’567", 1_234_567),
        ("1.2 million", 1_200_000),
        ("120k followers", 120_000),
        ("12.5 Mio. Abonnenten", 12_500_000),
        ("900 views", 900),
        ("1,2E+06", 1_200_000),
        ("56.33(0.04)", 56.33),
        ("1,234 (4.5%)", 1_234),
        ("300-500", 400),
        ("10-20k", 15_000),
        ("10k – 20k", 15_000),
        ("10k to 20k", 15_000),
        ("3-4%", 0.035),
        ("Rs. 25000", 25_000),
        ("Rs.500", 500),
        ("S/.500", 500),
        ("1.200,-", 1_200),
        ("1.200,- €", 1_200),
        ("1,200/-", 1_200),
        ("5 zł", 5),
        ("1,5 k€", 1_500),
        ("1.5kEUR", 1_500),
    ],
)
def test_the_notations_of_counts_are_parsed(cell, value):
    parsed = parse_numbers(column(cell), LOOSE)
    assert not parsed.bad[0]
    assert parsed.values[0] == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    "cell",
    [
        "20k-10k",
        "1-2-3",
        "(800)",
        "5 reels",
        "5k5",
        "Reel 3",
        "2024-01-05",
        "12 mils",
        "~",
        "+",
        ".500,-",
        "500-",
        "1,2 j+t",
    ],
)
def test_what_is_no_number_in_any_notation_stays_unread(cell):
    assert parse_numbers(column(cell), LOOSE).bad[0]


@pytest.mark.parametrize("cell", ["~9k", "9k+", "10-20", "5 w", "3 mi", "5 (0.1)"])
def test_a_column_of_which_nothing_is_known_holds_plain_numbers_only(cell):
    assert parse_numbers(column(cell)).bad[0]


@pytest.mark.parametrize(
    ("three_digits", "cells", "values"),
    [
        (ThreeDigits.PEOPLE, ["12.400", "900"], [12400, 900]),
        (ThreeDigits.PEOPLE, ["12,400", "900"], [12400, 900]),
        (ThreeDigits.PEOPLE, ["12.400", "12,400"], [12400, 12400]),
        (ThreeDigits.PEOPLE, ["34,5K", "12.400"], [34500, 12400]),
        (ThreeDigits.PEOPLE, ["34,5K", "12,400"], [34500, 12400]),
        (ThreeDigits.COUNT, ["12.400", "900"], [12400, 900]),
        (ThreeDigits.COUNT, ["12.400", "1.234,5"], [12400, 1234.5]),
        (ThreeDigits.COUNT, ["12.400", "56.7"], [12.4, 56.7]),
        (ThreeDigits.COUNT, ["12.400", "56,7"], [12400, 56.7]),
        (ThreeDigits.COUNT, ["12.400", "1234.567"], [12.4, 1234.567]),
        (ThreeDigits.MONEY, ["1.500 €", "14.000"], [1500, 14000]),
        (ThreeDigits.MONEY, ["€1,500", "14,000"], [1500, 14000]),
        (ThreeDigits.MONEY, ["1.500", "12,50"], [1500, 12.5]),
        (ThreeDigits.MONEY, ["1.500", "2000.000"], [1.5, 2000]),
        (ThreeDigits.MONEY, ["1.500", "1.5k"], [1500, 1500]),
        (ThreeDigits.RATE, ["1.234", "4,125"], [1.234, 4.125]),
        (ThreeDigits.RATE, ["4,125 %"], [0.04125]),
    ],
)
def test_the_kind_of_a_column_decides_what_three_digits_are(three_digits, cells, values):
    parsed = parse_numbers(column(*cells), NumberStyle(three_digits=three_digits, is_loose=True))
    np.testing.assert_allclose(parsed.values, values, rtol=1e-15)
    assert parsed.conflicting_cells is None


@pytest.mark.parametrize("cells", [["14.000", "12.50"], ["1,500", "12,50"]])
def test_three_decimals_of_money_beside_two_are_a_conflict(cells):
    parsed = parse_numbers(column(*cells), NumberStyle(three_digits=ThreeDigits.MONEY))
    assert set(parsed.conflicting_cells) == set(cells)


@pytest.mark.parametrize(("mark", "value"), [(",", 1_234_000), (".", 1_234), (None, 1_234)])
def test_the_file_decides_on_three_digits_before_a_unit(mark, value):
    style = NumberStyle(three_digits=ThreeDigits.COUNT, find_mark=lambda: mark)
    assert parse_numbers(column("1.234K"), style).values[0] == value


@pytest.mark.parametrize(
    ("decimal", "values", "against"),
    [
        (",", [1234, 1234.5, np.nan, 34500, 5], [False, False, True, False, False]),
        (".", [1.234, np.nan, 1234.5, np.nan, 5], [False, True, False, True, False]),
    ],
)
def test_a_stated_mark_settles_every_cell(decimal, values, against):
    style = NumberStyle(three_digits=ThreeDigits.MONEY, decimal=decimal)
    parsed = parse_numbers(column("1.234", "1.234,5", "1,234.5", "34,5K", "5"), style)
    np.testing.assert_array_equal(parsed.values, values)
    assert parsed.against_mark.tolist() == against == parsed.bad.tolist()


@pytest.mark.parametrize(
    ("mark", "cells", "values"),
    [
        (None, ["1.500 €", "12.500", "4.125 %"], [1500, 12500, 0.04125]),
        (".", ["1.500 €", "12.500", "1,500"], [1500, 12.5, 1500]),
        (",", ["$1,500", "12,500", "1.500"], [1500, 12.5, 1500]),
    ],
)
def test_three_digits_of_a_surcharge_are_decimals_in_percents_and_thousands_in_money(mark, cells, values):
    style = NumberStyle(three_digits=ThreeDigits.SURCHARGE, find_mark=lambda: mark)
    np.testing.assert_allclose(parse_numbers(column(*cells), style).values, values, rtol=1e-15)


@pytest.mark.parametrize(
    ("decimal", "values", "against"),
    [(".", [1500, np.nan, 0.125, 1500], [1]), (",", [1.5, 0.125, np.nan, 1.5], [2])],
)
def test_a_stated_mark_leaves_the_other_one_for_the_thousands_of_a_surcharge(decimal, values, against):
    style = NumberStyle(three_digits=ThreeDigits.SURCHARGE, decimal=decimal)
    parsed = parse_numbers(column("$1,500", "12,500%", "12.500%", "1,500"), style)
    np.testing.assert_array_equal(parsed.values, values)
    assert np.flatnonzero(parsed.bad).tolist() == against


def test_a_unit_in_the_header_counts_for_bare_cells():
    parsed = parse_numbers(column("12.5", "1.2M", "300", "", "5%"), NumberStyle(scale=1e3))
    np.testing.assert_array_equal(parsed.values, [12_500, 1.2e6, 300_000, np.nan, 0.05])
    assert parsed.scaled.tolist() == [True, False, True, False, False]
    assert parse_numbers(column(8.3, 4.1), NumberStyle(scale=1e3)).values.tolist() == [8300, 4100]


@pytest.mark.parametrize(
    "cell", ["", " ", "nan", "NaN", "N/A", "n/a", "NA", "#N/A", "-", "–", "—", "null", "None", "\u00a0"]
)
def test_a_placeholder_is_a_missing_value(cell):
    parsed = parse_numbers(column(cell, "5"))
    assert np.isnan(parsed.values[0])
    assert not parsed.bad.any()


@pytest.mark.parametrize(
    "cell",
    [
        "x",
        "12O0",
        "1_000",
        "10k-20k",
        "~9k",
        "700+",
        "(800)",
        "12,34,56",
        "1,23,4",
        "1 23",
        "1.2.3",
        "1,2,3",
        "--5",
        "+-5",
        "5-",
        "$",
        "%",
        "k",
        "5%%",
        "5kk",
        "$5%",
        "$5 USD",
        "5 XYZ",
        "1e",
        "e5",
        "1e5k",
        "1e1234",
        "inf",
        "-inf",
        "Infinity",
        "1e400",
        "0x10",
        "True",
        "١٢٣",
        "1٣",
        "²",
        "½",
        "−5",
        "1\u200b2",
        "5\n6",
        "5;6",
        "0 035",
        "0'035",
        "0,034.5",
        "1,234.567,8",
        "\ufffd5",
        "\udcff,5",
        "\udcff",
        "\x005",
        "NaN5",
        "--",
        "#DIV/0!",
        "=1+1",
        "USD",
        "-",
        "5 6",
    ],
)
def test_a_cell_that_is_not_a_number_never_becomes_one(cell):
    parsed = parse_numbers(column(cell, "7.5"))
    assert np.isnan(parsed.values[0])
    assert bool(parsed.bad[0]) is (cell != "-")
    assert parsed.values[1] == 7.5


@pytest.mark.parametrize(
    ("cells", "values", "decimal_comma"),
    [
        (["1,234", "900"], [1234, 900], False),
        (["1.234", "900"], [1.234, 900], False),
        (["1.234", "1.234,5"], [1234, 1234.5], True),
        (["1.234", "1.234.567"], [1234, 1234567], True),
        (["1,234", "0,5"], [1.234, 0.5], True),
        (["1,234", "0,139"], [1.234, 0.139], True),
        (["1,234", "1.5"], [1234, 1.5], False),
        (["3,5 %", "12,25%"], [0.035, 0.1225], True),
        (["€ 1.296,00", "400 €"], [1296, 400], True),
        (["1,5K", "2.000"], [1500, 2000], True),
        (["1 234", "1,5"], [1234, 1.5], True),
        (["12,5", "about 1.5"], [12.5, NAN], True),
        (["1,234", "see 1,5"], [1234, NAN], False),
        (["1,234", "a 1.234.567"], [1234, NAN], False),
    ],
)
def test_the_column_decides_the_decimal_mark(cells, values, decimal_comma):
    parsed = parse_numbers(column(*cells))
    np.testing.assert_allclose(parsed.values, values, rtol=1e-15)
    assert parsed.decimal_comma is decimal_comma
    assert parsed.conflicting_cells is None


@pytest.mark.parametrize(
    "cells",
    [
        ["1.234,5", "1,234.5"],
        ["1.234.567", "12.5"],
        ["1,234,567", "12,50"],
        ["2.5", "1.234.567,8"],
        ["0.5", "1,5", "1.234"],
    ],
)
def test_a_mark_that_is_a_decimal_one_and_groups_digits_in_one_column_is_a_conflict(cells):
    assert set(parse_numbers(column(*cells)).conflicting_cells) <= set(cells)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["0,5", "0.5"], [0.5, 0.5]),
        (["0,139", "1.5"], [0.139, 1.5]),
        (["1.234.567", "1,234,567"], [1234567, 1234567]),
        (["34,5K", "12.5K", "1,234,567"], [34500, 12500, 1234567]),
        (["1,2 Mio", "1.234.567", "1.5"], None),
    ],
)
def test_cells_that_can_only_be_read_one_way_are_read_so_beside_others(cells, values):
    parsed = parse_numbers(column(*cells))
    if values is None:
        assert parsed.conflicting_cells == ("1.5", "1.234.567")
    else:
        assert parsed.conflicting_cells is None
        np.testing.assert_allclose(parsed.values, values, rtol=1e-15)


def test_each_cell_has_its_own_currency():
    parsed = parse_numbers(column("$5", "€5", "5", "N/A", "5 USD"))
    assert parsed.currencies == ["$", "EUR", "USD"]
    assert parsed.currency_index.tolist() == [0, 1, -1, -1, 2]
    assert not parsed.is_uniform


@pytest.mark.parametrize(
    ("cells", "alike"),
    [
        (["1", "2.5", ""], True),
        (["5%", "7%"], True),
        (["5%", "7"], False),
        (["$5", "6"], False),
        (["$5", "$6"], True),
        (["$5", "€6"], False),
        (["x", "6"], False),
        (["", ""], False),
        (["0,5", "0.5"], True),
        (["1.234,5", "1,234.5"], False),
    ],
)
def test_a_column_is_uniform_if_its_numbers_can_be_added_up(cells, alike):
    assert parse_numbers(column(*cells)).is_uniform is alike


def test_clean_numbers_pass_through_and_infinities_are_refused():
    parsed = parse_numbers(column(1.5, NAN, float("inf"), float("-inf")))
    assert parsed.bad.tolist() == [False, False, True, True]
    np.testing.assert_array_equal(parsed.values, [1.5, NAN, NAN, NAN])
    assert parse_numbers(pd.Series([1, 2], dtype=np.int64)).values.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("style", [LOOSE, NumberStyle(three_digits=ThreeDigits.MONEY), NumberStyle(scale=1e3)])
@pytest.mark.parametrize("dtype", [object, "str"])
def test_repeated_cells_of_a_long_column_are_parsed_as_each_alone(style, dtype):
    cells = ["", "5%", "$5", "€1.500", "1,5", "~9k", "x", "300-500", "56.33(0.04)", "1.234.567", None, "7"]
    short = parse_numbers(pd.Series(cells, dtype=dtype), style)
    long = parse_numbers(pd.Series(cells * 5_000, dtype=dtype), style)
    for name in NumberColumn.__struct_fields__:
        one, all_of_them = getattr(short, name), getattr(long, name)
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(np.tile(one, 5_000), all_of_them)
        else:
            assert one == all_of_them


@pytest.mark.parametrize(
    "cell", ["a" + " " * 10**6 + "b", "5 - " * 10**5, "~" * 10**6, "(" * 10**6 + "5)", "5" + "(" * 10**6]
)
def test_a_very_long_cell_is_no_number(cell):
    assert parse_numbers(column(cell, "7"), LOOSE).bad.tolist() == [True, False]


def test_an_empty_column_is_parsed():
    assert len(parse_numbers(pd.Series([], dtype=object)).values) == 0


def test_line_breaks_in_cells_do_not_shift_the_rows():
    parsed = parse_numbers(column("5\n", "\n", "a\nb\nc", "7"))
    assert parsed.bad.tolist() == [False, False, True, False]
    np.testing.assert_array_equal(parsed.values, [5, NAN, NAN, 7])


def test_digits_beyond_the_precision_of_a_float_are_rounded_or_refused():
    assert parse_first("9" * 30) == 1e30
    assert parse_first("1" + "0" * 400) is None
    assert parse_first("9" * 308 + "b") is None


def test_scaling_leaves_no_rounding_error():
    assert [parse_first(cell) for cell in ("8.3m", "4.1k", "1.1b", "16.4M", "0.07k")] == [
        8.3e6,
        4100,
        1.1e9,
        16.4e6,
        70,
    ]
    assert parse_first("1.23456789k") == pytest.approx(1234.56789)


@pytest.mark.parametrize(
    ("cells", "numeric"),
    [
        (["1", "2"], True),
        (["", "5%"], True),
        (["x", "2"], False),
        (["", ""], False),
        (["1,5", "2.5"], True),
        ([1.0, 2.0], True),
        (["50:24.8", "1"], False),
        (["N/A", "7"], True),
    ],
)
def test_which_columns_look_numeric(cells, numeric):
    assert looks_numeric(column(*cells)) is numeric


alphabet = st.text("0123456789.,'+-eEkKmMbB% $€£R\u00a0\u202fUSDnaN/\n\udcff٣", max_size=10)
PIECE_TEXT = "1 0 5 12 345 000 1.234 1,5 . , - + ~ ( ) ca. k K M Mio. mil 万 １ rs. € $ zł to bis % ' ’ \u00a0"
notations = st.lists(st.sampled_from([*PIECE_TEXT.split(" "), " "]), max_size=6).map("".join)
styles = st.builds(
    NumberStyle,
    three_digits=st.sampled_from(ThreeDigits),
    decimal=st.sampled_from([None, ".", ","]),
    find_mark=st.sampled_from([lambda: None, lambda: ".", lambda: ","]),
    is_loose=st.booleans(),
    has_rounded=st.booleans(),
    has_ranges=st.booleans(),
)


@settings(max_examples=examples(2000), deadline=None)
@given(st.lists(alphabet | notations, min_size=1, max_size=4), styles)
def test_the_slow_reader_finds_every_number_too(texts, style):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parsed = parse_numbers(column(*texts), style)
    for cell, value, bad in zip(texts, parsed.values.tolist(), parsed.bad.tolist(), strict=True):
        assert bad or explains_number(cell, value)
        assert not bad or not is_missing(cell)


@settings(max_examples=examples(1000), deadline=None)
@given(alphabet)
def test_a_cell_with_a_single_meaning_is_parsed_as_that(text):
    possible, percent = possible_numbers(text)
    parsed = parse_numbers(column(text))
    if len(possible) == 1 and not parsed.bad[0]:
        assert parsed.values[0] == pytest.approx(possible.pop(), rel=1e-12)
        assert bool(parsed.percent[0]) is percent


HABITS = {
    "plain": lambda text: text,
    "English": lambda text: text,
    "German": lambda text: text.translate(str.maketrans(".,", ",.")),
    "French": lambda text: text.translate({ord("."): ",", ord(","): "\u202f"}),
    "Swiss": lambda text: text.replace(",", "’"),
    "Polish": lambda text: text.translate({ord("."): ",", ord(","): "\u00a0"}),
}


def in_lakhs(number):
    """Return a number as it is written in India: 12,34,567."""
    head, tail = (str(number)[:-3], str(number)[-3:]) if number >= 1000 else ("", str(number))
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail])


@given(
    st.sampled_from(list(HABITS)),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=20),
    st.sampled_from([ThreeDigits.PEOPLE, ThreeDigits.COUNT, ThreeDigits.MONEY]),
)
def test_whole_numbers_are_the_same_by_the_habits_of_every_country(habit, numbers, three_digits):
    style = NumberStyle(three_digits=three_digits)
    written = [str(number) if habit == "plain" else HABITS[habit](f"{number:,}") for number in numbers]
    for cells in (written, [in_lakhs(number) for number in numbers]):
        parsed = parse_numbers(column(*cells), style)
        assert parsed.values.tolist() == numbers
        assert parsed.conflicting_cells is None


@given(
    st.sampled_from(list(HABITS)),
    st.lists(st.integers(0, 10**11), min_size=1, max_size=20),
    st.sampled_from([ThreeDigits.COUNT, ThreeDigits.MONEY, ThreeDigits.UNKNOWN]),
)
def test_amounts_with_cents_are_the_same_by_the_habits_of_every_country(habit, cents, three_digits):
    written = [HABITS[habit](f"{cent / 100:,.2f}") for cent in cents]
    parsed = parse_numbers(column(*written), NumberStyle(three_digits=three_digits))
    np.testing.assert_allclose(parsed.values, np.asarray(cents) / 100, rtol=1e-15)
    assert parsed.conflicting_cells is None


@pytest.mark.parametrize("text", [" " * 50_000 + "!", "1" + " " * 50_000 + "!", "\t" * 50_000 + "n/a!"])
def test_a_cell_of_many_spaces_is_read_in_an_instant(text):
    assert parse_numbers(column(text)).bad.all()
