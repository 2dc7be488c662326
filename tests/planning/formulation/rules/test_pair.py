"""Pair rules (requires, excludes) and the conflicts of the roster."""

from msgspec.structs import replace

from microopt.planning.formulation.rules import pair
from microopt.roster.conflicts import find_conflicts, unmatched_conflicts
from microopt.solver.constraint import reduce_by_gcd
from tests.solver.builders import case, dense, roster

# @a has an offer on each platform
OFFERS = roster(
    ["@a", "@a", "@b", "@c"],
    platform=["tiktok", "youtube", "tiktok", "youtube"],
    niche=["beauty", "beauty", "beauty|food", "food"],
)


def rows(rule):
    return [dense(reduce_by_gcd(limit), 4) for limit in pair.pair_rows(case(OFFERS, rule, cost=[1, 1, 1, 1]))]


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
    (limit,) = pair.pair_rows(case(OFFERS, "creator:@a  requires creator:@b", cost=[1, 1, 1, 1]))
    assert limit.label == "creator:@a  requires creator:@b"


def with_conflicts(foes, brands=("", "", "", "")):
    offers = roster(["@a", "@a", "@b", "C"], conflicts=list(foes), brands=list(brands))
    return replace(case(offers, cost=[1, 1, 1, 1]), conflicts=tuple(find_conflicts(offers, {0: 0, 1: 1, 2: 2})))


def conflict_rows(*cells, **more):
    return [
        (limit.label, dense(reduce_by_gcd(limit), 4)) for limit in pair.conflict_rows(with_conflicts(cells, **more))
    ]


def test_a_creator_who_is_named_is_never_beside_the_one_who_names():
    assert conflict_rows("", "", "", "@A") == [("conflict with @A", ([1, 1, 0, 1], None, 1))]


def test_what_one_row_says_holds_for_all_offers_of_its_creator():
    assert conflict_rows("b", "", "", "") == [("conflict with b", ([1, 1, 1, 0], None, 1))]


def test_a_brand_stands_for_those_who_work_for_it():
    assert conflict_rows("acme", "", "", "", brands=("", "", "Zed|Acme", "ACME")) == [
        ("conflict with acme", ([2, 2, 1, 1], None, 2))
    ]


def test_nobody_conflicts_with_itself():
    assert conflict_rows("@a|Acme", "", "", "", brands=("Acme", "", "", "")) == []


def test_a_name_of_nobody_is_no_row_and_is_told():
    assert conflict_rows("nobody", "", "c", "") == [("conflict with c", ([0, 0, 1, 1], None, 1))]
    assert unmatched_conflicts(with_conflicts(("nobody", "", "c", "")).roster) == ["nobody"]


def test_a_roster_without_the_column_has_no_conflicts():
    assert list(pair.conflict_rows(case(roster(["@a", "@b"]), cost=[1, 1]))) == []
