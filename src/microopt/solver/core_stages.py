"""The stages in which the moves of a core are made, and how the sums of the open rows are held in a few integers.

A row is open from the first stage whose moves change it to the last. Then its slack is known, states that violate it
are gone, and its bits are free for a row that opens later. So the moves of one row are made together, those of the row
with the fewest moves first: then few rows are open at a time, and states differ in few sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import MAX_SUM, Integers, largest_of_groups
from microopt.solver.core import Core, Moves
from microopt.solver.core_fields import Field, row_fields, share_fields
from microopt.solver.core_shares import SlackRange

BITS, WORDS = 62, 3  # of the integers that hold the sums of all open rows
TOLERANCE = 1e-6  # relative, of a limit on the loss
FEWEST_STAGES = 6  # that are worth a join


class Join(Struct, frozen=True, kw_only=True, eq=False):
    """Stages at whose end a row must have one of few sums: the states of some and of the others are joined by it.

    Attributes
    ----------
    end
        The last of the stages.
    field
        The row.
    fields
        All fields that these stages change; none but the row that opens or closes among them, except at the ends.
    is_last
        Whether nothing but the first field is open, so that only the best of the later states that fit is needed.
    """

    end: int
    field: Field
    fields: tuple[Field, ...]
    is_last: bool = False


class Stages(Struct, frozen=True, kw_only=True, eq=False):
    """The moves that lose no more than a limit, stage by stage.

    Attributes
    ----------
    limit
        What the moves of a plan, and the slack of its rows, may lose together.
    moves
        (k,) positions among the moves of the core, those of one stage in a row.
    stages
        First and last position of each stage in `moves`.
    fields
        The tracked rows; if `has_dominance`, less of the first is better, and it is open all the time.
    touched
        For each stage, the fields that its moves change.
    remaining
        For each tracked row, the least and the most that the stages after each stage can add to it.
    code, figure, loss
        (words, k + 1), (k + 1,) and (k + 1,) what each move adds to the code of a state, to its figure (objective times
        `scale`, less cost), and to its loss; nothing without a move, at the end.
    scale
        More than two plans can differ in cost, or 1 if that does not fit: then a figure is an objective.
    slack_range
        The slack of the budget, the first field, that shares of it allow; None if there are none.
    caps_closed_at
        The stage that closes the last cap on a share of the budget; 0 if there are none.
    joins
        By their first stage.
    """

    limit: float
    moves: NDArray[np.intp]
    stages: tuple[tuple[int, int], ...]
    fields: tuple[Field, ...]
    has_dominance: bool
    touched: tuple[tuple[Field, ...], ...]
    remaining: dict[int, tuple[list[int], list[int]]]
    code: Integers
    figure: Integers
    loss: NDArray[np.float64]
    scale: int
    slack_range: SlackRange | None
    caps_closed_at: int
    joins: dict[int, Join]

    def low_bits(self, number: int) -> int:
        """Return how many bits the field takes of which less is better after a stage.

        It is none before the last cap on a share of it is closed: of two states with equal sums, the one that uses
        less of the budget may be the one that breaks the cap.
        """
        return self.fields[0].bits if self.has_dominance and number >= self.caps_closed_at else 0

    def code_of(self, fields: Iterable[Field]) -> Integers:
        """Return the (words, 1) code of no change of these fields."""
        code = np.zeros((len(self.code), 1), dtype=np.int64)
        for field in fields:
            code[field.word] += field.span << field.shift
        return code

    @property
    def cut_mask(self) -> int:
        """The bits of codes that hold what caps on shares cut off: with any, less of the first field is not better."""
        return 0 if self.slack_range is None else self.slack_range.cut_mask

    def may_end(self, codes: Integers) -> NDArray[np.bool_]:
        """Return which states may be the last ones."""
        if self.slack_range is None:
            return np.ones(codes.shape[1], dtype=bool)
        return self.slack_range.allows(codes[0], self.fields[0].priced_bound - self.fields[0].sums(codes))


def plan_stages(core: Core, tracked: set[int], limit: float) -> Stages | None:
    """Return the stages, or None if the open rows do not fit into as many integers as a code may have.

    Parameters
    ----------
    tracked
        Positions of the rows that are part of a state.
    limit
        On the loss.
    """
    limit += TOLERANCE * max(1.0, limit)  # no loss is overstated, but sums of them are, and prices times slack
    moves = np.flatnonzero(core.moves.loss <= limit)
    admitted = core.moves.take(moves)
    if core.shares.budget in tracked and tracked & core.shares.shares.keys():
        fields, slack_range = share_fields(core, admitted, tracked, limit)
        stages = None if slack_range is None else _stages(core, moves, fields, slack_range, limit)
        if stages is not None:
            return stages
    return _stages(core, moves, row_fields(core, admitted, tracked, limit), None, limit)


def _stages(
    core: Core, moves: NDArray[np.intp], fields: list[Field], slack_range: SlackRange | None, limit: float
) -> Stages | None:
    """Return the stages of these moves and fields; with shares, the first field is the budget."""
    has_dominance = bool(fields) and fields[0].is_open_below
    joins_last = has_dominance and (slack_range is None or not slack_range.has_caps)
    order = _order(core.moves.take(moves), fields[has_dominance:], joins_last)
    moves = moves[order]
    admitted = core.moves.take(moves)
    starts = np.flatnonzero(np.diff(admitted.group, prepend=-1)).tolist()
    stages = tuple(pairwise([*starts, len(moves)]))
    fields = [replace(field, change=field.change[order]) for field in fields]
    reserved = 0
    if slack_range is not None:
        slack_range = replace(slack_range, shift=fields[0].bits)
        reserved = slack_range.bits
    placed = _place([_with_stages(field, starts) for field in fields], has_dominance, reserved)
    if placed is None:
        return None
    touched = _touched(placed, starts)
    value, cost = (admitted.change(numbers) for numbers in (core.program.objective, core.program.cost))
    scale = 2 * admitted.span(cost, limit) + 1
    if (admitted.span(value, limit) + 1) * scale > MAX_SUM:
        scale = 1
    return Stages(
        limit=limit,
        moves=moves,
        stages=stages,
        fields=placed,
        has_dominance=has_dominance,
        touched=touched,
        remaining={field.row: _remaining(field.change, starts) for field in placed},
        code=_code(placed, len(moves)),
        figure=np.append(value if scale == 1 else value * scale - cost, 0),
        loss=np.append(admitted.loss, 0.0),
        scale=scale,
        slack_range=slack_range,
        caps_closed_at=max(
            (field.closes for field in placed if field.share is not None and field.share.is_cap), default=0
        ),
        joins=_joins(placed[has_dominance:], touched) | (_last_join(placed, touched) if joins_last else {}),
    )


def _order(moves: Moves, fields: list[Field], joins_last: bool) -> NDArray[np.intp]:
    """Return the moves group by group: those of the row with the fewest groups first, then by falling loss.

    Where states are joined, from the largest loss to the smallest and back: both sides then begin with the largest.

    Parameters
    ----------
    joins_last
        Whether the states are joined where all these fields are closed.
    """
    count = int(moves.group.max(initial=-1)) + 1
    supports = []
    for field in fields:
        support = np.zeros(count, dtype=bool)
        support[moves.group[field.change != 0]] = True
        supports.append((support, field.is_narrow))
    cluster, is_joined = np.full(count, len(supports)), np.full(count, joins_last)
    for number, (support, is_narrow) in enumerate(sorted(supports, key=lambda each: np.count_nonzero(each[0]))):
        own = support & (cluster == len(supports))
        cluster[own], is_joined[own] = number, is_narrow
    by_loss = np.lexsort((-largest_of_groups(moves.group, moves.loss), cluster))
    place = np.empty(count, dtype=np.intp)
    place[by_loss] = np.arange(count)
    place = np.where(is_joined & (place % 2 == 1), 2 * count - place, place)
    return np.lexsort((moves.group, place[moves.group], cluster[moves.group]))


def _with_stages(field: Field, starts: list[int]) -> Field:
    """Return the field with the stages that change it first and last."""
    changing = np.flatnonzero(np.add.reduceat(field.change != 0, starts))
    return replace(field, opens=int(changing[0]), closes=int(changing[-1]))


def _place(fields: list[Field], has_dominance: bool, reserved: int) -> tuple[Field, ...] | None:
    """Return the fields with their bits, which a field takes over from one that is closed; None if they do not fit.

    Parameters
    ----------
    has_dominance
        Whether the first field keeps its bits, the lowest ones, to the end.
    reserved
        Bits that follow it.
    """
    placed = fields[:has_dominance]
    ends = [sum(field.bits for field in placed) + reserved]
    used: list[Field] = []
    for field in sorted(fields[has_dominance:], key=lambda each: each.opens):
        closed = [each for each in used if each.closes < field.opens and each.bits >= field.bits]
        room = [word for word, end in enumerate(ends) if end + field.bits <= BITS]
        if closed:
            previous = min(closed, key=lambda each: each.bits)
            used.remove(previous)
            word, shift = previous.word, previous.shift
        else:
            word = room[0] if room else len(ends)
            ends += [0] * (word == len(ends))
            shift, ends[word] = ends[word], ends[word] + field.bits
        used.append(replace(field, word=word, shift=shift))
        placed.append(used[-1])
    return tuple(placed) if len(ends) <= WORDS and max(ends) <= BITS else None


def _code(fields: Sequence[Field], count: int) -> Integers:
    """Return what each move adds to a code, and 0 at the end, (words, moves + 1)."""
    code = np.zeros((1 + max((field.word for field in fields), default=0), count + 1), dtype=np.int64)
    for field in fields:
        code[field.word, :-1] += field.change << field.shift
    return code


def _joins(fields: tuple[Field, ...], touched: tuple[tuple[Field, ...], ...]) -> dict[int, Join]:
    """Return the joins: each ends with the last stage of a narrow row, and no other row opens or closes before."""
    joins: dict[int, Join] = {}
    for field in fields:
        events = [each.opens for each in fields] + [each.closes + 1 for each in fields]
        start = max(event for event in events if event <= field.closes)
        if not field.is_narrow or field.closes - start < FEWEST_STAGES:
            continue
        known = joins.get(start)
        if known is None or field.upper - field.lower < known.field.upper - known.field.lower:
            own = {each.row: each for number in range(start, field.closes + 1) for each in touched[number]}
            joins[start] = Join(end=field.closes, field=field, fields=tuple(own.values()))
    return joins


def _last_join(fields: tuple[Field, ...], touched: tuple[tuple[Field, ...], ...]) -> dict[int, Join]:
    """Return the join of the stages that change nothing but the first field, of which less is better."""
    start, end = max((each.closes + 1 for each in fields[1:]), default=0), len(touched) - 1
    is_long = end - start >= FEWEST_STAGES
    return {start: Join(end=end, field=fields[0], fields=fields[:1], is_last=True)} if is_long else {}


def _touched(fields: tuple[Field, ...], starts: list[int]) -> tuple[tuple[Field, ...], ...]:
    """Return for each stage the fields that its moves change."""
    touched: list[list[Field]] = [[] for _ in starts]
    for field in fields:
        for stage in np.flatnonzero(np.add.reduceat(field.change != 0, starts)).tolist():
            touched[stage].append(field)
    return tuple(tuple(each) for each in touched)


def _remaining(change: Integers, starts: list[int]) -> tuple[list[int], list[int]]:
    """Return the least and the most that the stages after each stage can add to a sum."""
    least = np.minimum(np.minimum.reduceat(change, starts), 0)
    most = np.maximum(np.maximum.reduceat(change, starts), 0)
    after = (np.cumsum(each[::-1])[::-1] - each for each in (least, most))
    return tuple(each.tolist() for each in after)
