"""Figures that no account has are doubted, by kind and column; figures that accounts do have are not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.campaign import Campaign
from microopt.forecast.figure_plausibility import usual_engagement_rates
from microopt.forecast.plausibility import find_suspicions, find_suspicions_of_plan, suspicious_offers
from microopt.roster.roster import ColumnUse
from tests.forecast.builders import NAN, roster
from tests.solver.builders import CALM
from tests.solver.builders import roster as plain_roster


def codes(*, campaign=None, **columns):
    """Return the rows of each kind of doubt, the first row being 2."""
    suspicions = find_suspicions(roster(**columns), Campaign(budget=1, **(campaign or {})))
    return {suspicion.code: [creator.row for creator in suspicion.creators] for suspicion in suspicions}


def only(**columns):
    (suspicion,) = find_suspicions(roster(**columns), Campaign(budget=1))
    return suspicion


@pytest.mark.parametrize("name", ["likes", "comments", "shares", "engagements"])
def test_more_of_a_post_than_followers_is_doubted_in_every_column(name):
    found = codes(rows=3, followers=20_000, fee=0, **{name: [20_001, 20_000, NAN]})
    assert found[f"{name}-above-followers"] == [2]


def test_lifetime_likes_are_told_with_their_figures_and_what_to_do():
    suspicion = only(rows=2, platform="tiktok", followers=[20_000, 30_000], likes=[5_000_000, 900], fee=30_000)
    assert (suspicion.code, suspicion.count, suspicion.text) == (
        "likes-above-followers",
        1,
        "more likes per post than followers",
    )
    assert suspicion.creators[0].text == "5M likes, 20k followers"
    assert suspicion.fix == "If these are totals of the account, rename the column likes."


def test_the_users_own_header_is_named():
    offers = roster(likes=5_000_000)
    named = replace(offers, columns=(ColumnUse(header="Total {} Likes", column="likes"),))
    (suspicion,) = find_suspicions(named, Campaign(budget=1))
    assert suspicion.fix.endswith("rename the column Total {} Likes.")


@pytest.mark.parametrize("name", ["views", "reach"])
@pytest.mark.parametrize(("followers", "most"), [(2_000, 100), (60_000, 15), (2_000_000, 10)])
def test_views_and_reach_are_doubted_far_beyond_the_followers_only(name, followers, most):
    found = codes(rows=2, followers=followers, fee=0, **{name: [most * followers, most * followers - 1]})
    assert found == {f"{name}-above-followers": [2]}


@pytest.mark.parametrize("name", ["likes", "comments", "shares", "engagements"])
def test_nothing_of_a_post_is_more_than_its_views(name):
    found = codes(rows=3, followers=100_000, fee=0, views=[400, 500, 0], **{name: [401, 500, 500]})
    assert found[f"{name}-above-views"] == [2]


def test_clicks_are_compared_with_the_views_of_all_posts_behind_them():
    assert codes(rows=2, fee=0, views=1_000, clicks=[3_000, 1_001], posts=[3, 1]) == {"clicks-above-views": [3]}
    assert codes(rows=2, fee=0, views=1_000, clicks=[1_001, 1_000]) == {"clicks-above-views": [2]}


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("youtube", "2,500 engagements on 1,000 views: is 5% a rate by views?"),
        ("tiktok", "2,500 engagements on 1,000 views: is 5% a rate by views?"),
        ("instagram", "2,500 engagements on 1,000 views at 5% of followers"),
    ],
)
def test_a_thousand_views_do_not_bring_2500_engagements(platform, text):
    suspicion = only(
        rows=2, platform=platform, followers=50_000, views=[1_000, 20_000], engagement_rate=[0.05, 0.01], fee=30_000
    )
    assert suspicion.code == "engagements-above-views"
    assert [creator.text for creator in suspicion.creators] == [text]
    assert suspicion.fix == "If engagement_rate is a rate by views, name the column engagement_rate_views."


def test_more_followers_than_any_account_of_the_platform_are_doubted():
    followers = [700e6, 900e6, 300e6, 300e6, 300e6]
    platforms = ["instagram", "Instagram", "TikTok", "youtube", "facebook"]
    assert codes(rows=5, fee=0, followers=followers, platform=platforms) == {"suspicious-followers": [3, 4]}


@pytest.mark.parametrize(("followers", "high", "low"), [(5_000, 15, 0.02), (200_000, 15, 0.02), (3_000_000, 20, 0.005)])
@pytest.mark.parametrize(("code", "platform"), [(0, "instagram"), (1, "tiktok"), (2, "youtube")])
def test_engagement_is_doubted_at_both_ends_of_what_accounts_of_the_size_have(followers, high, low, code, platform):
    usual = usual_engagement_rates(default_benchmarks(), np.asarray([code]), np.asarray([float(followers)]))[0]
    edges = [min(high * usual, 1.0) * 1.001, min(high * usual, 1.0) * 0.999, low * usual * 1.001, low * usual * 0.999]
    assert codes(rows=4, fee=0, followers=followers, platform=platform, engagement_rate=edges) == {
        "suspicious-engagement": [2, 5]
    }


@pytest.mark.parametrize("base", ["views", "reach"])
def test_a_rate_by_views_or_reach_is_doubted_above_one(base):
    found = codes(rows=2, fee=0, **{f"engagement_rate_{base}": [1.01, 0.6]})
    assert found == {f"suspicious-engagement-by-{base}": [2]}


def test_a_rate_is_counted_where_none_is_stated():
    found = codes(rows=3, fee=0, followers=20_000, likes=[14_000, 5, 400], engagement_rate=[NAN, NAN, NAN])
    assert found == {"suspicious-engagement": [2, 3]}


def test_a_column_of_wrong_units_is_told_as_such():
    suspicion = only(rows=3, fee=0, engagement_rate=[3.1, 2.2, 0.05])
    assert (
        suspicion.fix == "If engagement_rate is in percent or a fraction, say which under [units] in the campaign file."
    )
    assert suspicion.creators[0].text == "310%, usual is 2.7%"


def test_hardly_any_comments_for_many_likes_are_doubted():
    found = codes(rows=4, fee=0, followers=100_000, likes=[4_000, 4_000, 900, 4_000], comments=[1, 2, 0, NAN])
    assert found == {"few-comments": [2]}


@pytest.mark.parametrize(("name", "most"), [("ctr", 0.2), ("cvr", 0.3)])
def test_rates_of_clicks_and_conversions_have_a_limit(name, most):
    assert codes(rows=2, fee=0, **{name: [most, most * 1.01]}) == {f"suspicious-{name}": [3]}


def test_conversions_of_few_clicks_are_no_rate():
    assert codes(rows=2, fee=0, clicks=[100, 10], conversions=[40, 4]) == {"suspicious-cvr": [2]}


def test_ten_creators_with_the_same_figures_are_doubted_and_nine_are_not():
    rates, likes = [0.031] * 10 + [0.03] * 9, [612] * 10 + [590] * 9
    found = codes(rows=19, fee=0, engagement_rate=rates, likes=likes)
    assert found == {"identical-figures": list(range(2, 12))}


def test_two_equal_figures_are_chance_on_a_large_roster():
    crowd = np.linspace(0.011, 0.05, 1_500).tolist()
    assert codes(rows=1_510, fee=0, engagement_rate=[0.06] * 10 + crowd) == {}
    assert codes(rows=1_520, fee=0, engagement_rate=[0.06] * 20 + crowd) == {"identical-figures": list(range(2, 22))}


def test_offers_of_one_creator_share_their_figures():
    offers = plain_roster(["@a"] * 12, numbers={"engagement_rate": [0.03] * 12, "likes": [600] * 12})
    assert find_suspicions(offers, Campaign(budget=1)) == ()


def test_each_creator_is_listed_once_and_all_of_their_offers_are_left_out():
    offers = plain_roster(["@a", "@b", "@a"], numbers={"likes": [90_000, 500, 90_000]})
    (suspicion,) = find_suspicions(offers, Campaign(budget=1))
    assert (suspicion.count, [creator.row for creator in suspicion.creators]) == (1, [2])
    one_row = replace(offers, numbers={**offers.numbers, "likes": np.asarray([90_000, 500, 500.0])})
    assert suspicious_offers(one_row, Campaign(budget=1)).tolist() == [True, False, True]


def test_a_plan_names_three_creators_its_own_first_and_each_once():
    likes = [90_000] * 6
    offers = plain_roster(list("abcdef"), numbers={"likes": likes, "views": [80_000] * 6})
    selection = np.asarray([False] * 4 + [True, False])
    (suspicion,) = find_suspicions_of_plan(offers, Campaign(budget=1), selection)
    assert [creator.creator for creator in suspicion.creators] == ["e", "a", "b"]
    assert (suspicion.count, suspicion.in_plan) == (6, 1)


def test_thresholds_are_the_campaigns_where_it_has_its_own():
    figures = {"plausibility": {"identical": {"creators": 3}}}
    assert codes(rows=3, fee=0, engagement_rate=0.03, likes=600, campaign={"forecast": figures}) == {
        "identical-figures": [2, 3, 4]
    }


@CALM
@given(
    followers=st.lists(st.integers(1_000, 5_000_000), min_size=1, max_size=9, unique=True),
    spread=st.floats(0.2, 5),
    views=st.floats(0.3, 3),
    platform=st.sampled_from(["instagram", "tiktok", "youtube"]),
)
def test_what_accounts_have_is_not_doubted(followers, spread, views, platform):
    people = np.asarray(followers, dtype=float)
    code = ["instagram", "tiktok", "youtube"].index(platform)
    rate = np.minimum(usual_engagement_rates(default_benchmarks(), np.full(len(people), code), people) * spread, 0.25)
    columns = {"engagement_rate": rate, "likes": 0.9 * rate * people, "comments": 0.1 * rate * people}
    columns |= {"views": views * people, "reach": views * people * 0.9}
    numbers = {name: values.tolist() for name, values in columns.items()}
    assert codes(rows=len(people), fee=0, platform=platform, followers=followers, **numbers) == {}
