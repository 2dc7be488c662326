"""Irreducible infeasible subsets: of rows that cannot all hold, a subset in which every row is needed.

Drop any row of the subset, and the others can hold together. The subset is irreducible, not the smallest (a deletion
filter; Chinneck and Dravnieks 1991). A plan proves that the others can hold. That all of them cannot is proven by
dual prices if the relaxation is infeasible too: at these prices every plan violates rows. Otherwise it rests on the
backend.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from time import perf_counter
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from microopt.errors import AuditError
from microopt.solver.backends.base import Backend
from microopt.solver.elastic import elastic_program
from microopt.solver.outer_approximation import solve_relaxation
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota_expansion import LIFTED_LABEL, ExpandedProgram, expand
from microopt.solver.result import PRICES_ALONE, Limit, SolveLimits, Termination
from microopt.solver.search import solve


class InfeasibleSubset(Struct, frozen=True, kw_only=True):
    """Labels of rows that cannot all hold.

    Attributes
    ----------
    irreducible
        Whether every label was proven to be needed.
    proven_by
        What the proof of infeasibility rests on.
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
    always: tuple[str, ...] = (),
    initial_plans: Sequence[Columns] = (),
    plain: tuple[str, ...] = (),
) -> InfeasibleSubset | None:
    """Return labels of rows that cannot all hold, or None if a limit came before that was proven.

    Parameters
    ----------
    program
        All of its rows are hard; its objective is ignored.
    candidates
        Labels of rows that are claimed to be infeasible together.
    always
        Labels of further rows that hold in any case, and are never among the labels that are returned.
    initial_plans
        Plans that violate few rows: subsets that they satisfy need no solve.
    plain
        The candidates among which a conflict is the easiest to see: if prices prove one, it is returned.

    Raises
    ------
    AuditError
        If a plan satisfies all candidates.
    BackendError
        If the backend fails.
    """
    oracle = _FeasibilityOracle.of_program(program, backend, limits, always)
    for plan in initial_plans:
        oracle.remember(plan)
    result = oracle.check_prices(plain) if plain else None
    result = oracle.check(candidates) if result is None else result
    if result.feasible:
        message = f"{backend.name} calls rules infeasible that a plan keeps"
        raise AuditError(message, fix="try another --solver, and report this with the roster", code="answer-refused")
    if result.feasible is None:
        return None
    return _drop_unneeded(oracle, result)


