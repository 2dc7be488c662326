"""Rows that repeat an offer."""

import pytest

from tests.readers.builders import cells, fault_keys, read, roster_error

HEAD = "creator,platform,offer,followers,fee,views,notes\n"


def test_a_row_that_repeats_another_is_dropped_with_a_note():
    roster = read(HEAD + "a,ig,reel,5,1,,x\nb,ig,reel,6,2,,\na,ig,reel,5,1,,x\na,ig,reel,5,1,,x\n")
    assert roster.row.tolist() == [2, 3]
    assert roster.notes == ("2 rows repeat earlier rows and were dropped",)


@pytest.mark.parametrize("again", ["@A,IG,Reel,5,1,,x", "a ,ig ,reel,5,1,, X", "A,ig,reel,5.0,1.00,N/A,x"])
def test_spelling_makes_no_difference(again):
    roster = read(f"{HEAD}a,ig,reel,5,1,,x\n{again}\n")
    assert cells(roster, "creator") == ["a"]


@pytest.mark.parametrize("other", ["b,ig,reel,5,1,,x", "a,tiktok,reel,5,1,,x", "a,ig,story,5,1,,x", "a,,reel,5,1,,x"])
def test_another_creator_platform_or_offer_is_another_row(other):
    assert len(read(f"{HEAD}a,ig,reel,5,1,,x\n{other}\n")) == 2


@pytest.mark.parametrize(
    ("again", "name"),
    [("6,1,,x", "followers"), ("5,2,,x", "fee"), ("5,1,7,x", "views"), ("5,1,,y", "notes")],
)
def test_a_row_that_differs_is_a_fault_that_names_the_column(again, name):
    error = roster_error(f"{HEAD}a,ig,reel,5,1,,x\n@A,ig,reel,{again}\n")
    (fault,) = error.faults
    assert (fault.code, fault.row, fault.column, fault.value) == ("offer-twice", 3, "creator", "@A")
    assert fault.message == f"@A instagram reel is already in row 2, with different {name}"


def test_each_differing_row_is_compared_with_the_first():
    text = "creator,followers,fee\na,5,1\nb,5,1\na,5,2\na,5,1\nb,6,1\n"
    assert fault_keys(text) == [("offer-twice", 4, "creator"), ("offer-twice", 6, "creator")]


def test_skipped_bad_rows_are_not_compared_with_others():
    text = "creator,followers,fee\na,5,x\na,5,1\na,5,1\nb,5,1\n"
    roster = read(text, skip_bad_rows=True)
    assert roster.row.tolist() == [3, 5]
    assert roster.notes == (
        "1 row repeats an earlier row and was dropped",
        "1 row with a problem was left out (--skip-bad-rows): 2",
    )


def test_the_first_of_two_differing_rows_stays_when_bad_rows_are_skipped():
    roster = read("creator,followers,fee\na,5,1\na,5,2\nb,5,1\n", skip_bad_rows=True)
    assert (roster.row.tolist(), roster.fee.tolist()) == ([2, 4], [100, 100])


def test_a_repeated_row_of_several_offers_counts_once():
    text = "creator,followers,Story Price,Reel Price\na,5,1,2\na,5,1,2\n"
    roster = read(text)
    assert roster.row.tolist() == [2, 2]
    assert roster.notes == ("1 row repeats an earlier row and was dropped",)


def test_a_row_that_keeps_one_of_its_prices_is_not_dropped():
    roster = read("creator,followers,story price,reel price\na,5,1,2\na,5,1,\na,5,1,\nb,5,3,\n")
    assert roster.row.tolist() == [2, 2, 5]
    assert roster.notes == ("2 rows repeat earlier rows and were dropped",)
    remaining = read("creator,followers,story price,reel price\na,5,1,\na,5,1,2\n")
    assert remaining.row.tolist() == [2, 3]
    assert not remaining.notes


def test_many_duplicates_are_found_in_one_pass():
    rows = "".join(f"c{number % 500},5,{number % 500}\n" for number in range(20_000))
    roster = read("creator,followers,fee\n" + rows)
    assert roster.row.tolist() == list(range(2, 502))


def test_remarks_under_a_header_of_figures_make_no_difference():
    roster = read("creator,followers,fee,Comments\na,5,1,nice\nb,6,2,slow\na,5,1,very nice\n")
    assert roster.row.tolist() == [2, 3]


def test_links_and_addresses_make_no_difference():
    text = "creator,url,email,followers,fee\na,x.com/a,a@b.de,5,1\na,https://x.com/a?s=1,,5,1\n"
    assert read(text).row.tolist() == [2]


@pytest.mark.parametrize("head", ["rank", "#", "No.", "Nr.", "id", "S.No", "№", "position", "Row"])
def test_running_numbers_make_no_difference(head):
    assert read(f"{head},creator,followers,fee\n1,a,5,1\n2,b,6,1\n3,a,5,1\n").row.tolist() == [2, 3]


def test_a_number_that_runs_down_the_file_is_not_data_whatever_its_header():
    assert read("Listing,creator,followers,fee\n1,a,5,1\n2,b,6,1\n3,a,5,1\n").row.tolist() == [2, 3]
    text = "Age,creator,followers,fee\n21,a,5,1\n30,b,6,1\n22,a,5,1\n"
    assert fault_keys(text) == [("offer-twice", 4, "creator")]


@pytest.mark.parametrize(
    ("head", "cells"), [("Scraped", ["5 May", "6 May"]), ("seen", ["2024-05-01 10:00", "2024-05-02 9:30"])]
)
def test_time_stamps_make_no_difference(head, cells):
    first, second = cells
    assert read(f"{head},creator,followers,fee\n{first},a,5,1\n{second},a,5,1\n").row.tolist() == [2]


def test_niches_of_the_same_offer_are_joined():
    roster = read("creator,niche,followers,fee\na,food,5,1\nb,art,6,1\na,travel,5,1\na,food|home,5,1\n")
    column = roster.texts["niche"]
    assert [column.label_values(int(code)) for code in column.codes] == [("food", "travel", "home"), ("art",)]
    assert roster.notes == ("2 rows list earlier offers under another niche: the niches were joined",)


def test_rows_without_a_name_are_not_compared():
    assert fault_keys("creator,followers,fee\n,5,1\n,6,2\n,5,1\nc,5,1\n") == [
        ("creator-missing", row, "creator") for row in (2, 3, 4)
    ]


def test_what_differs_is_named_the_same_in_every_run():
    text = "creator,followers,fee,zeta,alpha,mid\na,5,1,x,x,x\na,5,1,y,y,y\n"
    assert "with different zeta" in roster_error(text).faults[0].message
