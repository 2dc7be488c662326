"""Fees of schedules before and after the discount of a retainer are those that a list of such fees would give."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.analysis.explain.list_fees import ListFees, discounted_from
from microopt.planning.build_problem import build_problem
from tests.analysis.explain.test_schedule_fees import CALENDAR, CAMPAIGN, session_of


def problem_at(roster, fee, retainer):
    fees = roster.fee.copy()
    fees[0] = fee
    campaign = replace(CAMPAIGN, calendar=replace(CALENDAR, retainer=retainer))
    return build_problem(replace(roster, fee=fees), campaign)[0]


@given(
    old=st.integers(1, 10**6),
    new=st.integers(0, 10**6),
    retainer=st.sampled_from([(), ((2, Fraction(1, 10)),), ((2, Fraction(1, 8)), (3, Fraction(1, 3)))]),
)
def test_raised_fees_are_those_of_a_list_with_the_higher_fee(old, new, retainer):
    roster = session_of(CAMPAIGN).roster
    before, after = (problem_at(roster, fee, retainer) for fee in (old, new))
    fees = ListFees.of_schedules(before, np.flatnonzero(before.choice_creators == 0))
    assert {fees.list_fee(row) for row in fees.rows.tolist()} == {old}
    assert fees.at(new, old).tolist() == after.forecast.fee[fees.rows].tolist()


def test_only_posts_with_a_discount_have_another_fee_before_it():
    problem = session_of(CAMPAIGN).solved.problem
    own = np.flatnonzero(problem.roster.creator_id == 0)
    found = discounted_from(problem, own.tolist())
    assert set(found.values()) == {20_000}
    assert found.keys() == {row for row in own.tolist() if problem.forecast.fee[row] == 18_000}


@pytest.mark.parametrize("rows", [[], [0]])
def test_without_a_retainer_no_fee_has_another_before_it(rows):
    campaign = replace(CAMPAIGN, calendar=replace(CALENDAR, retainer=()))
    assert discounted_from(session_of(campaign).solved.problem, rows) == {}
