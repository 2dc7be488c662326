"""Percentiles, worst tenths, bins and intervals, counted again with plain loops."""

from fractions import Fraction
from itertools import pairwise
from math import ceil, comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.analysis.simulation.distributions import (
    exact_sum,
    histogram,
    integer_distribution,
    nice_edges,
    ratio_distribution,
    wilson_interval,
    worst_count,
)

TOTALS = st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=60)


@given(TOTALS, st.sampled_from((1, 100, 1000)), st.booleans())
def test_every_figure_of_a_distribution_is_counted(totals, scale, high_is_worst):
    found = integer_distribution("x", np.asarray(totals), scale, Fraction(3), high_is_worst=high_is_worst)
    ordered, count = sorted(totals), len(totals)
    assert found.mean == Fraction(sum(totals), count * scale)
    for share, figure in ((1, found.p10), (5, found.p50), (9, found.p90)):
        assert figure == Fraction(next(x for n, x in enumerate(ordered, 1) if 10 * n >= share * count), scale)
    worst = sorted(totals, reverse=high_is_worst)[: ceil(count / 10)]
    assert found.worst_tenth == Fraction(sum(worst), len(worst) * scale)
    assert found.planned == 3


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**6)), min_size=1, max_size=40))
def test_a_ratio_is_told_of_the_outcomes_that_have_one(pairs):
    above, below = (np.asarray(side) for side in zip(*pairs, strict=True))
    found = ratio_distribution("roas", above, below, Fraction(1, 10), None)
    known = sorted(a / b / 10 for a, b in pairs if b)
    if not known:
        assert found is None
        return
    assert float(found.mean) == pytest.approx(sum(known) / len(known))
    assert float(found.p50) == pytest.approx(known[ceil(len(known) / 2) - 1])
    assert float(found.worst_tenth) == pytest.approx(np.mean(known[: worst_count(len(known))]))


@given(TOTALS, st.sampled_from((1, 100, 1000)))
def test_each_outcome_is_in_one_bin_or_outside(totals, scale):
    found = histogram("x", np.asarray(totals), scale)
    values = [Fraction(total, scale) for total in totals]
    for (low, high), count in zip(pairwise(found.edges), found.counts, strict=True):
        assert count == sum(low <= value < high for value in values)
    assert found.below == sum(value < found.edges[0] for value in values)
    assert found.above == sum(value >= found.edges[-1] for value in values)
    assert found.below <= len(totals) * 0.01
    assert found.above <= len(totals) * 0.03 + 1
    assert 1 <= len(found.counts) <= 27


@pytest.mark.parametrize(
    ("low", "high", "step", "first"),
    [(0, 100, 5, 0), (13, 87, 5, 10), (20_100, 85_000, 5_000, 20_000), (-30, 50, 5, -30), (7, 7, Fraction(1, 2), 7)],
)
def test_edges_are_round_and_hold_both_ends(low, high, step, first):
    edges = nice_edges(Fraction(low), Fraction(high))
    assert (edges[0], edges[1] - edges[0]) == (first, step)
    assert edges[-2] <= high < edges[-1]


def test_all_outcomes_alike_are_one_bin():
    assert histogram("x", np.full(10, 4_000), 1000).counts == (10,)
    assert histogram("x", np.zeros(10, dtype=np.int64), 1000).counts == (10,)


@given(st.lists(st.integers(-(2**62), 2**62), max_size=30))
def test_sums_do_not_overflow(values):
    assert exact_sum(np.asarray(values, dtype=np.int64)) == sum(values)


def test_an_interval_holds_the_true_chance_in_about_95_of_100_cases():
    for chance in (0.03, 0.2, 0.5, 0.9):
        covered = sum(
            comb(200, held) * chance**held * (1 - chance) ** (200 - held)
            for held in range(201)
            if wilson_interval(held, 200)[0] <= chance <= wilson_interval(held, 200)[1]
        )
        assert 0.92 < covered < 0.98
    assert wilson_interval(0, 10_000) == (0.0, pytest.approx(0.000384, abs=1e-6))
    assert wilson_interval(10_000, 10_000)[1] == 1.0
