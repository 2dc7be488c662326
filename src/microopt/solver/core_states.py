"""The states of dynamic programming over a core: sums of the rows that are open, what was gained and what was lost.

A stage makes at most one move in each state. Where a row must have one of few sums in the end, the states of the first
stages are joined with those of the last ones, in pairs whose sums fit: no other pair is ever looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.arrays import MAX_SUM, Integers
from microopt.solver.core_fields import Field
from microopt.solver.core_shares import SlackRange
from microopt.solver.core_stages import BITS, Join, Stages

BLOCK = 1_000_000  # pairs that are looked at in one piece
PARTS = 12  # of the states of a join, by their loss


class States(Struct, kw_only=True, eq=False):
    """The states after some stages, none dominated, in the order of their codes.

    Attributes
    ----------
    code, figure, loss
        (words, states), (states,) and (states,) the sums of the moves made.
    history
        For each stage, the state of the stage before from which each state comes, and the position of the move that was
        made then, -1 for none; for a join, the other states and which of them is joined.
    total
        Number of states of all stages.
    """

    code: Integers
    figure: Integers
    loss: NDArray[np.float64]
    history: list[tuple[NDArray[np.int32], NDArray[np.int32], States | None]] = []
    total: int = 0

    @classmethod
    def initial(cls, stages: Stages) -> States:
        """Return the one state of the selection itself."""
        states = cls.unchanged(stages, stages.fields[: stages.has_dominance])
        states.code[0] += 0 if stages.slack_range is None else stages.slack_range.code
        return states

    @classmethod
    def unchanged(cls, stages: Stages, fields: Iterable[Field]) -> States:
        """Return one state in which no move is made and these fields are open."""
        return cls(code=stages.code_of(fields), figure=np.zeros(1, dtype=np.int64), loss=np.zeros(1), history=[])

    def __len__(self) -> int:
        return len(self.figure)

    def advance(self, stages: Stages, number: int) -> None:
        """Make at most one move of a stage in each state."""
        lasting = stages.fields[0] if stages.has_dominance else None
        opening = (field for field in stages.touched[number] if field.opens == number and field is not lasting)
        self.code += stages.code_of(opening)
        new = Successors.of(self, stages, range(*stages.stages[number]))
        for field in stages.touched[number]:
            new.check(field, stages, number)
        self._replace(new, stages.low_bits(number), stages.cut_mask)

    def extend(self, stages: Stages, number: int) -> None:
        """Make at most one move of a stage in each state, whatever the sums are."""
        new = Successors.of(self, stages, range(*stages.stages[number]))
        self._replace(
            new, 0 if stages.cut_mask else stages.low_bits(number)
        )  # what a share cuts off is known only in the end

    def join(self, others: States, pairs: Pairs, join: Join, stages: Stages) -> None:
        """Combine each state with each of those of later stages that brings the row of the join into its range."""
        unchanged = stages.code_of(join.fields)
        new = Successors.joined(self, others, *pairs.within(self, others, stages.limit), unchanged)
        for field in join.fields:
            new.check(field, stages, join.end)
        self._replace(new, stages.low_bits(join.end), stages.cut_mask, others)

    def _replace(self, new: Successors, low_bits: int, cut_mask: int = 0, others: States | None = None) -> None:
        one = len(new.code) == 1  # mostly a few runs in order, which a stable sort only merges
        new.keep(np.argsort(new.code[0], kind="stable") if one else np.lexsort(new.code))
        new.keep(undominated(new.code, new.figure, low_bits, cut_mask))
        self.code, self.figure, self.loss = new.code, new.figure, new.loss
        self.history.append((new.parent.astype(np.int32), new.move.astype(np.int32), others))
        self.total += len(self)

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


class Pairs(Struct, frozen=True, kw_only=True, eq=False):
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
    def of(cls, field: Field, states: States, others: States, limit: float) -> Pairs:
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

    @classmethod
    def of_best(cls, field: Field, states: States, others: States, slack_range: SlackRange | None) -> Pairs:
        """Return each state with the best of the later states that leave the first field within its bound."""
        known = field.sums(others.code)
        order = np.argsort(known, kind="stable")
        figure = others.figure[order]
        best = np.maximum.accumulate(np.where(figure == np.maximum.accumulate(figure), np.arange(len(figure)), 0))
        least = 0 if slack_range is None else slack_range.least(states.code[0])
        room = np.minimum(min(field.priced_bound, MAX_SUM // 2) - least, field.span) - field.sums(states.code)
        place = np.searchsorted(known[order], room, side="right") - 1
        parent = np.flatnonzero(place >= 0)
        first = best[place[parent]]
        return cls(order=order, parent=parent, first=first, last=first + 1)

    @property
    def count(self) -> int:
        """How many there are."""
        return int((self.last - self.first).sum())

    def within(self, states: States, others: States, limit: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
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


class Successors(Struct, kw_only=True, eq=False):
    """The states after a stage, before the dominated ones are left out."""

    parent: NDArray[Any]
    move: NDArray[Any]
    code: Integers
    figure: Integers
    loss: NDArray[np.float64]

    @classmethod
    def of(cls, states: States, stages: Stages, moves: range) -> Successors:
        """Return the states after at most one of these moves."""
        admitted = [np.flatnonzero(states.loss <= stages.limit - stages.loss[move]) for move in moves]
        parents = [np.arange(len(states)), *admitted]
        counts = [len(each) for each in parents]
        parent = np.concatenate(parents)
        made = np.repeat(np.asarray([len(stages.moves), *moves]), counts)
        return cls(
            parent=parent,
            move=np.repeat(np.asarray([-1, *moves], dtype=np.int32), counts),
            code=states.code[:, parent] + stages.code[:, made],
            figure=states.figure[parent] + stages.figure[made],
            loss=states.loss[parent] + stages.loss[made],
        )

    @classmethod
    def joined(
        cls, states: States, others: States, parent: NDArray[np.intp], other: NDArray[np.intp], unchanged: Integers
    ) -> Successors:
        """Return pairs of states.

        Parameters
        ----------
        unchanged
            The code of which the others are changes.
        """
        return cls(
            parent=parent,
            move=other,
            code=states.code[:, parent] + others.code[:, other] - unchanged,
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
        self.parent, self.move, self.code = self.parent[which], self.move[which], self.code[:, which]
        self.figure, self.loss = self.figure[which], self.loss[which]

    def close(self, field: Field, stages: Stages) -> None:
        """Charge the slack of a row that no later stage changes, and free its bits; a share limits that of the budget.

        Where the sum of a floor of a share is above its total, it loses nothing by itself.
        """
        sums = field.sums(self.code)
        self.loss = self.loss + field.slack_loss(sums)
        self.code[field.word] -= (sums + field.span) << field.shift
        possible = self.loss <= stages.limit
        if field.share is not None and stages.slack_range is not None:
            left = field.share.total - field.share.unit * sums
            self.code[0], allowed = stages.slack_range.narrow(self.code[0], left, field.share.per_slack)
            possible &= allowed
        self.keep(possible)


def undominated(code: Integers, figure: Integers, low_bits: int, cut_mask: int = 0) -> NDArray[np.bool_]:
    """Return which states have a larger figure than all before them whose codes differ in the low bits alone.

    Of states with the same code one is kept. If the numbers are too large, their lowest bits are ignored, and some
    dominated states are kept.

    Parameters
    ----------
    code
        (words, n), ascending by the last word first.
    low_bits
        Of the first word.
    cut_mask
        Bits of it that hold what caps on shares cut off; if any is set, less of the low bits is not better.
    """
    if len(figure) < 2:
        return np.ones(len(figure), dtype=bool)
    low, high = code[0], code[1:]
    block = low >> low_bits
    differs = (block[1:] != block[:-1]) | (high[:, 1:] != high[:, :-1]).any(axis=0)
    if cut_mask:
        differs |= ((low[1:] & cut_mask) != 0) & (low[1:] != low[:-1])
    number = np.concatenate([[0], np.cumsum(differs)])
    least = int(figure.min())
    lost_bits = max(0, (int(figure.max()) - least + 1).bit_length() + int(number[-1] + 1).bit_length() - BITS)
    rank = (figure >> lost_bits) - (least >> lost_bits)
    rank += number * (int(rank.max()) + 1)
    best = np.maximum.accumulate(rank)
    kept = np.ones(len(figure), dtype=bool)
    kept[1:] = rank[1:] >= best[:-1] if lost_bits else rank[1:] > best[:-1]
    if not lost_bits:  # of kept states with the same code the last is the best
        kept[:-1] &= ~((low[1:] == low[:-1]) & ~differs & kept[1:])
    return kept
