"""The fees of a creator's posts before the discount of a retainer, also where the creator asks for more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.calendar import WAVE
from microopt.planning.problem import PlanningProblem
from microopt.quantities.units import Cents
from microopt.roster.retainers import retainer_shares, retainer_step
from microopt.roster.schedules import posts_by_choice
from microopt.solver.program import Columns

Integers = NDArray[np.int64]


class ListFees(Struct, frozen=True, kw_only=True, eq=False):
    """The fees of the rows of a creator's schedules.

    Attributes
    ----------
    rows
        (n,) rows of the problem, ascending.
    fees
        (n,) in cents, before the discount.
    kept
        (n,) the share of it that is left after the discount of the row's schedule, as an integer over `scale`.
    """

    problem: PlanningProblem
    rows: NDArray[np.intp]
    fees: Integers
    kept: Integers
    scale: int

    @classmethod
    def of_schedules(cls, problem: PlanningProblem, columns: Columns) -> ListFees | None:
        """Return the fees of some schedules, all of a creator; None where one is known only with a discount."""
        calendar, rows = problem.campaign.calendar, problem.rows_of(columns)
        assert calendar is not None
        units = problem.roster.unit_counts()[rows]
        number = np.unique(problem.choice[rows], return_inverse=True)[1].astype(np.int32)
        step = retainer_step(calendar.retainer, posts_by_choice(number, units))[number]
        fees = problem.forecast.fee[rows].astype(np.int64)
        keys = [_key(problem, row) for row in rows.tolist()]
        full = {key: fee for key, fee, at in zip(keys, fees.tolist(), step.tolist(), strict=True) if at == 0}
        if not set(keys) <= set(full):
            return None
        shares = retainer_shares(calendar.retainer)
        scale = int(np.lcm.reduce([share.denominator for share in shares]))
        kept = np.asarray([int((1 - share) * scale) for share in shares], dtype=np.int64)[step]
        whole = np.asarray([full[key] for key in keys], dtype=np.int64)
        return cls(problem=problem, rows=rows, fees=whole, kept=kept, scale=scale)

    def list_fee(self, row: int) -> Cents:
        """Return the fee of a row in cents, before the discount."""
        return int(self.fees[np.searchsorted(self.rows, row)])

    def at(self, fee: Cents, reference: Cents) -> Integers:
        """Return the fees of the rows in cents, with their discounts, where one of `reference` has become `fee`.

        The discount is taken to the cent, half a cent to the even one, as from a list.
        """
        raised = [_round_half_even(cents * fee, reference) for cents in self.fees.tolist()]
        pairs = zip(raised, self.kept.tolist(), strict=True)
        return np.asarray([_round_half_even(cents * kept, self.scale) for cents, kept in pairs], dtype=np.int64)

    def posts_of(self, plan: Columns) -> int:
        """Return how many posts of these schedules a plan has."""
        within = np.isin(self.problem.choice[self.rows], plan)
        return int(self.problem.roster.unit_counts()[self.rows[within]].sum())


def discounted_from(problem: PlanningProblem, rows: Sequence[int]) -> dict[int, Cents]:
    """Return the fees before the discount of a retainer of those rows of a creator that have one, by row."""
    calendar = problem.campaign.calendar
    if calendar is None or not calendar.retainer or not rows:
        return {}
    own = np.flatnonzero(problem.choice_creators == problem.roster.creator_id[rows[0]])
    fees = ListFees.of_schedules(problem, own)
    if fees is None:
        return {}
    return {row: fee for row in rows if (fee := fees.list_fee(row)) != int(problem.forecast.fee[row])}


def _key(problem: PlanningProblem, row: int) -> tuple[str | int, ...]:
    """Return what rows of a creator have in common that have one fee on the list."""
    names = [name for name in ("platform", "offer", WAVE) if name in problem.roster.texts]
    return (*(problem.roster.text(name, row) for name in names), int(problem.roster.unit_counts()[row]))


def _round_half_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))
