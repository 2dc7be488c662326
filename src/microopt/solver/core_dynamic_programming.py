"""Dynamic programming over the core: plans in the order of what they lose against the prices.

At prices y with bound U(y), a plan is worth U(y), less the loss of each group that it decides against the selection of
the prices, less `|y_i|` times the slack of each row. So a plan worth at least L makes only moves whose losses add up to
at most U - L. Moves are made group by group, those of large loss first, because few of them fit together. Of two states
with the same sums of all tracked rows but one, the state that uses less of that one row and is worth no less dominates.
Only rows with a price are tracked; a row without a price is checked on the plan, and tracked if it is violated.

The limit on the loss starts small and grows: as soon as it admits a plan that loses no more than the limit, no plan is
better, and no solver's word is needed (dominance and core: Pisinger 1997; multiple choice: Sinha and Zoltners 1979).
All sums are integers. The losses are doubles, and the limit is raised by more than their rounding errors.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.arrays import MAX_SUM
from microopt.solver.core import Core, Integers
from microopt.solver.core_stages import BITS, Field, Join, Stages, plan_stages
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.reduced_cost_fixing import PricedProgram

MOST_STATES = 1_000_000  # of one stage
MOST_IN_ALL = 6_000_000  # states of all stages, which are kept until the plan is traced back
BASE_WORK, WORK_PER_COLUMN, MOST_WORK = (
    1_000_000,
    150,
    16_000_000,
)  # states of all limits, after which a solver is faster
STAGE_WORK = 500  # states that take as long as the steps of a stage itself
PAIR_WORK = 0.5  # states that take as long as a pair of states
BLOCK = 1_000_000  # pairs that are looked at in one piece
PARTS = 12  # of the states of a join, by their loss
FIRST_MOVES = 12  # moves that the first limit on the loss admits
GROWTH = 1.6  # of that limit
CANDIDATES = 64  # plans of a limit that are checked against the rows that are not tracked


class CoreSolution(Struct, frozen=True, kw_only=True, eq=False):
    """The best plan that was found over a core.

    Attributes
    ----------
    columns
        Its columns in the whole program, or None.
    proven
        Whether no plan of the program is better.
    is_cheapest
        Whether no cheaper plan is as good.
    """

    columns: Columns | None = None
    proven: bool = False
    is_cheapest: bool = False


def solve_core(
    program: IntegerProgram,
    priced: PricedProgram,
    incumbent: Columns | None,
    must_stop: Callable[[], bool],
    *,
    most_states: int = MOST_STATES,
    most_work: int = MOST_WORK,
    least: int | None = None,
) -> CoreSolution:
    """Return the best plan, proven if few enough states suffice, or else the best plan known in the end.

    Parameters
    ----------
    incumbent
        The best plan known; only better ones, and cheaper ones that are as good, are looked for.
    must_stop
        Returns whether time is over.
    most_states
        States of one stage at which to give up.
    most_work
        States of all limits on the loss at which to give up.
    least
        What a plan must be worth to be of use where there is no incumbent: without such a plan, `proven` says that
        there is none.
    """
    if program.pools or program.integer is not None or program.has_soft_rows or not len(program):
        return CoreSolution(columns=incumbent)
    return _Deepening(
        core=Core.of(program, priced),
        best=incumbent,
        must_stop=must_stop,
        most_states=most_states,
        most_work=min(most_work, BASE_WORK + WORK_PER_COLUMN * len(program)),
        least=least,
    ).run()


class _States(Struct, kw_only=True, eq=False):
    """The states after some stages, none dominated, in the order of their codes.

    Attributes
    ----------
    code, figure, loss
        (states,) the sums of the moves made.
    history
        For each stage, the state of the stage before from which each state comes, and the position of the move that was
        made then, -1 for none; for a join, the other states and which of them is joined.
    total
        Number of states of all stages.
    """

    code: Integers
    figure: Integers
    loss: NDArray[np.float64]
    history: list[tuple[NDArray[np.int32], NDArray[np.int32], _States | None]] = []
    total: int = 0

    @classmethod
    def initial(cls, stages: Stages) -> _States:
        """Return the one state of the selection itself."""
        zero = np.zeros(1, dtype=np.int64)
        code = zero + (stages.fields[0].span if stages.has_dominance else 0)
        code += 0 if stages.window is None else stages.window.code
        return cls(code=code, figure=zero, loss=np.zeros(1))

    def advance(self, stages: Stages, number: int) -> None:
        """Make at most one move of a stage in each state."""
        lasting = stages.fields[0] if stages.has_dominance else None
        opening = (field for field in stages.touched[number] if field.opens == number and field is not lasting)
        self.code += sum(field.span << field.shift for field in opening)
        new = _Successors.of(self, stages, range(*stages.stages[number]))
        for field in stages.touched[number]:
            new.check(field, stages, number)
        self._replace(new, stages.low_bits, stages.pins)

    def extend(self, stages: Stages, number: int) -> None:
        """Make at most one move of a stage in each state, whatever the sums are."""
        new = _Successors.of(self, stages, range(*stages.stages[number]))
        self._replace(new, 0 if stages.pins else stages.low_bits)  # what a share cut off is known in the end

    def join(self, others: _States, pairs: _Pairs, join: Join, stages: Stages) -> None:
        """Combine each state with each of those of later stages that brings the row of the join into its range."""
        new = _Successors.joined(self, others, *pairs.within(self, others, stages.limit), join)
        for field in join.fields:
            new.check(field, stages, join.end)
        self._replace(new, stages.low_bits, stages.pins, others)

    def _replace(self, new: _Successors, low_bits: int, pins: int = 0, others: _States | None = None) -> None:
        order = np.argsort(new.code, kind="stable")  # mostly a few runs in order, which this sort only merges
        new.keep(order)
        new.keep(_undominated(new.code, new.figure, low_bits, pins))
        self.code, self.figure, self.loss = new.code, new.figure, new.loss
        self.history.append((new.parent.astype(np.int32), new.move.astype(np.int32), others))
        self.total += len(new.code)

    def moves_of(self, state: int) -> list[int]:
        """Return the positions of the moves that lead to a state."""
        moves = []
        for parents, made, others in reversed(self.history):
            if others is not None:
                moves += others.moves_of(int(made[state]))
            elif made[state] >= 0:
                moves.append(int(made[state]))
            state = int(parents[state])
        return moves


class _Pairs(Struct, frozen=True, kw_only=True, eq=False):
    """Pairs of states that bring a row into its range, and may lose less than the limit.

    Attributes
    ----------
    order
        The later states in parts of similar loss, each part by its sum of the row.
    parent, first, last
        States, and which part of `order` each is paired with.
    """

    order: NDArray[np.intp]
    parent: NDArray[np.intp]
    first: NDArray[np.intp]
    last: NDArray[np.intp]

    @classmethod
    def of(cls, field: Field, states: _States, others: _States, limit: float) -> _Pairs:
        sums, known = field.sums(states.code), field.sums(others.code)
        orders, ranges, end = [], [], 0
        for part in np.array_split(np.argsort(others.loss, kind="stable"), min(PARTS, len(others.loss))):
            parent = np.flatnonzero(states.loss <= limit - others.loss[part[0]])
            order = part[np.argsort(known[part], kind="stable")]
            first = np.searchsorted(known[order], field.lower - sums[parent], side="left")
            last = np.searchsorted(known[order], field.upper - sums[parent], side="right")
            some = last > first
            orders.append(order)
            ranges.append((parent[some], end + first[some], end + last[some]))
            end += len(order)
        parents, firsts, lasts = (np.concatenate(each) for each in zip(*ranges, strict=True))
        return cls(order=np.concatenate(orders), parent=parents, first=firsts, last=lasts)

    @property
    def count(self) -> int:
        """How many there are."""
        return int((self.last - self.first).sum())

    def within(self, states: _States, others: _States, limit: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the position of both states of each pair that loses no more than the limit."""
        found = [(np.zeros(0, dtype=np.intp),) * 2]
        ends = np.cumsum(self.last - self.first)
        places = np.searchsorted(ends, np.arange(BLOCK, self.count, BLOCK), side="left").tolist()
        for start, end in pairwise([0, *places, len(ends)]):
            first, counts = self.first[start:end], (self.last - self.first)[start:end]
            parent = np.repeat(self.parent[start:end], counts)
            other = self.order[np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(len(parent))]
            possible = states.loss[parent] + others.loss[other] <= limit
            found.append((parent[possible], other[possible]))
        parents, later = (np.concatenate(each) for each in zip(*found, strict=True))
        return parents, later


