"""The stages in which the moves of a core are made, and how the sums of the tracked rows are held in one integer.

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

from microopt.solver.arrays import MAX_SUM
from microopt.solver.constraint import Constraint
from microopt.solver.core import Core, Integers, Moves, largest_of_groups
from microopt.solver.core_shares import Share, SlackWindow

BITS, WORDS = 62, 3  # of the integers that hold the sums of all open rows
TOLERANCE = 1e-6  # relative, of a limit on the loss
NARROW = 16  # times the allowed sums of a row that are fewer than the possible ones
FEWEST = 6  # stages that are worth a join


class Field(Struct, frozen=True, kw_only=True, eq=False):
    """The activity of a tracked row within a code, as its change since the selection of the prices.

    Attributes
    ----------
    row
        Its position.
    change
        (moves,) what each move adds.
    span
        How far the sum of the changes can be from 0; a code holds the sum plus this.
    lower, upper
        What the sum may be in the end: within the bounds of the row, and so near to the priced one that the slack costs
        no more than the limit.
    price, priced_bound
        Loss for each unit between the sum and this bound: > 0 below it, < 0 above it.
    is_open_below
        Whether a smaller sum never violates a bound.
    share
        Of a row that is a share of the budget, its sum over the columns of the share.
    opens, closes
        First and last stage that changes it.
    word, shift
        The integer of a code that holds it, and the position of its lowest bit.
    """

    row: int
    change: Integers
    span: int
    lower: int
    upper: int
    price: float
    priced_bound: int
    is_open_below: bool
    share: Share | None = None
    opens: int = 0
    closes: int = 0
    word: int = 0
    shift: int = 0

    @property
    def bits(self) -> int:
        """How many bits it takes."""
        return (2 * self.span).bit_length()

    @property
    def is_narrow(self) -> bool:
        """Whether so few of the possible sums are allowed that states are better joined than extended."""
        return NARROW * (self.upper - self.lower) < self.span

    @property
    def upper_slack(self) -> int:
        """The largest slack."""
        return max(0, self.priced_bound + self.span)

    def sums(self, codes: Integers) -> Integers:
        """Return the sum of the changes in each state."""
        sums: Integers = ((codes[self.word] >> self.shift) & ((1 << self.bits) - 1)) - self.span
        return sums

    def slack_loss(self, sums: Integers) -> NDArray[np.float64]:
        """Return what the slack of the row loses."""
        return self.price * np.maximum(self.priced_bound - sums, 0).astype(float)


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
    window
        The slack of the budget, the first field, that shares of it allow; None if there are none.
    uncapped
        The first stage after which all caps on shares of the budget are closed.
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
    window: SlackWindow | None
    uncapped: int
    joins: dict[int, Join]

    def low_bits(self, number: int) -> int:
        """Return how many bits the field takes of which less is better after a stage.

        It is none before the last cap on a share of it is closed: of two states with equal sums, the one that uses
        less of the budget may be the one that breaks the cap.
        """
        return self.fields[0].bits if self.has_dominance and number >= self.uncapped else 0

    def code_of(self, fields: Iterable[Field]) -> Integers:
        """Return the (words, 1) code of no change of these fields."""
        code = np.zeros((len(self.code), 1), dtype=np.int64)
        for field in fields:
            code[field.word] += field.span << field.shift
        return code

    @property
    def pins(self) -> int:
        """The bits of codes that say that less of the first field is not better: a share needs some of it used."""
        return 0 if self.window is None else self.window.pins

    def may_end(self, codes: Integers) -> NDArray[np.bool_]:
        """Return which states may be the last ones."""
        if self.window is None:
            return np.ones(codes.shape[1], dtype=bool)
        return self.window.allows(codes[0], self.fields[0].priced_bound - self.fields[0].sums(codes))


def plan_stages(core: Core, tracked: set[int], limit: float) -> Stages | None:
    """Return the stages, or None if the open rows do not fit into one integer.

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
        fields, window = _fields_of_shares(core, admitted, tracked, limit)
        stages = None if window is None else _stages(core, moves, fields, window, limit)
        if stages is not None:
            return stages
    return _stages(core, moves, _fields(core, admitted, tracked, limit), None, limit)


def _stages(
    core: Core, moves: NDArray[np.intp], fields: list[Field], window: SlackWindow | None, limit: float
) -> Stages | None:
    """Return the stages of these moves and fields; with shares, the first field is the budget."""
    has_dominance = bool(fields) and fields[0].is_open_below
    joins_last = has_dominance and (window is None or not window.has_caps)
    order = _order(core.moves.take(moves), fields[has_dominance:], joins_last)
    moves = moves[order]
    admitted = core.moves.take(moves)
    starts = np.flatnonzero(np.diff(admitted.group, prepend=-1)).tolist()
    stages = tuple(pairwise([*starts, len(moves)]))
    fields = [replace(field, change=field.change[order]) for field in fields]
    reserved = 0
    if window is not None:
        window = replace(window, shift=fields[0].bits)
        reserved = window.bits
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
        window=window,
        uncapped=max((field.closes for field in placed if field.share is not None and field.share.is_cap), default=0),
        joins=_joins(placed[has_dominance:], touched) | (_last_join(placed, touched) if joins_last else {}),
    )


