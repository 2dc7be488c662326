"""The order of tiers in a plan."""

from __future__ import annotations

from microopt.planning.problem import PlanningProblem


def tier_order(problem: PlanningProblem) -> list[str]:
    """Return tier names from the largest."""
    bands = list(problem.campaign.tiers.names)
    others = sorted(set(problem.roster.texts["tier"].labels) - set(bands))
    return [*reversed(bands), *others]
