"""A column of currencies gives each row's money its currency; a sign in a cell or a header counts more."""

from fractions import Fraction

import pytest

from tests.readers.builders import cells, fault_keys, read, roster_error

HEAD = "creator,followers,Fee,Currency\n"


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        *[
            ("Currency", "EUR", "EUR"),
            ("Curr.", "€", "EUR"),
            ("Fee currency", "Euro", "EUR"),
            ("Währung", "chf", "CHF"),
        ],
        *[("Devise", "EUR", "EUR"), ("Moneda", "€", "EUR"), ("Waluta", "zł", "PLN"), ("Валюта", "руб.", "RUB")],
        *[("通貨", "円", "JPY"), ("货币", "元", "CNY"), ("통화", "원", "KRW")],
    ],
)
def test_a_column_of_currencies_is_the_currency_of_the_roster(header, cell, code):
    roster = read(f"creator,followers,Fee,{header}\na,5000,100,{cell}\nb,6000,200,{cell}\n")
    assert (roster.currency, roster.fee.tolist(), cells(roster, "currency")) == (code, [10000, 20000], [code] * 2)


def test_each_row_is_converted_and_keeps_the_currency_that_its_amount_is_now_in():
    text = f"{HEAD}a,5000,100,EUR\nb,6000,200,USD\nc,7000,300,\n"
    roster = read(text, currency="EUR", exchange={"USD": Fraction("0.5")})
    assert roster.fee.tolist() == [10000, 10000, 30000]
    assert cells(roster, "currency") == ["EUR", "EUR", ""]


def test_prices_by_format_and_other_costs_are_in_the_currency_of_their_row():
    text = "creator,followers,Reel price,Story price,Shipping,Currency\na,5000,100,50,10,GBP\nb,6000,70,,5,USD\n"
    roster = read(text, currency="USD", exchange={"GBP": Fraction(2)})
    assert roster.fee.tolist() == [20000, 10000, 7000]
    assert roster.numbers["shipping"].tolist() == [20, 20, 5]


def test_a_missing_rate_is_one_fault_for_the_file():
    text = f"{HEAD}a,5000,100,EUR\nb,6000,200,GBP\n"
    assert fault_keys(text) == [("currency-mixed", None, "Fee")]
    assert fault_keys(text, currency="USD") == [("currency-other", None, "Fee")]


def test_currencies_of_rows_without_an_amount_need_no_rate():
    assert read(f"{HEAD}a,5000,100,EUR\nb,6000,,GBP\n", fees_required=False).currency == "EUR"


def test_a_sign_in_a_cell_counts_more_than_the_row_and_a_contradiction_is_told():
    text = f"{HEAD}a,5000,$100,EUR\nb,6000,$200,USD\nc,7000,$300,\n"
    roster = read(text)
    assert (roster.currency, roster.fee.tolist()) == ("USD", [10000, 20000, 30000])
    assert [note for note in roster.notes if "1 row: the one with the amount is used" in note]
    assert [remark.rows.tolist() for remark in roster.remarks] == [[2]]


def test_a_shared_sign_is_the_code_of_its_row():
    roster = read(f"{HEAD}a,5000,$100,CAD\nb,6000,$200,CAD\n")
    assert (roster.currency, roster.remarks) == ("CAD", ())


def test_a_currency_in_the_header_counts_more_than_the_row():
    roster = read("creator,followers,Fee (USD),Currency\na,5000,100,EUR\nb,6000,200,USD\n")
    assert (roster.currency, [remark.rows.tolist() for remark in roster.remarks]) == ("USD", [[2]])


def test_a_word_that_is_no_currency_is_told_and_a_column_of_other_words_is_kept():
    assert any(
        "'Taler' is not a currency" in note for note in read(f"{HEAD}a,5000,1,EUR\nb,6000,2,Taler\nc,9,3,EUR\n").notes
    )
    assert "currency" not in read(f"{HEAD}a,5000,100,local\nb,6000,200,foreign\n").texts


def test_a_budget_in_another_currency_contradicts_the_column():
    error = roster_error(f"{HEAD}a,5000,100,EUR\n", currency="USD")
    assert "but the campaign uses USD" in error.faults[0].message