class _Successors(Struct, kw_only=True, eq=False):
    """The states after a stage, before the dominated ones are left out."""

    parent: NDArray[Any]
    move: NDArray[Any]
    code: Integers
    figure: Integers
    loss: NDArray[np.float64]

    @classmethod
    def of(cls, states: _States, stages: Stages, moves: range) -> _Successors:
        """Return the states after at most one of these moves."""
        admitted = [np.flatnonzero(states.loss <= stages.limit - stages.loss[move]) for move in moves]
        parents = [np.arange(len(states.code)), *admitted]
        counts = [len(each) for each in parents]
        parent = np.concatenate(parents)
        made = np.repeat(np.asarray([len(stages.moves), *moves]), counts)
        return cls(
            parent=parent,
            move=np.repeat(np.asarray([-1, *moves], dtype=np.int32), counts),
            code=states.code[parent] + np.append(stages.code, 0)[made],
            figure=states.figure[parent] + np.append(stages.figure, 0)[made],
            loss=states.loss[parent] + np.append(stages.loss, 0.0)[made],
        )

    @classmethod
    def joined(
        cls, states: _States, others: _States, parent: NDArray[np.intp], other: NDArray[np.intp], join: Join
    ) -> _Successors:
        """Return pairs of states."""
        return cls(
            parent=parent,
            move=other,
            code=states.code[parent] + others.code[other] - join.code,
            figure=states.figure[parent] + others.figure[other],
            loss=states.loss[parent] + others.loss[other],
        )

    def check(self, field: Field, stages: Stages, number: int) -> None:
        """Keep the states in which a row can still be satisfied after a stage, and close it if it is the last."""
        sums, least, most = field.sums(self.code), *(each[number] for each in stages.remaining[field.row])
        self.keep((sums + most >= field.lower) & (sums + least <= field.upper))
        if field.closes == number and not (stages.has_dominance and field is stages.fields[0]):
            self.close(field, stages)

    def keep(self, which: NDArray[Any]) -> None:
        """Keep the states of a mask, or at these positions in this order."""
        self.parent, self.move, self.code = self.parent[which], self.move[which], self.code[which]
        self.figure, self.loss = self.figure[which], self.loss[which]

    def close(self, field: Field, stages: Stages) -> None:
        """Charge the slack of a row that no later stage changes, and free its bits; a share limits that of the budget.

        Where the sum of a floor of a share is above its total, it loses nothing by itself.
        """
        sums = field.sums(self.code)
        self.loss = self.loss + field.slack_loss(sums)
        self.code = self.code - ((sums + field.span) << field.shift)
        possible = self.loss <= stages.limit
        if field.share is not None and stages.window is not None:
            left = field.share.total - field.share.unit * sums
            self.code, allowed = stages.window.narrow(self.code, left, field.share.per_slack)
            possible &= allowed
        self.keep(possible)


