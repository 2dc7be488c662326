"""What would a large creator's money buy of smaller ones? A basket for each creator of the largest tier.

A basket has the cost of one offer as its budget. It keeps the campaign's filters, one offer a creator, conflicts, and
what is asked of each creator; rules on counts, shares and totals, and inclusions, are made for the whole budget and do
not apply.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.analysis.tiers.result import Baskets, BundleTotals, SubstituteBundle
from microopt.campaign.campaign import Campaign, Goal, Ideal
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import NET_REACH
from microopt.planning.build_plan import picks_of, totals
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.rules import each
from microopt.planning.optimize import objective_of
from microopt.planning.problem import PlanningProblem
from microopt.planning.restrict import restrict
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key
from microopt.solver.backends.base import Backend
from microopt.solver.backends.single_constraint import SingleConstraintBackend
from microopt.solver.result import SolveLimits, SolveResult, Termination
from microopt.solver.search import solve

SHORTEST = 1.0  # seconds that a basket may take however many are to come

Mask = NDArray[np.bool_]


class _Market(Struct, frozen=True, kw_only=True, eq=False):
    case: PlanningProblem
    campaign: Campaign
    small: Mask
    solver: Backend
    stint: TimeBudget

    @property
    def ideals(self) -> tuple[Ideal, ...]:
        return self.campaign.ideals


def baskets(case: PlanningProblem, tiers: Sequence[str], *, solver: Backend, stint: TimeBudget) -> Baskets | None:
    """Return the basket of each creator of the largest tier, None where the offers are all of one tier.

    Parameters
    ----------
    case
        Its campaign holds the ideals of a balanced goal.
    tiers
        From the smallest.
    """
    column = case.roster.texts["tier"]
    there = [name for name in tiers if column.holds({match_key(name)}).any()]
    if len(there) < 2:
        return None
    large, smaller = there[-1], there[:-1]
    of_large = case.any(column.holds({match_key(large)}))
    of_small = ~case.any(~column.holds({match_key(name) for name in smaller}))
    of_small &= ~np.isin(case.creator, case.creator[of_large])  # nobody is held against himself
    allowed = _allowed(case)
    goal = _goal(case.campaign.goal)
    campaign = replace(case.campaign, goal=goal, rules=(), include=())
    market = _Market(
        case=case,
        campaign=campaign,
        small=of_small & allowed,
        solver=SingleConstraintBackend(inner=solver),
        stint=stint,
    )
    offers = stint.work(lambda _: _best_offers(market, of_large & allowed), f"creators of tier {large}", 1.0)
    if offers is None:
        names = tuple(dict.fromkeys(_name(case, choice) for choice in np.flatnonzero(of_large & allowed).tolist()))
        return Baskets(tier=large, smaller=tuple(smaller), looked_at=(), left_out=names)
    tried = [(side, _basket(market, side, number, len(offers))) for number, side in enumerate(offers)]
    return Baskets(
        tier=large,
        smaller=tuple(smaller),
        looked_at=tuple(found for _, found in tried if found is not None),
        left_out=tuple(side.picks[0].creator for side, found in tried if found is None),
    )


def _allowed(case: PlanningProblem) -> Mask:
    """Return which choices keep what is asked of each creator, of the campaign's budget where it is a share of it."""
    allowed = np.ones(case.choices, dtype=bool)
    for line in each.rows(case):
        allowed[line.columns] = False
    return allowed


def _goal(goal: Goal) -> Goal:
    """Return the goal of a basket: where the least cost is asked for, the most of what its targets name."""
    if goal.name != LEAST_COST:
        return goal
    worths: dict[str, Fraction] = {}
    for name, amount in goal.targets.items():
        measure = "reach" if name == NET_REACH else name
        worths[measure] = worths.get(measure, Fraction(0)) + 1 / amount
    return Goal(name="worth", worths=worths)


def _best_offers(market: _Market, large: Mask) -> list[BundleTotals]:
    """Return, for each large creator, the choice that brings the most for its money; the most valued first."""
    case = market.case
    best: dict[int, tuple[Fraction, int, BundleTotals]] = {}
    for choice in np.flatnonzero(large).tolist():
        side = _alone(market, choice)
        ratio = side.value / max(side.totals.spend, 1)
        creator = int(case.creator[choice])
        if creator not in best or ratio > best[creator][0]:
            best[creator] = (ratio, choice, side)
    return [side for _, _, side in sorted(best.values(), key=lambda one: (-one[2].value, one[1]))]


def _alone(market: _Market, choice: int) -> BundleTotals:
    chosen = np.zeros(market.case.choices, dtype=bool)
    chosen[choice] = True
    return _side(market, chosen)


def _side(market: _Market, chosen: Mask) -> BundleTotals:
    """Return what these choices of the case bring, their value by a program that holds nothing else."""
    case, bought, value = market.case, market.case.rows(chosen), Fraction(0)
    if chosen.any():
        some = restrict(case, chosen, market.campaign, rules=())
        objective = objective_of(some, market.ideals)
        value = formulate(some, objective).objective_value(np.arange(some.choices)) * objective.unit
    return BundleTotals(picks=picks_of(case, bought), totals=totals(case, bought), value=value)


def _basket(market: _Market, large: BundleTotals, number: int, count: int) -> SubstituteBundle | None:
    name, case = large.picks[0].creator, market.case
    fits = market.small & (case.sums(case.forecast.cost) <= large.totals.spend)
    if market.stint.over:
        return None
    if not fits.any():
        return SubstituteBundle(
            creator=name, large=large, small=_side(market, fits), status="optimal", bound=Fraction(0)
        )
    campaign = replace(market.campaign, budget=large.totals.spend)
    seconds = market.stint.left
    share = 1.0 if seconds is None else min(1.0, max(SHORTEST / seconds, 1 / (count - number)))

    def search(limits: SolveLimits) -> SubstituteBundle:
        some = restrict(case, fits, campaign, rules=())
        objective = objective_of(some, market.ideals)
        limits = replace(limits, report=lambda *_: None)  # that it is begun has been told, and is soon past
        answer = solve(formulate(some, objective), market.solver, limits, cheapest=False)
        market.stint.heed(answer.limit)
        return _found(market, large, fits, answer, objective.unit)

    return market.stint.work(search, f"basket {number + 1} of {count}", share)


def _found(market: _Market, large: BundleTotals, fits: Mask, answer: SolveResult, unit: Fraction) -> SubstituteBundle:
    status = "unknown" if answer.picks is None else answer.stop.value
    limit = None if answer.limit is None or answer.stop is Termination.OPTIMAL else answer.limit.value
    bound = None if answer.bound is None else answer.bound * unit
    small = None
    if answer.picks is not None:
        chosen = np.zeros(len(fits), dtype=bool)
        chosen[np.flatnonzero(fits)[answer.picks]] = True
        assert answer.value is not None
        bought = market.case.rows(chosen)
        value = Fraction(answer.value) * unit
        small = BundleTotals(picks=picks_of(market.case, bought), totals=totals(market.case, bought), value=value)
    name = large.picks[0].creator
    return SubstituteBundle(creator=name, large=large, small=small, status=status, bound=bound, limit=limit)


def _name(case: PlanningProblem, choice: int) -> str:
    row = int(np.flatnonzero(case.choice == choice)[0])
    return case.roster.texts["creator"][row].strip()
