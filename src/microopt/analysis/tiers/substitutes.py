"""Substitutes: what the money for a creator of the largest tier buys of smaller creators.

The cost of one offer is the budget of its substitute bundle. Bundles keep the campaign's filters, one offer per
creator, conflicts, and rules on each creator. Rules on counts, shares and totals, and inclusions, are made for the
whole budget and do not apply. For a creator whom the mix buys, bundles have only creators whom it does not buy: what
its other creators bring, it brings already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import ClassVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign, Goal, Ideal
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import METRICS, NET_REACH
from microopt.plan.plan import PickSummary, Totals
from microopt.planning.build_picks import build_picks
from microopt.planning.formulation.formulate import formulate
from microopt.planning.formulation.rules import each
from microopt.planning.optimize import build_objective
from microopt.planning.problem import PlanningProblem, restrict
from microopt.planning.time_budget import TimeBudget
from microopt.planning.totals import sum_totals
from microopt.quantities.keys import match_key
from microopt.quantities.units import Approximate
from microopt.solver.backends.base import Backend
from microopt.solver.result import SolveLimits, SolveResult, Termination
from microopt.solver.search import solve


class BundleTotals(Struct, frozen=True, kw_only=True):
    """The picks, totals and value of one side of a comparison.

    Attributes
    ----------
    objective
        The value by the goal.
    """

    picks: tuple[PickSummary, ...]
    totals: Totals
    objective: Approximate


class SubstituteBundle(Struct, frozen=True, kw_only=True):
    """A creator of the largest tier, and the best bundle of smaller creators for the same money.

    Attributes
    ----------
    large
        The offer that the mix buys of the creator, or else the one with the most value for its cost.
    in_mix
        Whether the mix buys this creator; the bundle then has only creators whom it does not buy.
    small
        The bundle, or None if a limit came before any was found.
    status
        `optimal`, `feasible` or `unknown`.
    bound
        A value that no bundle exceeds, or None if unknown.
    limit
        What ended the search early, or None.
    """

    creator: str
    large: BundleTotals
    in_mix: bool
    small: BundleTotals | None
    status: str
    bound: Approximate | None = None
    limit: str | None = None

    computed: ClassVar[tuple[str, ...]] = ("gap", "ratios")

    @property
    def ratios(self) -> Mapping[str, Approximate | None]:
        """By metric: what the bundle brings by what the large creator does."""
        return {metric: self.times(metric) for metric in METRICS}

    @property
    def gap(self) -> float:
        """The gap between the bundle and its bound, as a share of the bound."""
        if self.small is None or not self.bound:
            return 0.0
        return float((self.bound - self.small.objective) / abs(self.bound))

    def times(self, metric: str) -> Fraction | None:
        """Return the bundle's total of a metric divided by the large creator's, or None."""
        large_total = self.large.totals.metrics[metric]
        return (
            Fraction(self.small.totals.metrics[metric], large_total) if self.small is not None and large_total else None
        )


class Substitutes(Struct, frozen=True, kw_only=True):
    """The substitute bundles for all creators of the largest tier.

    Attributes
    ----------
    tier
        The largest tier among the eligible offers.
    smaller
        The tiers that bundles are made from, from the smallest.
    creators
        In descending order of the large creator's value.
    not_examined
        Large creators left out because of a limit or an interrupt.
    """

    tier: str
    smaller: tuple[str, ...]
    creators: tuple[SubstituteBundle, ...]
    not_examined: tuple[str, ...] = ()


MIN_SECONDS = 1.0  # the least seconds for a bundle, however many remain

Mask = NDArray[np.bool_]


class _SubstituteMarket(Struct, frozen=True, kw_only=True, eq=False):
    problem: PlanningProblem
    campaign: Campaign
    chosen: Mask
    small: Mask
    solver: Backend
    time_budget: TimeBudget

    @property
    def ideals(self) -> tuple[Ideal, ...]:
        return self.campaign.ideals

    @property
    def of_mix_creators(self) -> Mask:
        """Which choices are of creators whom the mix buys, (choices,)."""
        return np.isin(self.problem.choice_creators, self.problem.choice_creators[self.chosen])


def find_substitutes(
    problem: PlanningProblem, tiers: Sequence[str], chosen: Mask, *, solver: Backend, time_budget: TimeBudget
) -> Substitutes | None:
    """Return the substitutes for each creator of the largest tier, or None if all offers are of one tier.

    Parameters
    ----------
    problem
        Its campaign contains the ideals of a balanced goal.
    tiers
        In ascending order of size.
    chosen
        Which choices the mix makes, (choices,).
    """
    column = problem.roster.texts["tier"]
    present = [name for name in tiers if column.contains_any({match_key(name)}).any()]
    if len(present) < 2:
        return None
    large, smaller = present[-1], present[:-1]
    in_large = problem.any_by_choice(column.contains_any({match_key(large)}))
    in_small = ~problem.any_by_choice(~column.contains_any({match_key(name) for name in smaller}))
    in_small &= ~np.isin(
        problem.choice_creators, problem.choice_creators[in_large]
    )  # a creator with offers in both tiers is not compared with themselves
    allowed = _allowed_choices(problem)
    goal = _substitute_goal(problem.campaign.goal)
    campaign = replace(problem.campaign, goal=goal, rules=(), include=())
    market = _SubstituteMarket(
        problem=problem,
        campaign=campaign,
        chosen=chosen,
        small=in_small & allowed,
        solver=solver,
        time_budget=time_budget,
    )
    offers = time_budget.run(
        lambda _: _best_offer_per_creator(market, in_large & allowed), f"creators of tier {large}", 1.0
    )
    if offers is None:
        names = _creator_names(problem, in_large & allowed)
        return Substitutes(tier=large, smaller=tuple(smaller), creators=(), not_examined=names)
    results = [(offer, _best_substitutes(market, offer, number, len(offers))) for number, offer in enumerate(offers)]
    return Substitutes(
        tier=large,
        smaller=tuple(smaller),
        creators=tuple(substitute for _, substitute in results if substitute is not None),
        not_examined=tuple(offer.totals.picks[0].creator for offer, substitute in results if substitute is None),
    )


def _allowed_choices(problem: PlanningProblem) -> Mask:
    """Return which choices satisfy the rules on each creator, with shares of the whole campaign's budget."""
    allowed = np.ones(problem.choice_count, dtype=bool)
    for constraint in each.rows(problem):
        allowed[constraint.columns] = False
    return allowed


