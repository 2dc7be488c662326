"""False results of HiGHS end as those of CBC do."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest

from microopt.errors import AuditError, BackendError
from microopt.solver.backends import run_in_thread
from microopt.solver.constraint import Constraint
from microopt.solver.result import Limit, SolveLimits, Termination
from microopt.solver.search import solve
from tests.solver.builders import FREE, best, hard, line, market_split, pool, program, solver
from tests.support.scripted_backend import ScriptedBackend

highspy = pytest.importorskip("highspy")

pytestmark = pytest.mark.usefixtures("only_branch_and_bound")

PLAN = hard(12)
NONE, _ = market_split(14, 3)
REFUSED, DEAD, UNPROVEN = AuditError, BackendError, (Termination.FEASIBLE, None)
LATE, NOTHING = (Termination.FEASIBLE, Limit.TIME), (Termination.UNKNOWN, Limit.TIME)


def columns_are(value):
    """Return a patch that makes a number of each column."""

    def patch(monkeypatch):
        honest = highspy.Highs.getSolution

        def lie(self):
            return SimpleNamespace(col_value=[value] * len(honest(self).col_value))

        monkeypatch.setattr(highspy.Highs, "getSolution", lie)

    return patch


def figures_are(**figures):
    """Return a patch that tells these figures of the solve; HiGHS minimises what is negated."""

    def patch(monkeypatch):
        honest = highspy.Highs.getInfo

        def lie(self):
            info = honest(self)
            names = ("objective_function_value", "mip_dual_bound", "primal_solution_status")
            return SimpleNamespace(**{name: getattr(info, name) for name in names} | figures)

        monkeypatch.setattr(highspy.Highs, "getInfo", lie)

    return patch


def status_is(name):
    def patch(monkeypatch):
        monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda _: getattr(highspy.HighsModelStatus, name))

    return patch


def run_is(work):
    def patch(monkeypatch):
        monkeypatch.setattr(highspy.Highs, "run", work)

    return patch


def all_of(*patches):
    def patch(monkeypatch):
        for item in patches:
            item(monkeypatch)

    return patch


def crash(_):
    raise RuntimeError("out of memory")


LIES = {
    "a row that is broken": (columns_are(1.0), REFUSED, REFUSED),
    "zeros as the optimum": (columns_are(0.0), UNPROVEN, REFUSED),
    "zeros at the limit": (all_of(columns_are(0.0), status_is("kTimeLimit")), LATE, NOTHING),
    "columns that are no numbers": (columns_are(float("nan")), UNPROVEN, DEAD),
    "columns that are half": (columns_are(0.5), UNPROVEN, DEAD),
    "a value that is too high": (figures_are(objective_function_value=-1e12), UNPROVEN, UNPROVEN),
    "a value that is no number": (figures_are(objective_function_value=float("nan")), UNPROVEN, DEAD),
    "a bound far above the optimum": (figures_are(mip_dual_bound=-1e12), UNPROVEN, UNPROVEN),
    "a bound that is no number": (
        all_of(figures_are(mip_dual_bound=float("nan")), status_is("kTimeLimit")),
        LATE,
        LATE,
    ),
    "a bound below the plan": (all_of(figures_are(mip_dual_bound=5.0), status_is("kTimeLimit")), LATE, LATE),
    "nothing is possible": (status_is("kInfeasible"), UNPROVEN, (Termination.INFEASIBLE, None)),
    "an error of the solve": (status_is("kSolveError"), UNPROVEN, DEAD),
    "no memory": (status_is("kMemoryLimit"), UNPROVEN, DEAD),
    "not solved at all": (status_is("kNotset"), UNPROVEN, DEAD),
    "a crash": (run_is(crash), UNPROVEN, DEAD),
}


def lying(patch, instance):
    """Return HiGHS with honest prices and a lie about the rest."""

    def lie(program, limits):
        with pytest.MonkeyPatch.context() as monkeypatch:
            patch(monkeypatch)
            return solver("highs").solve(program, limits)

    return ScriptedBackend(relax=[solver("highs").relax(instance, FREE)], solve=[lie] * 30)


@pytest.mark.parametrize("instance", [PLAN, NONE], ids=["with a plan in hand", "without"])
@pytest.mark.parametrize("lie", LIES)
def test_a_lie_ends_as_it_should(lie, instance):
    patch, *ends = LIES[lie]
    end, backend = ends[instance is NONE], lying(patch, instance)
    if isinstance(end, type):
        with pytest.raises(end) as error:
            solve(instance, backend, FREE)
        assert error.value.fix
        return
    answer = solve(instance, backend, FREE)
    assert (answer.termination, answer.limit) == end
    if answer.columns is not None:
        assert not instance.violated_constraints(answer.columns)
        assert answer.objective == instance.objective_value(answer.columns) <= best(instance)[0] <= answer.price_bound
        assert answer.bound >= answer.objective


@pytest.fixture
def stuck(monkeypatch):
    """Make HiGHS hang in every branch and bound, deaf to limit and cancellation, until the test is over."""
    over, honest = threading.Event(), highspy.Highs.run
    monkeypatch.setattr(run_in_thread, "GRACE", 0.1)
    in_main_thread = threading.main_thread().ident  # relaxations run there
    monkeypatch.setattr(
        highspy.Highs, "run", lambda self: honest(self) if threading.get_ident() == in_main_thread else over.wait()
    )
    yield over
    over.set()


def test_a_hang_beyond_the_limit_is_left_behind_with_the_plan_in_hand(stuck):
    answer = solve(PLAN, solver("highs"), SolveLimits(seconds=0.2))
    assert (answer.termination, answer.limit) == LATE
    assert not PLAN.violated_constraints(answer.columns)
    assert solve(NONE, solver("highs"), SolveLimits(seconds=0.2)).termination is Termination.UNKNOWN


def test_ctrl_c_ends_a_hang_without_a_limit(monkeypatch):
    import signal

    over = threading.Event()
    monkeypatch.setattr(run_in_thread, "GRACE", 0.1)

    def hang(_):
        signal.raise_signal(signal.SIGINT)
        over.wait()

    monkeypatch.setattr(highspy.Highs, "run", hang)
    answer = solver("highs").solve(PLAN, FREE)
    over.set()
    assert (answer.termination, answer.limit, answer.columns) == (Termination.UNKNOWN, Limit.INTERRUPT, None)


def test_what_killed_the_solver_is_told_with_the_plan_in_hand():
    assert solve(PLAN, lying(run_is(crash), PLAN), FREE).failure == "HiGHS failed: out of memory"
    died = solve(PLAN, lying(status_is("kSolveError"), PLAN), FREE)
    assert died.failure == "HiGHS failed (kSolveError)"


def test_the_optimum_beside_a_pool_is_found_to_the_last_of_eleven_digits():
    """HiGHS 1.16 calls a plan optimal that is one unit below the optimum."""
    values = [
        7777777775,
        7777777775,
        7777777778,
        7777777774,
        7777777776,
        7777777780,
        7777777775,
        7777777776,
        7777777774,
    ]
    floor = Constraint(
        label="net", columns=np.arange(9), coefficients=np.asarray([6, 2, 7, 4, 9, 1, 5, 2, 2]), lower=400_000
    )
    people = pool([0.3, 0, 0.3, 0.3, 0, 0.5, 0.3, 0.1, 0.1], row=1)
    budget = line([22, 31, 44, 41, 47, 49, 15, 44, 25], upper=150)
    instance = program(values, budget, floor, pools=[people])
    answer = solver("highs").solve(instance, FREE)
    assert answer.objective == answer.bound == best(instance)[0]
