"""The activities of tracked rows within the states of a core, as sums since the selection of the prices."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.solver.arrays import Integers
from microopt.solver.constraint import Constraint
from microopt.solver.core import Core, Moves
from microopt.solver.core_shares import Share, SlackRange

NARROW = 16  # a row is narrow if it has more than so many times as many possible sums as allowed ones


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


def row_fields(core: Core, moves: Moves, tracked: set[int], limit: float) -> list[Field]:
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


def share_fields(core: Core, moves: Moves, tracked: set[int], limit: float) -> tuple[list[Field], SlackRange | None]:
    """Return the fields, the budget first and shares as sums of their own columns, and the slack that shares allow."""
    shares = {number: share for number, share in core.shares.shares.items() if number in tracked}
    budget = _row_field(core, moves, core.shares.budget, core.shares.budget_price, limit)
    if budget is None:
        return [], None
    most = budget.upper_slack
    signs = [share.is_cap for share in shares.values()]
    slack_range = SlackRange(
        most=int(min(most, limit / core.shares.budget_price + 1)) if limit < np.inf else most,
        has_caps=any(signs),
        has_floors=not all(signs),
    )
    fields = row_fields(core, moves, tracked - shares.keys() - {budget.row}, limit)
    cut, least = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    for number, share in shares.items():
        change = moves.change(share.numbers)
        span = moves.span(change, limit)
        if span:
            fields.append(_share_field(number, change, span, share, slack_range.most, limit))
        else:
            cut, least = slack_range.after(cut, least, np.full(1, share.total), share.per_slack)
    if cut[0] + least[0] > slack_range.most:
        return [], None
    return [budget, *fields], replace(slack_range, first=(int(cut[0]), int(least[0])))


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
