"""One currency for a file: what shared signs mean, and what is said about rates that are missing."""

from fractions import Fraction

import pytest

from tests.readers.builders import fault_keys, read, roster_error

HEAD = "creator,followers,fee\n"
RATES = {"EUR": Fraction("0.9"), "GBP": Fraction("1.2")}


def one_fault(text, **options):
    (fault,) = roster_error(text, **options).faults
    return fault


def notes(text, **options):
    return list(read(text, **options).notes)


@pytest.mark.parametrize(
    ("cell", "currency", "meaning"),
    [
        *[("$5", None, "USD"), ("$5", "CAD", "CAD"), ("$5", "USD", "USD"), ("C$5", "CAD", "CAD")],
        *[
            ("¥5", None, "JPY"),
            ("¥5", "CNY", "CNY"),
            ("5 kr", "DKK", "DKK"),
            ("Rs 5", "PKR", "PKR"),
            ("£5", None, "GBP"),
        ],
    ],
)
def test_a_shared_sign_is_the_campaigns_currency_if_it_can_be(cell, currency, meaning):
    roster = read(f"{HEAD}a,5,{cell}\n", currency=currency)
    assert (roster.currency, roster.fee.tolist()) == (meaning, [500])
    told = [note for note in roster.notes if "is read as" in note]
    assert bool(told) == ((cell, currency) in (("$5", "CAD"), ("¥5", None)))


def test_a_shared_sign_is_what_the_file_says_elsewhere():
    assert read(f"{HEAD}a,5,¥5\nb,5,5 元\n").currency == "CNY"
    assert read("creator,followers,fee (NOK),shipping\na,5,7 kr,1 kr\n").currency == "NOK"


@pytest.mark.parametrize(
    ("head", "currency", "told"),
    [
        ("昵称,粉丝数,报价", None, "¥ is read as CNY (for JPY write the code)"),
        ("暱稱,粉絲數,報價", None, "¥ is read as CNY (for JPY write the code)"),
        ("名前,フォロワー,料金", None, "¥ is read as JPY (for CNY write the code)"),
        ("名前,登録者数,価格", None, "¥ is read as JPY (for CNY write the code)"),
        ("昵称,粉丝数,报价", "JPY", "¥ is read as JPY (for CNY write the code)"),
        ("昵称,粉丝数,报价", "CNY", None),
        ("名前,フォロワー,料金", "JPY", None),
    ],
)
def test_a_yen_sign_is_of_yuan_in_a_chinese_list(head, currency, told):
    roster = read(f"{head}\n@a,20000,¥300\n", currency=currency)
    assert roster.currency == (currency or told.split()[4])
    assert [note for note in roster.notes if "is read as" in note] == ([told] if told else [])


def test_a_yen_sign_is_of_yuan_where_creators_write_chinese():
    assert read(f"{HEAD}时尚小姐姐,20000,¥300\n").currency == "CNY"
    assert read(f"{HEAD}さくら,20000,¥300\n").currency == "JPY"


def test_a_shared_sign_is_the_one_currency_with_a_rate():
    roster = read(f"{HEAD}a,5,10 kr\n", currency="EUR", exchange={"NOK": Fraction("0.1")})
    assert roster.fee.tolist() == [100]


def test_a_dollar_stays_one_where_the_campaign_has_a_rate_for_it():
    roster = read(f"{HEAD}a,5,$10\nb,5,C$10\n", currency="CAD", exchange={"USD": Fraction(2)})
    assert roster.fee.tolist() == [2000, 1000]


def test_a_bare_number_is_in_the_campaigns_currency():
    roster = read(f"{HEAD}a,5,10\n", currency="EUR")
    assert (roster.currency, roster.fee.tolist()) == ("EUR", [1000])


def test_a_sign_that_contradicts_the_campaign_is_one_fault_with_both_ways_out():
    text = "creator,followers,fee,shipping\na,5,$5,$1\nb,6,$6,$2\n"
    fault = one_fault(text, currency="EUR")
    assert (fault.code, fault.row) == ("currency-other", None)
    assert fault.message == "columns fee and shipping are in USD, but the campaign uses EUR"
    assert fault.fix.endswith("\nexchange.USD = 0.00")
    assert 'set currency = "USD"' in fault.fix
    assert fault.fix.startswith('set currency = "USD" in the campaign file, or add')


def test_with_rates_no_message_asks_for_a_table_of_rates_but_names_the_missing_one():
    fault = one_fault(f"{HEAD}a,5,€5\nb,6,$6\nc,7,£7\n", currency="USD", exchange={"EUR": Fraction("1.1")})
    assert (fault.code, fault.column) == ("currency-unknown", "fee")
    assert fault.message == "column fee holds GBP, without an exchange rate"
    assert "under [exchange]" in fault.fix
    assert "GBP = 0.00" in fault.fix
    assert "EUR" not in fault.fix


