"""Which creators of a plan could post the same offers in other waves, for the same objective and the same cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.plan.plan import Pick
from microopt.planning.find_schedules import ScheduleFinder
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key, match_keys
from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram

Integers = NDArray[np.int64]
MOST_SCHEDULES = 100_000  # of all creators together: of each as many as the others


class MovableCreator(Struct, frozen=True, kw_only=True, eq=False):
    """A creator of a plan with the schedules that are as good.

    Attributes
    ----------
    columns
        (schedules,) ascending.
    chosen
        The place of the one in the plan.
    rows
        (schedules, posts) rows of the problem, in order of time.
    kept
        (schedules,) how many posts the last plan has too.
    activities
        (program rows, schedules) the coefficients in the rows that tell schedules apart.
    """

    columns: Columns
    chosen: int
    rows: NDArray[np.intp]
    kept: Integers
    activities: Integers


class Movable(Struct, frozen=True, kw_only=True, eq=False):
    """The creators who can be moved, and what holds for them.

    Attributes
    ----------
    fixed
        Columns of the plan's other creators.
    activity, lower, upper
        (program rows,) of the plan, and the least and the most that it may be: only rows that tell schedules apart.
    """

    creators: list[MovableCreator]
    fixed: Columns
    activity: Integers
    lower: Integers
    upper: Integers


def movable_schedules(
    problem: PlanningProblem, program: IntegerProgram, columns: Columns, last: Sequence[Pick]
) -> Movable:
    """Return the creators of a plan whose posts may be in other waves; the arguments are those of `even_out`."""
    schedules = _Schedules(problem, columns, last)
    found = [(own, column) for own, column in schedules.as_good(program, columns) if len(own) > 1]
    rows = _rows_that_differ(program, columns, [own for own, _ in found])
    creators = [
        MovableCreator(
            columns=own,
            chosen=int(np.searchsorted(own, column)),
            rows=schedules.rows(own),
            kept=schedules.count_kept(own),
            activities=_stack([row.coefficients_at(own) for row in rows], len(own)),
        )
        for own, column in found
    ]
    return Movable(
        creators=creators,
        fixed=np.setdiff1d(columns, [column for _, column in found]).astype(np.intp),
        activity=np.asarray([row.activity(columns) for row in rows], dtype=np.int64),
        lower=np.asarray([row.lower for row in rows], dtype=np.int64),
        upper=np.asarray([row.upper for row in rows], dtype=np.int64),
    )


def _stack(rows: list[Integers], length: int) -> Integers:
    return np.stack(rows) if rows else np.zeros((0, length), dtype=np.int64)


class _Schedules:
    """All schedules of the creators of a plan, by the posts that they are made of."""

    def __init__(self, problem: PlanningProblem, columns: Columns, last: Sequence[Pick]) -> None:
        ids = problem.choice_creators
        bounds = [np.searchsorted(ids, ids[columns], side=side).tolist() for side in ("left", "right")]
        self._own = [np.arange(first, end) for first, end in zip(*bounds, strict=True)]
        self._problem = problem
        self._finder = ScheduleFinder.of_rows(problem, problem.rows_of(np.concatenate([columns[:0], *self._own])))
        self._picks: dict[str, list[Pick]] = {}
        for key, pick in zip(match_keys([pick.creator for pick in last]), last, strict=True):
            self._picks.setdefault(key, []).append(pick)

    def as_good(self, program: IntegerProgram, columns: Columns) -> Iterator[tuple[Columns, int]]:
        """Yield, for each column of a plan, those that are as good with the same offers, and itself."""
        most = max(1, MOST_SCHEDULES // max(1, len(columns)))
        for own, column in zip(self._own, columns.tolist(), strict=True):
            equal = own[program.objective[own] == program.objective[column]]
            equal = equal[program.cost[equal] == program.cost[column]]
            equal = equal[program.group[equal] == program.group[column]]
            equal = equal[self._have_same_offers(equal, column)]
            equal = equal[_is_same_together(program, equal, column)]
            if len(equal) > most:
                equal = np.union1d(equal[:: -(-len(equal) // most)], [column])
            yield equal, column

    def rows(self, choices: Columns) -> NDArray[np.intp]:
        """Return the rows of the problem of schedules of one size, (schedules, posts)."""
        size = int(self._finder.sizes[np.searchsorted(self._finder.choices, choices[0])])
        return np.searchsorted(self._problem.choice, choices)[:, None] + np.arange(size)

    def count_kept(self, choices: Columns) -> Integers:
        """Return how many posts of each schedule of a creator the last plan has too, (schedules,)."""
        places = np.searchsorted(self._finder.choices, choices)
        name = self._problem.roster.text("creator", int(np.searchsorted(self._problem.choice, choices[0])))
        numbers = map(self._finder.number_of, self._picks.get(match_key(name), ()))
        known = [number for number in numbers if number is not None]
        return np.isin(self._posts(places), known).sum(axis=1) if known else np.zeros(len(places), dtype=np.int64)

    def _have_same_offers(self, choices: Columns, column: int) -> NDArray[np.bool_]:
        """Return which schedules of a creator have the same offers as one of them, in whatever waves."""
        finder = self._finder
        places, at = np.searchsorted(finder.choices, choices), int(np.searchsorted(finder.choices, column))
        same: NDArray[np.bool_] = finder.sizes[places] == finder.sizes[at]
        offers = len(finder.platforms) * len(finder.offers) * finder.units
        made_of, wanted = (np.sort(self._posts(each) % offers, axis=1) for each in (places[same], np.asarray([at])))
        same[same] = (made_of == wanted).all(axis=1)
        return same

    def _posts(self, places: NDArray[np.intp]) -> Integers:
        """Return the posts of schedules of one size, (schedules, posts)."""
        size = int(self._finder.sizes[places[0]])
        posts: Integers = self._finder.posts[self._finder.starts[places][:, None] + np.arange(size)]
        return posts


def _is_same_together(program: IntegerProgram, columns: Columns, column: int) -> NDArray[np.bool_]:
    """Return which columns reach as many people of each pool as one of them, and are the same in each row of a quota.

    These add to the objective only together with other columns.
    """
    own, same = np.asarray([column]), np.ones(len(columns), dtype=bool)
    for pool in program.pools:
        same &= pool.exposures_at(columns) == pool.exposures_at(own)
    for quota in program.quotas:
        same &= (quota.amounts_at(columns) == quota.amounts_at(own)).all(axis=0)
    return same


def _rows_that_differ(program: IntegerProgram, plan: Columns, options: Sequence[Columns]) -> list[Constraint]:
    """Return the rows in which schedules of a creator differ, with the bounds that a moved plan must keep.

    A soft row that holds must hold on, and one that does not, or in which net reach or the integer variable counts
    too, must have the activity that it has: then the objective stays the same.
    """
    if not options:
        return []
    columns = np.concatenate(options)
    starts = np.cumsum([0, *map(len, options)])[:-1]
    first = np.repeat(starts, [len(own) for own in options])
    rows = []
    for number, row in enumerate(program.rows):
        coefficients = row.coefficients_at(columns)
        if (coefficients == coefficients[first]).all():
            continue
        activity = row.activity(plan)
        if number in program.augmented_rows or row.violation(activity):
            lower = upper = activity
        else:
            reach = int(np.abs(row.coefficients).sum())
            lower, upper = (-reach if row.lower is None else row.lower), (reach if row.upper is None else row.upper)
        rows.append(
            Constraint(label=row.label, columns=row.columns, coefficients=row.coefficients, lower=lower, upper=upper)
        )
    return rows
