"""How near the best possible a plan is, in the terms of its goal, where only a negligible gap is left open."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, log10

from microopt.analysis.frontier.result import FrontierPoint
from microopt.campaign.goals import LEAST_COST, MONEY_GOALS
from microopt.campaign.metrics import NET_REACH
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_money
from microopt.solver.result import NEGLIGIBLE_GAP

NEGLIGIBLE_PERCENT = f"{100 * NEGLIGIBLE_GAP:.5f}%"
UNITS = {"engagement": "engagements", "conversions": "conversions", "reach": "people reached", NET_REACH: "people"}


def is_near_optimum(plan: Plan) -> bool:
    """Whether a plan is not proven optimal, but to a gap that hardly anybody asks about."""
    return plan.proof.status != "optimal" and 0 < plan.proof.gap <= NEGLIGIBLE_GAP


def is_point_near_optimum(point: FrontierPoint) -> bool:
    """Whether the plan of a budget is not proven optimal, but to such a gap."""
    return point.status == "feasible" and 0 < point.gap <= NEGLIGIBLE_GAP


def is_point_proven(point: FrontierPoint) -> bool:
    """Whether the plan of a budget is proven, if only to such a gap."""
    return point.status == "optimal" or is_point_near_optimum(point)


def describe_possible_plan(plan: Plan) -> str:
    """Return how much better than a plan without proof another may be, rounded up, as a clause.

    The share is of what this plan brings or costs, which is what a reader compares with; the gap is one of the bound.
    """
    better = "cheaper" if plan.campaign.goal.name == LEAST_COST else "better"
    value = abs(plan.proof.objective)
    if not value:
        return f"a {better} plan may exist"
    percent = ceil(10_000 * abs(plan.proof.bound - plan.proof.objective) / value) / 100
    return f"a plan up to {percent:,.2f}% {better} may exist"


def format_shortfall(plan: Plan) -> str:
    """Return how much better a plan may exist, rounded up: `0.01 engagements`, `$0.02`, `0.000004%`."""
    goal, missing = plan.campaign.goal, abs(plan.proof.bound - plan.proof.objective)
    if goal.name in MONEY_GOALS:
        return format_money(ceil(missing * 100), plan.roster.currency, whole_units=False)
    if goal.name == "balanced":
        return f"{_round_up(100 * missing / plan.proof.bound)}%"
    return f"{_round_up(missing)} {UNITS.get(goal.name) or f'of {goal.column or goal.name}'}"


def _round_up(number: Fraction) -> str:
    """Format a positive number with one significant digit."""
    place = Fraction(10) ** floor(log10(number))
    rounded = ceil(number / place) * place
    return f"{float(rounded):,.{max(0, -floor(log10(rounded)))}f}"
