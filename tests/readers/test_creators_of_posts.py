"""A file of posts alone, read as a list of creators."""

import numpy as np
import pytest

from microopt.errors import RosterError
from microopt.readers.creators_of_posts import is_file_of_posts, read_creators_of_posts
from microopt.readers.options import ReadOptions

POSTS = """creator,platform,niche,followers,day,likes,comments
@anna,instagram,beauty,1000,2026-01-05,50,5
@anna,instagram,beauty,1200,2026-03-05,60,5
@anna,tiktok,beauty,5000,2026-02-05,400,5
@ben,instagram,food,9000,2026-02-01,90,5
Anna,instagram,beauty,1100,2026-02-05,55,5
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="posts.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def test_each_account_is_a_row_with_the_followers_of_its_last_post(write):
    roster = read_creators_of_posts(write(POSTS), ReadOptions())
    found = {
        (roster.texts["creator"][row], roster.texts["platform"][row]): roster.numbers["followers"][row]
        for row in range(len(roster))
    }
    assert found == {("@anna", "instagram"): 1200, ("@anna", "tiktok"): 5000, ("@ben", "instagram"): 9000}
    assert roster.creators == 2
    assert "niche" in roster.texts
    assert not {"likes", "comments", "day"} & {*roster.numbers, *roster.texts}
    assert "the followers that their last post states" in roster.notes[0]
    assert not any("not used" in note for note in roster.notes)
    assert {*roster.posts.posts.tolist()} == {3, 1}


def test_the_share_of_paid_posts_is_that_of_the_posts_that_say(write):
    text = "creator,followers,date,likes,paid\na,10,2026-01-01,1,yes\na,10,2026-01-02,2,no\nb,10,2026-01-02,2,\n"
    share = read_creators_of_posts(write(text), ReadOptions()).numbers["sponsored_share"]
    assert share[0] == 0.5
    assert np.isnan(share[1])


def test_of_two_posts_of_one_day_the_later_row_counts(write):
    text = "creator,followers,date,likes\na,10,2026-01-01,1\na,20,2026-01-01,1\n"
    assert list(read_creators_of_posts(write(text), ReadOptions()).numbers["followers"]) == [20]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (POSTS, True),
        ("creator,followers,likes\na,10,1\na,10,2\n", False),  # no dates
        ("creator,followers,fee,date,likes\na,10,5,2026-01-01,1\na,10,5,2026-01-02,1\n", False),  # fees: a roster
        ("creator,followers,engagement rate,date,likes\na,10,5%,2026-01-01,1\na,10,5%,2026-01-02,1\n", False),
        ("creator,followers,date,likes\na,10,2026-01-01,1\nb,10,2026-01-02,1\n", False),  # one row each: averages
        ("creator,followers,date\na,10,2026-01-01\na,10,2026-01-02\n", False),  # nothing that posts brought
        ("nothing\n1\n", False),
    ],
)
def test_a_file_is_of_posts_if_creators_have_several_dated_ones(write, text, expected):
    assert is_file_of_posts(write(text), ReadOptions()) is expected
    assert not is_file_of_posts("-", ReadOptions())


def test_posts_without_followers_are_refused_with_the_way_out(write):
    path = write("creator,date,likes\na,2026-01-01,1\na,2026-01-02,1\n")
    assert is_file_of_posts(path, ReadOptions())
    with pytest.raises(RosterError) as caught:
        read_creators_of_posts(path, ReadOptions())
    (fault,) = caught.value.faults
    assert (fault.code, fault.column) == ("posts-followers", "followers")
    assert "claims roster.csv --posts posts.csv" in fault.fix
