"""Headers of several rows: groups above, headings or units below."""

import pytest

from microopt.readers.formats.header_rows import find_header
from microopt.readers.words.vocabulary import ROSTER


def header(*rows):
    cells = [line.split(",") for line in rows]
    found = find_header(cells, ROSTER)
    return found.headers, found.first + 1, found.last + 1


def test_a_header_of_one_row_stays_as_it_is():
    assert header("creator,followers,fee", "ann,20000,300") == (["creator", "followers", "fee"], 1, 1)


@pytest.mark.parametrize("first", ["ann,tiktok,beauty", "Ann,,", "@total,,", ",,"])
def test_a_first_creator_is_not_part_of_the_header(first):
    assert header("creator,platform,niche", first, "ben,tiktok,food")[2] == 1


def test_a_platform_over_its_figures_is_joined_to_them():
    headers, first, last = header(
        ",Instagram,,,TikTok,,", "Creator,Followers,ER,Price,Followers,ER,Price", "ann,1,2,3,4,5,6"
    )
    assert headers[:4] == ["Creator", "Instagram Followers", "Instagram ER", "Instagram Price"]
    assert headers[4:] == ["TikTok Followers", "TikTok ER", "TikTok Price"]
    assert (first, last) == (1, 2)


def test_cells_merged_over_both_rows_keep_their_text():
    headers, *_ = header("Creator,Instagram,,,Niche", ",Followers,ER,Price,", "ann,1,2,3,beauty")
    assert headers == ["Creator", "Instagram Followers", "Instagram ER", "Instagram Price", "Niche"]


def test_a_group_of_mostly_known_headings_above_does_not_hide_those_below():
    headers, *_ = header("Creator,Niche,Country,Email,Instagram,,", ",,,,Followers,ER,Price", "ann,beauty,US,a,1,2,3")
    assert headers[:4] == ["Creator", "Niche", "Country", "Email"]
    assert headers[4:] == ["Instagram Followers", "Instagram ER", "Instagram Price"]


def test_a_group_that_is_needed_by_no_heading_is_left_out():
    headers, *_ = header("Contact,,Figures,", "Creator,Email,Followers,Fee", "ann,a,1,2")
    assert headers == ["Creator", "Email", "Followers", "Fee"]


def test_equal_headings_are_told_apart_by_their_groups():
    headers, *_ = header("Name,Story,,Reel,", ",Price,Views,Price,Views", "ann,1,2,3,4")
    assert headers == ["Name", "Story Price", "Story Views", "Reel Price", "Reel Views"]


@pytest.mark.parametrize(
    ("group", "low", "high", "headers"),
    [
        ("Price", "from", "to", ["Price from", "Price to"]),
        ("Price Reel", "min", "max", ["Price Reel min", "Price Reel max"]),
        ("Preise", "Reel ab", "Reel bis", ["Preise Reel ab", "Preise Reel bis"]),
        ("Reel", "desde", "hasta", ["Reel desde", "Reel hasta"]),
        ("Costs", "Price from", "Price to", ["Price from", "Price to"]),
    ],
)
def test_a_group_over_the_ends_of_a_range_is_joined_to_them(group, low, high, headers):
    assert header(f",,{group},,", f"Creator,Followers,{low},{high},Niche", "ann,1,2,3,food")[0][2:4] == headers
    if low != "Price from":
        for groups in (f"Creator,Followers,{group},,Niche", f"Creator,Followers,{group},{group},Niche"):
            joined, first, last = header(groups, f",,{low},{high},", "ann,1,2,3,food")
            assert (joined, first, last) == (["Creator", "Followers", *headers, "Niche"], 1, 2)


def test_the_ends_of_ranges_under_several_groups_are_told_apart():
    joined, *_ = header("Creator,Followers,Reel,,,Story,", ",,min,avg,max,from,to", "ann,1,2,3,4,5,6")
    assert joined[2:] == ["Reel min", "avg", "Reel max", "Story from", "Story to"]


@pytest.mark.parametrize("group", ["Prices", "Prices (EUR)"])
def test_offers_between_a_group_of_prices_and_the_ends_of_its_ranges_are_joined_to_them(group):
    named = [f"{group} {end}" for end in ("Reel from", "Reel to", "Story from", "Story to")]
    expected = (["Creator", "Followers", *named, "Niche"], 1, 3)
    ends, first = "from,to,from,to", "ann,20000,300,400,100,150,food"
    assert header(f"Creator,Followers,{group},,,,Niche", ",,Reel,,Story,,", f",,{ends},", first) == expected
    assert header(f",,{group},,,,", ",,Reel,,Story,,", f"Creator,Followers,{ends},Niche", first) == expected
    filled = (
        f"Creator,Followers,{group},{group},{group},{group},Niche",
        "Creator,Followers,Reel,Reel,Story,Story,Niche",
    )
    assert header(*filled, f"Creator,Followers,{ends},Niche", first) == expected


