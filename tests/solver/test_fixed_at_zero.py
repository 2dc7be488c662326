"""Columns that no plan can contain are fixed at 0 and left out of the bound; no column of a plan ever is."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver import dual_ascent, sifting
from microopt.solver.constraint import Constraint, constraint
from microopt.solver.dual_ascent import initial_prices
from microopt.solver.integer_variable import IntegerVariable
from microopt.solver.program import IntegerProgram
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import Termination
from microopt.solver.sifting import sift_relaxation
from tests.scale import examples, repeats
from tests.solver.builders import CALM, FREE, line, pool, program, programs, solver, subsets


def columns_of_plans(instance):
    """Return the columns of all plans, by enumeration."""
    found = set()
    for count in range(1, len(instance) + 1):
        for plan in combinations(range(len(instance)), count):
            if not instance.violated_constraints(np.asarray(plan)):
                found.update(plan)
    return found


@st.composite
def shares(draw):
    """Return programs with a budget and shares of it, floors and caps."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = int(rng.integers(2, 9))
    cost = rng.integers(1, rng.choice([5, 10**8]), count)
    rows = [constraint("budget", cost, upper=int(cost.sum() * rng.uniform(0.1, 0.8)))]
    for number in range(int(rng.integers(0, 4))):
        share, inside = int(rng.integers(1, 100)), rng.random(count) < 0.5
        coefficients = cost * np.where(inside, 100 - share, -share)
        lower, upper = [(0, None), (None, 0), (-50, 10)][rng.integers(0, 3)]
        rows.append(constraint(f"share {number}", coefficients, lower=lower, upper=upper))
    value = rng.integers(1, 100, count)
    return IntegerProgram(objective=value, cost=cost, group=np.arange(count, dtype=np.int32), rows=tuple(rows))


@settings(CALM, max_examples=examples(150))
@given(instance=st.one_of(shares(), programs(columns=7, maximum=4)))
def test_no_column_of_a_plan_is_fixed_at_zero(instance):
    fixed = set(instance.fixed_at_zero.tolist())
    event(f"fixed at zero: {bool(fixed)}")
    assert not fixed & columns_of_plans(instance)


def test_fixing_a_column_can_make_another_too_large():
    # without the first column, which its own row excludes, nothing cheap lowers the activity of the share
    cost = np.asarray([1, 60, 40])
    share, alone = line([-100, 60, -40], upper=0), line([2, 0, 0], upper=1)
    assert program([1, 1, 1], line(cost, upper=80), share).fixed_at_zero.tolist() == []
    assert program([1, 1, 1], line(cost, upper=80), share, alone).fixed_at_zero.tolist() == [0, 1]


def test_an_offer_dearer_than_its_share_of_the_budget_is_fixed_at_zero():
    cost = np.asarray([30, 10, 40, 40])
    share = cost * np.asarray([80, 80, -20, -20])  # the first two may take 20% of the spend
    instance = program([90, 10, 20, 20], line(cost, upper=100), line(share, upper=0))
    assert instance.fixed_at_zero.tolist() == [0]


def test_an_offer_dearer_than_what_a_share_leaves_to_others_is_fixed_at_zero():
    cost = np.asarray([30, 10, 40, 50])
    share = cost * np.asarray([60, 60, 60, -40])  # the first three need 40% of the spend: 60 is left to the last
    assert program([1, 1, 1, 1], line(cost, upper=80), line(share, lower=0)).fixed_at_zero.tolist() == [3]


def test_columns_fixed_at_zero_do_not_count_in_the_bound_at_the_prices_of_the_relaxation():
    cost = np.asarray([30, 10, 40, 40])
    share = cost * np.asarray([80, 80, -20, -20])
    instance = program([900, 10, 20, 20], line(cost, upper=100), line(share, upper=0))
    priced = sift_relaxation(instance, solver("highs"), lambda: FREE).priced
    assert priced.integer_bound == 50
    assert 0 not in priced.selected
    assert not priced.undecided(0)[0]


def test_prices_of_the_program_are_as_good_as_those_without_the_columns_fixed_at_zero():
    instance = program([50, 6, 5], line([9, 2, 2], upper=3))
    priced = price_program(instance, np.asarray([3.0]))
    assert priced.integer_bound == 9
    assert np.isfinite(priced.deviation).all()


