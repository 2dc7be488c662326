"""What a plan brings after declines: everyone in it is asked, then substitutes for the money of whoever declines.

The policy is fixed. Whoever has declined is not asked again. In each round, substitutes are asked down a list, each if
no row breaks, or breaks further, should everyone who is asked accept: the budget holds whatever they answer. Of several
lists, the one is taken whose substitutes are expected to bring most. Where declines have broken a row, such as the
minimum of a niche, those come first who help to mend it. After the last round, money that further declines free stays
unspent.

All scenarios of all plans are simulated together, in integers: one column of the list after the other, for each lane.
A lane is one plan in one scenario.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import clip_bound
from microopt.solver.greedy_fill import sides
from microopt.solver.program import Columns, IntegerProgram

ROUNDS = 3  # of substitutes, after the answers to the first offers
STATE = ("left", "back", "used", "value", "spent", "substitutes", "hoped")  # of a lane, which asking changes
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


class AskedInRounds(Struct, frozen=True, kw_only=True, eq=False):
    """The outcomes of a plan, (scenarios,) each.

    Attributes
    ----------
    value
        Objective of those who accepted, less the penalties of soft rows; in scenarios, not in expectation.
    alone
        The same without substitutes.
    cost
        Of those who accepted.
    substitutes
        How many were asked.
    rules_kept
        Whether all rows hold in the end. Rows of net reach are not looked at.
    """

    value: Integers
    alone: Integers
    cost: Integers
    substitutes: Integers
    rules_kept: Mask


class Sides(Struct, frozen=True, kw_only=True, eq=False):
    """Each side of the rows as an upper bound.

    Attributes
    ----------
    sizes
        (sides, columns) what each column uses of the bound.
    limits
        (sides,) the bounds.
    penalties
        (sides,) objective lost for each unit beyond a soft bound, 0 for a hard one.
    soft
        (sides,) which bounds may be exceeded.
    """

    sizes: Integers
    limits: Integers
    penalties: NDArray[np.float64]
    soft: Mask

    @classmethod
    def of_program(cls, program: IntegerProgram, columns: Columns) -> Sides:
        """Return the sides over some columns."""
        caps = list(sides(program))
        sizes = np.asarray([cap.sizes(columns) for cap in caps], dtype=np.int64)
        limits = [cap.sign * int((cap.row.upper if cap.sign > 0 else cap.row.lower) or 0) for cap in caps]
        return cls(
            sizes=sizes.reshape(len(caps), len(columns)),
            limits=np.asarray(list(map(clip_bound, limits)), dtype=np.int64),
            penalties=np.asarray([cap.row.penalty or 0.0 for cap in caps]),
            soft=np.asarray([cap.row.penalty is not None for cap in caps], dtype=bool),
        )


class _Lanes(Struct, kw_only=True, eq=False):
    """The state of all lanes.

    `left` is (sides, lanes): how much of each bound may still be used if everyone who was asked accepts; `back` is what
    the declines of this round will bring back. `used` is (groups, lanes).
    """

    sides: Sides
    group: NDArray[np.int32]
    worth: Integers
    expected: Integers
    cost: Integers
    accepted: Mask
    left: Integers
    back: Integers
    used: Mask
    value: Integers
    spent: Integers
    substitutes: Integers
    hoped: Integers

    def ask(self, column: int, lanes: Mask) -> None:
        """Ask a column in these lanes."""
        asked = np.flatnonzero(lanes)
        accepts = self.accepted[column, asked]
        size = self.sides.sizes[:, column, None]
        self.left[:, asked] -= size
        self.used[self.group[column], asked] = True
        self.substitutes[asked] += 1
        self.hoped[asked] += self.expected[column]
        self.back[:, asked[~accepts]] += size
        takers = asked[accepts]
        self.value[takers] += self.worth[column] if self.worth.ndim == 1 else self.worth[column, takers]
        self.spent[takers] += self.cost[column]

    def can_ask(self, column: int) -> Mask:
        """Return the lanes in which a column breaks no row, or breaks none further."""
        free: Mask = ~self.used[self.group[column]]
        for size, left in zip(self.sides.sizes[:, column].tolist(), self.left, strict=True):
            if size > 0:
                free &= left >= size
        return free


def ask_in_rounds(
    program: IntegerProgram,
    plans: Sequence[Columns],
    rounds: Sequence[Sequence[Columns]],
    columns: Columns,
    accepted: Mask,
    worth: Integers,
    expected: Integers,
) -> list[AskedInRounds]:
    """Return what each plan brings after declines and substitutes.

    Parameters
    ----------
    program
        Its rows hold what each column uses if it accepts.
    rounds
        For each round, lists of the columns that may be asked, the first to be tried first.
    columns
        (k,) those of the plans and of the rounds, ascending.
    accepted
        (k, scenarios) whether each of them accepts.
    worth
        (k,) or (k, scenarios) objective of each of them if it accepts.
    expected
        (k,) what asking each of them is expected to bring.
    """
    if not len(columns):
        none = np.zeros(accepted.shape[1], dtype=np.int64)
        kept = np.full(len(none), not program.violated_constraints(columns))
        empty = AskedInRounds(value=none, alone=none, cost=none, substitutes=none, rules_kept=kept)
        return [empty for _ in plans]
    tiled = np.tile(worth, (1, len(plans))) if worth.ndim == 2 else worth
    lanes = _first_answers(program, columns, plans, accepted, tiled, expected)
    alone, _ = _after_penalties(lanes)
    for lists in rounds:
        lanes = _best_round(lanes, [np.searchsorted(columns, listed) for listed in lists])
    value, kept = _after_penalties(lanes)
    parts = [np.split(figures, len(plans)) for figures in (value, alone, lanes.spent, lanes.substitutes, kept)]
    return [
        AskedInRounds(value=value, alone=alone, cost=cost, substitutes=substitutes, rules_kept=kept)
        for value, alone, cost, substitutes, kept in zip(*parts, strict=True)
    ]


def _first_answers(
    program: IntegerProgram,
    columns: Columns,
    plans: Sequence[Columns],
    accepted: Mask,
    worth: Integers,
    expected: Integers,
) -> _Lanes:
    """Return the lanes once everyone in the plans has answered."""
    scenarios = accepted.shape[1]
    group = np.unique(program.group[columns], return_inverse=True)[1].astype(np.int32)
    rows, cost = Sides.of_program(program, columns), program.cost[columns]
    used = np.zeros((int(group.max()) + 1, len(plans) * scenarios), dtype=bool)
    lanes = _Lanes(
        sides=rows,
        group=group,
        worth=worth,
        expected=expected,
        cost=cost,
        accepted=np.tile(accepted, (1, len(plans))),
        left=np.repeat(rows.limits[:, None], used.shape[1], axis=1),
        back=np.zeros((len(rows.limits), used.shape[1]), dtype=np.int64),
        used=used,
        value=np.zeros(used.shape[1], dtype=np.int64),
        spent=np.zeros(used.shape[1], dtype=np.int64),
        substitutes=np.zeros(used.shape[1], dtype=np.int64),
        hoped=np.zeros(used.shape[1], dtype=np.int64),
    )
    for number, plan in enumerate(plans):
        asked = np.zeros(used.shape[1], dtype=bool)
        asked[number * scenarios : (number + 1) * scenarios] = True
        for column in np.searchsorted(columns, plan).tolist():
            lanes.ask(column, asked)
    lanes.left += lanes.back
    lanes.substitutes[:] = 0
    return lanes


def _best_round(lanes: _Lanes, lists: Sequence[Columns]) -> _Lanes:
    """Return the lanes after a round, in each by the list whose substitutes are expected to bring most."""
    lanes.back[:] = 0
    lanes.hoped[:] = 0
    tried = [_copy(lanes) for _ in lists]
    for each, listed in zip(tried, lists, strict=True):
        _ask_substitutes(each, listed)
    best = np.argmax([each.hoped for each in tried], axis=0)
    return replace(lanes, **{name: np.choose(best, [getattr(each, name) for each in tried]) for name in STATE})


def _copy(lanes: _Lanes) -> _Lanes:
    return replace(lanes, **{name: getattr(lanes, name).copy() for name in STATE})


def _ask_substitutes(lanes: _Lanes, listed: Columns) -> None:
    """Ask substitutes down a list, and take their answers."""
    broken = np.any(lanes.left < 0, axis=1)
    if broken.any():
        helping = (lanes.sides.sizes[:, listed] < 0) & broken[:, None]
        for column in listed[helping.any(axis=0)].tolist():
            helped = np.flatnonzero((lanes.sides.sizes[:, column] < 0) & broken)
            able: Mask = np.logical_and((lanes.left[helped] < 0).any(axis=0), lanes.can_ask(column))
            if able.any():
                lanes.ask(column, able)
    most = lanes.left.max(axis=1, initial=0)  # within a round, there is only ever less left of a row without negatives
    shrinks = (lanes.sides.sizes >= 0).all(axis=1)
    useful = _is_useful(lanes, listed)
    for column in listed[useful & (lanes.sides.sizes[:, listed] <= most[:, None])[shrinks].all(axis=0)].tolist():
        able = lanes.can_ask(column)
        if able.any():
            lanes.ask(column, able)
    lanes.left += lanes.back


def _is_useful(lanes: _Lanes, listed: Columns) -> Mask:
    """Return which columns add to the objective, on average over the scenarios in which they accept."""
    worth = lanes.worth[listed]
    useful: Mask = (worth if worth.ndim == 1 else worth.sum(axis=1)) > 0
    return useful


def _after_penalties(lanes: _Lanes) -> tuple[Integers, Mask]:
    """Return the objective of each lane with the penalties of soft rows, rounded down, and whether the rules hold."""
    over = np.maximum(-lanes.left, 0)
    kept: Mask = (over[~lanes.sides.soft] == 0).all(axis=0)
    if not lanes.sides.soft.any():
        return lanes.value.copy(), kept
    lost = np.zeros(over.shape[1])
    for side in np.flatnonzero(lanes.sides.soft):
        lost += over[side] * lanes.sides.penalties[side]
    return lanes.value - np.ceil(lost).astype(np.int64), kept
