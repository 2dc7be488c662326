"""`--include CREATOR`: one of the creator's offers is bought."""

from microopt.planning.formulation.rules import include
from tests.solver.builders import case, dense, roster

OFFERS = roster(["@Anna", "anna", "@ben"])


def test_each_included_creator_has_a_row_over_all_offers():
    first, second = include.rows(case(OFFERS, cost=[1, 2, 3], include=("@anna", "Ben")))
    assert (first.label, dense(first, 3)) == ("include @anna", ([1, 1, 0], 1, None))
    assert (second.label, dense(second, 3)) == ("include Ben", ([0, 0, 1], 1, None))


def test_nobody_included_is_no_row():
    assert list(include.rows(case(OFFERS, cost=[1, 2, 3]))) == []
