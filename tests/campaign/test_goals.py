"""Goals as written."""

from fractions import Fraction

import pytest

from microopt.campaign.goals import parse_goal
from microopt.errors import CampaignError, UsageError


def test_without_a_word_the_goal_is_balanced():
    assert parse_goal(None, {}, {}).name == "balanced"


@pytest.mark.parametrize("name", ["balanced", "engagement", "conversions", "reach", "value:brand fit"])
def test_a_goal_is_kept_as_it_is_named(name):
    assert parse_goal(name, {}, {}).name == name


@pytest.mark.parametrize(
    ("name", "goal"),
    [
        ("engagements", "engagement"),
        ("conversion", "conversions"),
        ("profits", "profit"),
        ("Reach", "reach"),
        ("target engagement", "target engagements"),
        ("target-conversion", "target conversions"),
        ("value:engagements", "value:engagements"),
    ],
)
def test_a_goal_may_be_one_or_many(name, goal):
    assert parse_goal(name, {}, {}).name == goal


@pytest.mark.parametrize("name", ["net reach", "net-reach", "net_reach"])
def test_net_reach_is_written_in_three_ways(name):
    assert parse_goal(name, {}, {}).name == "net reach"


def test_targets_make_the_goal_the_least_cost():
    goal = parse_goal(None, {}, {"engagement": "50k", "views": "1,000", "net-reach": "2M", "hours": "1.5"})
    assert goal.name == "least cost"
    assert goal.targets == {
        "engagements": 50_000,
        "impressions": 1_000,
        "net reach": 2_000_000,
        "hours": Fraction(3, 2),
    }


@pytest.mark.parametrize("text", ["0", "-5", "many", ""])
def test_a_target_is_an_amount_above_zero(text):
    with pytest.raises(CampaignError, match="not an amount above 0") as refused:
        parse_goal(None, {}, {"reach": text})
    assert refused.value.code == "target-amount"


@pytest.mark.parametrize(
    "given", [("reach", {"reach": "1"}, {}), ("reach", {}, {"reach": "1"}), (None, {"reach": "1"}, {"reach": "1"})]
)
def test_the_goal_is_set_once(given):
    with pytest.raises(UsageError, match="both set the goal"):
        parse_goal(*given)


def test_an_unknown_goal_points_to_targets_too():
    with pytest.raises(CampaignError) as refused:
        parse_goal("cheapest of all", {}, {})
    assert "--target METRIC=N" in refused.value.fix
