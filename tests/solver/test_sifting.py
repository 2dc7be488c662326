"""Sifted by a few columns at a time, a relaxation ends where the whole of it does: at its bound, or with no plan."""

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.errors import BackendError
from microopt.solver import sifting
from microopt.solver.constraint import Constraint
from microopt.solver.dual_ascent import initial_prices
from microopt.solver.outer_approximation import solve_relaxation
from microopt.solver.program import IntegerProgram
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination
from microopt.solver.sifting import sift_relaxation
from tests.scale import examples
from tests.solver.builders import CALM, FREE, line, net_programs, picks, pool, program, programs, solver
from tests.support.scripted_backend import ScriptedBackend

TINY = {"SMALL": 4, "FREE": 3, "BATCH": 2, "FEW": 2}
NO_PRICES = SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME)
# Twins are worth as much: deviating from one to the other costs nothing, buying neither costs all that they are worth.
TWINS = program([9, 9, 2, 2, 3, 3], line([3, 3, 1, 1, 3, 3], upper=6), group=[0, 0, 1, 1, 2, 2])

# Beside column 4, which is bought, no price of the second pool is too high for the little that column 5 exposes.
BESIDE = program(
    [0] * 6,
    Constraint(label="net", columns=picks(5), coefficients=np.asarray([148]), lower=82),
    group=[0, 0, 0, 2, 1, 2],
    pools=[
        pool([0, 0, 0, 0.1, 0, 0], 1_000, objective=2.0, row=0),
        pool([0, 0, 0, 0, 0.1, 1e-6], 1_000, objective=0.001),
    ],
)

# What is bought of a pool reaches it alone: any high price of it would do for the free columns.
ALONE_IN_POOL = program(
    [30, 35, 0, 13, 0, 0, 0, 0, 0, 0, 47, 0, 0, 0, 0, 0],
    Constraint(label="budget", columns=picks(1, 10, 14), coefficients=np.asarray([46, 46, 49]), upper=17),
    group=[2, 8, 6, 5, 3, 6, 3, 4, 3, 1, 10, 9, 6, 5, 7, 0],
    pools=[pool([0] * 14 + [0.0417192, 0.1], 1_000_000, objective=0.001)],
)


@pytest.fixture
def tiny(monkeypatch):
    """Hand few columns over at once, and free few of them in each round."""
    for name, number in TINY.items():
        monkeypatch.setattr(sifting, name, number)


def shifted(instance, columns):
    """Return the program with its bounds moved by what these columns sum to: about as many are bought."""
    rows = []
    for limit in instance.rows:
        by = limit.activity(columns)
        lower, upper = (None if bound is None else bound + by for bound in (limit.lower, limit.upper))
        rows.append(replace(limit, lower=lower, upper=upper))
    return replace(instance, rows=tuple(rows))


def ordered(instance, order):
    """Return the program with its columns in another order, or some of them several times."""
    rows = [
        replace(
            line(limit.coefficients_at(np.arange(len(instance)))[order], limit.lower, limit.upper),
            penalty=limit.penalty,
        )
        for limit in instance.rows
    ]
    group = np.unique(instance.group[order], return_inverse=True)[1]
    return program(instance.objective[order], *rows, group=group, cost=instance.cost[order])


