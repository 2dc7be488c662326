"""Campaigns planned one after the other, each taking what it likes of what the earlier ones leave."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

import numpy as np
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, RangeRule
from microopt.campaign.portfolio import Portfolio
from microopt.campaign.rule_grammar import format_rule
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.portfolio import CampaignOutcome
from microopt.planning.build_plan import build_plan
from microopt.planning.build_problem import build_problem
from microopt.planning.laid_fees import with_laid_fees
from microopt.planning.optimize import solve_problem
from microopt.planning.portfolio.allotment import Others, closed_to, discounts_with, post_rules, without
from microopt.planning.portfolio.budget_shares import amounts_of_budget
from microopt.planning.portfolio.creator_limits import campaign_limits
from microopt.planning.portfolio.entry import SharedProblem
from microopt.planning.portfolio.house_rows import own_currency, part_of_rule
from microopt.planning.portfolio.known_picks import find_choices_of_plan
from microopt.planning.portfolio.outcome import outcome_of
from microopt.planning.portfolio.shared_creators import PlannedCampaign
from microopt.planning.time_budget import TimeBudget
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import Range
from microopt.solver.backends.base import Backend

AS_LISTED, REVERSED = "as listed", "reversed"
Compared = dict[str, tuple[CampaignOutcome, ...]]


def compare_one_by_one(
    portfolio: Portfolio, problems: Sequence[SharedProblem], backend: Backend, time_budget: TimeBudget
) -> Compared:
    """Return what campaigns get if each is planned before the next, in both orders.

    Each keeps its own rules, the limits on creators, and what is left of the house budget and of the totals that the
    house caps. What the house asks for at least, and its shares, cannot be kept by a campaign that does not know the
    later ones.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    places = {match_key(member.name): number for number, member in enumerate(portfolio.members)}
    listed = sorted(problems, key=lambda problem: places[match_key(problem.name)])
    orders = {AS_LISTED: listed, REVERSED: listed[::-1]}
    found: Compared = {}
    for number, (name, order) in enumerate(orders.items()):
        share = 1 / (len(orders) - number)
        limits = TimeBudget(time_budget.limits_for(f"one by one, {name}", share))
        found[name] = _plan_in_order(portfolio, order, backend, limits)
    return found


def _plan_in_order(
    portfolio: Portfolio, order: Sequence[SharedProblem], backend: Backend, time_budget: TimeBudget
) -> tuple[CampaignOutcome, ...]:
    found = plan_in_turn(portfolio, order, backend, time_budget)
    return tuple(_without_plan(each) if isinstance(each, SharedProblem) else outcome_of(each) for each in found)


def plan_in_turn(
    portfolio: Portfolio,
    order: Sequence[SharedProblem],
    backend: Backend,
    time_budget: TimeBudget,
    *,
    part: Fraction = Fraction(1),
) -> list[PlannedCampaign | SharedProblem]:
    """Return each campaign with the best plan that the earlier ones leave room for, or without one.

    Parameters
    ----------
    part
        The share of its own budget that each may spend.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    limits = campaign_limits(portfolio.capacity, order)
    found: list[PlannedCampaign | SharedProblem] = []
    for number, shared in enumerate(order):
        planned = [each for each in found if isinstance(each, PlannedCampaign)]
        booked = {each.shared.name: each.booked for each in planned}
        others = Others(portfolio=portfolio, problems=order, booked=booked, limits=limits)
        left = _what_is_left(shared, others, planned)
        if part < 1 and left.budget is not None:
            left = replace(left, budget=floor(left.budget * part))
        problem, warnings = build_problem(shared.entry.roster, left)
        own_limits = time_budget.limits_for(shared.name, 1 / (len(order) - number))
        solved = solve_problem(problem, limits=own_limits, solver=backend)
        if isinstance(solved, Diagnosis):
            found.append(shared)
        else:
            plan = build_plan(solved, warnings=warnings, with_baseline=False)
            found.append(PlannedCampaign(shared=shared, plan=plan))
    return found


def _without_plan(shared: SharedProblem) -> CampaignOutcome:
    """Return the outcome of a campaign for which the earlier ones leave too little."""
    return CampaignOutcome(
        name=shared.name,
        status="infeasible",
        goal=shared.campaign.goal.name,
        currency=shared.problem.currency,
        weight=shared.entry.member.weight,
        budget=shared.entry.campaign.budget,
        alone=shared.best_alone,
        share=Fraction(0),
        lost=Fraction(1),
        problem="the campaigns before it leave too little to keep its rules",
    )


def _what_is_left(shared: SharedProblem, others: Others, planned: Sequence[PlannedCampaign]) -> Campaign:
    """Return the campaign with what the earlier ones leave to it."""
    portfolio, nobody = others.portfolio, np.zeros(0, dtype=np.intp)
    discounts = discounts_with(shared, nobody, others)
    campaign = with_laid_fees(shared.campaign, shared.entry.roster, discounts=discounts)
    rules = [rule for stated in portfolio.rules if (rule := _rest_of_rule(stated, shared, portfolio, planned))]
    left = replace(
        campaign,
        budget=_rest_of_budget(shared, portfolio, planned),
        rules=(*campaign.rules, *post_rules(shared, nobody, others), *rules),
        ideals=shared.alone.ideals if campaign.goal.name == "balanced" else campaign.ideals,
    )
    return without(left, shared, tuple(closed_to(shared, nobody, others)))


def _rest_of_budget(shared: SharedProblem, portfolio: Portfolio, planned: Sequence[PlannedCampaign]) -> int | None:
    own, member = shared.campaign.budget, shared.entry.member
    budgets = [] if own is None else [own]
    if member.cap is not None:
        budgets.append(shared.campaign.budget_for(floor(member.cap / shared.rate)))
    if portfolio.budget is not None:
        spent = sum(each.plan.totals.spend * each.shared.rate for each in planned)
        budgets.append(shared.campaign.budget_for(max(0, floor((portfolio.budget - spent) / shared.rate))))
    return min(budgets, default=None)


def _rest_of_rule(
    stated: RangeRule, shared: SharedProblem, portfolio: Portfolio, planned: Sequence[PlannedCampaign]
) -> RangeRule | None:
    """Return what is left of a total that the house caps; None for any other rule."""
    rule = amounts_of_budget(stated, portfolio.budget)
    if rule.bounds.percent or rule.bounds.high is None:
        return None
    used = Fraction(0)
    for each in planned:
        amounts, unit = part_of_rule(rule, each.shared)
        used += int(amounts[find_choices_of_plan(each.shared, each.plan)].sum()) * unit
    left = max(Fraction(0), rule.bounds.high - used) / own_currency(rule, shared)
    bounded = replace(rule, bounds=Range(None, left))
    return replace(bounded, label=format_rule(bounded))
