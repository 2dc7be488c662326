"""Column generation: the schedules that can be in a best plan, found by the prices of those that are known."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.planning.schedule_pool.found_schedules import FoundSchedules
from microopt.planning.schedule_pricing.best_schedules import best_of_each, find_within, in_order
from microopt.planning.schedule_pricing.relaxation import PricedSchedules, Relaxation, RulePrices
from microopt.solver.backends.base import Backend
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import SolveLimits

MOST_ROUNDS = 40
NEAR = Fraction(1, 20_000)  # of the bound: near enough to what the schedules known can bring
STARTS = 3  # prices of a first limit from which the first schedules are taken
SHARES = (1e-6, 1e-5, 1e-4, *(2.5e-4 * 2**number for number in range(14)))  # of the bound that a schedule kept may lose
MOST_KNOWN = 16_000  # schedules in the relaxation
ELASTIC = 1e6  # what it costs to break a rule, in units of what a creator brings at most


class Generated(Struct, frozen=True, kw_only=True, eq=False):
    """What a search for schedules found.

    Attributes
    ----------
    priced
        All schedules at the prices of the least bound.
    known
        The schedules of the relaxation.
    is_feasible
        Whether the relaxation breaks no rule.
    """

    priced: PricedSchedules
    known: FoundSchedules
    is_feasible: bool


def generate(
    relaxation: Relaxation,
    known: FoundSchedules | None,
    solver: Backend,
    remaining: Callable[[], SolveLimits],
    is_long: Callable[[], bool] = lambda: False,
) -> Generated:
    """Return the prices of nearly the least bound over all schedules, and the schedules that gave them.

    Parameters
    ----------
    known
        Schedules to begin with.
    remaining
        Returns the limits that remain.
    is_long
        Says whether prices that keep all rules are good enough by now.
    """
    starts, grid = STARTS if remaining().seconds != 0 else 0, relaxation.grid
    best = relaxation.price(RulePrices(numbers=(0,) * len(relaxation.rows), bits=0))
    found, feasible = in_order([best_of_each(best.posts), *_first_schedules(relaxation, known, starts)], grid), False
    scale = max(1.0, float(np.abs(relaxation.objective).max(initial=0)))
    penalties = _penalties(relaxation, scale)
    for _ in range(MOST_ROUNDS):
        if remaining().seconds == 0 or (feasible and is_long()):
            break
        program = relaxation.program(found, penalties)
        result = solver.relax(program, remaining())
        if result.prices is None:
            break
        inside = price_program(program, result.prices)
        priced = relaxation.price(relaxation.rounded(inside.prices))
        if priced.bound < best.bound:
            best = priced
        feasible = not _at_penalty(inside.prices, penalties)
        new = _improving(relaxation, priced, found)
        if not len(new) or best.bound - inside.exact_bound <= NEAR * abs(best.bound):
            break
        found = in_order([_nearest(relaxation, priced, found), new], grid)
    return Generated(priced=best, known=found, is_feasible=feasible)


def _penalties(relaxation: Relaxation, scale: float) -> list[float]:
    """Return what one unit of each rule costs where it is broken."""
    penalties = []
    for row in relaxation.rows:
        sizes = np.abs(row.least[row.least != 0])
        typical = float(np.median(sizes)) if len(sizes) else 1.0
        penalties.append(ELASTIC * scale / max(typical, 1.0))
    return penalties


def _at_penalty(prices: NDArray[np.float64], penalties: list[float]) -> bool:
    return any(abs(price) >= 0.999 * penalty for price, penalty in zip(prices.tolist(), penalties, strict=True))


def _first_schedules(relaxation: Relaxation, known: FoundSchedules | None, starts: int) -> list[FoundSchedules]:
    """Return what is known, or the best of each creator at some prices of the first rule with an upper limit."""
    found = [] if known is None else [known]
    first = next((number for number, row in enumerate(relaxation.rows) if row.row.upper), None)
    worth = np.abs(relaxation.objective.astype(float))
    prices = np.zeros(len(relaxation.rows))
    if first is not None and known is None:
        amounts = relaxation.rows[first].least.astype(float)
        rates = np.sort(worth[amounts > 0] / amounts[amounts > 0])
        for number in range(1, starts if len(rates) else 0):
            prices[first] = rates[int(len(rates) * (1 - 4.0**-number))]
            some = _in_some_waves(relaxation, number)
            found.append(best_of_each(some.price(some.rounded(prices)).posts))
    return found


def _in_some_waves(relaxation: Relaxation, number: int) -> Relaxation:
    """Return the relaxation with posts of a creator far apart, in other waves for each number and creator.

    Otherwise all schedules would begin in the first of alike waves, and rules on the others would seem to be broken.
    """
    timing, grid = relaxation.pool.cases.timing, relaxation.grid
    assert timing is not None
    stride = max(1, int(grid.waves.max(initial=0)) // grid.most_posts)
    here = (timing.wave + relaxation.pool.cases.creator_id + number) % stride == 0
    return replace(relaxation, possible=relaxation.possible & here)


def _improving(relaxation: Relaxation, priced: PricedSchedules, found: FoundSchedules) -> FoundSchedules:
    """Return the best schedules of the creators for whom they are better than all that are known."""
    most = np.zeros(relaxation.grid.creators, dtype=np.int64)
    np.maximum.at(most, found.creators, relaxation.worth(priced, found))
    best = best_of_each(priced.posts)
    return best.take(best.values > most[best.creators])


def _nearest(relaxation: Relaxation, priced: PricedSchedules, found: FoundSchedules) -> FoundSchedules:
    """Return the schedules that are nearest to the best of their creators, where there are many."""
    if len(found) <= MOST_KNOWN:
        return found
    loss = np.maximum(priced.posts.best[found.creators], 0) - relaxation.worth(priced, found)
    return found.take(np.sort(np.argsort(loss, kind="stable")[: MOST_KNOWN // 2]))


def keep_near(priced: PricedSchedules, most_posts: int) -> tuple[FoundSchedules | None, int]:
    """Return the schedules that lose least, as many as have so many posts, and how much any other one loses at least.

    What a schedule loses is how much less than the best of its creator it is worth, or than nobody. It is None where
    too many are as good as the best.
    """
    kept, loss = None, 0
    for share in SHARES:
        allowed = max(1, int(abs(priced.total) * share))
        found = find_within(priced.posts, least_values(priced, allowed), most_posts)
        if found is None:
            break
        if len(found):
            kept, loss = found, allowed + 1
        if int(found.sizes.sum()) > most_posts // 2:
            break
    return kept, loss


def least_values(priced: PricedSchedules, loss: int) -> NDArray[np.int64]:
    """Return the least that a schedule of each creator is worth that loses at most so much, (creators,)."""
    least: NDArray[np.int64] = np.maximum(priced.posts.best, 0) - loss
    return least
