"""A column that is missing: the message offers the lines of a campaign file."""

import shlex
import tomllib

import pytest

from microopt.rendering.terminal.diagnosis_and_errors import error_text
from microopt.rendering.terminal.screen import Screen
from tests.readers.builders import read, roster_error


def error_of(text, name, **options):
    """Return the error of a roster and the fix of its missing column."""
    error = roster_error(text, **options)
    (fault,) = [fault for fault in error.faults if fault.column == name]
    assert fault.code == "column-missing"
    return error, fault.fix


def offered(error):
    """Return the `[columns]` that an error offers, parsed as TOML."""
    return tomllib.loads(error.fix[error.fix.index("[columns]") :])["columns"]


@pytest.mark.parametrize(
    ("text", "name", "header"),
    [
        ("handle,followers,What they want\n@ann,20000,300\n@ben,30000,200\n", "fee", "What they want"),
        ("handle,people,fee\n@ann,20000,300\n@ben,30000,200\n", "followers", "people"),
        ("who,followers,fee\nann,20000,300\nben,30000,200\n", "creator", "who"),
        ('wh"o,followers,fee\nann,20000,300\nben,30000,200\n', "creator", 'wh"o'),
    ],
)
def test_the_one_header_that_can_be_it_is_filled_in(text, name, header):
    error, fix = error_of(text, name)
    columns = offered(error)
    assert columns == {header: name}
    assert shlex.split(fix[fix.index("--map") :].partition(", or")[0]) == ["--map", f"{header}={name}"]
    assert len(read(text, columns=columns)) == 2


def test_the_flag_and_the_lines_read_the_file():
    text = "Timestamp,Creator,How many followers?,Your rate per video\n1 May,@ann,20000,300\n2 May,@ben,30000,200\n"
    columns = offered(roster_error(text))
    assert columns == {"How many followers?": "followers", "Your rate per video": "fee"}
    assert read(text, columns=columns).fee.tolist() == [30000, 20000]


def test_all_missing_columns_are_filled_in_at_once():
    columns = offered(roster_error("who,people,asks\nann,20000,300\nben,30000,200\n"))
    assert columns == {"who": "creator", "people": "followers", "asks": "fee"}


@pytest.mark.parametrize(
    ("low", "high"), [("from", "to"), ("Min", "Max"), ("ab", "bis"), ("Figure low", "Figure high")]
)
def test_of_a_range_the_high_end_is_suggested_and_both_are_read(low, high):
    text = f"creator,followers,{low},{high}\nann,20000,300,500\nben,30000,200,250\n"
    columns = offered(roster_error(text))
    assert columns == {high: "fee"}
    for named in (columns, {low: "fee"}):
        roster = read(text, columns=named)
        assert (roster.fee.tolist(), roster.numbers["fee_low"].tolist()) == ([50000, 25000], [300, 200])
        assert roster.notes == ("some fees are not plain amounts: 2 ranges (the upper end is used, see --quotes)",)
    assert read(text, columns={low: "fee"}, quotes="low").fee.tolist() == [30000, 20000]


@pytest.mark.parametrize("other", ["Days", "Notes to", "Followers to"])
def test_a_low_end_without_a_high_end_is_the_fee_and_that_is_told(other):
    roster = read(f"creator,followers,from,{other}\nann,20000,300,x\nben,30000,200,y\n", columns={"from": "fee"})
    assert roster.fee.tolist() == [30000, 20000]
    assert "from holds only the low end of a range: final fees may be higher" in roster.notes


def test_a_high_end_that_is_set_aside_leaves_the_low_end():
    text = "creator,followers,from,to\nann,20000,300,500\nben,30000,200,250\n"
    roster = read(text, columns={"from": "fee", "to": "ignore"})
    assert (roster.fee.tolist(), "fee_low" in roster.numbers) == ([30000, 20000], False)
    assert "from holds only the low end of a range: final fees may be higher" in roster.notes


def test_nothing_is_suggested_where_no_cells_can_be_it():
    error, fix = error_of("handle,followers,feed\n@ann,20000,nice\n@ben,30000,fun\n", "fee")
    assert offered(error) == {"Your header of the fee": "fee"}
    assert "feed" not in fix


def test_two_that_can_be_it_are_both_named_and_neither_is_filled_in():
    error, fix = error_of("handle,on a,on b,fee\n@ann,20000,1000,300\n@ben,30000,2000,200\n", "followers")
    assert offered(error) == {"Your header of the followers": "followers"}
    assert fix == "is it 'on a' or 'on b'? Then add --map 'on a=followers'"
    _, fix = error_of("handle,followers,x1,x2,x3,x4\n@ann,20000,1,2,3,4\n@ben,30000,5,6,7,8\n", "fee")
    assert fix.startswith("add a column 'fee'")


def test_a_header_with_an_apostrophe_is_quoted_so_that_it_can_be_pasted():
    _, fix = error_of("Creator's people,handle,fee\n20000,@ann,300\n30000,@ben,200\n", "followers")
    assert fix.endswith('--map "Creator\'s people=followers"')
    assert shlex.split(fix[fix.index("--map") :]) == ["--map", "Creator's people=followers"]


def test_a_fee_may_also_be_estimated():
    _, fix = error_of("handle,followers\n@ann,20000\n", "fee")
    assert "--estimate-fees" in fix
    assert len(read("handle,followers\n@ann,20000\n", fees_required=False)) == 1
    assert "exchange" not in fix


def test_a_fee_in_another_currency_is_estimated_with_a_rate_for_the_dollar():
    _, fix = error_of("handle,followers\n@ann,20000\n", "fee", currency="EUR")
    line = fix.partition("put ")[2].partition(" at the top of campaign.toml")[0]
    assert tomllib.loads(line) == {"exchange": {"USD": 0.0}}
    assert "industry fees are in USD" in fix
    assert "with what one USD is worth in EUR instead of 0.00" in fix
    assert "-c campaign.toml" in fix


def test_the_lines_are_shown_as_they_can_be_pasted():
    error = roster_error("who,people,asks\nann,20000,300\nben,30000,200\n")
    shown = error_text(error, Screen(width=60))
    assert '\n[columns]\n"who" = "creator"\n"people" = "followers"\n"asks" = "fee"\n' in shown
