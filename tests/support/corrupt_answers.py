"""Corrupt answers for `ScriptedBackend(distort=...)`, one function each; tests pin what each of them must end in.

An answer is corrupted on every call. Some corruptions can be detected from the answer itself, and some only by a second
solver.
"""

from __future__ import annotations

from math import nan

import numpy as np
from msgspec.structs import replace

from microopt.errors import BackendError
from microopt.solver.program import IntegerProgram
from microopt.solver.result import Limit, SolveResult, Termination
from tests.support.scripted_backend import Distortion

FAR = 1_000  # by how much figures are off


def broken_row(program: IntegerProgram, _: SolveResult) -> SolveResult:
    """Call all columns together an optimal plan; if it is feasible, only its optimality is false."""
    everything = np.arange(len(program))
    value = program.objective_value(everything)
    return SolveResult(termination=Termination.OPTIMAL, columns=everything, objective=value, bound=value)


def value_too_high(_: IntegerProgram, answer: SolveResult) -> SolveResult:
    """State an objective above that of the plan, and call it optimal."""
    if answer.objective is None:
        return answer
    return replace(answer, objective=answer.objective + FAR, bound=answer.objective + FAR)


def bound_below_the_plan(_: IntegerProgram, answer: SolveResult) -> SolveResult:
    """State a bound below the objective of the plan."""
    return answer if answer.objective is None else replace(answer, bound=answer.objective - FAR)


def value_is_no_number(_: IntegerProgram, answer: SolveResult) -> SolveResult:
    """State an objective that is not a number."""
    return replace(answer, objective=nan)


def bound_is_no_number(_: IntegerProgram, answer: SolveResult) -> SolveResult:
    """State a bound that is not a number."""
    return replace(answer, bound=nan)


def prices_are_no_numbers(_: IntegerProgram, answer: SolveResult) -> SolveResult:
    """State prices that are not numbers."""
    rows = 0 if answer.prices is None else len(answer.prices)
    return replace(answer, prices=np.full(rows, nan))


def picks_are_no_columns(program: IntegerProgram, answer: SolveResult) -> SolveResult:
    """Select a column that does not exist."""
    return replace(answer, columns=np.asarray([len(program)], dtype=np.intp))


def zeros_at_the_limit(_: IntegerProgram, answer: SolveResult) -> SolveResult:
    """Return the empty plan when the time is over."""
    nothing = np.zeros(0, dtype=np.intp)
    return replace(answer, termination=Termination.FEASIBLE, limit=Limit.TIME, columns=nothing, objective=0, bound=None)


def silence_until_the_limit(_: IntegerProgram, answer: SolveResult) -> SolveResult:
    """Hang: the result of an adapter that had to kill or abandon its solver."""
    return replace(answer, termination=Termination.UNKNOWN, limit=Limit.TIME, columns=None, objective=None, bound=None)


def crash(_: IntegerProgram, __: SolveResult) -> SolveResult:
    """Crash as a process does that is out of memory."""
    raise BackendError("out of memory", fix="try another --solver", code="solver-failed")


def ctrl_c(_: IntegerProgram, __: SolveResult) -> SolveResult:
    """Hang until Ctrl-C."""
    raise KeyboardInterrupt


def false_optimum(program: IntegerProgram, answer: SolveResult) -> SolveResult:
    """Drop a column that adds to the objective, and call the rest the optimum."""
    for left_out in range(0 if answer.columns is None else len(answer.columns)):
        remaining = np.delete(answer.columns, left_out)  # type: ignore[arg-type]
        value = program.objective_value(remaining)
        if not program.violated_constraints(remaining) and answer.objective is not None and value < answer.objective:
            return replace(answer, columns=remaining, objective=value, bound=value)
    return answer


def false_infeasible(_: IntegerProgram, answer: SolveResult) -> SolveResult:
    """Claim that there is no plan."""
    return SolveResult(termination=Termination.INFEASIBLE, backend=answer.backend, version=answer.version)


LIES: dict[str, Distortion] = {
    lie.__name__: lie
    for lie in (
        broken_row,
        value_too_high,
        bound_below_the_plan,
        value_is_no_number,
        bound_is_no_number,
        prices_are_no_numbers,
        picks_are_no_columns,
        zeros_at_the_limit,
        silence_until_the_limit,
        crash,
        ctrl_c,
        false_optimum,
        false_infeasible,
    )
}
