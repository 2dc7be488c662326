"""Whether a plan looks for the people whom its campaign is to reach, and what to say where it does not."""

from __future__ import annotations

from microopt.campaign.target_audience import describe_audience
from microopt.plan.plan import OnTarget
from microopt.planning.problem import PlanningProblem

HOW_TO_SEEK = "to look for them, add --goal target-engagements, or --rule 'all target_share >= 50%'"


def nobody_has_target(problem: PlanningProblem) -> str:
    """Return that no offer reaches anybody on target, in words; empty where one does, or nobody is to be reached."""
    target = problem.campaign.target_audience
    if target is None or problem.forecast.metrics["target_impressions"].any():
        return ""
    who = "no creator who passes the filters" if problem.filtered else "no creator on your list"
    return f"{who} has an audience on target ({describe_audience(target)})"


def nobody_on_target(problem: PlanningProblem, on_target: OnTarget | None) -> tuple[str, ...]:
    """Return the warning of a plan that buys offers and reaches nobody on target with them."""
    target = problem.campaign.target_audience
    if target is None or on_target is None or on_target.share != 0:
        return ()
    if nobody := nobody_has_target(problem):
        return (nobody,)
    hint = "" if problem.campaign.seeks_target else f"; {HOW_TO_SEEK}"
    return (f"this plan reaches nobody on target ({describe_audience(target)}){hint}",)


def target_not_sought(problem: PlanningProblem, on_target: OnTarget | None) -> tuple[str, ...]:
    """Return the note of a plan that counts people on target without looking for them."""
    if on_target is None or not on_target.share or problem.campaign.seeks_target:
        return ()
    return (f"people on target are counted, but neither your goal nor a rule looks for them; {HOW_TO_SEEK}",)
