"""The roster's own conflicts: rows for whoever names somebody of the roster."""

from msgspec.structs import replace

from microopt.planning.formulation.rules import conflict
from microopt.roster.conflicts import conflicts, of_nobody
from microopt.solver.program import reduce_by_gcd
from tests.solver.builders import case, dense, roster


def made(foes, brands=("", "", "", "")):
    offers = roster(["@a", "@a", "@b", "C"], conflicts=list(foes), brands=list(brands))
    return replace(case(offers, cost=[1, 1, 1, 1]), conflicts=tuple(conflicts(offers, {0: 0, 1: 1, 2: 2})))


def rows(*cells, **more):
    return [(limit.label, dense(reduce_by_gcd(limit), 4)) for limit in conflict.rows(made(cells, **more))]


def test_a_creator_who_is_named_is_never_beside_the_one_who_names():
    assert rows("", "", "", "@A") == [("conflict with @A", ([1, 1, 0, 1], None, 1))]


def test_what_one_row_says_holds_for_all_offers_of_its_creator():
    assert rows("b", "", "", "") == [("conflict with b", ([1, 1, 1, 0], None, 1))]


def test_a_brand_stands_for_those_who_work_for_it():
    assert rows("acme", "", "", "", brands=("", "", "Zed|Acme", "ACME")) == [
        ("conflict with acme", ([2, 2, 1, 1], None, 2))
    ]


def test_nobody_conflicts_with_itself():
    assert rows("@a|Acme", "", "", "", brands=("Acme", "", "", "")) == []


def test_a_name_of_nobody_is_no_row_and_is_told():
    assert rows("nobody", "", "c", "") == [("conflict with c", ([0, 0, 1, 1], None, 1))]
    assert of_nobody(made(("nobody", "", "c", "")).roster) == ["nobody"]


def test_a_roster_without_the_column_has_no_conflicts():
    assert list(conflict.rows(case(roster(["@a", "@b"]), cost=[1, 1]))) == []
