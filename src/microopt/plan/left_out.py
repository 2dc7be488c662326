"""LeftOut: what a plan says of the schedules that were not looked at one by one."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct


class LeftOut(Struct, frozen=True, kw_only=True):
    """Why no schedule that was left out is in a better plan.

    At the prices, a schedule that was left out is worth less by more than `loss` than the best of its creator. So no
    plan with one is worth more than `bound`.

    Attributes
    ----------
    schedules, looked_at
        How many schedules there are, and how many of them the program has.
    prices, bits
        One price for each rule that adds up over posts, as integers over two to the power of `bits`.
    loss
        In units of the goal's program over the same power of two; 0 if only the best of each creator are looked at.
    with_few
        Whether all schedules of few posts are looked at besides those.
    extra
        Further schedules that are looked at, those of plans for other goals: each the number of its creator among those
        of the problem, and the places of its offers among those of the creator in the order of time.
    bound
        What no plan with a schedule that was left out exceeds, in the goal's unit; None where nothing is known of it.
    """

    schedules: int
    looked_at: int
    prices: tuple[int, ...] = ()
    bits: int = 0
    loss: int = 0
    with_few: bool = False
    extra: tuple[tuple[int, ...], ...] = ()
    bound: Fraction | None = None
