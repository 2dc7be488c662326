"""How creators are paid."""

import pytest

from microopt.roster.pay_types import PAY_TYPE_NAMES, UNKNOWN_PAY, PayType, parse_pay_types
from tests.readers.builders import fault_keys, read, roster_error
from tests.solver.builders import text_column

HEAD = "creator,followers,fee,pay,product\n"


def test_every_name_is_its_type_in_any_spelling():
    for pay, names in PAY_TYPE_NAMES.items():
        for name in names:
            assert (
                parse_pay_types(text_column([name, name.upper(), f" {name.replace(' ', '-')} "])).tolist() == [pay] * 3
            )


def test_an_empty_cell_is_unnamed_and_another_word_unknown():
    assert parse_pay_types(text_column(["", "tomorrow"])).tolist() == [PayType.UNSPECIFIED, UNKNOWN_PAY]


def test_a_roster_tells_an_unknown_word_with_its_place():
    assert fault_keys(HEAD + "a,5,1,flat,\nb,5,1,tomorrow,\n") == [("pay-unknown", 3, "pay")]


@pytest.mark.parametrize("pay", ["gifted", "affiliate"])
def test_gifted_and_affiliate_offers_need_no_fee(pay):
    assert read(f"{HEAD}a,5,,{pay},30\nb,5,7,{pay},\n").fee.tolist() == [0, 700]


@pytest.mark.parametrize("pay", ["flat", "flat plus commission", ""])
def test_others_do(pay):
    assert fault_keys(f"{HEAD}a,5,,{pay},30\n") == [("fee-missing", 2, "fee")]


def test_a_roster_of_gifts_needs_no_fee_column_and_prices_may_be_empty():
    assert read("creator,followers,pay\na,5,gifted\nb,5,affiliate\n").fee.tolist() == [0, 0]
    assert fault_keys("creator,followers,pay\na,5,gifted\nb,5,flat\n") == [("column-missing", None, "fee")]
    priced = read("creator,followers,pay,story price,reel price\na,5,gifted,,\nb,5,,3,4\n")
    assert priced.fee.tolist() == [0, 300, 400]


@pytest.mark.parametrize(
    ("word", "code"), [("yes", None), ("No", None), ("", None), ("Yes (daughter)", "flag-unknown")]
)
def test_a_flag_is_yes_or_no(word, code):
    text = f'creator,followers,fee,features_minor\na,5,1,"{word}"\n'
    assert (fault_keys(text)[0][0] if code else read(text).texts["features_minor"][0]) == (code or word)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("views", "2e12"),
        ("deliverables", "1001"),
        ("usage", "1100%"),
        ("sponsored_ratio", "83"),
        ("product", "2e9"),
        ("action_rate", "120%"),
    ],
)
def test_what_is_beyond_reason_is_a_fault_with_its_place(column, cell):
    assert fault_keys(f"creator,followers,fee,{column}\na,5,1,{cell}\n") == [("number-range", 2, column)]


def test_an_unreadable_fee_is_a_fault_whoever_is_paid_how():
    assert roster_error(f"{HEAD}a,5,soon,gifted,30\n").faults[0].code == "number-unreadable"


def test_more_conversions_than_clicks_are_a_fault_with_their_place():
    result = fault_keys("creator,followers,fee,clicks,conversions\na,5,1,10,3\nb,5,1,10,11\nc,5,1,,4\n")
    assert result == [("conversions-range", 3, "conversions")]
