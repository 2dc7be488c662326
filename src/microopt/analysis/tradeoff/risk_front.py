"""The trade-off between the mean and the worst outcomes: plans from the best on average to the safest.

Each plan maximizes `(1 - weight) * mean + weight * worst`, with evenly spaced weights from 0 to 1. Plans that another
one found exceeds in both are left out; plans between two weights are not looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, ClassVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.analysis.tradeoff.tradeoff import check_tradeoff_steps
from microopt.campaign.campaign import Campaign, Ideal
from microopt.errors import UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import PickSummary, RosterFacts, Totals
from microopt.plan.tail import MetricFigures
from microopt.planning.build_picks import build_picks
from microopt.planning.build_problem import build_problem
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.optimize import build_proof, solve_problem
from microopt.planning.risk.plan_for_worst import plan_for_worst
from microopt.planning.risk.safest_of_means import safest_of_means
from microopt.planning.risk.tail_figures import measure_metrics, measure_on_fresh_draws, measure_plan
from microopt.planning.risk.tail_goal import TailGoal, build_tail_goal
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.planning.totals import sum_totals
from microopt.quantities.units import Approximate, Keys, Seconds
from microopt.roster.roster import Roster
from microopt.solver.backends.base import Backend, load_backend
from microopt.solver.result import SolveLimits

MEANS_SHARE = 0.2  # of the time, for the plan of means
OF_CAMPAIGN = tuple(name for name in Campaign.__struct_fields__ if name != "ideals")


class RiskPoint(Struct, frozen=True, kw_only=True):
    """One plan of the front.

    Attributes
    ----------
    weight
        The weight of the worst outcomes at which it was found: 0 is the plan that is best on average.
    status
        `optimal` if it is proven best at this weight, else `feasible`.
    gap
        How far from the best at this weight it may be, as a share of the bound.
    mean, worst
        What is expected of the goal, and its mean in the worst share of the scenarios, in the goal's own unit.
    fresh
        Its mean in the worst share of other draws, which the plan was not chosen by.
    metrics
        Of a balanced goal, what the plan brings of each metric, in these draws where they are worst.
    added, dropped
        Creators against the point before.
    """

    weight: Approximate
    status: str
    gap: float
    mean: Approximate
    worst: Approximate
    fresh: Approximate
    metrics: tuple[MetricFigures, ...] = ()
    totals: Totals
    picks: tuple[PickSummary, ...]
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


class RiskFront(Struct, frozen=True, kw_only=True):
    """The trade-off between the mean and the worst outcomes.

    Attributes
    ----------
    share
        The share of the scenarios that counts as the worst.
    scenarios, seed
        How many scenarios were drawn, and with which seed.
    draws
        How many other scenarios were drawn, with the next seed.
    points
        From the best on average to the best in the worst scenarios: each expects less than the one before and brings
        more in the worst scenarios.
    steps
        The number of weights asked for.
    not_examined
        The number of weights that a limit or an interrupt left out.
    limit
        What ended the last search early, or None.
    """

    campaign: Annotated[Campaign, Keys(OF_CAMPAIGN)]
    campaign_sha256: str | None
    roster: RosterFacts
    share: Fraction
    scenarios: int
    seed: int
    draws: int
    ideals: tuple[Ideal, ...]
    points: tuple[RiskPoint, ...]
    steps: int
    not_examined: int
    limit: str | None
    seconds: Seconds
    backend: str
    version: str
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    schema_name: ClassVar[str] = "risk_front"
    computed: ClassVar[tuple[str, ...]] = ("status",)

    @property
    def status(self) -> str:
        """`optimal` where all of it is proven, else `feasible`."""
        return "optimal" if self.proven() else "feasible"

    def proven(self, gap: float = 0.0) -> bool:
        """Whether all weights were searched, and each plan is proven or within this gap of the best."""
        return not self.not_examined and all(point.status == "optimal" or point.gap <= gap for point in self.points)


def risk_front(
    roster: Roster,
    campaign: Campaign,
    *,
    steps: int,
    limits: SolveLimits | None = None,
    solver: Backend | None = None,
    campaign_sha256: str | None = None,
) -> RiskFront | Diagnosis:
    """Return plans from the best on average to the best in the worst outcomes.

    Parameters
    ----------
    campaign
        With a worst share.
    steps
        How many weights are searched, both ends included.
    limits
        For the whole analysis; 60 seconds by default.
    solver, campaign_sha256
        CBC by default; SHA-256 of the campaign file, stored with the front.

    Raises
    ------
    UsageError
        If the campaign has no worst share, or the number of steps is out of range.
    CampaignError
        If the campaign does not fit the roster, or scenarios do not have its goal.
    AuditError, BackendError
        If the solver fails.
    """
    steps = check_tradeoff_steps(steps)
    if campaign.worst_share is None:
        fix = "say which outcomes count as the worst, such as --risk 10%"
        raise UsageError("a trade-off between mean and risk needs a risk", fix=fix, code="risk-not-said")
    problem, warnings = build_problem(roster, campaign)
    time_budget, solver = TimeBudget(limits or SolveLimits(seconds=60.0)), solver or load_backend()
    by_means = replace(problem, campaign=replace(campaign, worst_share=None))
    means = solve_problem(by_means, limits=time_budget.limits_for("best on average", MEANS_SHARE), solver=solver)
    if isinstance(means, Diagnosis):
        return diagnose(by_means, means, solver, time_budget.remaining_limits()).diagnosis
    means = replace(means, problem=problem)
    tail = build_tail_goal(problem, means.objective, means.ideals)
    means = safest_of_means(means, tail, solver, time_budget.remaining_limits())
    found = _search(means, solver, steps, time_budget)
    draws, points = _points(tail, found)
    return RiskFront(
        campaign=campaign,
        campaign_sha256=campaign_sha256,
        roster=problem.roster_facts,
        share=campaign.worst_share,
        scenarios=campaign.scenarios.count,
        seed=campaign.scenarios.seed,
        draws=draws,
        ideals=means.ideals,
        points=points,
        steps=steps,
        not_examined=steps - len(found),
        limit=next((each.proof.limit for _, each in reversed(found) if each.proof.limit), None),
        seconds=time_budget.elapsed,
        backend=found[-1][1].proof.backend,
        version=found[-1][1].proof.version,
        notes=(*problem.roster.notes, *problem.forecast.notes),
        warnings=warnings,
    )


def _search(
    means: SolvedProblem, solver: Backend, steps: int, time_budget: TimeBudget
) -> list[tuple[Fraction, SolvedProblem]]:
    """Return the plan found at each weight: first both ends, then those between, as far as the time allows."""
    found = [(Fraction(0), means)]
    weights = [Fraction(1), *(Fraction(step, steps - 1) for step in range(1, steps - 1))]
    for number, weight in enumerate(weights):

        def search(limits: SolveLimits, weight: Fraction = weight) -> SolvedProblem:
            known = tuple(each.picks for _, each in found[1:])
            return plan_for_worst(
                means,
                solver=solver,
                limits=limits,
                build_proof=build_proof,
                start=time_budget.start,
                weight=weight,
                plans=known,
                is_safest=True,
            )

        name = f"weight {number + 1} of {len(weights)}"
        solved = time_budget.run(search, name, 1 / (len(weights) - number))
        if solved is None:
            break
        time_budget.note_interrupt(solved.proof.limit)
        found.append((weight, solved))
    return found


def _points(tail: TailGoal, found: Sequence[tuple[Fraction, SolvedProblem]]) -> tuple[int, tuple[RiskPoint, ...]]:
    """Return the number of other draws, and the plans that no other one found exceeds, each once.

    The first is the best on average.
    """
    problem = found[0][1].problem
    plans = [solved.picks for _, solved in found]
    figures = [measure_plan(tail, plan) for plan in plans]
    draws, fresh = measure_on_fresh_draws(problem, tail, plans)
    points: list[RiskPoint] = []
    for number in sorted(range(len(found)), key=lambda place: (-figures[place].mean, -figures[place].worst, place)):
        own = figures[number]
        if points and own.worst <= points[-1].worst:
            continue
        weight, solved = found[number]
        selection = problem.select_rows(np.isin(np.arange(problem.choice_count), solved.picks))
        picks = tuple(build_picks(problem, selection))
        names = {pick.creator for pick in picks}
        before = {pick.creator for pick in points[-1].picks} if points else names
        points.append(
            RiskPoint(
                weight=weight,
                status=solved.proof.status,
                gap=solved.proof.gap,
                mean=own.mean,
                worst=own.worst,
                fresh=fresh[number].worst,
                metrics=measure_metrics(problem, draws, plans[number]),
                totals=sum_totals(problem, selection),
                picks=picks,
                added=tuple(sorted(names - before)),
                dropped=tuple(sorted(before - names)),
            )
        )
    return draws.count, tuple(points)
