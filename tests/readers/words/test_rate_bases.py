"""Engagement rates whose header says what they are a share of, in many words."""

import pytest

from microopt.readers.words.rate_bases import split_rate_basis
from microopt.readers.words.vocabulary import RESULTS, ROSTER
from tests.readers.builders import read

BY_VIEWS = [
    *("ER by views", "ER per view", "View ER", "VER", "ERView", "ER (impressions)", "ER on impressions", "erByViews"),
    *("Avg ER by views (%)", "ER by views (last 10)", "View-based engagement rate", "Engagement per view"),
    *("Taux d'engagement par vue", "Interaktionsrate pro Aufruf", "ER по просмотрам", "Etkileşim oranı (izlenme)"),
    *("播放互动率", "조회수 기준 참여율"),
]
BY_REACH = [
    *("ER by reach", "ER per reach", "Reach ER", "Engagement by reach", "Tasa de engagement por alcance"),
    *("Engagement-Rate nach Reichweite", "ER по охвату", "ER po zasięgu", "リーチエンゲージメント率", "도달 참여율"),
]
BY_FOLLOWERS = ["ER by followers", "ER per follower", "Follower ER", "ERF", "ER по подписчикам"]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        *((header, "engagement_rate_views") for header in BY_VIEWS),
        *((header, "engagement_rate_reach") for header in BY_REACH),
        *((header, "engagement_rate") for header in BY_FOLLOWERS),
    ],
)
def test_a_rate_is_that_of_its_basis(header, column):
    assert [name for name, _ in ROSTER.find_columns(header)] == [column]


@pytest.mark.parametrize(
    "header",
    [
        *("View rate", "Reach rate", "Views per follower", "Views per reach", "Engagement from followers"),
        *("Engagement views", "ER views and reach", "Story ER by views", "Likes per view"),
    ],
)
def test_other_figures_of_views_and_followers_are_not_an_engagement_rate(header):
    assert not any("rate" in name for name, _ in ROSTER.find_columns(header))


def test_only_a_roster_has_rates_by_their_basis():
    assert RESULTS.find_columns("ER by views") == ()


def test_a_header_that_names_no_basis_or_nothing_else_is_not_split():
    assert split_rate_basis("ER") is None
    assert split_rate_basis("Views") is None
    assert split_rate_basis("by views").rest == ""


def test_a_listed_header_outranks_one_that_is_known_by_its_parts():
    roster = read("creator,followers,fee,ER per follower,ER\nann,20000,300,9%,4%\nben,35000,455,8%,3%\n")
    assert roster.numbers["engagement_rate"].tolist() == [0.04, 0.03]
