"""Each kind of corrupt answer, applied to every answer of a real solver, ends as expected."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microopt.errors import AuditError, BackendError
from microopt.solver.result import Limit, SolveLimits, Termination
from microopt.solver.search import solve
from tests.scale import examples
from tests.solver.builders import CALM, FREE, best, hard, market_split, net_programs, programs, solver
from tests.support.cores import only_branch_and_bound  # noqa: F401 (a fixture)
from tests.support.corrupt_answers import LIES
from tests.support.scripted_backend import ScriptedBackend

pytestmark = pytest.mark.usefixtures("only_branch_and_bound")

PLAN = hard(12)  # a plan is in hand before the backend is asked for a proof
NONE, _ = market_split(14, 3)  # and here there is none before the backend has found one
REFUSED, DEAD = AuditError, BackendError
PROVEN, UNPROVEN = (Termination.OPTIMAL, None), (Termination.FEASIBLE, None)
INTERRUPTED = (Termination.FEASIBLE, Limit.INTERRUPT)
# what each lie ends in: with a plan in hand, and without one
ENDS = {
    "broken_row": (REFUSED, REFUSED),
    "value_too_high": (UNPROVEN, UNPROVEN),
    "bound_below_the_plan": (UNPROVEN, UNPROVEN),
    "value_is_no_number": (PROVEN, PROVEN),  # it is worked out anew: this lie is of no consequence
    "bound_is_no_number": (UNPROVEN, UNPROVEN),
    "prices_are_no_numbers": (PROVEN, PROVEN),  # a solve does not tell prices; those of a relaxation are below
    "picks_are_no_columns": (UNPROVEN, DEAD),
    "zeros_at_the_limit": ((Termination.FEASIBLE, Limit.TIME), (Termination.UNKNOWN, Limit.TIME)),
    "silence_until_the_limit": ((Termination.FEASIBLE, Limit.TIME), (Termination.UNKNOWN, Limit.TIME)),
    "crash": (UNPROVEN, DEAD),
    "ctrl_c": (INTERRUPTED, (Termination.UNKNOWN, Limit.INTERRUPT)),
    "false_optimum": (PROVEN, PROVEN),  # where it shows: see below
    "false_infeasible": (UNPROVEN, (Termination.INFEASIBLE, None)),
}


def solve_corrupted(lie, instance, limits=FREE, **alterations):
    return solve(instance, ScriptedBackend(real=solver("cbc"), distort=LIES[lie], **alterations), limits)


def test_every_lie_has_its_end():
    assert list(ENDS) == list(LIES)


@pytest.mark.parametrize("instance", [PLAN, NONE], ids=["with a plan in hand", "without"])
@pytest.mark.parametrize("lie", [lie for lie in LIES if lie != "false_optimum"])
def test_a_lie_ends_as_it_should(lie, instance):
    end = ENDS[lie][instance is NONE]
    if isinstance(end, type):
        with pytest.raises(end):
            solve_corrupted(lie, instance)
        return
    answer = solve_corrupted(lie, instance)
    assert (answer.termination, answer.limit) == end
    if answer.columns is not None:
        assert not instance.violated_constraints(answer.columns)
        assert answer.objective == instance.objective_value(answer.columns) <= answer.bound
        assert answer.termination is Termination.FEASIBLE or answer.objective == best(instance)[0]


@pytest.mark.parametrize("lie", ["prices_are_no_numbers", "crash", "silence_until_the_limit", "ctrl_c"])
def test_a_lie_about_prices_ends_as_it_should(lie):
    fake = ScriptedBackend(real=solver("cbc"), distort_prices=LIES[lie])
    if lie == "crash":
        with pytest.raises(BackendError):
            solve(PLAN, fake, FREE)
        return
    answer = solve(PLAN, fake, FREE)
    interrupted = lie == "ctrl_c"
    assert answer.termination is (Termination.UNKNOWN if interrupted else Termination.OPTIMAL)
    assert interrupted or answer.objective == best(PLAN)[0]


def test_prices_of_another_program_are_an_error():
    instance = hard(12, rows=3)
    second = solver("cbc").relax(PLAN, FREE)
    with pytest.raises(BackendError, match="its prices are not those of the program"):
        solve(instance, ScriptedBackend(relax=[second], real=solver("cbc")), FREE)


def test_what_a_backend_died_of_is_told_with_the_plan_in_hand():
    assert solve_corrupted("crash", PLAN).failure == "out of memory"
    assert solve_corrupted("value_too_high", PLAN).failure == ""


def test_a_backend_that_has_overrun_all_time_is_not_asked_again():
    def slow(instance, answer):
        from time import sleep

        sleep(0.2)
        return LIES["silence_until_the_limit"](instance, answer)

    fake = ScriptedBackend(real=solver("cbc"), distort_prices=slow)
    answer = solve(PLAN, fake, SolveLimits(seconds=0.1))
    assert (answer.termination, answer.limit) == (Termination.FEASIBLE, Limit.TIME)
    assert [method for method, *_ in fake.asked] == ["relax"]


def test_what_is_only_claimed_rests_on_the_backend_and_says_so():
    fake = ScriptedBackend(
        relax=[solver("cbc").relax(NONE, FREE)], real=solver("cbc"), distort=LIES["false_infeasible"]
    )
    answer = solve(NONE, fake, FREE)
    assert (answer.termination, answer.proven_by) == (Termination.INFEASIBLE, "branch and bound of FAKE 0")


@settings(CALM, max_examples=examples(150), derandomize=True)
@given(st.one_of(programs(columns=8), net_programs(columns=6)), st.sampled_from(sorted(LIES)))
def test_no_lie_makes_a_claim_that_the_facts_contradict(instance, lie):
    fake = ScriptedBackend(real=solver("highs"), distort=LIES[lie])
    try:
        answer = solve(instance, fake, SolveLimits(seconds=30))
    except (AuditError, BackendError):
        assert lie in ("broken_row", "picks_are_no_columns", "crash")
        return
    optimum = best(instance)
    if answer.columns is not None:
        assert not instance.violated_constraints(answer.columns)
        assert answer.objective == instance.objective_value(answer.columns) <= answer.bound
        assert optimum[0] <= answer.price_bound
    if lie not in ("false_optimum", "false_infeasible", "broken_row"):  # everything may keep all rows
        assert answer.termination is not Termination.INFEASIBLE or optimum is None
        assert answer.termination is not Termination.OPTIMAL or answer.objective >= optimum[0] - max(
            1, 1e-6 * abs(answer.bound)
        )