def test_first_prices_are_those_of_the_program_without_columns_fixed_at_zero(monkeypatch):
    monkeypatch.setattr(dual_ascent, "SMALL", 4)
    chance = np.random.default_rng(1)
    for few in (0, 1_000):  # a sample of the columns, then the columns nearest to selection
        monkeypatch.setattr(dual_ascent, "FEW", few)
        for _ in range(20):
            cost = np.append(chance.integers(1, 30, 60), [200, 300, 400])
            rows = (
                line(cost, upper=90),
                line(np.ones(63, int), lower=5),
                line(cost * chance.choice([-1, 3], 63), upper=0),
            )
            instance = program(np.append(chance.integers(1, 60, 60), [9_000, 9_000, 1]), *rows)
            assert instance.fixed_at_zero.tolist()[-3:] == [60, 61, 62]
            prices = [initial_prices(each)[0] for each in (instance, instance.without_fixed_at_zero())]
            assert prices[0].tolist() == prices[1].tolist()


@pytest.mark.parametrize("least", [2, 3])
def test_sifting_frees_no_column_fixed_at_zero_even_where_rows_are_violated(monkeypatch, least):
    for name in ("SMALL", "FREE", "BATCH", "FEW"):
        monkeypatch.setattr(sifting, name, 1)
    cost = np.asarray([9, 9, 9, 4, 4, 4, 4, 4])
    instance = program([5, 5, 5, 1, 1, 1, 1, 1], line(cost, upper=8), line(np.ones(8, int), lower=least))
    relaxed = sift_relaxation(instance, solver("highs"), lambda: FREE)
    assert instance.fixed_at_zero.tolist() == ([0, 1, 2] if least == 2 else list(range(8)))
    assert (relaxed.result.termination is Termination.INFEASIBLE) == (least == 3)
    assert least == 3 or relaxed.priced.integer_bound == 2


def test_what_else_enters_a_row_may_bring_it_back():
    small = np.asarray([3], dtype=np.int64)
    row = Constraint(label="row", columns=np.asarray([0]), coefficients=-small, lower=0)
    assert program([1], row).fixed_at_zero.tolist() == [0]
    assert program([1], replace(row, penalty=1.0)).fixed_at_zero.tolist() == []
    assert program([1], row, pools=[pool([0.5], row=0)]).fixed_at_zero.tolist() == []
    variable = IntegerVariable(coefficients={0: 1}, upper=9)
    assert replace(program([1], row), integer=variable).fixed_at_zero.tolist() == []


def test_the_losses_of_groups_that_a_plan_decides_against_the_prices_add_up_without_columns_fixed_at_zero():
    """Computed with fractions, for fees of 0 and of up to 10^16: what branching takes from the bound of a node."""
    random, seen = np.random.default_rng(0), 0
    for _ in range(repeats(250)):
        count, top = int(random.integers(2, 8)), int(random.choice([3, 40, 10**6, 10**12, 10**16]))
        cost = random.integers(int(random.integers(0, 2)), top + 1, count)
        net = random.integers(-top, top + 1, count)
        rows = [
            constraint("budget", cost, upper=int(random.choice([cost.max(), cost.sum() // 2, cost.sum() // 4]))),
            constraint("net", net, **{str(random.choice(["lower", "upper"])): 0}),
            constraint("fewer", random.integers(-3, 4, count), upper=int(random.integers(-2, 2))),
        ]
        rows = [row for row in rows if len(row.columns)]
        group = np.unique(random.integers(0, count, count), return_inverse=True)[1]
        instance = program(random.integers(-9, random.choice([60, 10**15]), count), *rows, group=group, cost=cost)
        plans = subsets(instance)
        assert not plans[:, instance.fixed_at_zero].any()
        seen += len(instance.fixed_at_zero) > 0
        size = [max(1, int(np.abs(row.coefficients).max())) for row in rows]
        prices = random.uniform(-2, 2, len(rows)) * float(np.abs(instance.objective).max()) / np.asarray(size)
        priced = price_program(instance, prices)
        selected = instance.mask(priced.selected)
        for plan in plans:
            losses: dict[int, Fraction] = {}
            for column in np.flatnonzero(plan.astype(bool) != selected).tolist():
                own = Fraction(float(priced.deviation[column]))
                losses[int(group[column])] = max(own, losses.get(int(group[column]), Fraction(0)))
            assert int(plan @ instance.objective) + sum(losses.values()) <= priced.exact_bound
    assert seen > 100
