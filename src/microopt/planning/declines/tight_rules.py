"""Which rules leave no room once one creator of a plan has taken the place of another."""

from __future__ import annotations

from collections.abc import Set

import numpy as np
from msgspec import Struct

from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram


class _RowRoom(Struct, frozen=True, kw_only=True, eq=False):
    """A row beside a plan.

    Attributes
    ----------
    activity
        Of the plan.
    own
        (picks,) the coefficients of the plan's columns.
    smallest, next_smallest
        The smallest coefficient above 0 of a column of no group of the plan, and of one of another group than that;
        None if there is none.
    group
        The group of the smallest.
    """

    row: Constraint
    activity: int
    own: tuple[int, ...]
    smallest: int | None
    next_smallest: int | None
    group: int

    def is_tight(self, activity: int, own: list[int], taken: int | None) -> bool:
        """Whether no further column fits, or none can leave, at an activity; `taken` is a group that is taken too."""
        row, least = self.row, self.next_smallest if taken == self.group else self.smallest
        if row.upper is not None and least is not None and least > row.upper - activity:
            return True
        removable = [number for number in own if number > 0]
        return row.lower is not None and bool(removable) and min(removable) > activity - row.lower


class RuleRoom(Struct, frozen=True, kw_only=True, eq=False):
    """The rows of some rules beside a plan.

    Attributes
    ----------
    tight
        The labels of the rules that leave no room as the plan is.
    """

    program: IntegerProgram
    plan: Columns
    rows: tuple[_RowRoom, ...]
    tight: frozenset[str]

    @classmethod
    def of_plan(cls, program: IntegerProgram, plan: Columns, labels: Set[str]) -> RuleRoom:
        """Return the room that the rows of these labels leave, without those to which more than columns adds."""
        augmented = program.augmented_rows
        taken = np.isin(program.group, program.group[plan])
        rows = tuple(
            _row_room(program, row, plan, taken)
            for number, row in enumerate(program.rows)
            if row.label in labels and number not in augmented
        )
        tight = frozenset(each.row.label for each in rows if each.is_tight(each.activity, list(each.own), None))
        return cls(program=program, plan=plan, rows=rows, tight=tight)

    def newly_tight(self, dropped: int, added: int) -> tuple[str, ...]:
        """Return the labels of the rules that leave no room with one column in place of another, and do as the plan is.

        The group of the column that is dropped is no longer to be had.
        """
        place, columns = int(np.flatnonzero(self.plan == dropped)[0]), np.asarray([added])
        taken, tight = int(self.program.group[added]), []
        for each in self.rows:
            if each.row.label not in self.tight:
                new = int(each.row.coefficients_at(columns)[0])
                own = [*each.own[:place], new, *each.own[place + 1 :]]
                if each.is_tight(each.activity + new - each.own[place], own, taken):
                    tight.append(each.row.label)
        return tuple(dict.fromkeys(tight))


def _row_room(program: IntegerProgram, row: Constraint, plan: Columns, taken: np.ndarray) -> _RowRoom:
    own = tuple(row.coefficients_at(plan).tolist())
    counts = (row.coefficients > 0) & ~taken[row.columns]
    columns, coefficients = row.columns[counts], row.coefficients[counts]
    first = int(coefficients.argmin()) if len(coefficients) else None
    group = -1 if first is None else int(program.group[columns[first]])
    others = coefficients[program.group[columns] != group]
    return _RowRoom(
        row=row,
        activity=sum(own),
        own=own,
        smallest=None if first is None else int(coefficients[first]),
        next_smallest=int(others.min()) if len(others) else None,
        group=group,
    )
