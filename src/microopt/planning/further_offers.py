"""Creators whose further offers the rule of one offer per creator holds back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import EachRule, RangeRule
from microopt.campaign.earnings import ratio_name
from microopt.campaign.metrics import NET_REACH, canonical_measure
from microopt.campaign.wave_rules import GAP
from microopt.planning.each_amounts import amounts_of_choices, counts_posts
from microopt.planning.formulation.rules.total import integer_bounds
from microopt.planning.measures import counts_creators, find_measure, sum_over_choices
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_key
from microopt.roster.selection import matching_offers
from microopt.solver.program import Columns, IntegerProgram
from microopt.solver.quota_expansion import reduced_costs
from microopt.solver.result import SolveResult


def creators_with_further_offers(
    problem: PlanningProblem, program: IntegerProgram, result: SolveResult
) -> tuple[str, ...]:
    """Return the picked creators who have another offer that is worth more than it costs at the plan's row prices.

    The rule of one offer per creator holds that offer back, and neither the budget nor another rule does so as well.
    Prices are those of the relaxation: this is an indication, not a proof. Over the waves of a calendar a creator can
    be bought several times, and nobody is named.
    """
    if problem.campaign.one_offer_per == "offer" or result.prices is None or result.columns is None:
        return ()
    if problem.roster.timing is not None:
        return ()
    selection, ids = problem.select_rows(program.mask(result.columns)), problem.roster.creator_id
    of_picked = np.zeros(int(ids.max(initial=-1)) + 1, dtype=bool)
    of_picked[ids[selection]] = True
    others = np.flatnonzero(of_picked[ids] & ~selection)
    if not len(others):
        return ()
    pool_prices = np.zeros(len(program.pools)) if result.pool_prices is None else result.pool_prices
    reduced = reduced_costs(program, result.prices, pool_prices)
    choices = problem.choice[others]
    single = np.bincount(problem.choice, minlength=problem.choice_count)[choices] == 1
    worth_buying = (reduced > 0) & _is_worth_its_money(problem, program, reduced, result.columns)
    candidates = others[single & worth_buying[choices]]
    picked_rows = np.flatnonzero(selection & np.isin(ids, ids[candidates])).tolist()  # of the creators in question
    offers = {_offer_key(problem, row) for row in picked_rows}
    slots = {_limited_slot(problem, row) for row in picked_rows}
    other_offers = [
        row
        for row in candidates.tolist()
        if _offer_key(problem, row) not in offers and _limited_slot(problem, row) in slots
    ]
    picks = dict(zip(problem.choice_creators[result.columns].tolist(), result.columns.tolist(), strict=True))
    limits = list(_limits(problem, program)) if other_offers else []
    held_back = {
        int(ids[row])
        for row in other_offers
        if all(_amount(*limit[:2], picks[int(ids[row])], int(problem.choice[row])) <= limit[2] for limit in limits)
    }
    names = {int(ids[row]): problem.roster.texts["creator"][row].strip() for row in picked_rows}
    return tuple(names[creator] for creator in sorted(held_back))


def _is_worth_its_money(
    problem: PlanningProblem, program: IntegerProgram, reduced: NDArray[np.float64], picks: Columns
) -> NDArray[np.bool_]:
    """Return which choices the remaining money buys, or else are worth more than what has to make room for them.

    A pick is left out for them, or a cheaper choice takes its place. Row prices may not count that: where a plan spends
    the budget to the last cent, the price of money is not unique, and the relaxation may state 0.

    Parameters
    ----------
    reduced
        (n,) reduced costs at the plan's row prices.
    """
    if problem.campaign.spendable is None:
        return np.ones(len(program), dtype=bool)
    missing = program.cost - (problem.campaign.spendable - program.total_cost(picks))
    pick_of_group = np.full(problem.choice_count, -1, dtype=np.intp)  # there are no more groups than choices
    pick_of_group[program.group[picks]] = picks
    rivals = np.flatnonzero(pick_of_group[program.group] >= 0)
    replaced = pick_of_group[program.group[rivals]]
    lost = np.concatenate([reduced[picks], reduced[replaced] - reduced[rivals]])
    freed = np.concatenate([program.cost[picks], program.cost[replaced] - program.cost[rivals]])
    if not (freed > 0).any():
        return missing <= 0
    loss = max(0.0, float(np.min(lost[freed > 0] / freed[freed > 0])))
    return (missing <= 0) | (reduced > loss * missing)


def _limited_slot(problem: PlanningProblem, row: int) -> tuple[int, str]:
    """Return the key within which at most one offer can be bought."""
    platform = problem.roster.text("platform", row) if problem.campaign.one_offer_per == "creator,platform" else ""
    return int(problem.roster.creator_id[row]), match_key(platform)


def _offer_key(problem: PlanningProblem, row: int) -> tuple[int, str, str]:
    """Return the key of an offer, the same for any number of units."""
    return int(problem.roster.creator_id[row]), problem.roster.text("platform", row), problem.roster.text("offer", row)


def _limits(problem: PlanningProblem, program: IntegerProgram) -> Iterator[tuple[NDArray[np.int64], bool, int]]:
    """Yield the amount of each choice, whether it counts creators, and the most that one creator may have of it."""
    if problem.campaign.spendable is not None:
        yield program.cost, False, problem.campaign.spendable
    for rule in problem.rules:
        if isinstance(rule, RangeRule):
            rows = matching_offers(problem.roster, rule.selector)
            share_of_plan = rule.bounds.percent and not rule.of_budget
            if (
                rule.chance is not None
                or rule.mean
                or rule.soft is not None
                or share_of_plan
                or rule.measure == NET_REACH
            ):
                continue
        elif isinstance(rule, EachRule) and rule.measure != GAP and ratio_name(rule.measure) is None:
            each = amounts_of_choices(problem, rule)
            _, upper = integer_bounds(rule.bounds, each.scale)
            if upper is not None:
                counts = canonical_measure(rule.measure) == "count" and not counts_posts(problem, rule)
                yield each.most, counts, upper
            continue
        else:
            continue
        if ratio_name(rule.measure) is not None:  # no sum
            continue
        measure = find_measure(problem, rule.measure)
        scale = (problem.campaign.budget or 0) if rule.of_budget else measure.scale
        _, upper = integer_bounds(rule.bounds, scale)
        if upper is not None:
            yield sum_over_choices(problem, measure, rows), counts_creators(problem, measure), upper


def _amount(amounts: NDArray[np.int64], counts: bool, *choices: int) -> int:
    """Return the amount of one creator's choices together; the creator counts once."""
    own = [int(amounts[choice]) for choice in choices]
    return max(own) if counts else sum(own)
