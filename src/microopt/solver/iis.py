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
from microopt.solver.elastic import elastic
from microopt.solver.outer_approximation import relaxation
from microopt.solver.program import IntegerProgram, Picks
from microopt.solver.result import ALONE, Limit, SolveLimits, Termination
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
    shown_by: str


def find_iis(
    program: IntegerProgram,
    backend: Backend,
    limits: SolveLimits,
    *,
    among: tuple[str, ...],
    known: Sequence[Picks] = (),
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
    asked = _Question(program=program, backend=backend, limits=limits)
    for picks in known:
        asked.remember(picks)
    found = asked.together(among)
    if found.possible:
        message = f"{backend.name} calls rules infeasible that a plan keeps"
        raise AuditError(message, fix="try another --solver, and report this with the roster", code="answer-refused")
    if found.possible is None:
        return None
    members, size, sure = found.labels, max(1, len(found.labels) // 2), True
    shown_by = found.shown_by
    while True:
        at = 0
        while at < len(members):
            found = asked.together((*members[:at], *members[at + size :]))
            if found.possible is False:
                at = sum(label in found.labels for label in members[:at])
                members, shown_by = found.labels, found.shown_by
            else:
                sure &= size > 1 or found.possible is True
                at += size
        if size == 1:
            return InfeasibleSubset(labels=members, irreducible=sure, shown_by=shown_by)
        size //= 2


class _Found(Struct, frozen=True, kw_only=True):
    """Whether labels can be kept together, None where it is not known; if not, which of them already cannot."""

    possible: bool | None
    labels: tuple[str, ...] = ()
    shown_by: str = ""


class _Question(Struct, kw_only=True, eq=False):
    program: IntegerProgram
    backend: Backend
    limits: SolveLimits
    start: float = field(default_factory=perf_counter)
    broken: list[frozenset[str]] = field(default_factory=list)
    """Of each plan known: the labels it breaks."""

    def remember(self, picks: Picks) -> None:
        self.broken.append(frozenset(self.program.violated_constraints(picks)))

    def together(self, labels: tuple[str, ...]) -> _Found:
        """Ask whether a plan keeps all rows of these labels."""
        if any(not broken & set(labels) for broken in self.broken):
            return _Found(possible=True)
        if self._left().seconds == 0:
            return _Found(possible=None)
        only = _only(self.program, labels)
        needed = self._priced_out(only)
        if needed:
            return _Found(possible=False, labels=tuple(label for label in labels if label in needed), shown_by=ALONE)
        answer = solve(only, self.backend, self._left(), cheapest=False)
        if answer.limit is Limit.INTERRUPT:
            raise KeyboardInterrupt
        if answer.picks is not None:
            self.remember(answer.picks)
            return _Found(possible=True)
        possible = False if answer.stop is Termination.INFEASIBLE else None
        return _Found(possible=possible, labels=labels, shown_by=answer.shown_by)

    def _priced_out(self, only: IntegerProgram) -> frozenset[str]:
        """Return the labels of rows at whose prices every plan breaks one of them; none where no prices show that."""
        asked, found = relaxation(elastic(only).program, self.backend, self._left)
        priced = found.priced
        if priced is None or priced.bound >= 0:
            return frozenset()
        lines = zip(priced.prices.tolist(), asked.rows, strict=True)
        return frozenset(line.label for y, line in lines if y)

    def _left(self) -> SolveLimits:
        return self.limits.left(self.start)


def _only(program: IntegerProgram, labels: Collection[str]) -> IntegerProgram:
    """Return the program in which the rows of other labels are open; nothing is worth anything."""
    rows = [line if line.label in labels else replace(line, lower=None, upper=None) for line in program.rows]
    pools = [pool for pool in program.pools if pool.row is not None and rows[pool.row].lower is not None]
    return replace(
        program, value=program.value * 0, rows=tuple(rows), pools=tuple(replace(pool, value=0.0) for pool in pools)
    )
