"""What a change of the goal measures: of a plan for the worst outcomes it is their mean that changes."""

from __future__ import annotations

from microopt.campaign.goals import MEASURE_OF_GOAL
from microopt.plan.difference import Difference
from microopt.plan.plan import Plan
from microopt.rendering.wording.alternatives import format_loss
from microopt.rendering.wording.plan_figures import format_small_change
from microopt.rendering.wording.worst_share import LEAST_SHARE, where_goal_counts, worst_scenarios


def format_goal_loss(change: Difference, plan: Plan) -> str:
    """Return how a plan compares with the best, and on average too where that is another figure."""
    return f"{format_loss(change, plan)}{where_goal_counts(plan)}{_on_average(change, plan)}"


def goal_legend(plan: Plan) -> str | None:
    """Return what a column of changes of the goal measures; None where it is the mean of all outcomes."""
    if plan.tail is None:
        return None
    return f"Goal: the change of {plan.campaign.goal.name} in {worst_scenarios(plan.tail)}, on average over these."


def _on_average(change: Difference, plan: Plan) -> str:
    """Return what changes on average, of a goal that is one metric."""
    metric = MEASURE_OF_GOAL.get(plan.campaign.goal.name, "")
    before = plan.totals.metrics.get(metric)
    if plan.tail is None or not before:
        return ""
    share = change.metrics[metric] / before
    if abs(share) < LEAST_SHARE:
        return ""
    return f" ({format_small_change(abs(share))[1:]} {'more' if share > 0 else 'less'} on average)"
