"""Pools: net reach and its tangents, the bound at a price, and what a program makes of them."""

from math import exp, floor, inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver.constraint import Constraint
from microopt.solver.reach_pool import EXPOSURE, conjugate, envelope, exposure_range, optimal_exposure, tangent_grid
from tests.solver.builders import CALM, line, net_programs, picks, pool, program, subsets, values

UNITS = st.floats(0, 12)


def billionths(units):
    return round(units * EXPOSURE)


def test_net_reach_counts_each_person_once():
    people = pool([0.5, 0.2], 1_000)
    assert people.net_reach(people.total_exposure(picks(0, 1))) == pytest.approx(600)
    assert people.net_reach(0) == 0
    assert people.max_exposure == people.exposure.sum()


@CALM
@given(st.lists(UNITS, max_size=9), UNITS, UNITS)
def test_tangents_are_never_below_net_reach_and_touch_it_at_their_points(points, offset, more):
    people = replace(
        pool([0.5], 10**9), offset=billionths(offset), tangent_points=tuple(sorted({billionths(u) for u in points}))
    )
    shape = envelope(people)
    assert (
        shape.value_at(more) >= people.net_reach(people.offset + billionths(more)) - 1
    )  # which a billionth of exposure is here
    for point in people.tangent_points:
        if point >= people.offset:
            assert shape.value_at((point - people.offset) / EXPOSURE) == pytest.approx(
                people.net_reach(point), abs=1e-3
            )


@CALM
@given(UNITS, UNITS, st.sampled_from([1e-2, 1e-3, 1e-5]))
def test_points_that_are_spread_leave_no_larger_error_between_them(first, second, error):
    low, high = sorted((first, second))
    people = pool([0.5], 10**9).with_tangents(tangent_grid(low, high, error))
    shape = envelope(people)
    for units in np.linspace(low, high, 50):
        assert shape.value_at(units) - people.net_reach(billionths(units)) <= error * people.size * 1.01 + 1


@CALM
@given(st.just(0.0) | st.floats(1e-9, 1.2), st.floats(0.01, 9), UNITS, UNITS)
def test_the_bound_of_a_pool_is_above_every_exposure_and_reached(share, weight, offset, more):
    people = replace(pool([0.5], 10**6), offset=billionths(offset))
    price = share * weight * people.size / EXPOSURE
    maximum = conjugate(people, weight, price)
    assert weight * people.net_reach(people.offset + billionths(more)) - price * billionths(more) <= maximum
    if share > 0:
        exposure = max(people.offset, billionths(log(1 / share)))
        reached = weight * people.net_reach(exposure) - price * (exposure - people.offset)
        assert reached == pytest.approx(maximum, rel=1e-6, abs=1e-3)


@CALM
@given(st.floats(0.01, 1.2), st.floats(0, 2e5), st.floats(0, 1))
def test_beyond_the_exposures_of_good_plans_more_is_lost(share, slack, where):
    people = pool([0.9, 0.9, 0.9], 10**6)
    price = share * people.size / EXPOSURE
    low, high = exposure_range(people, 1.0, price, slack)
    units = where * people.max_exposure / EXPOSURE
    if not low - 1e-6 <= units <= high + 1e-6:
        assert (
            conjugate(people, 1.0, price) - people.net_reach(billionths(units)) + price * billionths(units) >= slack - 1
        )
    assert low <= optimal_exposure(people, 1.0, price) <= high


def test_a_pool_that_counts_for_nothing_may_be_anywhere():
    people = pool([0.5], 10**6)
    assert exposure_range(people, 0.0, 1.0, 5.0) == (0.0, people.max_exposure / EXPOSURE)
    assert conjugate(people, 0.0, 0.0) == 0


def test_the_last_piece_has_no_end():
    assert envelope(pool([0.5], 1_000)).widths.tolist() == [inf]


def test_worth_counts_net_reach_rounded_down_once():
    instance = program([5, 0], pools=[pool([0.5, 0.0], 1_001, objective=0.001), pool([0.5, 0.5], 1_001, objective=1.0)])
    assert (instance.has_linear_objective, instance.linear_objective(picks(0)), instance.objective_value(picks(0))) == (
        False,
        5,
        5 + floor(0.5005 + 500.5),
    )
    assert instance.tangent_objective(picks(0)) >= instance.objective_value(picks(0))


def test_a_pool_of_a_row_only_leaves_values_exact():
    floored = Constraint(label="net", columns=picks(0), coefficients=np.asarray([100]), lower=700)
    instance = program([5, 1], floored, pools=[pool([0.0, 0.6], 1_000, row=0)])
    assert (
        instance.has_linear_objective,
        instance.objective_value(picks(0, 1)),
        instance.tangent_objective(picks(1)),
    ) == (True, 6, 1)
    assert instance.violated_constraints(picks(1)) == instance.violated_constraints(picks(0)) == ["net"]
    assert (instance.activity(0, picks(0, 1)), instance.violated_constraints(picks(0, 1))) == (700, [])


@CALM
@given(net_programs(columns=7), st.data())
def test_restrict_keeps_what_was_reached(instance, data):
    free = np.asarray(data.draw(st.lists(st.booleans(), min_size=len(instance), max_size=len(instance))))
    ones = [column for column in np.flatnonzero(~free) if not (free & (instance.group == instance.group[column])).any()]
    ones = picks(*ones[:1])
    small, plans = instance.restrict(free, ones), subsets(instance)
    decided = plans[(plans[:, ~free] == instance.mask(ones)[~free]).all(axis=1)]
    remaining = subsets(small)
    assert sorted(map(tuple, remaining)) == sorted(map(tuple, decided[:, free]))
    worths = sorted(instance.objective_value(np.flatnonzero(plan)) for plan in decided)
    assert (
        sorted(small.objective_value(np.flatnonzero(plan)) + instance.linear_objective(ones) for plan in remaining)
        == worths
    )


@CALM
@given(net_programs(columns=6))
def test_worth_is_the_value_by_definition(instance):
    plans = subsets(instance)
    assert [instance.objective_value(np.flatnonzero(plan)) for plan in plans] == pytest.approx(
        values(instance, plans).tolist(), abs=1
    )


def test_a_cheaper_program_and_a_cut_keep_the_pools():
    instance = program([5, 1], line([1, 1], upper=2), pools=[pool([0.3, 0.6], 1_000, objective=1.0)])
    assert instance.excluding(picks(0)).pools == instance.cheaper_than(9).pools == instance.pools
    assert exp(-instance.pools[0].max_exposure / EXPOSURE) == pytest.approx(0.28)


def test_tangents_may_be_very_far_apart():
    shape = envelope(replace(pool([0.5], 1_000), tangent_points=(0, billionths(800.0))))
    assert shape.value_at(5.0) == pytest.approx(1_000.0)
    assert np.isfinite(shape.slopes).all()
