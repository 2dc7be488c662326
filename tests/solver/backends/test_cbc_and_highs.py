"""What PuLP cannot build in the time that is left is not begun; few columns are branched on without cuts."""

import numpy as np
import pytest
from hypothesis import given, settings

from microopt.solver.backends import cbc_and_highs as pulp_backend
from microopt.solver.backends.decode import no_answer
from microopt.solver.result import Limit, SolveLimits, Termination
from tests.solver.builders import CALM, FREE, line, program, programs, solver


@pytest.fixture
def _unbuilt(monkeypatch):
    def build(*_, **__):
        raise AssertionError("it is built")

    monkeypatch.setattr(pulp_backend, "build", build)


def large(columns):
    return program(np.ones(columns), line(np.ones(columns), upper=3))


@pytest.mark.usefixtures("_unbuilt")
@pytest.mark.parametrize("name", ["cbc", "highs"])
@pytest.mark.parametrize("method", ["solve", "relax"])
def test_a_program_that_cannot_be_built_in_time_is_not_begun(name, method):
    answer = getattr(solver(name), method)(large(20_000), SolveLimits(seconds=0.1))
    assert (answer.stop, answer.limit, answer.picks, answer.prices) == (Termination.UNKNOWN, Limit.TIME, None, None)


@pytest.mark.usefixtures("_unbuilt")
@pytest.mark.parametrize(("columns", "seconds"), [(20_000, None), (20_000, 60.0), (5_000, 0.0)])
def test_with_time_or_without_a_limit_it_is(columns, seconds):
    with pytest.raises(AssertionError, match="it is built"):
        solver("cbc").solve(large(columns), SolveLimits(seconds=seconds))


@pytest.fixture
def asked(monkeypatch):
    """Return the command lines that CBC is run by."""
    lines, real = [], pulp_backend.run
    monkeypatch.setattr(pulp_backend, "run", lambda command, *rest: lines.append(command) or real(command, *rest))
    return lines


@pytest.mark.parametrize(("columns", "cuts"), [(pulp_backend.FEW, False), (pulp_backend.FEW + 1, True)])
def test_cuts_and_pump_are_for_many_columns(columns, cuts, asked):
    assert solver("cbc").solve(large(columns), FREE).value == 3
    assert solver("cbc").relax(large(columns), FREE).bound == 3
    branched, relaxed = ({"-cuts", "-feasibilityPump"} & set(command) for command in asked)
    assert (not branched, relaxed) == (cuts, set())


def endless(columns):
    """Return a program that some nodes do not prove: two limits, values near to weights."""
    chance = np.random.default_rng(5)
    weights = chance.integers(1_000, 9_000, (2, columns))
    limits = [line(weight, upper=int(weight.sum()) // 3) for weight in weights]
    return program(weights.sum(axis=0) + chance.integers(0, 90, columns), *limits)


def test_where_branching_alone_has_no_end_cuts_are_taken_up(asked, monkeypatch):
    monkeypatch.setattr(pulp_backend, "BARE", 5)
    of = endless(20)
    answer = solver("cbc").solve(of, FREE)
    assert [("-cuts" in command, "-maxNodes" in command) for command in asked] == [(True, True), (False, False)]
    assert (answer.stop, answer.value) == (Termination.OPTIMAL, solver("highs").solve(of, FREE).value)


@pytest.mark.parametrize(("nodes", "runs"), [(5, 1), (20, 2)])
def test_a_limit_of_nodes_is_one_of_all_that_is_run(nodes, runs, asked, monkeypatch):
    monkeypatch.setattr(pulp_backend, "BARE", 5)
    answer = solver("cbc").solve(endless(40), SolveLimits(nodes=nodes))
    assert (answer.stop, answer.limit) == (Termination.FEASIBLE, Limit.NODES)
    assert len(asked) == runs


def test_what_branching_alone_has_found_outlives_a_limit_of_the_cuts(monkeypatch):
    monkeypatch.setattr(pulp_backend, "BARE", 5)
    cbc, runs = solver("cbc"), []
    real = cbc._run

    def run(of, limits, asked):
        runs.append(real(of, limits, asked) if not runs else no_answer("cbc", "2", Limit.INTERRUPT, 0.0))
        return runs[-1]

    monkeypatch.setattr(cbc, "_run", run)
    answer = cbc.solve(endless(40), FREE)
    assert (answer.stop, answer.limit, answer.value) == (Termination.FEASIBLE, Limit.INTERRUPT, runs[0].value)
    assert answer.bound == runs[0].bound


@settings(CALM, max_examples=150)
@given(programs(columns=12))
def test_with_cuts_and_without_the_optimum_is_the_same(of):
    with pytest.MonkeyPatch.context() as patch:
        plain = solver("cbc").solve(of, FREE)
        patch.setattr(pulp_backend, "FEW", 0)
        cut = solver("cbc").solve(of, FREE)
    assert (plain.stop, plain.value) == (cut.stop, cut.value)
