"""Headers met in the wild, and the columns that they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.readers.columns.mapping import assign_headers
from microopt.readers.vocabulary import ALIASES, ROSTER, ColumnKind, alias_key

WILD = {
    "creator": "userId, fullname, username, influencer_id, profile_name, handle, name, id, uid, instagram, tiktok, "
    "youtube, pinterest, channel_info, Account, Creator Name, Full Name, Instagram Handle, instagram name, "
    "influencer name",
    "url": "url, media_url, Link",
    "platform": "platform, Network",
    "email": "email, e-mail, E-Mail",
    "followers": "followers, follower_count, Follower Count, Subscribers count, Followers",
    "fee": "cost, cost_per_post, price, Fee, FEE, fee_usd",
    "region": "country, location, region, Country, market",
    "city": "city",
    "niche": "category, niche, Primary Niche, Category_1, Niche",
    "language": "language",
    "engagements": "engagements, Engagement avg",
    "authentic_engagements": "Authentic engagement, authentic engagement\r\n",
    "engagement_rate": "engagementRate, engagement_rate, eng_rate, 60_day_eng_rate, 60d_eng_rate, Engagement Rate, ER",
    "likes": "avgLikes, avg_likes, Likes avg",
    "comments": "avgComments, Comments avg.",
    "shares": "avgShares",
    "views": "avgViews, avg_views, avgReelsPlays, Views avg., Views\navg.",
    "posts": "postsCount, posts",
    "sponsored_ratio": "paidPostPerformance",
    "credibility": "audience.credibility",
    "conversions": "Conversions",
    "style": "content_style",
    "audience_age": "age_bracket, ageGroup",
    "audience_gender": "gender",
    "audience_country": "Audience country(mostly), Audience Country, audience_country",
}
WILD_PAIRS = [(header, column) for column, listed in WILD.items() for header in listed.split(", ")]


@pytest.mark.parametrize(("header", "column"), WILD_PAIRS)
def test_a_header_met_in_the_wild_names_its_column(header, column):
    assert ROSTER.find_column(header)[0] == column


@pytest.mark.parametrize(
    "header", ["isVerified", "first_name", "state", "postalcode", "Budget", "Spend", "IMV", "risk", "", " "]
)
def test_any_other_header_names_none(header):
    assert ROSTER.find_column(header) is None


@pytest.mark.parametrize("name", ROSTER.kinds)
def test_a_column_is_found_by_its_own_name_in_any_spelling(name):
    spaced = name.replace("_", " ")
    for spelled in (name, name.upper(), spaced.title(), f"\ufeff {spaced}", name.replace("_", "-"), f'"{spaced}"\n'):
        assert ROSTER.find_column(spelled) == (name, 0)


def test_no_spelling_names_two_columns():
    keys = [alias_key(alias) for name, listed in ALIASES.items() for alias in [name, *listed.split(",")]]
    assert sorted(set(keys)) == sorted(keys)


def test_a_percent_sign_is_a_word():
    assert ROSTER.find_column("Engagement %")[0] == "engagement_rate"
    assert ROSTER.find_column("Engagement") is None


def test_user_columns_win_and_unknown_ones_are_ignored():
    taught = ROSTER.with_user_columns({"Handle": "url", "X": "Engagement Rate", "Y": "nonsense"})
    assert (taught.find_column("HANDLE"), taught.find_column("x")) == (("url", -1), ("engagement_rate", -1))
    assert (taught.find_column("Y"), ROSTER.find_column("Handle")[0]) == (None, "creator")


@pytest.mark.parametrize(
    ("header", "numbers"),
    [
        ("followers", True),
        ("creator", False),
        ("Story Price", True),
        ("Growth Rate", False),
        ("notes", False),
        ("ER", True),
    ],
)
def test_which_headers_should_hold_numbers(header, numbers):
    assert ROSTER.holds_numbers(header) is numbers


def test_prices_of_formats_are_money():
    assert ROSTER.get_kind("fee:0") is ColumnKind.MONEY


def columns(*headers, given=None, numeric=None):
    return dict(assign_headers(headers, given or {}, numeric or [False] * len(headers)).columns)


def test_the_preferred_header_wins_and_the_other_is_an_extra_column():
    assert columns("id", "Full Name", "username", "followers") == {"creator": 2, "followers": 3}


def test_between_two_equal_headers_clean_numbers_win():
    assignment = assign_headers(["followers", "Followers"], {}, [False, True])
    assert (dict(assignment.columns), assignment.ties) == ({"followers": 1}, ())


def test_two_equal_headers_tie():
    assignment = assign_headers(["views", "likes", "Views"], {}, [True] * 3)
    assert assignment.ties == (("views", 0, 2),)
    assert assignment.columns["views"] == 0


def test_ties_below_the_winner_do_not_matter():
    assert assign_headers(["Fans", "Followers", "fans"], {}, [True] * 3).ties == ()


def test_further_niches_are_found():
    assignment = assign_headers(["Category_1", "Category_2", "niche 3", "Category_22"], {}, [False] * 4)
    assert (assignment.columns["niche"], assignment.more_niches) == (0, (1, 2))


def test_user_columns_without_a_header_or_a_column_are_unknown():
    assert assign_headers(["A", "B"], {"a": "fee", "C": "fee", "B": "nonsense"}, [True] * 2).unknown == ("C", "B")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["creator", "followers", "Asking price"], {"fee": 2}),
        (["creator", "followers", "fee", "Growth Rate"], {"fee": 2}),
        (["creator", "followers", "Story Price", "Reel Price"], {"fee:0": 2, "fee:1": 3}),
        (["creator", "Story Price", "fee"], {"fee:0": 1, "fee:1": 2}),
        (["creator", "Story Price", "fee", "offer"], {"fee": 2}),
        (["creator", "fee", "market price"], {"fee": 1}),
        (["creator", "followers", "Growth Rate"], {}),
        (["creator", "shipping cost", "product cost"], {}),
    ],
)
def test_price_columns_become_the_fee_or_offers(headers, expected):
    assert {name: place for name, place in columns(*headers).items() if name.startswith("fee")} == expected


def test_a_fee_named_by_the_user_makes_no_offers():
    assert columns("Net", "Story Price", "Reel Price", given={"Net": "fee"}) == {"fee": 0}


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([["creator", "fee"], ["a", "5"]], (0, 2)),
        ([["Spring list"], [], ["creator", "fee", "followers"]], (2, 3)),
        ([["", " "], ["x", "y"], ["a", "5"]], (1, 0)),
        ([["name", "price"], ["handle", "fee"]], (0, 2)),
        ([["Creators"], ["creator", "followers"]], (1, 2)),
        ([[], [""]], None),
        ([], None),
    ],
)
def test_the_header_is_the_first_row_that_names_clearly_more_columns(rows, header):
    assert ROSTER.find_header_row(rows) == header


@given(st.lists(st.text(max_size=15), max_size=8))
def test_any_headers_can_be_assigned(headers):
    assignment = assign_headers(headers, {}, [False] * len(headers))
    positions = [*assignment.columns.values()]
    assert len(set(positions)) == len(positions)
    assert ROSTER.count_known(headers) <= len(headers)
