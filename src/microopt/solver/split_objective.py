"""Maximize an objective that is too large for a solver's doubles, by its leading digits.

With `v = unit * leading + rest`, no plan is worth more than the bound of the leading digits in units plus the most that
the rest can add. Usually the next best plan is further away than that, but the solver has to say so: the plan is cut
off, and the program solved again, until no other plan can be better than the best one found.
"""

from __future__ import annotations

from math import ceil, fsum
from time import perf_counter

import numpy as np
from msgspec.structs import replace

from microopt.solver.arrays import max_total
from microopt.solver.backends.base import Backend
from microopt.solver.backends.decode import validate_result
from microopt.solver.program import IntegerProgram
from microopt.solver.result import CUT_SHORT, Limit, SolveLimits, SolveResult, Termination

MAX_TOTAL = 10**12  # of an objective that goes to a solver as it is: HiGHS was wrong from 10^13 on, CBC from 10^14 on
CUTS = 3  # plans that are cut off before the rest is left open: HiGHS errs where many plans are


def solve_split(program: IntegerProgram, backend: Backend, limits: SolveLimits) -> SolveResult:
    """Return what `backend.solve` does, for an objective of any size; plans are not checked against their rows."""
    if not has_large_objective(program):
        return backend.solve(program, limits)
    start, leading = perf_counter(), _LeadingDigits(program)
    best = last = leading.solve(leading.model, backend, limits)
    model = leading.model
    for _ in range(CUTS):
        if last.columns is None or last.limit in CUT_SHORT or not _is_open(best, limits):
            break
        if program.violated_constraints(last.columns):
            return last
        assert best.objective is not None
        model = model.excluding(last.columns)
        last = leading.solve(model, backend, replace(limits.remaining(start), cutoff=best.objective + 1))
        best = _merge(best, last)
    if best.termination is Termination.FEASIBLE and best.limit is None:
        return replace(best, limit=Limit.GAP)
    return best


def has_large_objective(program: IntegerProgram) -> bool:
    """Whether an objective is too large to go to a solver as it is."""
    return _largest_objective(program) > MAX_TOTAL


def _is_open(result: SolveResult, limits: SolveLimits) -> bool:
    """Whether a plan may exist that is better by more than the gap asked for, and the one found is not good enough."""
    if result.bound is None or result.objective is None:
        return True
    if limits.target is not None and result.objective >= limits.target:
        return False
    return result.bound - result.objective > limits.gap * abs(result.bound)


class _LeadingDigits:
    """A program whose objective is the leading digits of another's."""

    def __init__(self, program: IntegerProgram) -> None:
        unit = 1 << (_largest_objective(program) // MAX_TOTAL).bit_length()
        self.program, self.unit, integer = program, unit, program.integer
        self.most = max_total(program.group, program.objective % unit)  # that the other digits can add
        if program.has_soft_rows or not program.has_linear_objective:  # penalties and reach need not be whole units
            self.most += unit
        if integer is not None:
            self.most += integer.objective % unit * integer.upper
            integer = replace(integer, objective=integer.objective // unit)
        self.model = replace(
            program,
            objective=program.objective // unit,
            rows=tuple(
                row if row.penalty is None else replace(row, penalty=row.penalty / unit) for row in program.rows
            ),
            pools=tuple(replace(pool, objective=pool.objective / unit) for pool in program.pools),
            integer=integer,
        )

    def solve(self, model: IntegerProgram, backend: Backend, limits: SolveLimits) -> SolveResult:
        """Solve the model, perhaps with rows added, and state the result for the program."""
        cutoff = None if limits.cutoff is None else -((self.most - limits.cutoff) // self.unit)
        target = None if limits.target is None else -(-limits.target // self.unit)
        own = replace(limits, cutoff=cutoff, target=target)
        result = validate_result(model, backend.solve(model, own), backend.name)
        bound = None if result.bound is None else result.bound * self.unit + self.most
        objective = None if result.columns is None else self.program.objective_value(result.columns)
        return _with_proof(replace(result, objective=objective, bound=bound))


def _largest_objective(program: IntegerProgram) -> int:
    """Return the most that columns, integer variable and net reach can add to an objective in either direction."""
    integer = 0 if program.integer is None else abs(program.integer.objective) * program.integer.upper
    people = fsum(abs(float(pool.objective)) * pool.size for pool in program.pools)
    return max_total(program.group, np.abs(program.objective)) + integer + ceil(people)


def _merge(best: SolveResult, other: SolveResult) -> SolveResult:
    """Return the better of two plans, with what the second solve, without the first plan, proves of both."""
    assert best.objective is not None
    if other.termination is Termination.INFEASIBLE:
        return _with_proof(replace(best, termination=Termination.OPTIMAL, bound=best.objective))
    if other.objective is None:
        return replace(best, limit=other.limit)
    bounds = [result.bound for result in (best, other) if result.bound is not None]
    better = best if best.objective >= other.objective else other
    bound = max(best.objective, other.objective, min(bounds)) if bounds else None
    return _with_proof(replace(better, bound=bound, limit=other.limit, termination=other.termination))


def _with_proof(result: SolveResult) -> SolveResult:
    """Return a result called optimal only if its plan reaches its bound."""
    if result.columns is None or result.objective is None:
        return result
    if result.bound == result.objective:
        return replace(result, termination=Termination.OPTIMAL, limit=None)
    optimal = result.termination is Termination.OPTIMAL
    return replace(result, termination=Termination.FEASIBLE) if optimal else result
