"""Rows on a share of the budget, written so that they concern the columns of the share alone.

A cap on a share, such as `sum_S f - p sum f <= 0`, touches every column, so that its sum is open until the last stage.
With the slack s >= 0 of the budget row, `sum f = B - s`, it says `sum_S f <= p B - p s`: a sum of few columns, and a
condition on s. After the stages of these columns the row is closed, and all that a state has to know of it is which s
it still allows: a cap bounds s from above, and a floor from below.

What a plan loses stays the same. With y_S the price of a share and y_B that of the budget, it is the sum of

    y_S (p B - sum_S f)  for each cap,  at least y_S (p B - sum_S f)  for each floor,  and (y_B - sum_caps y_S p) s.

No term is negative as long as the last price is not: caps are rewritten only as far as that holds.
"""

from __future__ import annotations

from math import gcd

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.solver.arrays import MAX_SUM, Integers, max_abs
from microopt.solver.constraint import Constraint
from microopt.solver.program import Columns, IntegerProgram

LEAST_REST = 2.0**-20  # of the price of the budget; less might be the rounding error of a difference


class Share(Struct, frozen=True, kw_only=True, eq=False):
    """`unit * numbers x <= total - per_slack * s`, sums and slack counted from the selection of the prices.

    Attributes
    ----------
    numbers
        (columns,) of the core.
    per_slack
        Of a cap > 0, of a floor < 0.
    price
        Loss for each unit of `numbers x`.
    """

    numbers: Integers
    unit: int
    total: int
    per_slack: int
    price: float

    @property
    def is_cap(self) -> bool:
        """Whether it is tighter, the more of the budget is left."""
        return self.per_slack > 0


class Shares(Struct, frozen=True, kw_only=True, eq=False):
    """The rewritten rows of a core.

    Attributes
    ----------
    budget
        Position of the budget row, -1 if none is rewritten.
    budget_price
        What each unit of its slack loses at least, apart from what the shares are charged.
    shares
        By the position of their row.
    """

    budget: int = -1
    budget_price: float = 0.0
    shares: dict[int, Share] = {}


def find_shares(program: IntegerProgram, selected: Columns, prices: NDArray[np.float64]) -> Shares:
    """Return the rows of a core that are shares of its first priced row that all columns use."""
    count, rows = len(program), program.rows
    full = [i for i in np.flatnonzero(prices > 0).tolist() if _is_budget(rows[i], count)]
    if not full:
        return Shares()
    number, left = full[0], float(prices[full[0]])
    budget = rows[number].with_offset(rows[number].activity(selected))
    shares = {}
    for i, row in enumerate(rows):
        if i == number or 2 * len(row.columns) < count or (row.lower is None) == (row.upper is None):
            continue
        share = _share_of(row.with_offset(row.activity(selected)), budget, abs(float(prices[i])), count)
        if share is None:
            continue
        rest = left - max(0.0, share.price * share.per_slack / share.unit)
        if rest > LEAST_REST * prices[number]:
            left, shares[i] = rest, share
    return Shares(budget=number, budget_price=left, shares=shares) if shares else Shares()


def _is_budget(row: Constraint, count: int) -> bool:
    return row.lower is None and len(row.columns) == count and int(row.coefficients.min()) > 0


def _share_of(row: Constraint, budget: Constraint, price: float, count: int) -> Share | None:
    """Return a row as a share of the budget, or None if less than half of the columns are outside one."""
    sign = 1 if row.upper is not None else -1
    bound = row.upper if row.upper is not None else row.lower
    numbers, use = sign * row.coefficients_at(np.arange(count)), budget.coefficients
    ratio = numbers / use
    middle = int(np.argpartition(ratio, count // 2)[count // 2])
    divisor = gcd(int(numbers[middle]), int(use[middle]))
    per_slack, times = -int(numbers[middle]) // divisor, int(use[middle]) // divisor
    assert bound is not None and budget.upper is not None
    if not per_slack or max_abs(numbers) * times + abs(per_slack) * max_abs(use) > MAX_SUM / count:
        return None
    local = times * numbers + per_slack * use
    unit, total = int(np.gcd.reduce(local)), times * sign * bound + per_slack * budget.upper
    if not unit or 2 * np.count_nonzero(local) > count or abs(total) > MAX_SUM:
        return None
    return Share(
        numbers=local // unit,
        unit=unit,
        total=total,
        per_slack=per_slack,
        price=price * unit / times,
    )


class SlackRange(Struct, frozen=True, kw_only=True):
    """The slack of the budget that the closed shares of a state allow, from `least` to `most - cut`, within its code.

    Attributes
    ----------
    most
        More slack loses more than the limit.
    has_caps, has_floors
        Whether any share caps the slack, or needs a least slack.
    shift
        Position of the lowest bit of `cut`; `least` follows it.
    first
        `cut` and `least` as the shares that no move changes leave them.
    """

    most: int
    has_caps: bool
    has_floors: bool
    shift: int = 0
    first: tuple[int, int] = (0, 0)

    @property
    def bits(self) -> int:
        """How many bits of a code the range takes."""
        return self._cut_bits + (self.most.bit_length() if self.has_floors else 0)

    @property
    def _cut_bits(self) -> int:
        return self.most.bit_length() if self.has_caps else 0

    @property
    def code(self) -> int:
        """The code of the first range."""
        cut, least = self.first
        return (cut << self.shift) + (least << self.shift + self._cut_bits)

    @property
    def cut_mask(self) -> int:
        """The bits of codes that hold `cut`."""
        return ((1 << self._cut_bits) - 1) << self.shift

    def cut(self, codes: Integers) -> Integers:
        """Return by how much caps lower the most slack in each state."""
        return (codes & self.cut_mask) >> self.shift

    def least(self, codes: Integers) -> Integers:
        """Return the least slack in each state."""
        bits = self.bits - self._cut_bits
        return (codes >> (self.shift + self._cut_bits)) & ((1 << bits) - 1)

    def narrow(self, codes: Integers, left: Integers, per_slack: int) -> tuple[Integers, NDArray[np.bool_]]:
        """Return the codes after a share is closed, and which of them still allow any slack.

        Parameters
        ----------
        left
            What each state leaves of the total of the share.
        """
        old_cut, old_least = self.cut(codes), self.least(codes)
        cut, least = self.after(old_cut, old_least, left, per_slack)
        new = codes + ((cut - old_cut) << self.shift) + ((least - old_least) << (self.shift + self._cut_bits))
        return new, cut + least <= self.most

    def after(self, cut: Integers, least: Integers, left: Integers, per_slack: int) -> tuple[Integers, Integers]:
        """Return cut and least slack as a share narrows them."""
        if per_slack > 0:
            return np.maximum(cut, self.most - left // per_slack), least
        return cut, np.maximum(least, -(left // -per_slack))

    def allows(self, codes: Integers, slack: Integers) -> NDArray[np.bool_]:
        """Return which states may end with this slack."""
        return (slack >= self.least(codes)) & (slack <= self.most - self.cut(codes))
