"""Within its range of weights a plan is worth no less than any other, and outside it some other is worth more."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.analysis.tradeoff.pareto import Weights, supporting_weights
from tests.scale import examples
from tests.solver.builders import CALM

AMOUNTS = st.tuples(st.integers(0, 12), st.integers(0, 12))
WEIGHT = st.fractions(0, 1, max_denominator=50)


def worth(amounts, ideals, weight):
    first, second = (Fraction(amount, ideal) if ideal else 0 for amount, ideal in zip(amounts, ideals, strict=True))
    return weight * first + (1 - weight) * second


@settings(CALM, max_examples=examples(300))
@given(st.lists(AMOUNTS, min_size=1, max_size=8), WEIGHT)
def test_a_weight_is_in_the_range_of_exactly_the_plans_that_are_worth_the_most(plans, weight):
    ideals = (max(first for first, _ in plans), max(second for _, second in plans))
    best = max(worth(plan, ideals, weight) for plan in plans)
    for plan, result in zip(plans, supporting_weights(plans, ideals), strict=True):
        chosen = result is not None and result.low <= weight <= result.high
        assert chosen is (worth(plan, ideals, weight) == best)


@settings(CALM, max_examples=examples(100))
@given(st.lists(AMOUNTS, min_size=1, max_size=8))
def test_a_range_ends_where_it_must_and_none_means_no_weight_at_all(plans):
    ideals = (12, 12)
    for plan, result in zip(plans, supporting_weights(plans, ideals), strict=True):
        ends = [] if result is None else [result.low, result.high]
        assert all(worth(plan, ideals, end) == max(worth(item, ideals, end) for item in plans) for end in ends)
        tried = {Fraction(at, 97) for at in range(98)} - set(ends)
        outside = [at for at in tried if result is None or not result.low <= at <= result.high]
        assert all(worth(plan, ideals, at) < max(worth(item, ideals, at) for item in plans) for at in outside)


@pytest.mark.parametrize(
    ("plans", "found"),
    [
        ([(10, 0), (0, 10)], [(Fraction(1, 2), 1), (0, Fraction(1, 2))]),
        ([(10, 0), (4, 4), (0, 10)], [(Fraction(1, 2), 1), None, (0, Fraction(1, 2))]),
        ([(10, 0), (5, 5), (0, 10)], [(Fraction(1, 2), 1), (Fraction(1, 2),) * 2, (0, Fraction(1, 2))]),
        ([(7, 3)], [(0, 1)]),
        ([(0, 3)], [(0, 1)]),
    ],
)
def test_small_fronts_by_hand(plans, found):
    ideals = (max(first for first, _ in plans), max(second for _, second in plans))
    intervals = [None if item is None else Weights(low=Fraction(item[0]), high=Fraction(item[1])) for item in found]
    assert list(supporting_weights(plans, ideals)) == intervals
