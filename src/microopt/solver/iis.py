"""Rows that cannot all be kept -> a set of them of which each is needed: drop any, and the others can be kept.

The set is irreducible, not the smallest (a deletion filter; Chinneck and Dravnieks 1991). That the others can be kept
is shown by a plan that keeps them. That all cannot is shown by prices where not even parts of creators keep them: at
these, every plan breaks rows. Elsewhere it rests on the backend.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from time import perf_counter

from msgspec import Struct, field
from msgspec.structs import replace

from microopt.errors import AuditError
from microopt.solver.backends.base import Backend
from microopt.solver.elastic import elastic_program
from microopt.solver.outer_approximation import solve_relaxation
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.result import PRICES_ALONE, Limit, SolveLimits, Termination
from microopt.solver.search import solve


class InfeasibleSubset(Struct, frozen=True, kw_only=True):
    """Labels of rows that cannot all be kept.

    Attributes
    ----------
    irreducible
        Whether each label was shown to be needed.
    shown_by
        What it rests on that they cannot all be kept.
    """

    labels: tuple[str, ...]
    irreducible: bool
    proven_by: str


def find_iis(
    program: IntegerProgram,
    backend: Backend,
    limits: SolveLimits,
    *,
    candidates: tuple[str, ...],
    initial_plans: Sequence[Columns] = (),
) -> InfeasibleSubset | None:
    """Return labels that cannot all be kept, None where a limit came before that was shown.

    Parameters
    ----------
    program
        Of hard rows; its value does not count.
    among
        Labels that are said to clash.
    known
        Plans that break few rows: what they keep needs no solve.

    Raises
    ------
    AuditError
        If a plan keeps them all.
    BackendError
        If the backend fails.
    """
    asked = _FeasibilityOracle(program=program, backend=backend, limits=limits)
    for selected in initial_plans:
        asked.remember(selected)
    found = asked.check(candidates)
    if found.feasible:
        message = f"{backend.name} calls rules infeasible that a plan keeps"
        raise AuditError(message, fix="try another --solver, and report this with the roster", code="answer-refused")
    if found.feasible is None:
        return None
    members, size, sure = found.labels, max(1, len(found.labels) // 2), True
    shown_by = found.proven_by
    while True:
        at = 0
        while at < len(members):
            found = asked.check((*members[:at], *members[at + size :]))
            if found.feasible is False:
                at = sum(label in found.labels for label in members[:at])
                members, shown_by = found.labels, found.proven_by
            else:
                sure &= size > 1 or found.feasible is True
                at += size
        if size == 1:
            return InfeasibleSubset(labels=members, irreducible=sure, proven_by=shown_by)
        size //= 2


class _Feasibility(Struct, frozen=True, kw_only=True):
    """Whether labels can be kept together, None where it is not known; if not, which of them already cannot."""

    feasible: bool | None
    labels: tuple[str, ...] = ()
    proven_by: str = ""


class _FeasibilityOracle(Struct, kw_only=True, eq=False):
    program: IntegerProgram
    backend: Backend
    limits: SolveLimits
    start: float = field(default_factory=perf_counter)
    violated: list[frozenset[str]] = field(default_factory=list)
    """Of each plan known: the labels it breaks."""

    def remember(self, selected: Columns) -> None:
        self.violated.append(frozenset(self.program.violated_constraints(selected)))

    def check(self, labels: tuple[str, ...]) -> _Feasibility:
        """Ask whether a plan keeps all rows of these labels."""
        if any(not broken & set(labels) for broken in self.violated):
            return _Feasibility(feasible=True)
        if self._remaining().seconds == 0:
            return _Feasibility(feasible=None)
        only = _keep_rows(self.program, labels)
        needed = self._infeasible_by_prices(only)
        if needed:
            return _Feasibility(
                feasible=False, labels=tuple(label for label in labels if label in needed), proven_by=PRICES_ALONE
            )
        result = solve(only, self.backend, self._remaining(), cheapest=False)
        if result.limit is Limit.INTERRUPT:
            raise KeyboardInterrupt
        if result.columns is not None:
            self.remember(result.columns)
            return _Feasibility(feasible=True)
        possible = False if result.termination is Termination.INFEASIBLE else None
        return _Feasibility(feasible=possible, labels=labels, proven_by=result.proven_by)

    def _infeasible_by_prices(self, only: IntegerProgram) -> frozenset[str]:
        """Return the labels of rows at whose prices every plan breaks one of them; none where no prices show that."""
        asked, found = solve_relaxation(elastic_program(only).program, self.backend, self._remaining)
        priced = found.priced
        if priced is None or priced.bound >= 0:
            return frozenset()
        lines = zip(priced.prices.tolist(), asked.rows, strict=True)
        return frozenset(row.label for y, row in lines if y)

    def _remaining(self) -> SolveLimits:
        return self.limits.remaining(self.start)


def _keep_rows(program: IntegerProgram, labels: Collection[str]) -> IntegerProgram:
    """Return the program in which the rows of other labels are open; nothing is worth anything."""
    rows = [row if row.label in labels else replace(row, lower=None, upper=None) for row in program.rows]
    pools = [pool for pool in program.pools if pool.row is not None and rows[pool.row].lower is not None]
    return replace(
        program,
        objective=program.objective * 0,
        rows=tuple(rows),
        pools=tuple(replace(pool, objective=0.0) for pool in pools),
    )