def test_a_platform_over_offers_over_their_figures_is_joined_to_them():
    rows = (",,Instagram,,,,TikTok,", ",,Reel,,Story,,Video,")
    figures = "Creator,Followers,Price,Views,Price,Views,Price,Views"
    headers, first, last = header(*rows, figures, "ann,1,2,3,4,5,6,7")
    assert headers[2:5] == ["Instagram Reel Price", "Instagram Reel Views", "Instagram Story Price"]
    assert (headers[6], first, last) == ("TikTok Video Price", 1, 3)
    ends = header("Creator,Followers,Instagram,,TikTok,", ",,Reel,,Video,", ",,from,to,from,to", "ann,1,2,3,4,5")
    assert ends[0][2:] == ["Instagram Reel from", "Instagram Reel to", "TikTok Video from", "TikTok Video to"]


@pytest.mark.parametrize("first", ["ann,,Reel,,Story,", ",,3 Reels,,Story,", ",2,Reel,,Story,"])
def test_a_creator_above_the_ends_of_ranges_is_not_part_of_the_header(first):
    assert header("Creator,Followers,Prices,,,", first, ",,from,to,from,to", "ann,1,2,3,4,5")[2] == 1


def test_a_title_above_groups_is_not_part_of_the_header():
    for title in ("Instagram creators,,,,,", "Spring,,,,,", ",,Spring list,,,"):
        assert header(title, ",,Reel,,Story,", "Creator,Followers,Price,Views,Price,Views", "ann,1,2,3,4,5")[1] == 2


def test_text_columns_after_a_platform_are_not_of_the_platform():
    headers, *_ = header(",Instagram,,,", "Creator,Followers,Price,Niche,City", "ann,1,2,beauty,Rome")
    assert headers[3:] == ["Niche", "City"]


@pytest.mark.parametrize("cost", ["Usage rights", "Seeding cost", "Agency fee", "Shipping", "Commission"])
def test_costs_after_a_platform_are_not_of_the_platform(cost):
    headers, *_ = header(",Instagram,,TikTok,,", f"Creator,Followers,Price,Followers,Price,{cost}", "ann,1,2,3,4,5")
    assert headers[3:] == ["TikTok Followers", "TikTok Price", cost]


def test_costs_of_each_platform_are_told_apart_by_it():
    headers, *_ = header(",Instagram,,TikTok,", "Creator,Price,Usage rights,Price,Usage rights", "ann,1,2,3,4")
    assert headers[2::2] == ["Instagram Usage rights", "TikTok Usage rights"]


@pytest.mark.parametrize("title", ["Spring list,,,", "Campaign X,ACME,2026,v2", "Instagram creators,,,"])
def test_a_title_above_the_header_is_not_part_of_it(title):
    assert header(title, "Creator,Followers,Fee,Niche", "ann,1,2,food") == (
        ["Creator", "Followers", "Fee", "Niche"],
        2,
        2,
    )


@pytest.mark.parametrize("units", [",(K),(USD),%", "(handle),(K),(USD),(%)", "text,in k,USD,%"])
def test_units_below_the_header_are_joined_to_it(units):
    headers, _, last = header("Creator,Followers,Fee,ER", units, "ann,20,300,3")
    assert headers[2:] == ["Fee (USD)", "ER (%)"]
    assert headers[0] == "Creator"
    assert headers[1].startswith("Followers (")
    assert last == 2


def test_the_same_headings_in_a_second_language_are_no_creator():
    headers, first, last = header("Name,Abonnenten,Preis", "creator,followers,fee", "ann,1,2")
    assert (headers, first, last) == (["Name", "Abonnenten", "Preis"], 1, 2)


def test_a_heading_that_is_known_stands_for_one_that_is_not():
    headers, *_ = header("Wer,Followers,Fee,ER", "Creator,Abonnenten,Preis,x", "ann,1,2,3")
    assert headers == ["Creator", "Followers", "Fee", "ER"]


def test_groups_headings_and_units_are_one_header():
    headers, first, last = header(
        ",Instagram,,TikTok,", "Creator,Followers,Fee,Followers,Fee", ",#,(EUR),#,(EUR)", "ann,1,2,3,4"
    )
    assert headers == [
        "Creator",
        "Instagram Followers",
        "Instagram Fee (EUR)",
        "TikTok Followers",
        "TikTok Fee (EUR)",
    ]
    assert (first, last) == (1, 3)


def test_headings_that_name_their_platform_need_no_group():
    headers, *_ = header(",Instagram,,TikTok,", "Creator,IG Followers,ER,TikTok Followers,ER", "ann,1,2,3,4")
    assert headers == ["Creator", "IG Followers", "Instagram ER", "TikTok Followers", "TikTok ER"]


def test_a_platform_among_other_words_is_the_group():
    headers, *_ = header(",Instagram stats,,TikTok stats,", "Creator,Followers,ER,Followers,ER", "ann,1,2,3,4")
    assert headers == ["Creator", "Instagram Followers", "Instagram ER", "Tiktok Followers", "Tiktok ER"]


@pytest.mark.parametrize("second", ["ER", "ER,", "ER,,,,,,"])
@pytest.mark.parametrize("third", ["(handle)", "(handle),(number),(EUR),%", "from,to,from,to,from,to,from"])
def test_rows_below_a_header_may_be_shorter_and_longer_than_it(second, third):
    headers, first, last = header("Creator,Followers,Fee,,note", second, third, "ann,20000,300,3.1,x")
    assert headers[:3] == ["Creator", "Followers", "Fee"]
    assert (first, last) == (1, 1)