def _drop_unneeded(oracle: _FeasibilityOracle, infeasible: _Feasibility) -> InfeasibleSubset:
    """Return infeasible labels without those that are not needed: halves of them are tried first, single ones last."""
    members, proven_by, irreducible = infeasible.labels, infeasible.proven_by, True
    size = max(1, len(members) // 2)
    while True:
        start = 0
        while start < len(members):
            result = oracle.check((*members[:start], *members[start + size :]))
            if result.feasible is False:
                start = sum(label in result.labels for label in members[:start])
                members, proven_by = result.labels, result.proven_by
            else:
                irreducible &= size > 1 or result.feasible is True
                start += size
        if size == 1:
            return InfeasibleSubset(labels=members, irreducible=irreducible, proven_by=proven_by)
        size //= 2


def any_drop_resolves(
    program: IntegerProgram,
    backend: Backend,
    limits: SolveLimits,
    *,
    labels: Sequence[str],
    together: Mapping[str, Collection[str]] = MappingProxyType({}),
    initial_plans: Sequence[Columns] = (),
) -> bool:
    """Whether, for each of these labels, a plan satisfies all rows of all other labels; False if that is not proven.

    Parameters
    ----------
    program
        All of its rows are hard; its objective is ignored.
    labels
        Of an irreducible infeasible subset: the program may have another one, that lacks some of them.
    together
        By label, which labels can only be dropped together; by default each is dropped alone.
    initial_plans
        Plans that violate few rows: a label that only they violate needs no solve.

    Raises
    ------
    BackendError
        If the backend fails.
    """
    oracle = _FeasibilityOracle.of_program(program, backend, limits)
    for plan in initial_plans:
        oracle.remember(plan)
    every = tuple(dict.fromkeys(row.label for row in oracle.program.rows))
    dropped = dict.fromkeys(frozenset(together.get(label, (label,))) for label in labels)
    return all(oracle.check(tuple(other for other in every if other not in group)).feasible for group in dropped)


class _Feasibility(Struct, frozen=True, kw_only=True):
    """Whether labels can hold together, or None if unknown; if they cannot, an infeasible subset of them."""

    feasible: bool | None
    labels: tuple[str, ...] = ()
    proven_by: str = ""


class _FeasibilityOracle(Struct, kw_only=True, eq=False):
    program: IntegerProgram
    expanded: ExpandedProgram
    backend: Backend
    limits: SolveLimits
    always: tuple[str, ...] = ()
    start: float = field(default_factory=perf_counter)
    violated: list[frozenset[str]] = field(default_factory=list)
    """The labels that each known plan violates."""

    @classmethod
    def of_program(
        cls, program: IntegerProgram, backend: Backend, limits: SolveLimits, always: tuple[str, ...] = ()
    ) -> _FeasibilityOracle:
        """Return the oracle of a program; of one with quotas, whose plans it then completes."""
        expanded = expand(program)
        return cls(
            program=expanded.program, expanded=expanded, backend=backend, limits=limits, always=(*always, LIFTED_LABEL)
        )

    def remember(self, plan: Columns) -> None:
        complete = self.expanded.complete(self.expanded.original_columns(plan))
        self.violated.append(frozenset(self.program.violated_constraints(complete)))

    def check(self, labels: tuple[str, ...]) -> _Feasibility:
        """Find out whether a plan satisfies all rows of these labels, and those that always hold."""
        kept = {*labels, *self.always}
        if any(not violated & kept for violated in self.violated):
            return _Feasibility(feasible=True)
        if self._remaining().seconds == 0:
            return _Feasibility(feasible=None)
        if found := self.check_prices(labels):
            return found
        program = _keep_rows(self.program, kept)
        result = solve(program, self.backend, self._remaining(), cheapest=False)
        if result.limit is Limit.INTERRUPT:
            raise KeyboardInterrupt
        if result.columns is not None:
            self.remember(result.columns)
            return _Feasibility(feasible=True)
        feasible = False if result.termination is Termination.INFEASIBLE else None
        return _Feasibility(feasible=feasible, labels=labels, proven_by=result.proven_by)

    def check_prices(self, labels: tuple[str, ...]) -> _Feasibility | None:
        """Return which of these labels no plan satisfies together, where prices alone prove it; else None."""
        kept = {*labels, *self.always}
        if any(not violated & kept for violated in self.violated) or self._remaining().seconds == 0:
            return None
        priced = self._infeasible_by_prices(_keep_rows(self.program, kept))
        subset = tuple(label for label in labels if label in priced)
        return _Feasibility(feasible=False, labels=subset, proven_by=PRICES_ALONE) if priced else None

    def _infeasible_by_prices(self, program: IntegerProgram) -> frozenset[str]:
        """Return labels of rows that, by dual prices, no plan satisfies together; empty if no prices prove that."""
        elastic, result = solve_relaxation(elastic_program(program).program, self.backend, self._remaining)
        priced = result.priced
        if priced is None or priced.bound >= 0:
            return frozenset()
        return frozenset(row.label for y, row in zip(priced.prices.tolist(), elastic.rows, strict=True) if y)

    def _remaining(self) -> SolveLimits:
        return self.limits.remaining(self.start)


def _keep_rows(program: IntegerProgram, labels: Collection[str]) -> IntegerProgram:
    """Return the program with the rows of all other labels open and an objective of zero."""
    rows = [row if row.label in labels else replace(row, lower=None, upper=None) for row in program.rows]
    pools = [pool for pool in program.pools if pool.row is not None and rows[pool.row].lower is not None]
    return replace(
        program,
        objective=program.objective * 0,
        rows=tuple(rows),
        pools=tuple(replace(pool, objective=0.0) for pool in pools),
    )
