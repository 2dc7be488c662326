"""The scripted backend does what its script says."""

import pytest
from msgspec.structs import replace

from microopt.errors import BackendError
from microopt.solver.result import SolveLimits, SolveResult, Termination
from tests.solver.builders import FREE, line, program, solver
from tests.support.scripted_backend import ScriptedBackend

OF = program([5, 4], line([1, 1], upper=1))
NO = SolveResult(termination=Termination.INFEASIBLE)


def test_steps_are_played_in_turn_and_calls_are_kept():
    fake = ScriptedBackend(
        solve=[NO, lambda instance, limits: SolveResult(termination=Termination.UNKNOWN, seconds=limits.seconds)],
        relax=[NO],
    )
    assert fake.solve(OF, FREE) is fake.relax(OF, FREE) is NO
    assert fake.solve(OF, SolveLimits(seconds=3)).seconds == 3
    assert [(method, limits.seconds) for method, _, limits in fake.asked] == [
        ("solve", None),
        ("relax", None),
        ("solve", 3),
    ]


def test_an_exception_is_raised():
    with pytest.raises(KeyboardInterrupt):
        ScriptedBackend(solve=[KeyboardInterrupt()]).solve(OF, FREE)


def test_a_script_that_has_ended_says_so():
    assert ScriptedBackend().relax(OF, FREE).prices is None
    with pytest.raises(BackendError, match="script has ended"):
        ScriptedBackend().solve(OF, FREE)


def test_a_real_backend_answers_after_the_script_and_may_be_distorted():
    fake = ScriptedBackend(
        solve=[NO],
        real=solver("highs"),
        distort=lambda instance, answer: replace(answer, objective=instance.objective_value(answer.columns) + 1),
    )
    assert fake.solve(OF, FREE) is NO
    assert fake.solve(OF, FREE).objective == 6
    assert fake.relax(OF, FREE).bound == 5


def test_prices_of_a_real_backend_may_be_distorted():
    fake = ScriptedBackend(
        real=solver("highs"), distort_prices=lambda instance, answer: replace(answer, bound=len(instance))
    )
    assert fake.relax(OF, FREE).bound == 2