def _undominated(code: Integers, figure: Integers, low_bits: int, pins: int = 0) -> NDArray[np.bool_]:
    """Return which states have a larger figure than all before them whose codes differ in the low bits alone.

    Of states with the same code one is kept. If the numbers are too large, their lowest bits are ignored, and some
    dominated states are kept.

    Parameters
    ----------
    code
        (n,) ascending.
    pins
        Higher bits; if any of them is set, less of the low bits is not better.
    """
    if len(code) < 2:
        return np.ones(len(code), dtype=bool)
    block = code >> low_bits
    differs = block[1:] != block[:-1]
    if pins:
        differs |= ((code[1:] & pins) != 0) & (code[1:] != code[:-1])
    number = np.concatenate([[0], np.cumsum(differs)])
    least = int(figure.min())
    lost_bits = max(0, (int(figure.max()) - least + 1).bit_length() + int(number[-1] + 1).bit_length() - BITS)
    rank = (figure >> lost_bits) - (least >> lost_bits)
    rank += number * (int(rank.max()) + 1)
    best = np.maximum.accumulate(rank)
    kept = np.ones(len(code), dtype=bool)
    kept[1:] = rank[1:] >= best[:-1] if lost_bits else rank[1:] > best[:-1]
    if not lost_bits:  # of kept states with the same code the last is the best
        kept[:-1] &= ~((code[1:] == code[:-1]) & kept[1:])
    return kept


