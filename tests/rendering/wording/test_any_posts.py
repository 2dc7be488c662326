"""Of posts in waves it is said for which of them a fee is the highest, and up to which fee any of them stay."""

import pytest
from msgspec.structs import replace

from microopt.analysis.explain.break_even import NEVER_IN, BreakEven
from microopt.analysis.explain.result import AnyPosts
from microopt.rendering.wording.any_posts import any_posts_sentence, these_posts
from microopt.rendering.wording.explain import creator_head, explanation_legend
from tests.rendering.wording.test_explain import WORTH, creator, explanation, offer

ALLOWED = replace(WORTH, limited_by="rules")


def in_waves(*waves, **facts):
    return tuple(offer(wave=wave, **facts) for wave in waves)


def lines(subject, **facts):
    return [text for _, text in creator_head(explanation(subject, **facts), subject)]


def test_a_limit_is_said_of_the_posts_of_which_it_was_found_and_of_no_others():
    text = lines(creator(*in_waves("2027-03", "2027-04", walk_away=ALLOWED, list_fee=250_000)))
    assert text[1] == (
        "Quote $2,300 a post (IG reel in 2027-03, 2027-04), $2,500 before the retainer discount · "
        "going rate $1,450 · these 2 posts are worth at least $1,630 each to this plan; your rules allow no more."
    )
    assert text[-1] == "Proven to the cent: at a higher fee, no plan with these 2 posts keeps your rules."


def test_a_single_post_in_a_wave_is_this_post():
    text = lines(creator(*in_waves("2027-03")))
    assert "this post is worth up to $1,630 to this plan (-29%)." in text[1]
    assert text[-1] == "Proven to the cent: one cent more for this post and the plan is just as good without them."
    assert these_posts(creator()) == ""


@pytest.mark.parametrize(
    ("limit", "posts", "expected"),
    [
        ({}, 1, "With 1 post, they stay in the plan up to $3,000; at $3,010, the plan is better without them."),
        ({"limited_by": "budget"}, 1, "With 1 post, they stay in the plan up to $3,000; your budget rules out $3,010."),
        (
            {"limited_by": "rules"},
            2,
            "With 2 posts, they stay in the plan up to $3,000 a post; your rules rule out $3,010.",
        ),
        (
            {},
            3,
            "With 3 posts in other waves, they stay in the plan up to $3,000 a post; "
            "at $3,010, the plan is better without them.",
        ),
        ({"message": "late"}, 1, "With 1 post, they stay in the plan up to at least $3,000."),
    ],
)
def test_up_to_which_fee_any_posts_stay_is_told_with_how_many(limit, posts, expected):
    found = AnyPosts(quote=230_000, limit=BreakEven(fee=300_000, excluded_from=301_000, **limit), posts=posts)
    subject = creator(*in_waves("a", "b", "c"), any_posts=found)
    assert any_posts_sentence(subject, "USD", has_retainer=False) == expected
    assert expected in lines(subject)


def test_it_is_told_without_a_discount_and_of_creators_who_would_be_added():
    found = AnyPosts(quote=230_000, limit=BreakEven(fee=300_000, excluded_from=301_000), posts=1)
    subject = creator(*in_waves("a", "b", picked=False), picked=False, any_posts=found)
    assert any_posts_sentence(subject, "USD", has_retainer=True) == (
        "With 1 post, they would be added up to $3,000 before a retainer discount; "
        "at $3,010, the plan is better without them."
    )


@pytest.mark.parametrize(
    ("fee", "posts", "facts"),
    [
        (163_500, 2, {}),  # as much, but for rounding
        (176_000, 2, {"list_fee": 250_000}),  # the same after the discount
        (300_000, None, {}),
    ],
)
def test_nothing_is_told_where_it_is_no_more_than_for_these_posts(fee, posts, facts):
    found = AnyPosts(quote=230_000, limit=BreakEven(fee=fee, excluded_from=fee + 1), posts=posts)
    assert any_posts_sentence(creator(*in_waves("a", "b", **facts), any_posts=found), "USD", has_retainer=True) == ""


def test_nothing_is_told_where_no_fee_gets_them_in():
    found = AnyPosts(quote=230_000, limit=NEVER_IN)
    assert any_posts_sentence(creator(*in_waves("a"), any_posts=found), "USD", has_retainer=False) == ""


def test_the_table_of_all_says_that_fees_are_of_all_posts_of_a_row():
    note = "It is for all posts of a row together: at a higher fee, the plan may have fewer of them."
    assert note in list(explanation_legend(explanation(creator(*in_waves("a", "b")), everyone=True)))
    assert note not in list(explanation_legend(explanation(creator(), everyone=True)))