def _substitute_goal(goal: Goal) -> Goal:
    """Return the goal of bundles: for a least cost, the maximum of the targeted measures."""
    if goal.name != LEAST_COST:
        return goal
    worths: dict[str, Fraction] = {}
    for name, amount in goal.targets.items():
        measure = "reach" if name == NET_REACH else name
        worths[measure] = worths.get(measure, Fraction(0)) + 1 / amount
    return Goal(name="worth", worths=worths)


class _LargeOffer(Struct, frozen=True, kw_only=True):
    totals: BundleTotals
    in_mix: bool


def _best_offer_per_creator(market: _SubstituteMarket, large: Mask) -> list[_LargeOffer] | None:
    """Return the choice of each large creator that the mix makes, or else the one with the most value for its cost.

    They are in descending order of value. None if the time does not suffice.
    """
    in_mix, creators = market.of_mix_creators, market.problem.choice_creators
    best: dict[int, tuple[tuple[bool, Fraction], int, BundleTotals]] = {}
    for choice in np.flatnonzero(large).tolist():
        if market.time_budget.exhausted:
            return None
        bundle = _single_choice_totals(market, choice)
        rank = bool(market.chosen[choice]), bundle.objective / max(bundle.totals.spend, 1)
        creator = int(creators[choice])
        if creator not in best or rank > best[creator][0]:
            best[creator] = (rank, choice, bundle)
    ordered = sorted(best.values(), key=lambda item: (-item[2].objective, item[1]))
    return [_LargeOffer(totals=bundle, in_mix=bool(in_mix[choice])) for _, choice, bundle in ordered]


