"""Rows without a name that continue the creator above, as merged cells leave them."""

import pytest

from microopt.errors import RosterError
from microopt.readers.roster import read_roster

HEADER = "name,platform,followers,ER,niche,offer,fee"


@pytest.fixture
def read(tmp_path):
    def read_rows(*rows, header=HEADER):
        path = tmp_path / "list.csv"
        path.write_text("\n".join([header, *rows, ""]))
        return read_roster(str(path))

    return read_rows


def names(roster):
    return [roster.text("creator", row) for row in range(len(roster))]


def test_further_offers_take_the_creator_and_the_figures_above(read):
    roster = read("Ann,Instagram,20000,3%,beauty,Reel,300", ",,,,,Story,100", "Ben,TikTok,5000,4%,food,Video,60")
    assert names(roster) == ["Ann", "Ann", "Ben"]
    assert roster.numbers["followers"].tolist() == [20000, 20000, 5000]
    assert roster.numbers["engagement_rate"].tolist() == [0.03, 0.03, 0.04]
    assert [roster.text("niche", row) for row in range(3)] == ["beauty", "beauty", "food"]
    assert roster.notes[0] == "1 row without a name belongs to the creator above: 3"
    assert [(remark.code, remark.rows.tolist()) for remark in roster.remarks] == [("creator-filled", [3])]


def test_another_platform_has_followers_of_its_own(read):
    roster = read("Ann,Instagram,20000,3%,beauty,Reel,300", ",TikTok,9000,5%,,Video,90")
    assert names(roster) == ["Ann", "Ann"]
    assert roster.numbers["followers"].tolist() == [20000, 9000]
    with pytest.raises(RosterError) as caught:
        read("Ann,Instagram,20000,3%,beauty,Reel,300", ",TikTok,,,,Video,90")
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(3, "followers")]


def test_the_followers_of_the_row_above_may_be_repeated(read):
    assert names(read("Ann,,20000,,,Reel,300", ",,20000,,,Story,100")) == ["Ann", "Ann"]


@pytest.mark.parametrize(
    "rows",
    [
        [",,20000,,,Reel,300", "Ann,,20000,,,Reel,300"],  # nobody is above
        ["Ann,,20000,,,Reel,300", ",,9999,,,Story,100"],  # other followers: another person
        ["Ann,,20000,,,Reel,300", "", ",,20000,,,Story,100"],  # a row between is empty
        ["Ann,,20000,,,Reel,300", ",,20000,,,,100"],  # no offer of its own
    ],
)
def test_a_missing_name_stays_a_fault_where_it_is_not_that_of_the_row_above(rows, read):
    with pytest.raises(RosterError) as caught:
        read(*rows)
    assert {fault.code for fault in caught.value.faults} == {"creator-missing"}


def test_several_prices_count_as_offers(read):
    roster = read("Ann,20000,100,", ",,,300", header="name,followers,story price,reel price")
    assert sorted(zip(names(roster), [roster.text("offer", row) for row in range(2)], strict=True)) == [
        ("Ann", "reel"),
        ("Ann", "story"),
    ]


def test_a_total_below_continued_rows_is_still_a_total(read):
    roster = read("Ann,Instagram,20000,3%,beauty,Reel,300", ",,,,,Story,100", "TOTAL,,,,,,400")
    assert names(roster) == ["Ann", "Ann"]
