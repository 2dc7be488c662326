"""A backend that returns false results, crashes or stops early: no plan that our own bounds contradict is optimal."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.errors import AuditError, BackendError
from microopt.solver.outer_approximation import CUTS, solve_verified
from microopt.solver.result import Limit, SolveLimits, SolveResult, Termination
from microopt.solver.search import solve
from tests.scale import examples
from tests.solver.builders import CALM, FREE, best, corrupt_result, cut_short, line, picks, program, programs, solver
from tests.support.scripted_backend import ScriptedBackend

pytestmark = pytest.mark.usefixtures("only_branch_and_bound")

# Prices of nothing buy the first column, worth 6: the plan in hand. The best is the other two, worth 9.
OF = program([6, 5, 4], line([3, 2, 2], upper=4), cost=[3, 2, 2])
FLOOR = program([6, 5, 4], line([3, 2, 2], lower=4, upper=4))  # the plan in hand keeps no floor: there is none


def says(stop, *columns, value=None, bound=None, limit=None):
    return SolveResult(termination=stop, limit=limit, columns=picks(*columns), objective=value, bound=bound)


def solve_scripted(*answers, instance=OF, limits=FREE):
    return solve(instance, ScriptedBackend(solve=answers), limits)


def check_honest(answer, instance):
    """What an answer claims agrees with the program and with itself."""
    if answer.columns is None:
        assert answer.objective is None
        assert answer.termination in (Termination.INFEASIBLE, Termination.UNKNOWN)
        return
    assert not instance.violated_constraints(answer.columns)
    assert answer.objective == instance.objective_value(answer.columns)
    assert answer.objective <= answer.bound <= answer.price_bound
    assert answer.termination in (Termination.OPTIMAL, Termination.FEASIBLE)
    assert answer.termination is Termination.FEASIBLE or answer.objective == answer.bound
    assert answer.termination is Termination.OPTIMAL or not answer.is_cheapest


def test_plans_that_keep_breaking_a_row_are_refused():
    broken = says(Termination.OPTIMAL, 0, 1, 2, value=15, bound=15)
    with pytest.raises(AuditError, match=f"fake returned {CUTS} plans that break their rules \\(row\\)"):
        solve_scripted(*[broken] * CUTS)


def test_a_plan_that_breaks_a_row_is_cut_off_and_asked_again():
    fake = ScriptedBackend(solve=[says(Termination.OPTIMAL, 0, 1, 2, value=15, bound=15)], real=solver("highs"))
    answer = solve_verified(OF, fake, FREE)
    assert (answer.termination, answer.columns.tolist()) == (Termination.OPTIMAL, [1, 2])
    cut = fake.asked[1][1].rows[-1]
    assert (cut.label, cut.coefficients.tolist(), cut.lower) == ("cut", [-1, -1, -1], -2)


def test_two_picks_of_a_group_are_cut_off():
    instance = program([6, 5], group=[0, 0])
    fake = ScriptedBackend(solve=[says(Termination.OPTIMAL, 0, 1, value=11, bound=11)], real=solver("highs"))
    assert solve_verified(instance, fake, FREE).columns.tolist() == [0]


def test_asking_again_does_not_start_the_clock_again():
    def slow(*_):
        from time import sleep

        sleep(0.05)
        return says(Termination.OPTIMAL, 0, 1, 2, value=15, bound=15)

    fake = ScriptedBackend(solve=[slow] * CUTS)
    with pytest.raises(AuditError):
        solve_verified(OF, fake, SolveLimits(seconds=0.2))
    left_out = [limits.seconds for _, _, limits in fake.asked]
    assert left_out == sorted(left_out, reverse=True)
    assert left_out[-1] == 0


@pytest.mark.parametrize("limit", [Limit.TIME, Limit.NODES, Limit.INTERRUPT])
def test_a_broken_plan_at_a_limit_is_dropped_and_not_asked_for_again(limit):
    lie = says(Termination.FEASIBLE, 0, 1, 2, value=15, bound=15, limit=limit)
    answer = solve_scripted(lie, limits=SolveLimits(nodes=1) if limit is Limit.NODES else FREE)
    assert (answer.termination, answer.limit, answer.objective) == (Termination.FEASIBLE, limit, 6)
    check_honest(answer, OF)


def test_a_value_claimed_too_high_is_recomputed_and_proves_nothing():
    answer = solve_scripted(says(Termination.OPTIMAL, 1, 2, value=12, bound=12))
    assert (answer.termination, answer.objective, answer.bound) == (Termination.FEASIBLE, 9, 12)
    check_honest(answer, OF)


def test_a_plan_below_the_one_in_hand_is_not_optimal():
    answer = solve_scripted(says(Termination.OPTIMAL, 1, value=5, bound=5))
    assert (answer.termination, answer.objective, answer.bound) == (Termination.FEASIBLE, 6, answer.price_bound)
    check_honest(answer, OF)


def test_a_poor_plan_with_a_bound_of_the_plan_in_hand_is_not_its_proof():
    answer = solve_scripted(says(Termination.OPTIMAL, 1, value=8, bound=8))
    assert (answer.termination, answer.objective) == (Termination.FEASIBLE, 6)
    check_honest(answer, OF)


def test_a_plan_like_the_one_in_hand_rests_on_the_backend():
    answer = solve_scripted(
        says(Termination.OPTIMAL, 0, value=6, bound=6), says(Termination.OPTIMAL, 0, value=-3, bound=-3)
    )
    assert (answer.termination, answer.objective, answer.proven_by) == (
        Termination.OPTIMAL,
        6,
        "branch and bound of FAKE 0",
    )


def test_a_better_plan_in_the_second_solve_takes_optimal_back():
    instance = program([6, 5, 4], line([3, 2, 2], upper=4), cost=[5, 2, 2])
    answer = solve_scripted(
        says(Termination.OPTIMAL, 0, value=6, bound=6),
        says(Termination.OPTIMAL, 1, 2, value=9, bound=9),
        instance=instance,
    )
    assert (answer.termination, answer.objective, answer.bound) == (Termination.FEASIBLE, 9, answer.price_bound)
    check_honest(answer, instance)


@pytest.mark.parametrize(
    ("second", "reported"),
    [
        (SolveResult(termination=Termination.INFEASIBLE), True),
        (says(Termination.OPTIMAL, 1, value=5, bound=5), True),
        (SolveResult(termination=Termination.UNKNOWN, limit=Limit.TIME), False),
        (says(Termination.FEASIBLE, 1, value=5, bound=9, limit=Limit.TIME), False),
        (says(Termination.OPTIMAL, 0, 3, value=9, bound=9), False),
    ],
    ids=["nothing is cheaper", "the cheaper are worth less", "unknown", "feasible", "dearer than in hand"],
)
def test_the_cheapest_is_claimed_only_where_shown(second, reported):
    instance = program([9, 5, 4, 0], line([4, 2, 2, 0], upper=4), cost=[3, 2, 2, 6])
    answer = solve(
        instance, ScriptedBackend(solve=[says(Termination.OPTIMAL, 0, value=9, bound=9), *[second] * CUTS]), FREE
    )
    assert (answer.termination, answer.objective, answer.is_cheapest) == (Termination.OPTIMAL, 9, reported)
    assert instance.total_cost(answer.columns) == 3


def test_infeasible_shows_nothing_while_a_plan_is_in_hand():
    answer = solve_scripted(SolveResult(termination=Termination.INFEASIBLE))
    assert (answer.termination, answer.objective) == (Termination.FEASIBLE, 6)
    check_honest(answer, OF)


def test_infeasible_without_a_plan_rests_on_the_backend():
    answer = solve_scripted(SolveResult(termination=Termination.INFEASIBLE), instance=FLOOR)
    assert (answer.termination, answer.columns) == (Termination.INFEASIBLE, None)


@pytest.mark.parametrize("price", [np.nan, np.inf, -np.inf, 1e300, -1e300, -7.0, 1e17])
def test_prices_out_of_reason_change_no_answer(price):
    false_prices = SolveResult(termination=Termination.OPTIMAL, prices=np.asarray([price]), bound=0)
    answer = solve(OF, ScriptedBackend(relax=[false_prices], real=solver("highs")), FREE)
    assert (answer.termination, answer.objective, answer.is_cheapest) == (Termination.OPTIMAL, 9, True)


@pytest.mark.parametrize("limit", [Limit.TIME, Limit.INTERRUPT])
def test_zeros_at_a_limit_are_no_plan_where_a_floor_forbids_them(limit):
    fake = ScriptedBackend(solve=[says(Termination.FEASIBLE, value=0, bound=0, limit=limit)])
    answer = solve(FLOOR, fake, FREE)
    assert (answer.termination, answer.limit, answer.columns) == (Termination.UNKNOWN, limit, None)
    assert [method for method, *_ in fake.asked] == ["relax", "solve"]


def test_zeros_at_a_limit_do_not_replace_the_plan_in_hand():
    answer = solve_scripted(says(Termination.FEASIBLE, value=0, bound=0, limit=Limit.TIME))
    assert (answer.termination, answer.limit, answer.objective) == (Termination.FEASIBLE, Limit.TIME, 6)
    check_honest(answer, OF)


def test_a_crash_before_any_plan_is_an_error():
    crash = BackendError("out of memory")
    with pytest.raises(BackendError, match="out of memory"):
        solve(OF, ScriptedBackend(relax=[crash]), FREE)
    with pytest.raises(BackendError, match="out of memory"):
        solve_scripted(crash, instance=FLOOR)


def test_a_crash_with_a_plan_in_hand_leaves_the_plan():
    answer = solve_scripted(BackendError("out of memory"))
    assert (answer.termination, answer.objective, answer.bound) == (Termination.FEASIBLE, 6, answer.price_bound)
    check_honest(answer, OF)


def test_a_crash_in_the_second_solve_leaves_the_optimum():
    answer = solve_scripted(says(Termination.OPTIMAL, 1, 2, value=9, bound=9), BackendError("out of memory"))
    assert (answer.termination, answer.objective, answer.is_cheapest) == (Termination.OPTIMAL, 9, False)


def test_a_bound_below_the_plan_is_dropped():
    answer = solve_scripted(says(Termination.FEASIBLE, 1, 2, value=9, bound=7, limit=Limit.TIME))
    assert (answer.termination, answer.limit, answer.objective) == (Termination.FEASIBLE, Limit.TIME, 9)
    assert answer.bound == answer.price_bound


def test_a_bound_above_that_of_prices_is_not_believed():
    answer = solve_scripted(says(Termination.FEASIBLE, 1, 2, value=9, bound=10**6, limit=Limit.TIME))
    assert answer.bound == answer.price_bound == 15


def test_a_missing_bound_is_no_proof():
    answer = solve_scripted(says(Termination.OPTIMAL, 1, 2, value=9))
    assert (answer.termination, answer.objective, answer.bound) == (Termination.FEASIBLE, 9, answer.price_bound)


def test_ctrl_c_in_the_relaxation_ends_the_search():
    fake = ScriptedBackend(relax=[SolveResult(termination=Termination.UNKNOWN, limit=Limit.INTERRUPT)])
    answer = solve(OF, fake, FREE)
    assert (answer.termination, answer.limit, answer.objective) == (Termination.FEASIBLE, Limit.INTERRUPT, 6)
    assert len(fake.asked) == 1


def test_ctrl_c_between_solves_leaves_the_plan_in_hand():
    answer = solve_scripted(KeyboardInterrupt())
    assert (answer.termination, answer.limit, answer.objective) == (Termination.FEASIBLE, Limit.INTERRUPT, 6)
    assert solve_scripted(KeyboardInterrupt(), instance=FLOOR).termination is Termination.UNKNOWN
    assert solve(OF, ScriptedBackend(relax=[KeyboardInterrupt()]), FREE).termination is Termination.UNKNOWN


def test_ctrl_c_as_the_proof_ends_asks_for_nothing_more():
    answer = solve_scripted(says(Termination.OPTIMAL, 1, 2, value=9, bound=9, limit=Limit.INTERRUPT))
    assert (answer.termination, answer.limit, answer.is_cheapest) == (Termination.OPTIMAL, Limit.INTERRUPT, False)


@settings(CALM, max_examples=examples(300))
@given(programs(columns=8), st.data())
def test_whatever_a_backend_says_the_answer_is_honest(instance, data):
    fake = ScriptedBackend(
        real=solver("highs"), distort=lambda instance, answer: corrupt_result(data, instance, answer)
    )
    try:
        answer = solve(instance, fake, FREE)
    except AuditError:
        return
    check_honest(answer, instance)
    optimum = best(instance)
    assert answer.price_bound is None or optimum is None or answer.price_bound >= optimum[0]
    assert answer.proven_by != "prices alone" or answer.objective == optimum[0]


@settings(CALM, max_examples=examples(200))
@given(programs(columns=8), st.data())
def test_poor_plans_with_true_bounds_never_make_a_false_claim(instance, data):
    answer, optimum = (
        solve(instance, ScriptedBackend(real=solver("highs"), distort=lambda _, answer: cut_short(data, answer)), FREE),
        best(instance),
    )
    check_honest(answer, instance)
    assert optimum is None or answer.termination is not Termination.INFEASIBLE
    assert answer.termination is not Termination.OPTIMAL or answer.objective == optimum[0]
    assert answer.bound is None or optimum is None or answer.bound >= optimum[0]
    assert not answer.is_cheapest or instance.total_cost(answer.columns) == optimum[1]
