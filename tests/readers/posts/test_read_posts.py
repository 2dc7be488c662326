"""A file of past posts: whose they are, what they say, and each way in which it can be wrong."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from microopt.errors import RosterError
from microopt.forecast.posts.table import ORGANIC, PAID
from microopt.readers.options import ReadOptions
from microopt.readers.posts import read_posts
from microopt.readers.posts.read_posts import add_posts, open_posts
from microopt.readers.roster import read_roster

ROSTER = "creator,platform,offer,followers,fee\n@anna,instagram,reel,10000,100\n@ben,tiktok,video,20000,200\n"
TODAY = date(2026, 11, 30)


def read(posts, roster=ROSTER, **options):
    """Return a roster with posts, both given as text."""
    with TemporaryDirectory() as folder:
        Path(folder, "roster.csv").write_text(roster, encoding="utf-8")
        Path(folder, "posts.csv").write_text(posts, encoding="utf-8")
        chosen = ReadOptions(**options)
        context = open_posts(str(Path(folder, "posts.csv")), chosen)
        return add_posts(read_roster(str(Path(folder, "roster.csv")), chosen), context, {}, TODAY)


def faults(posts, **options):
    with pytest.raises(RosterError) as caught:
        read(posts, **options)
    return caught.value.faults


def keys(posts, **options):
    return [(fault.code, fault.row, fault.column) for fault in faults(posts, **options)]


def notes(posts, roster=ROSTER, **options):
    found = read(posts, roster, **options)
    return "\n".join((*found.notes, *found.warnings))


def warnings(posts, roster=ROSTER, **options):
    return "\n".join(read(posts, roster, **options).warnings)


def counted(monkeypatch, posts, roster=ROSTER, **options):
    """Return the posts that are summarized."""
    seen = []
    summarize = read_posts.summarize_posts
    monkeypatch.setattr(
        read_posts, "summarize_posts", lambda table, *others: seen.append(table) or summarize(table, *others)
    )
    read(posts, roster, **options)
    return seen[0]


def test_posts_are_counted_for_the_creator_whatever_the_spelling():
    roster = read("Username,Date,Likes\n@Anna,2026-10-01,300\nanna,2026-10-05,200\n,2026-10-05,1\n@ben,2026-10-02,9\n")
    assert roster.posts.posts.tolist() == [2, 1]
    assert "3 posts of 2 of 2 creators, 2026-10-01 to 2026-10-05" in roster.notes[0]
    assert "1 row without a creator is not used" in roster.notes[1]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Posted At", "date"),
        ("Upload date", "date"),
        ("taken_at", "date"),
        ("When", "date"),
        ("Like Count", "likes"),
        ("Video views", "impressions"),
        ("Plays", "impressions"),
        ("is_sponsored", "paid"),
        ("Paid Partnership", "paid"),
        ("Paid/Organic", "paid"),
        ("Media Type", "format"),
        ("Bookmarks", "saves"),
        ("Permalink", "post"),
        ("Link clicks", "clicks"),
        ("Orders", "conversions"),
        ("Kommentare", "comments"),
    ],
)
def test_headers_are_known_as_tools_export_them(header, column):
    from microopt.readers.words.post_headers import post_vocabulary

    assert post_vocabulary().find_column(header)[0] == column


def test_engagements_are_likes_comments_and_shares_where_none_are_stated(monkeypatch):
    text = (
        "creator,date,likes,comments,shares,saves,engagements\n@anna,2026-10-01,3,4,5,100,\n@anna,2026-10-02,1,,,,50\n"
    )
    assert counted(monkeypatch, text).engagements.tolist() == [12, 50]
    assert "saves are not counted as engagements" in notes(text)


def test_a_post_without_figures_counts_for_none_of_them():
    roster = read("creator,date,likes,views\n@anna,2026-10-01,,900\n@anna,2026-10-01,30,\n")
    assert roster.posts.posts.tolist() == [1, 0]
    assert np.isfinite(roster.posts.views).tolist() == [True, False]


@pytest.mark.parametrize(
    ("flags", "paid"),
    [
        (("yes", "no"), (PAID, ORGANIC)),
        (("TRUE", "FALSE"), (PAID, ORGANIC)),
        (("1", "0"), (PAID, ORGANIC)),
        (("Paid", "organic"), (PAID, ORGANIC)),
        (("sponsored", "Organic"), (PAID, ORGANIC)),
        (("#ad", "no"), (PAID, ORGANIC)),
        (("x", ""), (PAID, ORGANIC)),
        (("ja", "nein"), (PAID, ORGANIC)),
        (("Werbung", ""), (PAID, ORGANIC)),
        (("yes", "no", ""), (PAID, ORGANIC, -1)),
    ],
)
def test_paid_flags_are_read_in_every_spelling(monkeypatch, flags, paid):
    rows = "".join(f"@anna,2026-10-0{day},30,{flag}\n" for day, flag in enumerate(flags, start=1))
    assert counted(monkeypatch, f"creator,date,likes,paid\n{rows}").paid.tolist() == list(paid)


def test_an_unknown_paid_flag_is_a_fault_with_its_place():
    assert keys("creator,date,likes,Sponsored\n@anna,2026-10-01,3,maybe\n") == [("paid-unknown", 2, "Sponsored")]


def test_dates_in_the_future_and_unreadable_ones_are_faults_of_their_rows():
    text = "creator,date,likes\n@anna,2026-12-01,3\n@anna,2026-11-30,3\n@ben,soon,3\n@ben,03/04/2026,5\n"
    assert keys(text) == [
        ("date-future", 2, "date"),
        ("date-unreadable", 4, "date"),
        ("date-ambiguous", 5, "date"),
    ]


def test_negative_and_unreadable_figures_are_faults():
    text = "creator,date,likes,views\n@anna,2026-10-01,-3,many\n@anna,2026-10-02,3,9\n@anna,2026-10-03,4,8\n"
    assert {*keys(text)} == {("number-negative", 2, "likes"), ("number-unreadable", 2, "views")}


def test_rows_with_faults_are_left_out_on_request_and_counted():
    text = "creator,date,likes\n@anna,2027-01-01,3\n@anna,2026-10-01,300\n"
    roster = read(text, skip_bad_rows=True)
    assert roster.posts.posts.tolist() == [1, 0]
    assert any("1 row with problems is left out" in warning for warning in roster.warnings)


def test_posts_of_others_alone_are_a_fault_that_says_what_was_compared():
    (fault,) = faults("creator,date,likes\n@zoe,2026-10-01,3\n@yan,2026-10-01,3\n")
    assert fault.code == "posts-others"
    assert "@zoe, @yan" in fault.message
    assert "@anna, @ben" in fault.message


def test_posts_of_some_others_are_counted_and_three_of_them_named():
    rows = "".join(f"@other{number},2026-10-01,3\n" for number in range(5))
    told = notes(f"creator,date,likes\n@anna,2026-10-01,3\n{rows}@other1,2026-10-02,4\n")
    assert "6 posts of 5 creators who are not on the roster are not used: @other0, @other1, @other2 and 2 more" in told


def test_a_row_twice_counts_once():
    text = "creator,date,likes\n@anna,2026-10-01,3\n@anna,2026-10-01,3\n@anna,2026-10-01,4\n@anna,2026-10-02,3\n"
    roster = read(text)
    assert roster.posts.posts.tolist() == [3, 0]
    assert any("1 row repeats an earlier post and is counted once" in note for note in roster.notes)


def test_a_post_of_one_link_counts_once_whatever_its_figures():
    text = (
        "creator,date,likes,url\n@anna,2026-10-01,3,a.b/p/1\n@anna,2026-10-01,9,a.b/p/1\n@anna,2026-10-01,3,a.b/p/2\n"
    )
    assert read(text).posts.posts.tolist() == [2, 0]


def test_placeholders_name_no_post():
    rows = "".join(f"@anna,2026-10-0{day},{day},{name}\n" for day, name in enumerate(("N/A", "n/a", "-", "", "p1"), 1))
    assert read(f"creator,date,likes,Post ID\n{rows}@anna,2026-10-06,6,p1\n").posts.posts.tolist() == [5, 0]


def test_a_post_with_far_more_likes_than_followers_is_set_aside_and_moves_nobody():
    usual = "creator,date,likes\n@anna,2026-10-01,300\n@anna,2026-10-03,310\n@ben,2026-10-03,900\n"
    told = warnings(usual + "@anna,2026-10-02,50000\n")
    assert "1 post has more than 3 times as many engagements as the creator has followers and is not used" in told
    assert "row 5 of @anna" in told
    with_slip, without = (read(text).posts for text in (usual + "@anna,2026-10-02,5400000\n", usual))
    for name in without.__struct_fields__:
        np.testing.assert_array_equal(getattr(with_slip, name), getattr(without, name))


def test_several_such_posts_are_counted_and_may_be_all():
    found = read("creator,date,likes\n@anna,2026-10-01,50000\n@anna,2026-10-02,50000\n")
    assert found.posts.posts.tolist() == [0, 0]
    assert "2 posts have more than 3 times" in found.warnings[0]
    assert "are not used (such as row 2 of @anna)" in found.warnings[0]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-06-15", ""),
        ("2026-05-15", "the newest post is from 2026-05-15, more than half a year ago, and counts like one of today"),
        ("2019-11-29", "the newest post is from 2019-11-29, more than a year ago, and counts like one of today"),
    ],
)
def test_a_file_whose_newest_post_is_old_is_warned_of(day, said):
    told = warnings(f"creator,date,likes\n@anna,2019-10-01,300\n@ben,{day},310\n")
    assert said in told
    assert bool(told) is bool(said)


def test_trouble_with_posts_is_a_warning_and_the_rest_are_notes():
    text = "creator,date,likes,saves\n@anna,2026-10-01,300,1\n@carl,2026-10-01,3,1\n@anna,2026-10-01,-4,1\n"
    told = read(text, skip_bad_rows=True).warnings
    assert [warning.startswith("posts: 1 ") for warning in told] == [True, True]
    assert "not on the roster" in told[0]
    assert "left out" in told[1]
    assert "there are no dates" in warnings("creator,likes\n@anna,300\n")


TWO_PLATFORMS = "creator,platform,followers,fee\n@anna,instagram,10000,100\n@anna,tiktok,30000,150\n@ben,tiktok,900,9\n"


def test_posts_belong_to_the_account_of_their_platform():
    text = "creator,network,date,likes\n@anna,TT,2026-10-01,3\n@anna,IG,2026-10-01,3\n@anna,IG,2026-10-02,3\n"
    assert read(text.replace("network", "platform"), TWO_PLATFORMS).posts.posts.tolist() == [2, 1, 0]


def test_a_creator_with_one_account_needs_no_platform_and_another_does():
    roster = read("creator,date,likes\n@anna,2026-10-01,3\n@ben,2026-10-01,3\n", TWO_PLATFORMS)
    assert roster.posts.posts.tolist() == [0, 0, 1]
    assert any(
        "1 post of @anna does not say on which platform it is: add a column platform" in each
        for each in roster.warnings
    )


def test_a_format_may_name_the_platform():
    roster = read("creator,date,likes,type\n@anna,2026-10-01,3,TikTok video\n", TWO_PLATFORMS)
    assert roster.posts.posts.tolist() == [0, 1, 0]


def test_posts_on_a_platform_without_an_offer_are_not_used():
    told = notes("creator,platform,date,likes\n@ben,youtube,2026-10-01,3\n@anna,instagram,2026-10-01,3\n")
    assert "1 post of @ben is on another platform than their offers; not used" in told


def test_one_name_of_two_people_is_told():
    roster = "creator,influencer id,followers,fee\nLisa Meyer,101,10000,100\nLisa Meyer,102,50000,300\n@ben,103,900,9\n"
    told = notes("creator,date,likes\nLisa Meyer,2026-10-01,3\n@ben,2026-10-01,3\n", roster)
    assert "posts of Lisa Meyer are not used, since they may be of Lisa Meyer (101) or Lisa Meyer (102)" in told
    assert read("creator,date,likes\nLisa Meyer (102),2026-10-01,3\n", roster).posts.posts.tolist() == [0, 1, 0]


def test_without_dates_all_posts_count_alike():
    roster = read("creator,likes\n@anna,3\n@anna,5\n")
    assert roster.posts.posts.tolist() == [2, 0]
    assert any("there are no dates" in warning for warning in roster.warnings)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("creator,followers,fee,engagement_rate\n@anna,1,2,3%\n", "posts-columns"),
        ("creator,date\n@anna,2026-10-01\n", "posts-columns"),
        ("date,likes\n2026-10-01,5\n", "column-missing"),
        ("creator,date,likes\n", "no-rows"),
    ],
)
def test_a_file_that_is_none_of_posts_is_refused(text, code):
    assert code in [fault.code for fault in faults(text)]


def test_a_file_of_posts_is_no_roster(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text("creator,date,likes\n@anna,2026-10-01,3\n@anna,2026-10-02,4\n")
    with pytest.raises(RosterError) as caught:
        read_roster(str(path))
    assert [fault.code for fault in caught.value.faults] == ["roster-posts"]
    assert "--posts" in caught.value.faults[0].fix


def test_posts_cannot_come_from_standard_input():
    with pytest.raises(RosterError) as caught:
        open_posts("-", ReadOptions())
    assert caught.value.code == "posts-standard-input"


def test_the_order_of_rows_changes_nothing():
    random = np.random.default_rng(1)
    rows = [f"@{name},2026-0{1 + n % 9}-01,{100 + 17 * n},{n % 3 == 0}" for n in range(40) for name in ("anna", "ben")]
    head = "creator,date,likes,paid\n"
    first, other = (read(head + "\n".join(order)).posts for order in (rows, random.permutation(rows).tolist()))
    for name in first.__struct_fields__:
        np.testing.assert_allclose(getattr(first, name), getattr(other, name), rtol=1e-9)


def test_headers_that_only_the_posts_have_can_be_mapped(tmp_path):
    (tmp_path / "roster.csv").write_text(ROSTER)
    (tmp_path / "posts.csv").write_text("creator,date,thumbs\n@anna,2026-10-01,300\n")
    options = ReadOptions(posts=str(tmp_path / "posts.csv"), columns={"thumbs": "likes"})
    assert read_roster(str(tmp_path / "roster.csv"), options).posts.posts.tolist() == [1, 0]


def test_the_digest_of_the_posts_is_kept():
    first, other = (read(f"creator,date,likes\n@anna,2026-10-01,{likes}\n") for likes in (300, 301))
    assert first.source.sha256 == other.source.sha256
    assert first.source.posts_sha256 != other.source.posts_sha256
