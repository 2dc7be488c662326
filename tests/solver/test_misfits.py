"""Columns that no plan can have are left out of the bound, and no column of a plan ever is."""

from itertools import combinations

import numpy as np
from hypothesis import event, given, settings
from hypothesis import strategies as st

from microopt.solver.program import IntegerProgram, constraint
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.sifting import sift_relaxation
from tests.scale import examples
from tests.solver.builders import CALM, FREE, line, program, programs, solver


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
def test_no_column_of_a_plan_is_a_misfit(instance):
    misfits = set(instance.misfits.tolist())
    event(f"misfits: {bool(misfits)}")
    assert not misfits & columns_of_plans(instance)


def test_a_misfit_is_found_through_others_that_are_left_out_first():
    # without the first column, which its own row excludes, nothing cheap lowers the activity of the share
    cost = np.asarray([1, 60, 40])
    share, alone = line([-100, 60, -40], upper=0), line([2, 0, 0], upper=1)
    assert program([1, 1, 1], line(cost, upper=80), share).misfits.tolist() == []
    assert program([1, 1, 1], line(cost, upper=80), share, alone).misfits.tolist() == [0, 1]


def test_an_offer_dearer_than_its_share_of_the_budget_is_a_misfit():
    cost = np.asarray([30, 10, 40, 40])
    share = cost * np.asarray([80, 80, -20, -20])  # the first two may take 20% of the spend
    instance = program([90, 10, 20, 20], line(cost, upper=100), line(share, upper=0))
    assert instance.misfits.tolist() == [0]


def test_an_offer_dearer_than_what_a_share_leaves_to_others_is_a_misfit():
    cost = np.asarray([30, 10, 40, 50])
    share = cost * np.asarray([60, 60, 60, -40])  # the first three need 40% of the spend: 60 is left to the last
    assert program([1, 1, 1, 1], line(cost, upper=80), line(share, lower=0)).misfits.tolist() == [3]


def test_misfits_are_not_part_of_the_bound_at_the_prices_of_the_relaxation():
    cost = np.asarray([30, 10, 40, 40])
    share = cost * np.asarray([80, 80, -20, -20])
    instance = program([900, 10, 20, 20], line(cost, upper=100), line(share, upper=0))
    priced = sift_relaxation(instance, solver("highs"), lambda: FREE).priced
    assert priced.integer_bound == 50
    assert 0 not in priced.selected
    assert not priced.undecided(0)[0]


def test_prices_of_the_program_with_misfits_are_as_good_as_without():
    instance = program([50, 6, 5], line([9, 2, 2], upper=3))
    priced = price_program(instance, np.asarray([3.0]))
    assert priced.integer_bound == 9
    assert np.isfinite(priced.deviation).all()