class _Deepening(Struct, kw_only=True, eq=False):
    """The search with growing limits on the loss.

    Attributes
    ----------
    best
        The best plan known.
    tracked
        Positions of the rows that are part of a state.
    work
        States so far.
    """

    core: Core
    best: Columns | None
    must_stop: Callable[[], bool]
    most_states: int
    most_work: int
    least: int | None
    tracked: set[int] = set()
    work: int = 0

    def run(self) -> CoreSolution:
        self.tracked = set(np.flatnonzero(self.core.priced.prices).tolist())
        losses = self.core.moves.loss
        limit = max(1.0, float(np.partition(losses, FIRST_MOVES)[FIRST_MOVES])) if len(losses) > FIRST_MOVES else np.inf
        while True:
            limit = min(limit, self._gap())
            has_all_moves = limit < self.core.reach or self.core.reach == np.inf
            stages = plan_stages(self.core, self.tracked, limit) if has_all_moves else None
            states = None if stages is None else self._explore(stages)
            if stages is None or states is None:
                return CoreSolution(columns=self.best)
            violated = self._take_best(stages, states)
            if violated & self.tracked:
                return CoreSolution(columns=self.best)  # a dominated state may be a plan where this one is none
            self.tracked |= violated
            if violated:
                continue
            if self._gap() <= limit:
                proven = self.best is not None or self.least is not None
                return CoreSolution(columns=self.best, proven=proven, is_cheapest=stages.scale > 1)
            limit *= GROWTH

    def _gap(self) -> float:
        """Return what the best plan known loses against the bound, or one of the least worth that is of use."""
        worth = self.least if self.best is None else self.core.whole.linear_objective(self.best)
        return np.inf if worth is None else max(0.0, float(self.core.priced.exact_bound - worth))

    def _explore(self, stages: Stages) -> _States | None:
        """Return the states after all stages, or None if there are too many, or time is over."""
        states, number = _States.initial(stages), 0
        while number < len(stages.stages):
            states.advance(stages, number)
            if self._is_too_much(states):
                return None
            if number in stages.joins:
                number = self._advance_both_ways(states, stages, number)
                if not number:
                    return None
            number += 1
        return states

    def _advance_both_ways(self, states: _States, stages: Stages, number: int) -> int:
        """Advance the states after the first stage of a join up to its end; return its last stage, 0 if given up."""
        join = stages.joins[number]
        zero, after = np.zeros(1, dtype=np.int64), join.end
        others = _States(code=zero + join.code, figure=zero, loss=np.zeros(1), history=[])
        while number < after:
            advances = len(states.code) <= len(others.code)
            if advances:
                number += 1
                states.advance(stages, number)
            else:
                others.extend(stages, after)
                after -= 1
            if self._is_too_much(states if advances else others):
                return 0
        if after < join.end:
            pairs = _Pairs.of(join.field, states, others, stages.limit)
            self.work += int(PAIR_WORK * pairs.count)
            if self._is_too_much(others):
                return 0
            states.join(others, pairs, join, stages)
        return 0 if self._is_too_much(states) else join.end

    def _is_too_much(self, states: _States) -> bool:
        """Count the work of a stage, and return whether it is too much, or time is over."""
        self.work += len(states.code) + STAGE_WORK
        is_too_much = self.work > self.most_work or states.total > MOST_IN_ALL
        return is_too_much or len(states.code) > self.most_states or self.must_stop()

    def _take_best(self, stages: Stages, states: _States) -> set[int]:
        """Take over the best plan, and return the rows that a better state violates."""
        better = np.flatnonzero((states.figure > self._figure(stages)) & stages.may_end(states.code))
        best_first = better[np.argsort(-states.figure[better], kind="stable")]
        violated: set[int] = set()
        for state in best_first[:CANDIDATES].tolist():
            plan = self.core.whole_plan(stages.moves[states.moves_of(state)])
            broken = {i for i, row in enumerate(self.core.whole.rows) if not row.holds(row.activity(plan))}
            if not broken:
                self.best = plan
                break
            violated = violated or broken
        return violated

    def _figure(self, stages: Stages) -> int:
        """Return the figure that a state with the best plan known would have, or more than a useless state has."""
        whole, selection = self.core.whole, self.core.whole_plan(np.zeros(0, dtype=np.intp))
        if self.best is None:
            if self.least is None:
                return -MAX_SUM
            return (self.least - whole.linear_objective(selection)) * stages.scale - stages.scale // 2 - 1
        value = whole.linear_objective(self.best) - whole.linear_objective(selection)
        if stages.scale == 1:
            return value
        return value * stages.scale - (whole.total_cost(self.best) - whole.total_cost(selection))
