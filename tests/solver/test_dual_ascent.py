"""Prices to begin with: row by row, near the least bound."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver import dual_ascent
from microopt.solver.dual_ascent import clearing_price, initial_prices, pool_prices_at_offset
from microopt.solver.reach_pool import EXPOSURE
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import Termination
from tests.scale import examples
from tests.solver.builders import CALM, FREE, line, pool, program, programs, solver


def test_first_prices_fill_a_limit():
    instance = program([9, 8, 7, 6, 5, 4], line([1] * 6, upper=3))
    prices, pool_prices = initial_prices(instance)
    assert (prices.tolist(), pool_prices.tolist()) == ([6.0], [])
    assert price_program(instance, prices).integer_bound == 24


def test_first_prices_of_a_limit_with_room_for_all_are_nothing():
    assert initial_prices(program([9, 8, -5], line([1, 1, 1], upper=2)))[0].tolist() == [0.0]


def test_first_prices_fill_the_widest_limit_first():
    instance = program([9, 8, 7, 6], line([1, 1, 0, 0], upper=1), line([1, 1, 1, 1], upper=2))
    assert initial_prices(instance)[0].tolist() == [1.0, 7.0]  # at 7, nobody but the first two is worth anything


def test_first_prices_of_a_limit_below_nothing_buy_nothing():
    instance = program([9, 8], line([1, 1], upper=-1))
    assert not len(price_program(instance, *initial_prices(instance)).selected)


def test_a_first_price_is_no_more_than_the_penalty():
    soft = replace(line([1, 1, 1], upper=1), penalty=2.5)
    assert initial_prices(program([9, 8, 7], soft))[0].tolist() == [2.5]


def test_first_prices_take_people_as_if_nobody_had_been_reached():
    people = replace(pool([0.5, 0.2], 1_000, objective=2.0), offset=round(np.log(2) * EXPOSURE))
    assert initial_prices(program([0, 0], pools=[people]))[1] == pytest.approx([1_000.0])


def test_first_prices_pay_for_what_meets_a_floor():
    instance = program([-3, -5, -9], line([1, 1, 1], lower=2))
    assert initial_prices(instance)[0].tolist() == [-5.0]
    assert price_program(instance, initial_prices(instance)[0]).integer_bound == -8


def test_first_prices_keep_a_share():
    instance = program([30, 20, 12, 6], line([1, 1, 1, 1], upper=3), line([1, 1, -1, -1], upper=0))
    prices = initial_prices(instance)[0]
    assert prices[1] > 0
    assert (
        48 <= price_program(instance, prices).integer_bound <= 62
    )  # 62 is what the limit's price alone shows; 30 + 12 + 6 is the best


@settings(CALM, max_examples=examples(150))
@given(programs(columns=40, min_columns=20), st.sampled_from(["few", "many"]))
def test_a_part_of_the_columns_gives_prices_that_bound_all(instance, regime):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dual_ascent, "SMALL", 8)
        patch.setattr(dual_ascent, "SAMPLE", 10)
        patch.setattr(dual_ascent, "FEW", 100 if regime == "few" else -1)
        prices, _ = initial_prices(instance)
    best = solver("highs").solve(instance, FREE)
    assert best.columns is None or best.objective <= price_program(instance, prices).integer_bound


def test_a_sample_has_its_part_of_the_room(monkeypatch):
    for name, number in {"SMALL": 8, "SAMPLE": 1_000, "FEW": 10}.items():
        monkeypatch.setattr(dual_ascent, name, number)
    value = np.random.default_rng(1).integers(1, 10**6, 10_000)
    instance = program(value, line(np.ones(10_000), upper=2_000), group=np.arange(10_000) // 2)
    best = np.sort(value.reshape(-1, 2).max(axis=1))[::-1]
    assert price_program(instance, initial_prices(instance)[0]).bound <= 1.001 * best[:2_000].sum()


def test_people_who_are_reached_already_count_less_for_one_more():
    people = replace(pool([0.5, 0.2], 1_000, objective=2.0), offset=round(np.log(4) * EXPOSURE))
    assert pool_prices_at_offset(program([0, 0], pools=[people]), np.zeros(0)) == pytest.approx([500.0])


@settings(CALM, max_examples=examples(200))
@given(programs(columns=12, rows=1, min_columns=2), st.floats(1e-3, 5))
def test_no_price_of_one_row_bounds_closer_whatever_its_groups(instance, away):
    assume(instance.rows and not len(instance.fixed_at_zero))
    assume(solver("highs").relax(instance, FREE).termination is Termination.OPTIMAL)
    result = clearing_price(instance, instance.objective.astype(float), instance.rows[0])
    bounds = [price_program(instance, np.asarray([result + step])).bound for step in (-away, 0.0, away)]
    assert bounds[1] <= min(bounds) + 1e-6 * max(1.0, abs(bounds[1]))


@pytest.mark.parametrize("group", [None, [0, 0]])
@pytest.mark.parametrize("coefficients", [[0, 0], [-2, -3]])
def test_a_soft_row_that_no_price_can_keep_has_its_penalty_for_a_price(group, coefficients):
    instance = program([5, 6], replace(line(coefficients, lower=1), penalty=40.0), group=group)
    assert clearing_price(instance, instance.objective.astype(float), instance.rows[0]) == -40


def test_of_several_offers_of_a_creator_one_counts():
    instance = program([30, 20, 10] * 50, line([3, 2, 1] * 50, upper=50), group=np.repeat(np.arange(50), 3))
    assert price_program(instance, initial_prices(instance)[0]).integer_bound == 500