def test_a_campaign_that_answers_every_currency_has_no_fault():
    roster = read(f"{HEAD}a,5,€5\nb,6,$6\nc,7,£7\nd,8,8\n", currency="USD", exchange=RATES)
    assert roster.fee.tolist() == [450, 600, 840, 800]
    assert roster.currency == "USD"


def test_only_the_currencies_without_a_rate_are_named():
    fault = one_fault(f"{HEAD}a,5,€5\nb,6,$6\nc,7,£7\n", currency="EUR")
    assert fault.message == "column fee holds several currencies (EUR, GBP, USD), but the campaign uses EUR"
    assert fault.fix.startswith(
        "convert rows 3 and 4 to EUR, or add at the top of the campaign file, with what one of each is worth in EUR"
    )


@pytest.mark.parametrize(
    ("home", "fix"), [("USD", "convert row 4 to USD, or add at"), ("EUR", "convert rows 3 and 5 to EUR, or add at")]
)
def test_a_column_of_several_currencies_is_never_said_to_be_in_one(home, fix):
    fault = one_fault(f"{HEAD}a,5,5\nb,6,$6\nc,7,€7\nd,8,$8\n", currency=home)
    assert fault.message == f"column fee holds several currencies (EUR, USD), but the campaign uses {home}"
    assert fault.fix.startswith(fix)


def test_amounts_without_a_sign_are_in_the_campaigns_currency_beside_those_of_another():
    fault = one_fault(f"{HEAD}a,5,5\nb,6,€6\n", currency="USD")
    assert fault.message == "column fee holds several currencies (EUR, USD), but the campaign uses USD"


def test_rows_in_another_currency_are_not_listed_where_they_are_many():
    fault = one_fault(HEAD + "a,5,5\n" + "".join(f"b{n},6,€6\n" for n in range(6)), currency="USD")
    assert fault.fix.startswith("add at the top of the campaign file, with what one EUR")


def test_price_columns_in_two_currencies_are_one_fault():
    text = "creator,followers,Story Price (USD),Reel Price (EUR),Post Price (GBP)\na,5,1,2,3\n"
    assert fault_keys(text) == [("currency-mixed", None, "Story Price (USD)")]
    roster = read(text, currency="USD", exchange=RATES)
    assert roster.fee.tolist() == [100, 180, 360]


def test_rates_that_tell_the_worth_of_the_dollar_are_to_the_currency_without_one():
    roster = read(f"{HEAD}a,5,€5\nb,6,$6\nc,7,7\n", exchange={"USD": Fraction("0.5"), "GBP": Fraction("1.2")})
    assert (roster.currency, roster.fee.tolist()) == ("EUR", [500, 300, 700])
    assert one_fault(f"{HEAD}a,5,€5\n", exchange={"GBP": Fraction("1.2")}).code == "currency-unknown"


def test_the_rates_and_the_currency_of_bare_amounts_are_told_in_one_line():
    rates = {"EUR": Fraction("1.1"), "GBP": Fraction("1.27")}
    roster = read(f"{HEAD}a,5,700\nb,5,€400\nc,5,£650\n", currency="USD", exchange=rates)
    assert list(roster.notes) == ["€1 = $1.10, £1 = $1.27; 1 fee without a sign is taken as USD"]
    told = {remark.text: remark.rows.tolist() for remark in roster.remarks}
    assert told == {"fee is converted from EUR": [3], "fee is converted from £": [4]}


def test_amounts_that_are_converted_as_their_header_says_are_told():
    roster = read("creator,followers,fee (SEK)\na,5,700\n", currency="EUR", exchange={"SEK": Fraction("0.0912")})
    assert list(roster.notes) == ["1 SEK = €0.0912"]
    assert [(remark.code, remark.rows.tolist()) for remark in roster.remarks] == [("currency-converted", [2])]


@pytest.mark.parametrize(("sign", "code"), [("€", "EUR"), ("C$", "CAD"), ("A$", "AUD")])
def test_fees_without_a_sign_beside_one_of_a_currency_are_told(sign, code):
    roster = read(f"{HEAD}a,5,700\nb,5,300\nc,5,{sign}400\n")
    assert roster.currency == code
    assert f"2 fees without a sign are taken as {code}" in roster.notes


@pytest.mark.parametrize("options", [{"currency": "EUR"}, {}])
def test_bare_fees_in_the_expected_currency_are_not_told(options):
    sign = "€" if options else "$"
    assert not read(f"{HEAD}a,5,700\nb,5,{sign}400\n", **options).notes


def test_a_list_in_another_language_without_a_currency_is_told_to_be_in_dollars():
    told = "no currency is given: amounts are taken as USD; a budget such as '9000 €' changes that"
    german = "Creator,Abonnenten,Honorar\na,9000,700\n"
    assert told in notes(german)
    assert told not in notes(german, currency="EUR")
    assert told not in notes(german.replace("700", "€700"))
    assert told not in notes(f"{HEAD}a,9000,700\n")
