"""Rows with problems that are left out on request: named, with the creator and the reason."""

from fractions import Fraction

import pytest

from microopt.errors import RosterError
from tests.readers.builders import read

HEAD = "creator,followers,fee\n"


def account(roster):
    return [(note.code, note.rows.tolist(), note.text) for note in roster.left_out]


def test_each_row_left_out_has_its_creator_and_its_problems():
    roster = read(HEAD + "@a,5000,300\n@b,lots,-5\n@c,7000,200\n,8000,100\n@d,900,9\n", skip_bad_rows=True)
    assert roster.row.tolist() == [2, 4, 6]
    assert roster.notes == ("2 rows with problems were left out (--skip-bad-rows): 3, 5",)
    (_, rows, text), nameless = account(roster)
    assert rows == [3]
    assert text.startswith("@b: ")
    assert "followers: 'lots' is not a number" in text
    assert "fee: '-5'" in text
    assert nameless == ("creator-missing", [5], "creator: the creator's name is missing")


def test_a_single_row_is_named_in_the_singular():
    roster = read(HEAD + "@a,5000,300\n@b,lots,5\n", skip_bad_rows=True)
    assert roster.notes == ("1 row with a problem was left out (--skip-bad-rows): 3",)


def test_ten_rows_are_named_in_one_line_and_the_others_counted():
    rows = "".join(f"@x{n},{'lots' if n < 13 else n},5\n" for n in range(40))
    roster = read(f"{HEAD}@a,5000,300\n{rows}", skip_bad_rows=True)
    (note,) = roster.notes
    assert note.endswith("3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 3 more")
    assert [row for _, rows, _ in account(roster) for row in rows] == list(range(3, 16))


def test_rows_beyond_the_problems_held_are_accounted_for_too(monkeypatch):
    monkeypatch.setattr("microopt.readers.fault_log.MAX_ROW_FAULTS", 2)
    rows = "".join(f"@x{n},{'lots' if n < 5 else n},5\n" for n in range(20))
    roster = read(f"{HEAD}@a,5000,300\n{rows}", skip_bad_rows=True)
    assert account(roster)[-1] == ("rows-skipped", [5, 6, 7], "there is a problem")


def test_a_file_with_no_good_row_is_refused():
    with pytest.raises(RosterError, match="every row has a problem") as caught:
        read(HEAD + "@a,lots,300\n", skip_bad_rows=True)
    assert "microopt check" in caught.value.fix


def test_problems_of_the_file_are_told_without_the_rows_that_are_skipped():
    text = HEAD.replace("\n", ",likes\n") + "@a,lots,$300,5\n@b,5000,€300,5\n@c,5000,,5\n"
    with pytest.raises(RosterError) as caught:
        read(text, skip_bad_rows=True, currency="USD")
    assert [fault.row for fault in caught.value.faults] == [None]
    with pytest.raises(RosterError) as caught:
        read(text, currency="USD")
    assert [fault.row for fault in caught.value.faults] == [None, 2, 4]


@pytest.mark.parametrize(
    ("options", "fix"),
    [
        ({}, "estimate it with --estimate-fees, or leave it out with --skip-bad-rows"),
        ({"skip_bad_rows": True}, "or estimate it with --estimate-fees"),
        (
            {"skip_bad_rows": True, "currency": "EUR"},
            "or estimate it with --estimate-fees (industry fees are in USD, so first put exchange.USD = 0.00 at the "
            "top of campaign.toml, with what one USD is worth in EUR instead of 0.00, and add -c campaign.toml)",
        ),
        (
            {"skip_bad_rows": True, "currency": "EUR", "exchange": {"USD": Fraction("0.92")}},
            "or estimate it with --estimate-fees",
        ),
    ],
)
def test_a_missing_fee_is_not_answered_with_what_was_given_or_is_not_possible(options, fix):
    with pytest.raises(RosterError) as caught:
        read(HEAD + "@a,5000,\n", **options)
    assert caught.value.faults[0].fix == f"fill it in (0 for a gifted post), {fix}"


@pytest.mark.parametrize(("priced", "needs_dollars"), [(14, True), (15, False)])
def test_with_fifteen_prices_of_its_own_a_list_needs_no_dollars_to_estimate_the_others(priced, needs_dollars):
    rows = "".join(f"@x{number},5000,{200 + number}\n" for number in range(priced))
    with pytest.raises(RosterError) as caught:
        read(f"{HEAD}@a,5000,\n{rows}", currency="EUR")
    assert ("industry fees are in USD" in caught.value.faults[0].fix) == needs_dollars


@pytest.mark.parametrize(
    ("rows", "message", "fix"),
    [
        ("@a,lots,3\n", "1 problem found", "correct this and try again, or leave the row out with --skip-bad-rows"),
        ("@a,lots,x\n", "2 problems found", "correct these rows and try again, or leave them out with --skip-bad-rows"),
    ],
)
def test_problems_are_counted_with_what_to_do(rows, message, fix):
    with pytest.raises(RosterError) as caught:
        read(HEAD + rows)
    assert caught.value.message.endswith(f": {message}")
    assert caught.value.fix == fix