@st.composite
def crowds(draw, columns=60, **facts):
    """Draw a program of many columns that buys few of them or about half, some or all of them alike."""
    instance = draw(programs(columns=columns, min_columns=columns // 3, **facts))
    if draw(st.booleans()):
        instance = shifted(instance, np.arange(draw(st.integers(0, 1)), len(instance), 2))
    if draw(st.booleans()):
        instance = ordered(instance, np.arange(len(instance)) // 2 * 2)
    alike = draw(st.sampled_from(("as drawn", "as drawn", "tied", "equal", "zero")))
    value = {
        "as drawn": instance.objective,
        "tied": instance.objective // 20,
        "equal": instance.objective * 0 + 7,
        "zero": instance.objective * 0,
    }
    return replace(instance, objective=value[alike])


def check_equals_full_relaxation(instance, backend):
    """The relaxation by parts ends as the whole of it does, without the columns that no plan can have."""
    can_be_selected = np.ones(len(instance), dtype=bool)
    can_be_selected[instance.fixed_at_zero] = False
    full = backend.relax(instance.restrict(can_be_selected, np.zeros(0, dtype=np.intp)), FREE)
    parts = sift_relaxation(instance, backend, lambda: FREE)
    assert (parts.result.termination is Termination.INFEASIBLE) == (full.termination is Termination.INFEASIBLE)
    if full.termination is not Termination.INFEASIBLE:
        bound = price_program(instance, full.prices, full.pool_prices).bound
        assert parts.priced.bound == pytest.approx(bound, rel=1e-6, abs=1e-6)
        assert price_program(instance, parts.result.prices, parts.result.pool_prices).bound == parts.priced.bound


def check_valid(result, instance):
    """No plan is worth more than the bound of what a relaxation ended with."""
    best = solver("highs").solve(instance, FREE)
    if result.result.termination is Termination.INFEASIBLE:
        assert best.termination is Termination.INFEASIBLE
    else:
        assert best.columns is None or best.objective <= result.priced.integer_bound


@pytest.mark.usefixtures("tiny")
@settings(CALM, max_examples=examples(150))
@given(instance=crowds())
@example(TWINS)
def test_the_bound_of_the_parts_is_that_of_the_whole(instance):
    check_equals_full_relaxation(instance, solver("highs"))


@pytest.mark.usefixtures("tiny")
@settings(CALM, max_examples=examples(30))
@given(crowds(columns=30))
@example(TWINS)
def test_cbc_relaxes_by_parts_too(instance):
    check_equals_full_relaxation(instance, solver("cbc"))


@pytest.mark.usefixtures("tiny")
@settings(CALM, max_examples=examples(60))
@given(crowds(soft=False))
def test_large_values_change_nothing(instance):
    check_equals_full_relaxation(replace(instance, objective=instance.objective * 9_999_991), solver("highs"))


@settings(
    CALM, max_examples=examples(80), derandomize=True
)  # people by billions are beyond the digits of HiGHS at times
@given(net_programs(columns=40, min_columns=15))
@example(BESIDE)
@example(ALONE_IN_POOL)
def test_net_reach_is_bounded_by_parts_as_closely(instance):
    full = solve_relaxation(instance, solver("highs"), lambda: FREE)[1]
    with pytest.MonkeyPatch.context() as patch:
        for name, number in TINY.items():
            patch.setattr(sifting, name, number)
        parts = solve_relaxation(instance, solver("highs"), lambda: FREE)[1]
    assert parts.result.termination is full.result.termination
    if full.priced is not None:
        assert parts.priced.bound <= full.priced.bound + max(0.1, 1e-4 * abs(full.priced.bound))


@pytest.mark.usefixtures("tiny")
@settings(CALM, max_examples=examples(80))
@given(crowds(soft=False), st.integers(0, 1))
def test_a_floor_that_all_together_just_reach_is_possible_and_one_above_it_is_not(instance, more):
    amount = np.arange(len(instance)) % 7 + 1
    maximum = np.zeros(int(instance.group.max()) + 1, dtype=np.int64)
    np.maximum.at(maximum, instance.group, amount)
    floor = line(amount, lower=int(maximum.sum()) + more)
    instance = replace(instance, rows=(*(replace(limit, penalty=1.0) for limit in instance.rows), floor))
    result = sift_relaxation(instance, solver("highs"), lambda: FREE)
    assert (result.result.termination is Termination.INFEASIBLE) == bool(more)
    assert (result.result.prices is None) == bool(more)


@pytest.mark.usefixtures("tiny")
@settings(CALM, max_examples=examples(60))
@given(instance=crowds(), chance=st.randoms(use_true_random=False))
def test_the_order_of_columns_changes_nothing(instance, chance):
    order = np.asarray(chance.sample(range(len(instance)), len(instance)))
    result = [sift_relaxation(each, solver("highs"), lambda: FREE) for each in (instance, ordered(instance, order))]
    assert result[0].result.termination is result[1].result.termination
    if result[0].priced is not None:
        assert result[0].priced.bound == pytest.approx(result[1].priced.bound, rel=1e-6, abs=1e-6)


@pytest.mark.usefixtures("tiny")
@settings(CALM, max_examples=examples(100))
@given(crowds(), st.integers(0, 3))
def test_a_backend_that_ends_early_leaves_the_best_prices_so_far(instance, rounds):
    assume(instance.can_be_selected.sum() > sifting.SMALL)  # the others are relaxed at once
    answer = [solver("highs").relax] * rounds
    first = price_program(instance, *initial_prices(instance))
    result = sift_relaxation(instance, ScriptedBackend(relax=[*answer, NO_PRICES]), lambda: FREE)
    check_valid(result, instance)
    if result.result.termination is not Termination.INFEASIBLE:
        assert result.priced.bound <= first.bound + 1e-12 * max(1.0, abs(first.bound))
        assert result.result.termination is Termination.UNKNOWN or rounds
        assert result.result.bound is None


@pytest.mark.usefixtures("tiny")
@settings(CALM, max_examples=examples(40))
@given(crowds(columns=30), st.randoms(use_true_random=False))
def test_prices_that_are_nonsense_loosen_the_bound_and_no_more(instance, chance):
    nonsense = [0.0, 1.0, -3.0, 1e9, -1e30, float("nan"), float("inf")]

    def distort(_, answer):
        if answer.prices is None or chance.random() < 0.5:
            return answer
        return replace(answer, prices=np.asarray([chance.choice(nonsense) for _ in answer.prices]))

    fake = ScriptedBackend(real=solver("highs"), distort_prices=distort)
    check_valid(sift_relaxation(instance, fake, lambda: FREE), instance)
    assert len(fake.asked) <= 2 * sifting.ROUNDS


@pytest.mark.usefixtures("tiny")
@settings(CALM, max_examples=examples(60))
@given(crowds(), st.randoms(use_true_random=False))
def test_a_backend_that_calls_anything_infeasible_is_not_believed(instance, chance):
    def false_prices(_, answer):
        return SolveResult(termination=Termination.INFEASIBLE) if chance.random() < 0.3 else answer

    check_valid(
        sift_relaxation(instance, ScriptedBackend(real=solver("highs"), distort_prices=false_prices), lambda: FREE),
        instance,
    )


@pytest.mark.usefixtures("tiny")
def test_prices_of_another_program_are_refused():
    fake = ScriptedBackend(relax=[SolveResult(termination=Termination.OPTIMAL, prices=np.zeros(9))])
    with pytest.raises(BackendError, match="its prices are not those of the program"):
        sift_relaxation(TWINS, fake, lambda: FREE)


def knapsack(columns, share):
    """Return a program of one limit, at a share of all there is."""
    random = np.random.default_rng(7)
    weight = random.integers(100, 1_000, columns)
    return program(weight + random.integers(0, 500, columns), line(weight, upper=int(weight.sum() * share)))


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_few_columns_are_handed_over_at_once(share):
    fake = ScriptedBackend(real=solver("highs"))
    sift_relaxation(knapsack(400, share), fake, lambda: FREE)
    assert max(len(instance) for _, instance, _ in fake.asked) <= 20


def test_a_small_program_is_handed_over_whole():
    fake = ScriptedBackend(real=solver("highs"))
    sift_relaxation(TWINS, fake, lambda: FREE)
    assert [instance for _, instance, _ in fake.asked] == [TWINS]


@pytest.mark.usefixtures("tiny")
def test_what_meets_a_floor_cheaply_is_free_from_the_start(monkeypatch):
    monkeypatch.setattr(sifting, "FEW", 10)
    floor = line([0] * 30 + [1] * 10, lower=2)
    instance = program([*range(100, 130), *[0] * 10], line([10] * 40, upper=50), floor, cost=[10] * 38 + [1, 2])
    fake = ScriptedBackend(real=solver("highs"))
    sift_relaxation(instance, fake, lambda: FREE)
    assert [len(requested.rows) for _, requested, _ in fake.asked] == [2] * len(fake.asked)  # no round looked for room
    assert len(fake.asked[0][1].rows[1].columns) >= 2


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize(
    ("value", "coefficients", "lower", "group"),
    [
        ([0, -1, -1, -1, 0], [0, 2, 2, 3, 0], 2, [3, 1, 1, 2, 0]),
        ([0, -2, -2, -1, 0], [-1, 1, 3, 1, 0], 1, [2, 1, 2, 0, 1]),
    ],
)
def test_columns_that_cost_are_sifted_without_a_division_by_zero(value, coefficients, lower, group):
    check_equals_full_relaxation(program(value, line(coefficients, lower=lower), group=group), solver("highs"))


@settings(CALM, max_examples=examples(100))
@given(crowds())
def test_first_prices_bound_every_plan(instance):
    best, priced = solver("highs").solve(instance, FREE), price_program(instance, *initial_prices(instance))
    assert best.columns is None or best.objective <= priced.integer_bound


def test_a_program_without_columns_is_relaxed():
    empty: IntegerProgram = program([], line([], upper=3))
    assert sift_relaxation(empty, solver("highs"), lambda: FREE).priced.integer_bound == 0


class Counting:
    """A backend that notes how many columns it is handed."""

    def __init__(self, inner):
        self.inner, self.name, self.handed = inner, inner.name, []

    def relax(self, instance, limits):
        self.handed.append(len(instance))
        return self.inner.relax(instance, limits)


def bag(columns, budget=200):
    chance = np.random.default_rng(7)
    return program(chance.integers(1, 10**6, columns), line(chance.integers(1, 100, columns), upper=budget * 50))


@pytest.mark.parametrize("columns", [sifting.SMALL_IF_PRICED + 1, sifting.SMALL])
def test_where_prices_are_known_that_are_near_few_columns_are_handed_over(columns):
    instance, counting = bag(columns), Counting(solver("highs"))
    full = sift_relaxation(instance, counting, lambda: FREE)
    assert counting.handed == [columns]
    near = bag(columns, budget=210)
    again = sift_relaxation(near, counting, lambda: FREE, price_program(near, full.result.prices))
    assert max(counting.handed[1:]) < columns
    assert again.priced.bound == pytest.approx(sift_relaxation(near, counting, lambda: FREE).priced.bound, rel=1e-9)


def test_few_columns_are_handed_over_whole_whatever_is_known():
    instance, counting = bag(sifting.SMALL_IF_PRICED), Counting(solver("highs"))
    cold = sift_relaxation(instance, counting, lambda: FREE)
    sift_relaxation(instance, counting, lambda: FREE, price_program(instance, cold.result.prices))
    assert counting.handed == [sifting.SMALL_IF_PRICED] * 2


def test_where_no_time_is_left_the_first_prices_are_the_answer_and_no_backend_is_asked(monkeypatch):
    monkeypatch.setattr(sifting, "SMALL", 10)
    instance, backend = program([3, 2, 1] * 20, line([1] * 60, upper=5)), ScriptedBackend()
    relaxed = sift_relaxation(instance, backend, lambda: SolveLimits(seconds=0.0))
    assert (relaxed.result.limit, backend.asked) == (Limit.TIME, [])
    assert relaxed.priced.integer_bound >= 15
