"""The bound from prices holds at any prices, and what it decides is decided rightly."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver.reach_pool import EXPOSURE
from microopt.solver.reduced_cost_fixing import exposure_ranges, price_program
from tests.scale import examples
from tests.solver.builders import CALM, best, line, net_programs, picks, pool, program, programs, subsets, values

PRICES = st.one_of(
    st.floats(-4, 4),
    st.integers(-3, 3).map(float),
    st.sampled_from([0.1, 1 / 3, 1e-300, -1e-9, 1e9, -1e17, 1e30, 1e300, float("inf"), float("nan")]),
)
LARGE = 2**57  # so that the sums of nine columns are below 2^62, and doubles off by up to 2^8


@st.composite
def priced_programs(draw, columns=9, maximum=50, soft=True):
    instance = draw(programs(columns=columns, maximum=maximum, soft=soft))
    prices = draw(st.lists(PRICES, min_size=len(instance.rows), max_size=len(instance.rows)))
    return instance, price_program(instance, np.asarray(prices))


@st.composite
def priced_net_programs(draw):
    """Draw a program with pools at any prices, or at prices near those at which its pools are full in part."""
    instance = draw(net_programs())
    prices = draw(st.lists(PRICES, min_size=len(instance.rows), max_size=len(instance.rows)))
    shares = draw(
        st.lists(st.one_of(st.floats(0, 1.1), PRICES), min_size=len(instance.pools), max_size=len(instance.pools))
    )
    scales = [max(float(people.objective), 1.0) * people.size for people in instance.pools]
    with np.errstate(over="ignore"):
        return instance, price_program(instance, np.asarray(prices), np.asarray(shares) * scales)


ALL_PROGRAMS = st.one_of(priced_programs(), priced_net_programs(), priced_programs(maximum=LARGE, soft=False))


def exact_bound(instance, prices):
    """Return U(y) of the columns not fixed at 0 in fractions, from its definition."""
    total, reduced = Fraction(0), [Fraction(int(v)) for v in instance.objective]
    for y, limit in zip(map(Fraction, prices.tolist()), instance.rows, strict=True):
        lower, upper = limit.lower, limit.upper
        if limit.penalty is not None and lower is not None and upper is not None and lower > upper:
            total -= Fraction(limit.penalty) * (lower - upper)
            lower, upper = upper, lower
        total += y * (upper if y > 0 else lower) if y else 0
        for column, coefficient in zip(limit.columns.tolist(), limit.coefficients.tolist(), strict=True):
            reduced[column] -= y * coefficient
    for column in instance.fixed_at_zero.tolist():
        reduced[column] = Fraction(0)
    groups = set(instance.group.tolist())
    return total + sum(
        max(0, *(r for r, g in zip(reduced, instance.group, strict=True) if g == group)) for group in groups
    )


def check_differing(instance, priced, value):
    """Every plan worth this much differs from the choice of prices in undecided columns only."""
    plans = subsets(instance)
    differs = (plans[values(instance, plans) >= value] != instance.mask(priced.selected)).any(axis=0)
    assert not (differs & ~priced.undecided(value)).any()


@settings(CALM, max_examples=examples(400))
@given(st.one_of(priced_programs(), priced_net_programs()))
def test_no_plan_is_worth_more_than_the_bound_at_any_prices(drawn):
    instance, priced = drawn
    optimum = best(instance)
    assert optimum is None or optimum[0] <= priced.integer_bound


@settings(CALM, max_examples=examples(200))
@given(priced_programs(maximum=10**9))
def test_the_bound_is_the_formula_rounded_up(drawn):
    instance, priced = drawn
    exact = exact_bound(instance, priced.prices)
    size = sum(abs(Fraction(y)) * 10**11 for y in priced.prices.tolist()) + 10**11
    assert exact <= Fraction(priced.bound) <= exact + size / 2**40


@settings(CALM, max_examples=examples(300))
@given(priced_programs(maximum=LARGE, soft=False))
def test_the_bound_of_large_numbers_exceeds_the_formula_only_by_near_ties(drawn):
    instance, priced = drawn
    exact, reduced = exact_bound(instance, priced.prices), np.sort(priced.deviation)
    assert exact <= priced.exact_bound
    assert priced.exact_bound == exact or reduced[0] == 0


@settings(CALM, max_examples=examples(300))
@given(
    st.one_of(priced_programs(), priced_net_programs(), priced_programs(maximum=LARGE, soft=False)), st.integers(0, 60)
)
def test_plans_worth_a_value_differ_in_undecided_columns_only(drawn, less):
    instance, priced = drawn
    optimum = best(instance)
    if optimum is not None:
        check_differing(instance, priced, optimum[0] - less)


@settings(CALM, max_examples=examples(300))
@given(ALL_PROGRAMS)
def test_deciding_what_prices_decide_keeps_every_optimum(drawn):
    instance, priced = drawn
    optimum = best(instance)
    if optimum is not None:
        free = priced.undecided(optimum[0])
        fixed = priced.fixed_columns(free)
        small = instance.restrict(free, fixed)
        value, cost = best(small)
        assert (value + instance.linear_objective(fixed), cost + instance.total_cost(fixed)) == optimum


@CALM
@given(priced_programs())
def test_a_group_is_decided_as_a_whole(drawn):
    instance, priced = drawn
    free = priced.undecided(int(np.floor(priced.bound)) - 20)
    assert not set(instance.group[priced.fixed_columns(free)]) & set(instance.group[free])


@CALM
@given(priced_programs(), st.integers(0, 9))
def test_nearest_frees_whole_choices(drawn, count):
    instance, priced = drawn
    free = priced.nearest(count, instance.group)
    assert count <= free.sum() or free.all()
    assert not set(instance.group[priced.fixed_columns(free)]) & set(instance.group[free])


def test_a_bound_made_too_tight_is_caught():
    instance = program([10, 9, 8], line([1, 1, 1], upper=2))
    priced = price_program(instance, np.asarray([8.5]))
    check_differing(instance, priced, 19)
    with pytest.raises(AssertionError):
        check_differing(instance, replace(priced, exact_bound=Fraction(18)), 18)


def test_the_bound_survives_cancellation():
    instance = program([5], line([1], lower=1, upper=1))
    assert price_program(instance, np.asarray([-(10.0**20)])).bound >= 5
    assert price_program(instance, np.asarray([10.0**20])).bound >= 5
    assert price_program(program([5], line([3], lower=3, upper=3)), np.asarray([0.1e25])).bound >= 5


def test_prices_of_a_forbidden_sign_count_as_none():
    instance = program([3, 4], line([1, 1], upper=1), line([1, 0], lower=0))
    priced = price_program(instance, np.asarray([-2.0, 2.0]))
    assert priced.prices.tolist() == [0.0, 0.0]
    assert priced.integer_bound == 7


def test_prices_that_are_no_numbers_count_as_none():
    instance = program([3, 4], line([1, 1], upper=1), line([1, 0], lower=0, upper=1))
    assert price_program(instance, np.asarray([np.nan, np.inf])).prices.tolist() == [0.0, 0.0]
    assert price_program(instance, np.asarray([1e300, -np.inf])).integer_bound == 7


def test_the_choice_is_the_best_of_each_group_that_pays():
    instance = program([9, 7, 3, 2], line([2, 2, 2, 2], upper=4), group=[0, 0, 1, 2])
    priced = price_program(instance, np.asarray([2.5]))  # the row is halved: 2.5 a column
    assert priced.selected.tolist() == [0, 2]
    assert priced.deviation.round(9).tolist() == [2.0, 2.0, 0.5, 0.5]
    assert priced.bound == pytest.approx(2 * 2.5 + 6.5 + 0.5)


def test_a_program_without_columns_is_priced():
    priced = price_program(program([], line([], upper=3)), np.asarray([2.0]))
    assert (priced.integer_bound, priced.selected.tolist()) == (6, [])
    assert priced.fixed_columns(priced.undecided(0)).tolist() == picks().tolist()


def test_a_pool_at_its_best_price_is_bounded_by_its_net_reach():
    instance = program([0, 0], pools=[pool([0.5, 0.2], 1_000_000, objective=1.0)])
    assert price_program(instance, np.zeros(0)).integer_bound == 1_000_000
    slope = 1_000_000 * 0.5 * 0.8  # that of net reach where both are bought
    assert (
        price_program(instance, np.zeros(0), np.asarray([slope])).integer_bound
        == 600_000
        == instance.objective_value(picks(0, 1))
    )


def test_a_floor_on_net_reach_counts_at_the_price_of_its_row():
    floor = line([0, 0], lower=550_000)
    instance = program([-4, -1], floor, pools=[pool([0.5, 0.2], 1_000_000, row=0)])
    priced = price_program(instance, np.asarray([-1e-5]), np.asarray([1e-5 * 400_000]))
    assert priced.bound == pytest.approx(1e-5 * (600_000 - 550_000) - 1 - 4 + 1 + 4, abs=5.1)
    assert priced.integer_bound >= -5 == best(instance)[0]


def test_the_exposures_of_good_plans_are_where_prices_say():
    instance = program([0] * 3, line([5, 4, 3], upper=8), pools=[pool([0.4, 0.3, 0.2], 10**6, objective=1.0)])
    priced = price_program(instance, np.asarray([30_000.0]), np.asarray([480_000.0]))
    for value in (500_000, 550_000, 580_000):
        ((low, high),) = exposure_ranges(instance, priced, priced.bound - value)
        plans = subsets(instance)
        exposed = plans[values(instance, plans) >= value] @ instance.pools[0].exposure / EXPOSURE
        assert ((low <= exposed) & (exposed <= high)).all()


def test_prices_of_an_answer_give_its_bound_again():
    instance = program([0] * 3, line([5, 4, 3], upper=8), pools=[pool([0.4, 0.3, 0.2], 10**6, objective=1 / 3)])
    priced = price_program(instance, np.asarray([1 / 7]), np.asarray([100 / 7]))
    assert price_program(instance, priced.prices, priced.pool_prices).bound == priced.bound


@pytest.mark.parametrize("group", [[0, 1, 2], [0, 0, 1]])
def test_what_may_be_bought_at_no_loss_is_not_bought_and_stays_undecided(group):
    large = 10**15  # so that rounding errors are above all tolerances
    instance = program([large, large - 400, large], line([1, 1, 1], upper=2), group=group)
    priced = price_program(instance, np.asarray([float(large)]))
    assert priced.selected.tolist() == []
    assert priced.undecided(priced.integer_bound).tolist() == [True, False, True]


def test_a_bound_beyond_the_precision_of_doubles_is_exact():
    instance = program([2**60 + 1, 2**60 - 2**20, 2**60, 2**59 + 3], line([2, 2, 2, 1], upper=5))
    priced = price_program(instance, np.asarray([2.0**59 - 2**15]))
    assert priced.exact_bound == exact_bound(instance, priced.prices) == 2**61 + 2**59 + 4
    assert instance.objective_value(priced.selected) == priced.integer_bound
    assert not priced.undecided(priced.integer_bound).any()
