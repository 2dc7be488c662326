"""What people write in a column of fees besides plain amounts."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.errors import RosterError
from microopt.readers.cells.quote_phrases import open_words, read_phrase
from microopt.readers.money.quotes import read_quotes
from microopt.readers.numbers.numeric_text import NumberStyle, ThreeDigits, parse_numbers
from microopt.roster.pay_types import PayType
from tests.readers.builders import cells, fault_keys, read, roster_error

MONEY = NumberStyle(three_digits=ThreeDigits.MONEY)


def quote(*texts, ends="high", style=MONEY):
    column = pd.Series(texts, dtype=object)
    return read_quotes(column, parse_numbers(column, style), lambda part: parse_numbers(part, style), ends)


def flags(quotes, row=0):
    return {name for name, mask in quotes.flagged.items() if mask[row]}


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("$1,200 - $1,500", 1200, 1500),
        ("1.2k to 1.5k", 1200, 1500),
        ("1.2-1.5k", 1200, 1500),
        ("800-1.2k", 800, 1200),
        ("5-10k", 5000, 10_000),
        ("500-1k", 500, 1000),
        ("300–500 €", 300, 500),
        ("€300-€500", 300, 500),
        ("300~500", 300, 500),
        ("between 300 and 500", 300, 500),
        ("von 300 bis 500 €", 300, 500),
        ("1.200 - 1.500 €", 1200, 1500),
        ("1 200 à 1 500 €", 1200, 1500),
        ("1'200-1'500 CHF", 1200, 1500),
        ("Rs 10,000 - 15,000", 10_000, 15_000),
        ("price: 300 - 500 + VAT per reel", 300, 500),
        ("300/500", 300, 500),
        ("€300 / €500", 300, 500),
        ("1.2k/1.5k + VAT", 1200, 1500),
    ],
)
def test_a_range_has_two_ends(text, low, high):
    for ends, taken in (("high", high), ("low", low), ("middle", (low + high) / 2)):
        column, quotes = quote(text, ends=ends)
        assert column.values.tolist() == [taken]
        assert quotes.low.tolist() == [low]
        assert "range" in flags(quotes)
        assert not column.bad.any()


@pytest.mark.parametrize("text", ["2/500", "12/2024", "3/4", "500/300", "300/500/800", "MwSt. 500", "300 for 500"])
def test_what_only_resembles_a_range_or_an_amount_stays_a_fault(text):
    column, _ = quote(text)
    assert column.bad.tolist() == [True]


@pytest.mark.parametrize(
    ("text", "amount", "flag"),
    [
        ("from 300", 300, "from"),
        ("ab 300", 300, "from"),
        ("ab 300 €", 300, "from"),
        ("a partir de 1.200 €", 1200, "from"),
        ("$500+", 500, "from"),
        ("up to 900", 900, "up-to"),
        ("bis 900", 900, "up-to"),
        ("max. 900", 900, "up-to"),
        ("900-", 900, "dash"),
        ("$900 –", 900, "dash"),
        ("ca. 500", 500, "about"),
        ("~500", 500, "about"),
        ("500 approx.", 500, "about"),
        ("500 + VAT", 500, "tax"),
        ("500 net", 500, "tax"),
        ("500 zzgl. MwSt.", 500, "tax"),
        ("500€ HT", 500, "tax"),
        ("zzgl. MwSt. 500 €", 500, "tax"),
        ("zzgl. 19% MwSt. 500 €", 500, "tax"),
        ("incl. VAT 500", 500, "tax"),
        ("+ VAT 500", 500, "tax"),
        ("netto 500 €", 500, "tax"),
        ("Honorar: zzgl. MwSt. 500 €", 500, "tax"),
        ("500 + 19% VAT", 500, "tax"),
        ("500 incl. 7,7 % MwSt.", 500, "tax"),
        ("500 + 20% agency", 500, "agency"),
        ("$500 + 20% agency fee", 500, "agency"),
        ("500 (+20% Agentur)", 500, "agency"),
        ("500 plus 15 % commission", 500, "agency"),
        ("500 + 10% fee", 500, "agency"),
        ("500 + agency fee", 500, "agency"),
        ("500/post", 500, "unit"),
        ("500 per reel", 500, "unit"),
        ("500 por reel", 500, "unit"),
        ("500€/Reel", 500, "unit"),
        ("story: 120", 120, "unit"),
        ("500 VB", 500, "negotiable"),
        ("Negotiable, 500", 500, "negotiable"),
    ],
)
def test_words_around_an_amount_are_understood(text, amount, flag):
    column, quotes = quote(text)
    assert column.values.tolist() == [amount]
    assert flags(quotes) == {flag}
    assert np.isnan(quotes.low[0]) == (flag != "from")


@pytest.mark.parametrize("text", ["500 flat", "Price: 500", "500 each", "500 total", "fee 500 only"])
def test_words_that_say_nothing_more_are_passed_over(text):
    column, quotes = quote(text)
    assert column.values.tolist() == [500]
    assert not flags(quotes)


@pytest.mark.parametrize(
    ("text", "count", "offer"),
    [
        ("2 reels 900", 2, "reels"),
        ("900 for 2 reels", 2, "reels"),
        ("2x Reel: $900", 2, "reel"),
        ("$900 (3 stories)", 3, "stories"),
        ("900 / 2 posts", 2, ""),
        ("2 IG reels for 900 + VAT", 2, "ig reels"),
    ],
)
def test_a_package_has_a_number_of_deliverables_and_one_price(text, count, offer):
    column, quotes = quote(text)
    assert column.values.tolist() == [900]
    assert quotes.deliverables.tolist() == [count]
    assert [*quotes.offers] == [offer] * bool(offer)


@pytest.mark.parametrize(
    "text",
    [
        "500 - 300",
        "5 - 2000",
        "2024-05",
        "$300 - €500",
        "2 reels 900 each",
        "2 reels 900 per reel",
        "2 reels @ 900",
        "Reel 500, Story 200",
        "1 reel + 2 stories 900",
        "100 per 1000 views",
        "200 and a bag",
        "200 gifted",
        "call me",
        "0 - 500",
        "999 reels 500",
        "10% - 20%",
        "(800)",
        "not free",
        "free shipping",
        "(800) net",
        "=500",
    ],
)
def test_what_can_be_read_in_two_ways_or_not_at_all_stays_a_fault(text):
    column, _ = quote(text, "5")
    assert column.bad.tolist() == [True, False]
    assert np.isnan(column.values[0])


@pytest.mark.parametrize(
    "word",
    [
        *("gifted", "Gift", "FREE", "free product", "barter", "in exchange"),
        *("product only", "PR only", "gratis", "kostenlos", "gegen Produkt", "offert"),
        *("canje", "permuta", "omaggio", "takas", "taka s", "taka\ts", "бартер", "置换"),
        *(
            "無償",
            "협찬",
            "free for product",
            "in exchange for free products",
            "Gifted collab",
            "gifted (product)",
            "free / gifted",
        ),
    ],
)
def test_words_for_a_gifted_post(word):
    column, quotes = quote(word)
    assert column.values.tolist() == [0]
    assert quotes.pay.tolist() == [PayType.GIFTED]


@pytest.mark.parametrize(
    "word",
    [
        *("TBD", "TBC", "t.b.c.", "on request", "Price on request", "ask"),
        *("POA", "?", "???", "negotiable", "auf Anfrage", "a consultar"),
        *("sur demande", "na zapytanie", "по запросу", "görüşülür", "nego", "面议"),
        *("要相談", "문의"),
    ],
)
def test_words_for_a_fee_that_is_not_known_yet(word):
    column, quotes = quote(word)
    assert np.isnan(column.values[0])
    assert quotes.is_open.tolist() == [True]
    assert not column.bad.any()


def test_no_word_means_both_a_gift_and_an_open_fee():
    assert not any(read_phrase(word) and read_phrase(word).pay for word in open_words())


def test_plain_amounts_are_left_alone():
    column = pd.Series(["$1,200", "", "5k"], dtype=object)
    parsed = parse_numbers(column)
    assert read_quotes(column, parsed, parse_numbers, "high") == (parsed, None)


amounts = st.integers(1, 99_999)
words = st.sampled_from(
    ["{low} - {high}", "{low} to {high}", "${low}–${high}", "from {low} to {high}", "{low}-{high} USD"]
)


@given(st.lists(st.tuples(amounts, st.integers(0, 9), words), min_size=1, max_size=20))
def test_any_range_gives_its_own_ends(rows):
    texts = [form.format(low=f"{low:,}", high=f"{low * (1 + more):,}") for low, more, form in rows]
    column, quotes = quote(*texts)
    assert column.values.tolist() == [low * (1 + more) for low, more, _ in rows]
    assert quotes.low.tolist() == [low for low, _, _ in rows]


@given(st.text("0123456789.,-–+/~$€ krabcdefgtoupVAT?x()", max_size=14))
def test_any_text_is_an_amount_or_a_fault_and_nothing_is_guessed(text):
    column, quotes = quote(text)
    if quotes is not None and np.isfinite(column.values[0]):
        digits = [int("".join(filter(str.isdigit, text)) or 0)]
        assert column.values[0] >= 0 or "-" in text
        assert digits[0] > 0 or column.values[0] == 0


def test_a_gifted_post_has_a_pay_type_unless_the_roster_states_one():
    assert cells(read("creator,followers,fee\na,5,gifted\nb,6,5\n"), "pay") == ["gifted", ""]
    stated = read("creator,followers,fee,pay\na,5,gifted,flat\nb,6,free,\nc,6,9,affiliate\n")
    assert cells(stated, "pay") == ["flat", "gifted", "affiliate"]
    assert stated.fee.tolist() == [0, 0, 900]


def test_an_open_fee_is_missing_and_the_fix_names_the_ways_on():
    text = "creator,followers,fee\na,5,TBC\nb,6,on request\nc,6,9\n"
    assert fault_keys(text) == [("fee-missing", 2, "fee"), ("fee-missing", 3, "fee")]
    fault = roster_error(text).faults[0]
    assert fault.message == "'TBC' is not a fee yet"
    assert all(way in fault.fix for way in ("fill it in", "--estimate-fees", "--skip-bad-rows"))
    assert read(text, fees_required=False).fee.tolist() == [-1, -1, 900]


def test_an_open_fee_is_a_way_to_write_it_only_where_fees_are_estimated():
    text = "creator,followers,fee\na,5,viel\nb,6,9\n"
    assert "TBC" not in roster_error(text).faults[0].fix
    assert roster_error(text).faults[0].fix.endswith("(or as gifted)")
    assert roster_error(text, fees_required=False).faults[0].fix.endswith("(or as gifted, or TBC)")


def test_an_open_price_of_a_format_is_an_offer_only_where_fees_are_estimated():
    text = "creator,followers,Story Price,Reel Price\na,5,TBC,9\n"
    assert read(text).fee.tolist() == [900]
    assert read(text, fees_required=False).fee.tolist() == [-1, 900]


def test_a_cell_with_several_offers_is_one_where_the_roster_names_none():
    cell = '"Reel 500, Story 200"'
    roster = read(f"creator,followers,niche,fee\na,5,food,{cell}\nb,6,pets,9\n")
    assert roster.fee.tolist() == [50_000, 20_000, 900]
    assert (cells(roster, "offer"), cells(roster, "niche")) == (["reel", "story", ""], ["food", "food", "pets"])
    assert fault_keys(f"creator,followers,offer,fee\na,5,live,{cell}\nb,6,live,9\n") == [
        ("number-unreadable", 2, "fee")
    ]
    assert fault_keys(f"creator,followers,Reel price,Live price\na,5,{cell},8\nb,6,9,8\n") == [
        ("number-unreadable", 2, "Reel price")
    ]


@pytest.mark.parametrize(
    "text",
    ["reel 500; story 200", "Reel €500 / Story €200", "reel: 500 + story: 200", "500 per reel and 200 per story"],
)
def test_offers_in_a_cell_are_divided_as_people_divide_them(text):
    column = pd.Series([text], dtype=object)
    parsed, quotes = read_quotes(column, parse_numbers(column), parse_numbers, "high", several=True)
    assert [*parsed.values, *(more.amounts[0] for more in quotes.more)] == [500, 200]
    assert [*quotes.offers, *(offer for more in quotes.more for offer in more.quotes.offers)] == ["reel", "story"]


def test_the_rosters_own_columns_count_more_than_the_words_of_a_fee():
    roster = read(
        "creator,followers,deliverables,offer,fee\na,5,3,story,2 reels 900\nb,6,,,2 reels 900\nc,6,1,post,9\n"
    )
    assert roster.numbers["deliverables"].tolist() == [3, 2, 1]
    assert cells(roster, "offer") == ["story", "reels", "post"]


def test_the_low_end_is_converted_with_its_fee():
    roster = read("creator,followers,fee\na,5,€100 - €200\n", currency="USD", exchange={"EUR": 2})
    assert (roster.fee.tolist(), roster.numbers["fee_low"].tolist()) == ([40_000], [200])


def test_each_row_that_is_no_plain_amount_has_a_remark():
    roster = read("creator,followers,Fee\na,5,300 - 500\nb,6,gifted\nc,7,8\nd,8,TBC\n", fees_required=False)
    remarks = {(remark.code, *remark.rows.tolist()): remark.text for remark in roster.remarks}
    assert [*remarks] == [("quote-range", 2), ("gifted", 3), ("fee-open", 5)]
    assert remarks["quote-range", 2] == "Fee is a range; the upper end is used"


def test_ranges_of_all_columns_are_told_in_one_note():
    roster = read("creator,followers,Story Price,Reel Price\na,5,1 - 2,3 - 4\nb,6,5 - 6,7\n")
    notes = [note for note in roster.notes if "range" in note]
    assert notes == ["some fees are not plain amounts: 3 ranges (the upper end is used, see --quotes)"]


def read_cell(cell, **options):
    text = f'creator,followers,Fee\na,5000,"{cell}"\nb,6000,200\n'
    return read(text, **options)


@pytest.mark.parametrize(
    ("cell", "fee", "name", "value"),
    [
        *[
            ("2 x 300", 60000, "deliverables", 2),
            ("2x300", 60000, "deliverables", 2),
            ("2 × $300", 60000, "deliverables", 2),
        ],
        *[("3 reels x 200", 60000, "deliverables", 3), ("2 réels 500 €", 50000, "deliverables", 2)],
        *[("gifted (worth 150)", 0, "product", 150), ("Gifted, value $150", 0, "product", 150)],
    ],
)
def test_a_cell_says_how_many_or_what_a_product_is_worth(cell, fee, name, value):
    roster = read_cell(cell)
    assert (roster.fee[0], roster.numbers[name][0]) == (fee, value)


@pytest.mark.parametrize(
    ("cell", "fee", "told"),
    [
        *[
            ("500/month", 50000, "1 per month, week or year"),
            ("500 per month", 50000, "used as the price of one offer"),
        ],
        *[("free product + 200", 20000, "1 with a product as well"), ("200 + product", 20000, "not counted")],
        *[("500 + 20% agency", 50000, "1 with an agency fee or a commission mentioned (none is added)")],
        *[("無償提供", 0, "read as 0"), ("商品提供のみ", 0, "read as 0")],
    ],
)
def test_what_is_taken_of_a_cell_is_told(cell, fee, told):
    roster = read_cell(cell)
    assert roster.fee[0] == fee
    assert any(told in note for note in roster.notes)


@pytest.mark.parametrize("cell", ["3 Stories", "2 reels", "500 + 20% bonus", "görüşülecek", "2 x 3", "500 x 300"])
def test_a_number_of_deliverables_is_no_price(cell):
    with pytest.raises(RosterError):
        read_cell(cell)


def test_what_a_product_is_worth_is_converted():
    rates = {"currency": "USD", "exchange": {"EUR": Fraction(2)}}
    assert read_cell("gifted (worth €150)", **rates).numbers["product"][0] == 300


@pytest.mark.parametrize("cell", ["500 + 10%", "10% + 500", "500 - 20% agency", "500 + 20% discount", "20% agency"])
def test_a_rate_is_read_only_as_what_comes_on_top_of_an_amount(cell):
    with pytest.raises(RosterError):
        read_cell(cell)


def test_a_range_may_mention_an_agency_and_a_tax():
    column, quotes = quote("500 - 700 + 20% agency + VAT")
    assert (column.values.tolist(), quotes.low.tolist()) == ([700], [500])
    assert flags(quotes) == {"range", "agency", "tax"}


@pytest.mark.parametrize("words", ["reel " * 100, "reel story " * 100, "vat " * 100, "+ " * 100, "net " * 100])
def test_a_fee_among_many_words_is_read_in_an_instant(words):
    """A form that can divide a run of words in many ways tries all of them: of a hundred words it never ends."""
    assert read_phrase(f"000 {words}000 from") is None


def test_a_fee_of_many_spaces_is_read_in_an_instant():
    assert read_phrase(f"000{' ' * 50_000}!") is None
