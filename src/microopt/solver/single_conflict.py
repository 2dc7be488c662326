"""Why no column can take a place in a plan: rows that none keeps together, each of which is needed."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.arrays import MAX_SUM, clip_bound
from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota import Quota
from microopt.solver.substitution import NOTHING, Substitutions


def conflict_of_place(substitutions: Substitutions, column: int) -> tuple[str, ...]:
    """Return labels of rows that the rest of a plan cannot keep, with nobody or with any one column in a place.

    Without any one of these labels, one of those plans keeps all others of them: the set is irreducible, though not
    always the smallest (a deletion filter; Chinneck and Dravnieks 1991).

    Parameters
    ----------
    column
        The column of the plan whose place it is.

    Returns
    -------
    tuple of str
        In the order of the program; empty if a column, or nobody, can take the place.
    """
    place = _Place.of_plan(substitutions, column)
    labels = tuple(place.program.labels)
    if place.can_keep(labels):
        return ()
    for label in reversed(labels):  # what is tried last, as the budget is, is what most others can be replaced by
        fewer = tuple(other for other in labels if other != label)
        if not place.can_keep(fewer):
            labels = fewer
    return labels


class _Place(Struct, frozen=True, kw_only=True, eq=False):
    """The rest of a plan, and which candidates for one more column each label has room for; the first is nobody."""

    program: IntegerProgram
    rest: Columns
    candidates: Columns
    room: dict[str, NDArray[np.bool_]]
    with_reach: dict[str, list[int]]

    @classmethod
    def of_plan(cls, substitutions: Substitutions, column: int) -> _Place:
        program, waived = substitutions.program, substitutions.waived.get(column, NOTHING)
        rest, candidates = substitutions.plan[substitutions.plan != column], substitutions.others
        room: dict[str, NDArray[np.bool_]] = {}
        with_reach: dict[str, list[int]] = {}
        pools = {pool.row for pool in program.pools}
        for number, row in enumerate(program.rows):
            if row.penalty is not None or number in waived:
                continue
            if number in pools:
                with_reach.setdefault(row.label, []).append(number)
            elif number not in program.augmented_rows:
                room[row.label] = room.get(row.label, True) & _row_room(row, rest, candidates)
        for quota in program.quotas:
            room[quota.label] = room.get(quota.label, True) & _quota_room(quota, rest, candidates)
        return cls(program=program, rest=rest, candidates=candidates, room=room, with_reach=with_reach)

    def can_keep(self, labels: tuple[str, ...]) -> bool:
        """Whether nobody, or one candidate, keeps all rows of these labels."""
        fits = np.ones(1 + len(self.candidates), dtype=bool)
        for label in labels:
            fits &= self.room.get(label, True)
        numbers = [number for label in labels for number in self.with_reach.get(label, ())]
        return any(self._keeps_reach(place, numbers) for place in np.flatnonzero(fits).tolist())

    def _keeps_reach(self, place: int, numbers: list[int]) -> bool:
        plan = self.rest if not place else np.sort(np.append(self.rest, self.candidates[place - 1]))
        return all(self.program.rows[n].holds(self.program.activity(n, plan)) for n in numbers)


def _row_room(row: Constraint, rest: Columns, candidates: Columns) -> NDArray[np.bool_]:
    activity = row.activity(rest)
    low = -MAX_SUM if row.lower is None else clip_bound(row.lower) - activity
    high = MAX_SUM if row.upper is None else clip_bound(row.upper) - activity
    added = np.append(np.zeros(1, dtype=np.int64), row.coefficients_at(candidates))
    return np.asarray((added >= low) & (added <= high))


def _quota_room(quota: Quota, rest: Columns, candidates: Columns) -> NDArray[np.bool_]:
    short = quota.floors - quota.activities(rest)
    failing = np.append((short > 0).sum(), (quota.amounts_at(candidates) < short[:, None]).sum(axis=0))
    return np.asarray(failing <= quota.may_fail)