def _single_choice_totals(market: _SubstituteMarket, choice: int) -> BundleTotals:
    chosen = np.zeros(market.problem.choice_count, dtype=bool)
    chosen[choice] = True
    return _bundle_totals(market, chosen)


def _bundle_totals(market: _SubstituteMarket, chosen: Mask) -> BundleTotals:
    """Return picks, totals and value of these choices, with the value from a program that contains only them."""
    problem, purchased, value = market.problem, market.problem.select_rows(chosen), Fraction(0)
    if chosen.any():
        restricted = restrict(problem, chosen, market.campaign, rules=())
        objective = build_objective(restricted, market.ideals)
        value = formulate(restricted, objective).objective_value(np.arange(restricted.choice_count)) * objective.unit
    picks = tuple(build_picks(problem, purchased))
    return BundleTotals(picks=picks, totals=sum_totals(problem, purchased), objective=value)


def _best_substitutes(
    market: _SubstituteMarket, offer: _LargeOffer, number: int, count: int
) -> SubstituteBundle | None:
    if market.time_budget.exhausted:
        return None
    large, problem = offer.totals, market.problem
    affordable = market.small & (problem.sum_by_choice(problem.forecast.cost) <= large.totals.spend)
    if offer.in_mix:
        affordable &= ~market.of_mix_creators
    if not affordable.any():
        return SubstituteBundle(
            creator=large.picks[0].creator,
            large=large,
            in_mix=offer.in_mix,
            small=_bundle_totals(market, affordable),
            status="optimal",
            bound=Fraction(0),
        )
    campaign = replace(market.campaign, budget=large.totals.spend, contingency=None)
    seconds = market.time_budget.seconds_left
    share = 1.0 if seconds is None else min(1.0, max(MIN_SECONDS / seconds, 1 / (count - number)))

    def search(limits: SolveLimits) -> SubstituteBundle:
        restricted = restrict(problem, affordable, campaign, rules=())
        objective = build_objective(restricted, market.ideals)
        limits = replace(limits, report=lambda *_: None)  # the start has been reported, and the search is short
        result = solve(formulate(restricted, objective), market.solver, limits, cheapest=False)
        market.time_budget.note_interrupt(result.limit)
        return _build_substitute(market, offer, affordable, result, objective.unit)

    return market.time_budget.run(search, f"group {number + 1} of {count}", share)


def _build_substitute(
    market: _SubstituteMarket, offer: _LargeOffer, affordable: Mask, result: SolveResult, unit: Fraction
) -> SubstituteBundle:
    status = "unknown" if result.columns is None else result.termination.value
    limit = None if result.limit is None or result.termination is Termination.OPTIMAL else result.limit.value
    bound = None if result.bound is None else result.bound * unit
    small_bundle = None
    if result.columns is not None:
        chosen = np.zeros(len(affordable), dtype=bool)
        chosen[np.flatnonzero(affordable)[result.columns]] = True
        assert result.objective is not None
        purchased = market.problem.select_rows(chosen)
        value = Fraction(result.objective) * unit
        small_bundle = BundleTotals(
            picks=tuple(build_picks(market.problem, purchased)),
            totals=sum_totals(market.problem, purchased),
            objective=value,
        )
    return SubstituteBundle(
        creator=offer.totals.picks[0].creator,
        large=offer.totals,
        in_mix=offer.in_mix,
        small=small_bundle,
        status=status,
        bound=bound,
        limit=limit,
    )


def _creator_names(problem: PlanningProblem, choices: Mask) -> tuple[str, ...]:
    """Return the creators of some choices, each once."""
    rows = np.searchsorted(problem.choice, np.flatnonzero(choices)).tolist()
    return tuple(dict.fromkeys(problem.roster.texts["creator"][row].strip() for row in rows))
