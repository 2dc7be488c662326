"""requires and excludes, between creators."""

from microopt.planning.formulation.rules import pair
from microopt.solver.program import reduce_by_gcd
from tests.solver.builders import case, dense, roster

# @a has an offer on each platform
OFFERS = roster(
    ["@a", "@a", "@b", "@c"],
    platform=["tiktok", "youtube", "tiktok", "youtube"],
    niche=["beauty", "beauty", "beauty|food", "food"],
)


def rows(rule):
    return [dense(reduce_by_gcd(limit), 4) for limit in pair.rows(case(OFFERS, rule, cost=[1, 1, 1, 1]))]


def test_requires_is_a_row_for_each_creator_of_the_left():
    assert rows("creator:@a requires creator:@b") == [([-1, -1, 1, 0], 0, None)]
    assert rows("creator:@a,@c requires creator:@b") == [([-1, -1, 1, 0], 0, None), ([0, 0, 1, -1], 0, None)]


def test_an_offer_that_is_on_both_sides_keeps_its_own_rule():
    assert rows("niche:beauty requires niche:food") == [([-1, -1, 1, 1], 0, None)]
    assert rows("creator:@a requires platform:tiktok") == [([0, -1, 1, 0], 0, None)]


def test_another_offer_of_the_same_creator_is_no_partner():
    assert rows("creator:@a & platform:tiktok requires creator:@a,@b & platform:youtube") == [([-1, 0, 0, 0], 0, None)]
    assert rows("creator:@a & platform:tiktok excludes creator:@a,@c & platform:youtube") == [([1, 0, 0, 1], None, 1)]


def test_requiring_nobody_forbids():
    assert rows("creator:@c requires platform:youtube & creator:@b") == [([0, 0, 0, -1], 0, None)]


def test_excludes_forbids_all_others_at_once():
    assert rows("creator:@a excludes creator:@b,@c") == [([2, 2, 1, 1], None, 2)]
    assert rows("creator:@b excludes creator:@a") == [([1, 1, 1, 0], None, 1)]  # at most one offer of @a is bought


def test_a_creator_does_not_exclude_itself():
    assert rows("creator:@c excludes creator:@c") == []
    assert rows("platform:tiktok excludes platform:tiktok") == [([1, 0, 1, 0], None, 1), ([1, 0, 1, 0], None, 1)]


def test_rows_carry_the_rule_as_written():
    (limit,) = pair.rows(case(OFFERS, "creator:@a  requires creator:@b", cost=[1, 1, 1, 1]))
    assert limit.label == "creator:@a  requires creator:@b"