def _fields(core: Core, moves: Moves, tracked: set[int], limit: float) -> list[Field]:
    """Return a field for each tracked row that these moves change, first one of which less is better."""
    fields = [_row_field(core, moves, number, float(core.priced.prices[number]), limit) for number in sorted(tracked)]
    known = [field for field in fields if field is not None]
    return sorted(known, key=lambda field: (field.is_open_below, field.span), reverse=True)


def _row_field(core: Core, moves: Moves, number: int, price: float, limit: float) -> Field | None:
    """Return the field of a row, or None if these moves do not change it."""
    row = core.program.rows[number]
    change = moves.change(row.coefficients_at(np.arange(len(core.program))))
    span = moves.span(change, limit)
    if not span:
        return None
    return _field(number, change, span, row.with_offset(row.activity(core.selected)), price, limit)


def _fields_of_shares(
    core: Core, moves: Moves, tracked: set[int], limit: float
) -> tuple[list[Field], SlackWindow | None]:
    """Return the fields with the budget first and shares as sums of their own columns, and the slack they allow."""
    shares = {number: share for number, share in core.shares.shares.items() if number in tracked}
    budget = _row_field(core, moves, core.shares.budget, core.shares.budget_price, limit)
    if budget is None:
        return [], None
    most = budget.upper_slack
    signs = [share.is_cap for share in shares.values()]
    window = SlackWindow(
        most=int(min(most, limit / core.shares.budget_price + 1)) if limit < np.inf else most,
        has_caps=any(signs),
        has_floors=not all(signs),
    )
    fields = _fields(core, moves, tracked - shares.keys() - {budget.row}, limit)
    cut, least = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    for number, share in shares.items():
        change = moves.change(share.numbers)
        span = moves.span(change, limit)
        if span:
            fields.append(_share_field(number, change, span, share, window.most, limit))
        else:
            cut, least = window.after(cut, least, np.full(1, share.total), share.per_slack)
    if cut[0] + least[0] > window.most:
        return [], None
    return [budget, *fields], replace(window, first=(int(cut[0]), int(least[0])))


def _share_field(number: int, change: Integers, span: int, share: Share, most: int, limit: float) -> Field:
    """Return the field of a share; that of a floor may be above its total as far as slack of the budget allows."""
    priced_bound = share.total // share.unit
    upper = (share.total + max(0, -share.per_slack) * most) // share.unit
    near = min(limit / share.price + 1, 4.0 * (span + abs(priced_bound)) + 1) if share.price else 2.0 * span
    return Field(
        row=number,
        change=change,
        span=span,
        lower=max(-span, priced_bound - int(near)) if share.price else -span,
        upper=min(span, upper),
        price=share.price,
        priced_bound=priced_bound,
        is_open_below=False,
        share=share,
    )


def _field(number: int, change: Integers, span: int, rest: Constraint, price: float, limit: float) -> Field:
    """Return the field of a row, negated if it is tight below.

    Parameters
    ----------
    rest
        The row less the activity of the selection.
    """
    lower, upper = rest.lower, rest.upper
    if price < 0 or upper is None:
        change, price = -change, -price
        lower, upper = (None if bound is None else -bound for bound in (upper, lower))
    assert upper is not None
    far = 4.0 * (span + abs(upper)) + 1
    near = int(min(far, limit / price + 1) if price else far)
    least = max(-span, upper - near)
    return Field(
        row=number,
        change=change,
        span=span,
        lower=least if lower is None else max(least, lower),
        upper=min(span, upper),
        price=price,
        priced_bound=upper,
        is_open_below=lower is None or lower <= least,
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
    """Return the joins: up to the last stage of a row with a narrow range, since any other row opens or closes."""
    joins: dict[int, Join] = {}
    for field in fields:
        events = [each.opens for each in fields] + [each.closes + 1 for each in fields]
        start = max(event for event in events if event <= field.closes)
        if not field.is_narrow or field.closes - start < FEWEST:
            continue
        known = joins.get(start)
        if known is None or field.upper - field.lower < known.field.upper - known.field.lower:
            own = {each.row: each for number in range(start, field.closes + 1) for each in touched[number]}
            joins[start] = Join(end=field.closes, field=field, fields=tuple(own.values()))
    return joins


def _last_join(fields: tuple[Field, ...], touched: tuple[tuple[Field, ...], ...]) -> dict[int, Join]:
    """Return the join of the stages that change nothing but the first field, of which less is better."""
    start, end = max((each.closes + 1 for each in fields[1:]), default=0), len(touched) - 1
    is_long = end - start >= FEWEST
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
