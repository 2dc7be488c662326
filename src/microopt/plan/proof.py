"""Proof: the evidence for a plan's value."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from msgspec import Struct

from microopt.plan.left_out import LeftOut
from microopt.quantities.units import Seconds


class Proof(Struct, frozen=True, kw_only=True):
    """The evidence for a plan's value, in the goal's units.

    Attributes
    ----------
    status
        `optimal` or `feasible`.
    limit
        The limit that ended the solve early, or None.
    objective, bound
        The plan's value, and a value that no plan exceeds.
    proven_by
        The method that proves the bound.
    cheapest
        Whether it is proven that no cheaper plan has the same value.
    row_prices, pool_prices, price_bound
        The certificate: one price per row and per pool of net reach, and the bound that these prices alone give.
    core_size
        The number of columns that prices left undecided.
    failure
        Why the solver failed after it had found the plan, or empty.
    confirmed_by
        The second solver that confirmed the result, or empty.
    unconfirmed
        Why the requested second solver did not confirm it, or empty.
    program
        SHA-256 of the integer program.
    left_out
        Why no schedule that the program does not have is needed, or None where it has all.
    """

    status: str
    limit: str | None
    objective: Fraction
    bound: Fraction
    proven_by: str
    cheapest: bool
    row_prices: tuple[float, ...]
    price_bound: Fraction
    core_size: int
    backend: str
    version: str
    seconds: Seconds
    pool_prices: tuple[float, ...] = ()
    failure: str = ""
    confirmed_by: str = ""
    unconfirmed: str = ""
    program: str = ""
    left_out: LeftOut | None = None

    computed: ClassVar[tuple[str, ...]] = ("gap",)

    @property
    def gap(self) -> float:
        """How far the plan may be from the best, as a share of the bound; 1 if only the bound is 0."""
        if not self.bound:
            return float(self.objective != 0)
        return float(abs(self.bound - self.objective) / abs(self.bound))
