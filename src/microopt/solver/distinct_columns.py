"""Columns of a group that a program cannot tell apart: of these, one is enough.

A plan has at most one column of a group. Where two of them have the same objective, cost and coefficients, each can
stand for the other in every plan, and every price gives both the same reduced cost. So a program without the copies has
the same best plans, the same prices and the same bounds. Schedules of a creator are such copies where waves are alike.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.program import NO_COLUMNS, Columns, IntegerProgram
from microopt.solver.result import SolveResult, WarmStart

Integers = NDArray[np.int64]
MANY_A_GROUP = 64  # columns of a group on average from which copies are looked for: groups of schedules
MIXERS = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9)  # of SplitMix64 (Steele, Lea and Flood 2014)


def distinct_columns(program: IntegerProgram) -> Columns:
    """Return, for each column, the first one that a program without pools and quotas cannot tell from it, (n,)."""
    every = np.arange(len(program), dtype=np.intp)
    digest = np.zeros(len(program), dtype=np.uint64)
    for numbers in _numbers(program):
        digest = mixed(digest + numbers.astype(np.uint64))
    order = np.lexsort((digest, program.group))
    is_new = np.diff(program.group[order], prepend=-1) != 0
    is_new[1:] |= np.diff(digest[order]) != 0
    if is_new.all():
        return every
    first = np.empty_like(every)
    first[order] = order[np.flatnonzero(is_new)][np.cumsum(is_new) - 1]  # a stable order: the first is the smallest
    same = program.group == program.group[first]
    for numbers in _numbers(program):
        same &= numbers == numbers[first]
    return np.where(same, first, every)  # the digests of different columns may be the same


class DistinctColumns(Struct, frozen=True, kw_only=True, eq=False):
    """A program without copies of columns.

    Attributes
    ----------
    program
        Column i of it is column `columns[i]` of the whole program.
    place
        (n,) the column of `program` that stands for each of the whole.
    """

    program: IntegerProgram
    columns: Columns
    place: Columns

    @classmethod
    def of(cls, program: IntegerProgram) -> DistinctColumns | None:
        """Return the program without copies, None where it has none; it is not searched for some in small groups."""
        if program.pools or program.quotas or len(program) < MANY_A_GROUP * (int(program.group.max(initial=0)) + 1):
            return None
        first = distinct_columns(program)
        is_first = first == np.arange(len(first))
        if is_first.all():
            return None
        return cls(
            program=program.restrict(is_first, NO_COLUMNS),
            columns=np.flatnonzero(is_first),
            place=(np.cumsum(is_first) - 1)[first],
        )

    def plans(self, warm_start: WarmStart) -> WarmStart:
        """Return a warm start of the whole program for the one without copies."""
        return replace(warm_start, plans=tuple(np.sort(self.place[plan]) for plan in warm_start.plans))

    def result(self, found: SolveResult) -> SolveResult:
        """Return a result in columns of the whole program."""
        return found if found.columns is None else replace(found, columns=self.columns[found.columns])


def _numbers(program: IntegerProgram) -> Iterator[Integers]:
    """Yield each number by which columns differ besides their group, (n,)."""
    yield program.objective
    yield program.cost
    for row in program.rows:
        dense = np.zeros(len(program), dtype=np.int64)
        dense[row.columns] = row.coefficients
        yield dense


def mixed(digest: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return numbers of which each bit depends on all bits of the given ones."""
    for mixer, shift in zip(MIXERS, (30, 27), strict=True):
        digest = (digest ^ (digest >> np.uint64(shift))) * np.uint64(mixer)
    return digest ^ (digest >> np.uint64(31))
