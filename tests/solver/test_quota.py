"""Quotas: rows of which a plan may violate a few, against enumeration of all plans."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.solver.elastic import elastic_program
from microopt.solver.fingerprint import fingerprint
from microopt.solver.iis import find_iis
from microopt.solver.lexicographic import solve_cheapest
from microopt.solver.quota import Quota
from microopt.solver.quota_expansion import LIFTED_LABEL, expand
from microopt.solver.quota_search import _rough_solver, solve_with_quotas
from microopt.solver.quota_start import find_start
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination, WarmStart
from microopt.solver.search import solve
from microopt.solver.subproblem import solve_subproblem
from tests.solver.builders import CALM, FREE, line, picks, program, solver


def quota(amounts, floors, may_fail, label="quota"):
    amounts = np.asarray(amounts, dtype=np.int64)
    columns = np.flatnonzero(amounts.any(axis=0))
    floors = np.broadcast_to(np.asarray(floors, dtype=np.int64), len(amounts))
    return Quota(label=label, columns=columns, amounts=amounts[:, columns], floors=floors, may_fail=may_fail)


@st.composite
def programs(draw, columns=7):
    """Draw programs with a budget and one or two quotas, some of upper limits, whose amounts are then below 0."""
    count = draw(st.integers(2, columns))
    group = np.sort(np.asarray(draw(st.lists(st.integers(0, count - 1), min_size=count, max_size=count))))
    cost = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    value = draw(st.lists(st.integers(0, 12), min_size=count, max_size=count))
    quotas = []
    for number in range(draw(st.integers(1, 2))):
        scenarios, sign = draw(st.integers(1, 6)), draw(st.sampled_from((1, 1, -1)))
        amounts = [draw(st.lists(st.integers(0, 9), min_size=count, max_size=count)) for _ in range(scenarios)]
        floor = draw(st.integers(0, 25))
        quotas.append(quota(sign * np.asarray(amounts), sign * floor, draw(st.integers(0, scenarios)), f"q{number}"))
    budget = line(cost, upper=draw(st.integers(3, 30)), label="budget")
    return replace(
        program(value, budget, group=np.unique(group, return_inverse=True)[1], cost=cost), quotas=tuple(quotas)
    )


def every_plan(instance):
    """Yield all plans that keep every row, group and quota, by plain sums."""
    for size in range(len(instance) + 1):
        for plan in combinations(range(len(instance)), size):
            if len({int(instance.group[column]) for column in plan}) < size:
                continue
            sums = [sum(int(row.coefficients_at(picks(column))[0]) for column in plan) for row in instance.rows]
            if any(row.upper is not None and total > row.upper for row, total in zip(instance.rows, sums, strict=True)):
                continue
            if all(failures(each, plan) <= each.may_fail for each in instance.quotas):
                yield plan


def failures(each, plan):
    places = [place for place, column in enumerate(each.columns.tolist()) if column in plan]
    return sum(
        sum(int(row[place]) for place in places) < floor
        for row, floor in zip(each.amounts, each.floors.tolist(), strict=True)
    )


def best_of(instance):
    """Return the best value of a plan and the least cost at it, None without a plan."""
    ranked = [
        (sum(int(instance.objective[c]) for c in plan), -sum(int(instance.cost[c]) for c in plan))
        for plan in every_plan(instance)
    ]
    return max(ranked, default=None)


@pytest.mark.parametrize("name", ["highs", "cbc"])
@settings(CALM, max_examples=60)
@given(data=st.data())
def test_the_best_and_cheapest_plan_is_that_of_enumeration(name, data):
    instance = data.draw(programs())
    result, best = solve_cheapest(instance, solver(name), FREE), best_of(instance)
    if best is None:
        assert result.termination is Termination.INFEASIBLE
        return
    assert (result.objective, -instance.total_cost(result.columns)) == best
    assert result.termination is Termination.OPTIMAL
    assert not instance.violated_constraints(result.columns)
    assert result.price_bound >= result.bound == result.objective
    priced = price_program(instance, result.prices, result.pool_prices)
    assert priced.integer_bound == result.price_bound
    assert len(result.prices) == len(expand(instance).program.rows)


@settings(CALM, max_examples=60)
@given(instance=programs())
def test_a_plan_keeps_quotas_just_if_it_is_a_plan_of_the_expanded_program(instance):
    expanded = expand(instance)
    everything = range(len(instance))
    for columns in (each for size in (*everything, len(instance)) for each in combinations(everything, size)):
        if len(set(instance.group[list(columns)].tolist())) < len(columns):
            continue
        plan = picks(*columns)
        complete = expanded.complete(plan)
        assert expanded.program.violated_constraints(complete) == instance.violated_constraints(plan)
        assert expanded.original_columns(complete).tolist() == plan.tolist()
        assert expanded.program.objective_value(complete) == instance.objective_value(plan)
        assert expanded.program.total_cost(complete) == instance.total_cost(plan)


@settings(CALM, max_examples=60)
@given(instance=programs(), data=st.data())
def test_a_restriction_has_the_same_plans(instance, data):
    plans = list(every_plan(instance))
    if not plans:
        return
    plan = data.draw(st.sampled_from(plans))
    fixed = data.draw(st.sets(st.sampled_from(plan))) if plan else set()
    taken = {int(instance.group[column]) for column in fixed}
    free = np.asarray([int(group) not in taken for group in instance.group])
    result = solve_subproblem(instance, free, picks(*sorted(fixed)), solver("highs"), FREE)
    assert result.columns is not None
    allowed = [each for each in plans if fixed <= set(each) and all(free[c] or c in fixed for c in each)]
    assert result.objective == max(instance.objective_value(picks(*each)) for each in allowed)


def test_a_column_that_is_not_in_a_quota_adds_nothing_to_its_rows():
    each = quota([[0, 2, 0, 5, 0], [0, 3, 0, 0, 0]], 1, 0)
    assert each.amounts_at(picks(4, 3, 0, 1, 3)).tolist() == [[0, 5, 0, 2, 5], [0, 0, 0, 3, 0]]
    assert each.amounts_at(picks()).shape == (2, 0)
    assert quota([[0, 0]], 0, 0).amounts_at(picks(1)).tolist() == [[0]]


def test_a_row_that_nothing_can_break_needs_no_lifting():
    instance = replace(program([1, 1], line([1, 1], upper=2)), quotas=(quota([[1, 0], [0, 1]], [0, 1], 0),))
    rows = [row for row in expand(instance).program.rows if row.label == LIFTED_LABEL]
    assert [row.columns.tolist() for row in rows] == [[0], [1, 3]]


def test_columns_too_large_for_any_plan_stay_so_once_rows_may_be_lifted():
    budget, share = line([2, 6, 3], upper=8, label="budget"), line([-3, 4, -3], upper=0, label="share")
    base = program([3, 20, 4], budget, share)
    instance = replace(base, quotas=(quota([[1, 1, 1]] * 4, 2, 2),))
    assert base.fixed_at_zero.tolist() == [1]
    assert 1 in expand(instance).program.fixed_at_zero
    result, prices = solve(instance, solver("highs"), FREE), np.zeros(len(expand(instance).program.rows))
    assert price_program(instance, prices).integer_bound == price_program(base, np.zeros(2)).integer_bound
    assert price_program(instance, result.prices).integer_bound == result.price_bound


def test_plans_of_a_program_without_quotas_that_keep_them_are_the_answer():
    instance = replace(program([3, 2], line([1, 1], upper=1)), quotas=(quota([[1, 1]] * 4, 1, 1),))
    result = solve(instance, solver("highs"), FREE)
    assert result.columns.tolist() == [0]
    assert np.count_nonzero(result.prices[1:]) == 0


def test_programs_that_differ_in_a_quota_have_other_fingerprints():
    base = program([3, 2], line([1, 1], upper=1))
    first, second = (replace(base, quotas=(quota([[1, 1]] * 4, 1, few),)) for few in (1, 2))
    assert len({fingerprint(each) for each in (base, first, second)}) == 3


def test_a_clash_names_the_quota_that_no_plan_keeps():
    budget = line([4, 5, 6], upper=9, label="budget")
    instance = replace(
        program([1, 1, 1], budget, line([1, 0, 0], upper=1, label="other")),
        quotas=(quota([[1, 1, 1], [0, 1, 1], [1, 0, 1]], 2, 1),),
    )
    found = find_iis(instance, solver("highs"), FREE, candidates=("budget", "other", "quota"))
    assert found is not None
    assert set(found.labels) == {"budget", "quota"} or found.labels == ("quota",)
    assert found.irreducible


def test_an_elastic_program_counts_the_rows_that_fail_too_often():
    instance = replace(program([1, 1], line([1, 1], upper=1)), quotas=(quota([[1, 0], [0, 1], [0, 1]], 1, 0),))
    elastic = elastic_program(instance, hard={"row"})
    result = solve(elastic.program, solver("highs"), FREE, cheapest=False)
    assert elastic.original_columns(result.columns).tolist() == [1]


def test_a_search_without_time_has_no_plan_that_breaks_a_quota():
    instance = replace(program([3, 2], line([1, 1], upper=1)), quotas=(quota([[0, 1]] * 4, 1, 0),))
    result = solve(instance, solver("highs"), SolveLimits(seconds=0.0))
    assert result.columns is None or not instance.violated_constraints(result.columns)
    known = solve(instance, solver("highs"), SolveLimits(seconds=0.0), warm_start=WarmStart(plans=(picks(1),)))
    assert known.limit in (None, Limit.TIME)
    assert known.columns is None or known.columns.tolist() == [1]


class WithoutTime:
    """Solves as `solve` does, but stops programs without quotas as a time limit does, and notes their limits."""

    def __init__(self, plan=None, limit=Limit.TIME):
        self.plan, self.limit, self.seconds = plan, limit, []

    def __call__(self, program, backend, limits, *, warm_start):
        self.seconds.append(limits.seconds)
        if len(self.seconds) > 1:
            return solve(program, backend, limits, warm_start=warm_start)
        found = Termination.UNKNOWN if self.plan is None else Termination.FEASIBLE
        return SolveResult(termination=found, limit=self.limit, columns=self.plan, objective=0, bound=9)


@pytest.mark.parametrize("plan", [None, picks(0)])
def test_a_program_without_quotas_that_takes_long_leaves_time_for_them(plan):
    instance = replace(program([3, 2], line([1, 1], upper=1)), quotas=(quota([[0, 1]] * 4, 1, 0),))
    run = WithoutTime(plan)
    result = solve_with_quotas(instance, solver("highs"), SolveLimits(seconds=60.0), WarmStart(), run)
    assert result.columns.tolist() == [1] and result.bound == result.objective == 2
    assert run.seconds[0] < 30 and run.seconds[-1] > 30
    assert sum(run.seconds[1:-1]) < 30


@pytest.mark.parametrize(("bound", "least"), [(5, 5), (50, 9), (None, 9)])
def test_a_search_that_a_limit_ends_has_the_least_of_its_bounds_and_not_its_value(bound, least):
    instance = replace(program([3, 2], line([1, 1], upper=1)), quotas=(quota([[0, 1]] * 4, 1, 0),))

    def limited(program, backend, limits, *, warm_start):
        if program is not expand(instance).program:
            return SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME, bound=9)
        cut_short = {"termination": Termination.FEASIBLE, "limit": Limit.NODES}
        return SolveResult(**cut_short, columns=picks(1), objective=2, bound=bound)

    result = solve_with_quotas(instance, solver("highs"), FREE, WarmStart(), limited)
    assert result.termination is Termination.FEASIBLE
    assert (result.objective, result.bound) == (2, least)


@pytest.mark.parametrize("name", ["highs", "cbc"])
@settings(CALM, max_examples=20)
@given(instance=programs(), seconds=st.sampled_from([0.0, None]))
def test_a_limit_leaves_a_bound_that_no_plan_exceeds(name, instance, seconds):
    result, best = solve(instance, solver(name), SolveLimits(nodes=1, seconds=seconds)), best_of(instance)
    if best is None:
        assert result.columns is None
    else:
        assert result.bound is None or result.bound >= best[0]
        assert result.columns is None or result.objective <= best[0]


def test_a_plan_without_quotas_that_keeps_them_is_no_answer_until_it_is_proven():
    instance = replace(program([3, 2], line([1, 1], upper=1)), quotas=(quota([[1, 1]] * 4, 1, 1),))
    run = WithoutTime(picks(1))
    result = solve_with_quotas(instance, solver("highs"), FREE, WarmStart(), run)
    assert result.termination is Termination.OPTIMAL
    assert (result.columns.tolist(), result.objective, result.bound) == ([0], 3, 3)


def test_a_start_is_looked_for_in_shares_of_the_time_that_is_left():
    seconds = []

    def no_plan(program, backend, limits, *, warm_start):
        seconds.append(limits.seconds)
        return SolveResult(termination=Termination.UNKNOWN)

    rough = _rough_solver(no_plan, solver("highs"), SolveLimits(seconds=1.0))
    rough(program([3, 2], line([1, 1], upper=1)))
    assert seconds[0] < 0.5


@pytest.mark.parametrize("known", [picks(), picks(0), picks(1)])
def test_an_interrupt_leaves_the_known_plan_that_keeps_the_quotas(known):
    instance = replace(program([3, 2], line([1, 1], upper=1)), quotas=(quota([[0, 1]] * 4, 1, 0),))
    run = WithoutTime(picks(0), Limit.INTERRUPT)
    result = solve_with_quotas(instance, solver("highs"), SolveLimits(), WarmStart(plans=(known,)), run)
    assert result.limit is Limit.INTERRUPT and result.bound == 9 and len(run.seconds) == 1
    if known.tolist() == [1]:
        assert result.termination is Termination.FEASIBLE and result.columns.tolist() == [1] and result.objective == 2
    else:
        assert result.termination is Termination.UNKNOWN and result.columns is None


def test_four_programs_without_quotas_are_enough_for_a_good_first_plan():
    rng = np.random.default_rng(1)
    value, cost, mean = (rng.integers(10, 100, 60) for _ in range(3))
    amounts = np.rint(mean * rng.lognormal(0, 0.6, (40, 60))).astype(np.int64)
    base = program(value, line(cost, upper=500, label="budget"), cost=cost)
    without = solve(base, solver("highs"), FREE)
    usual = int(np.median(amounts[:, without.columns].sum(axis=1)))
    instance, asked = replace(base, quotas=(quota(amounts, usual * 6 // 5, 10),)), []

    def linear(each):
        asked.append(each)
        return solve(each, solver("highs"), FREE) if len(asked) <= 4 else SolveResult(termination=Termination.UNKNOWN)

    first = find_start(instance, linear, without.columns)
    assert not instance.violated_constraints(first)
    assert instance.objective_value(first) >= 0.88 * without.objective  # no plan is worth more than that without quotas


def test_a_first_plan_is_one_with_the_most_in_all_rows_where_no_margin_is_enough():
    instance = replace(
        program([9, 9, 1], line([1, 1, 1], upper=1)), quotas=(quota([[4, 0, 3], [0, 4, 3], [3, 3, 3]], 3, 0),)
    )
    asked = []

    def linear(each):
        asked.append(each)
        if len(each.rows) > len(instance.rows):
            return SolveResult(termination=Termination.UNKNOWN)
        return solve(each, solver("highs"), FREE)

    assert find_start(instance, linear, picks(0)).tolist() == [2]
    assert find_start(instance, linear, picks(2)).tolist() == [2]
