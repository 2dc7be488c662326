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

from microopt.campaign.campaign import Campaign, Goal, Ideal
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import NET_REACH
from microopt.plan.plan import Pick, Totals
from microopt.planning.build_plan import build_picks, sum_totals
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.rules import each
from microopt.planning.optimize import build_objective
from microopt.planning.problem import PlanningProblem, restrict
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key
from microopt.solver.backends.base import Backend
from microopt.solver.backends.single_constraint import SingleConstraintBackend
from microopt.solver.result import SolveLimits, SolveResult, Termination
from microopt.solver.search import solve


class BundleTotals(Struct, frozen=True, kw_only=True):
    """What is bought on one side of a comparison, and what it brings.

    Attributes
    ----------
    value
        By the goal.
    """

    picks: tuple[Pick, ...]
    totals: Totals
    value: Fraction


class SubstituteBundle(Struct, frozen=True, kw_only=True):
    """A creator of the largest tier beside the best that the same money buys of smaller ones.

    Attributes
    ----------
    large
        The creator's offer that brings the most for its money.
    small
        The basket, None where a limit came before any was found.
    status
        `optimal`, `feasible` or `unknown`.
    bound
        Value that no basket exceeds, None where nothing is known of it.
    limit
        What cut the search short, or None.
    """

    creator: str
    large: BundleTotals
    small: BundleTotals | None
    status: str
    bound: Fraction | None = None
    limit: str | None = None

    @property
    def gap(self) -> float:
        """How far the basket may be from the best, as a share of the bound."""
        if self.small is None or not self.bound:
            return 0.0
        return float((self.bound - self.small.value) / abs(self.bound))

    def times(self, metric: str) -> Fraction | None:
        """Return what the basket brings of a metric by what the large creator does, None where either is not there."""
        mine = self.large.totals.metrics[metric]
        return Fraction(self.small.totals.metrics[metric], mine) if self.small is not None and mine else None


class Baskets(Struct, frozen=True, kw_only=True):
    """Baskets of all creators of the largest tier.

    Attributes
    ----------
    tier
        The largest tier among the offers let in.
    smaller
        The tiers that baskets are made of, from the smallest.
    looked_at
        The large creator of most value first.
    left_out
        Large creators that a limit or an interrupt came before.
    """

    tier: str
    smaller: tuple[str, ...]
    looked_at: tuple[SubstituteBundle, ...]
    left_out: tuple[str, ...] = ()


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
    of_large = case.any_by_choice(column.holds({match_key(large)}))
    of_small = ~case.any_by_choice(~column.holds({match_key(name) for name in smaller}))
    of_small &= ~np.isin(case.choice_creators, case.choice_creators[of_large])  # nobody is held against himself
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
    offers = stint.run(lambda _: _best_offers(market, of_large & allowed), f"creators of tier {large}", 1.0)
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
    allowed = np.ones(case.choice_count, dtype=bool)
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
        creator = int(case.choice_creators[choice])
        if creator not in best or ratio > best[creator][0]:
            best[creator] = (ratio, choice, side)
    return [side for _, _, side in sorted(best.values(), key=lambda one: (-one[2].value, one[1]))]


def _alone(market: _Market, choice: int) -> BundleTotals:
    chosen = np.zeros(market.case.choice_count, dtype=bool)
    chosen[choice] = True
    return _side(market, chosen)


def _side(market: _Market, chosen: Mask) -> BundleTotals:
    """Return what these choices of the case bring, their value by a program that holds nothing else."""
    case, bought, value = market.case, market.case.select_rows(chosen), Fraction(0)
    if chosen.any():
        some = restrict(case, chosen, market.campaign, rules=())
        objective = build_objective(some, market.ideals)
        value = formulate(some, objective).objective_value(np.arange(some.choice_count)) * objective.unit
    return BundleTotals(picks=build_picks(case, bought), totals=sum_totals(case, bought), value=value)


def _basket(market: _Market, large: BundleTotals, number: int, count: int) -> SubstituteBundle | None:
    name, case = large.picks[0].creator, market.case
    fits = market.small & (case.sum_by_choice(case.forecast.cost) <= large.totals.spend)
    if market.stint.exhausted:
        return None
    if not fits.any():
        return SubstituteBundle(
            creator=name, large=large, small=_side(market, fits), status="optimal", bound=Fraction(0)
        )
    campaign = replace(market.campaign, budget=large.totals.spend)
    seconds = market.stint.seconds_left
    share = 1.0 if seconds is None else min(1.0, max(SHORTEST / seconds, 1 / (count - number)))

    def search(limits: SolveLimits) -> SubstituteBundle:
        some = restrict(case, fits, campaign, rules=())
        objective = build_objective(some, market.ideals)
        limits = replace(limits, report=lambda *_: None)  # that it is begun has been told, and is soon past
        answer = solve(formulate(some, objective), market.solver, limits, cheapest=False)
        market.stint.note_interrupt(answer.limit)
        return _found(market, large, fits, answer, objective.unit)

    return market.stint.run(search, f"basket {number + 1} of {count}", share)


def _found(market: _Market, large: BundleTotals, fits: Mask, answer: SolveResult, unit: Fraction) -> SubstituteBundle:
    status = "unknown" if answer.picks is None else answer.stop.value
    limit = None if answer.limit is None or answer.stop is Termination.OPTIMAL else answer.limit.value
    bound = None if answer.bound is None else answer.bound * unit
    small = None
    if answer.picks is not None:
        chosen = np.zeros(len(fits), dtype=bool)
        chosen[np.flatnonzero(fits)[answer.picks]] = True
        assert answer.value is not None
        bought = market.case.select_rows(chosen)
        value = Fraction(answer.value) * unit
        small = BundleTotals(
            picks=build_picks(market.case, bought), totals=sum_totals(market.case, bought), value=value
        )
    name = large.picks[0].creator
    return SubstituteBundle(creator=name, large=large, small=small, status=status, bound=bound, limit=limit)


def _name(case: PlanningProblem, choice: int) -> str:
    row = int(np.flatnonzero(case.choice == choice)[0])
    return case.roster.texts["creator"][row].strip()
