"""PlanSession: a solved campaign, new or reopened from a plan file, on which analyses run."""

from __future__ import annotations

from functools import partial
from shlex import quote

import numpy as np
from msgspec import Struct

from microopt.campaign.campaign import Campaign
from microopt.errors import UsageError
from microopt.files.reading import source_name
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.plan import Plan
from microopt.plan.verification_result import Discrepancy
from microopt.planning.build_problem import build_problem
from microopt.planning.formulation.formulate import formulate
from microopt.planning.infeasibility.diagnose import diagnose
from microopt.planning.left_out_schedules import refuse_some_schedules, repeat_schedules
from microopt.planning.match_picks import match_picks
from microopt.planning.optimize import build_objective, solve_problem
from microopt.planning.risk.tail_goal import build_tail_goal
from microopt.planning.solved import SolvedProblem
from microopt.planning.time_budget import TimeBudget
from microopt.readers.options import MAX_UNPACKED
from microopt.readers.plan_file import PlanFile
from microopt.roster.roster import Roster, with_tiers
from microopt.solver.backends.base import Backend
from microopt.solver.result import SolveLimits, SolveResult, Termination
from microopt.verification.rebuild import check_reopened, solved_from_reopened
from microopt.verification.reopen import ReopenedPlan, reopen_plan


class PlanSession(Struct, frozen=True, kw_only=True, eq=False):
    """A campaign with its plan, about which further questions are asked.

    Attributes
    ----------
    roster
        As it was read, with tiers.
    warnings
        About the campaign on the roster, or about the plan file.
    """

    solved: SolvedProblem
    roster: Roster
    warnings: tuple[str, ...] = ()

    @classmethod
    def from_roster(
        cls, roster: Roster, campaign: Campaign, *, limits: SolveLimits, solver: Backend
    ) -> PlanSession | Diagnosis:
        """Make the plan of a campaign on a roster, or say why there is none.

        Raises
        ------
        CampaignError
            If the campaign does not fit the roster.
        AuditError, BackendError
            If the solver fails.
        """
        time_budget = TimeBudget(limits)
        found = solve_or_diagnose(roster, campaign, time_budget.remaining_limits(), time_budget, solver)
        if isinstance(found, Diagnosis):
            return found
        solved, warnings = found
        return cls(solved=solved, roster=with_tiers(roster, campaign.tiers), warnings=warnings)

    @classmethod
    def from_file(
        cls, plan: str, roster: str | None = None, *, posts: str | None = None, max_unpacked: int = MAX_UNPACKED
    ) -> PlanSession:
        """Reopen a plan file.

        Parameters
        ----------
        roster
            By default the path that the plan names, from the folder of the plan, else from the current one.
        posts
            The file of past posts, if the plan has one; by default the path that the plan names.

        Raises
        ------
        UsageError
            If the file is not a plan, or not one of this roster.
        RosterError
            If the roster cannot be read.
        """
        return cls.from_reopened(reopen_plan(plan, roster, posts=posts, max_unpacked=max_unpacked))

    @classmethod
    def from_reopened(cls, reopened: ReopenedPlan) -> PlanSession:
        """Return the session of a plan file that is already reopened; its proof is checked here."""
        solved = solved_from_reopened(reopened, check_reopened(reopened))
        warnings = (*reopened.warnings, *seal_warnings(reopened.file))
        return cls(solved=solved, roster=with_tiers(reopened.roster, reopened.campaign.tiers), warnings=warnings)

    @classmethod
    def from_plan(cls, plan: Plan, roster: Roster) -> PlanSession:
        """Return the session of a plan that was just made from a roster.

        Raises
        ------
        UsageError
            If the plan was made from another roster.
        """
        problem, warnings = build_problem(roster, plan.campaign)
        if problem.schedules is not None:
            build = partial(build_objective, ideals=plan.ideals)
            problem = repeat_schedules(problem, build, plan.proof.left_out) or problem
        objective = build_objective(problem, plan.ideals)
        program, by_means = formulate(problem, objective, by_means=True), None
        if plan.tail is not None:
            tail = build_tail_goal(problem, objective, plan.ideals)
            by_means, objective, program = program, tail.objective, tail.goal.with_cuts(plan.tail.sets)
        chosen = match_picks(problem, plan.picks)
        if isinstance(chosen, Discrepancy):
            fix = "give the roster that the plan was made from, with --roster FILE"
            raise UsageError(chosen.message, fix=fix, code="roster-other")
        columns, proof = np.flatnonzero(chosen), plan.proof
        result = SolveResult(
            termination=_termination(proof.status),
            columns=columns,
            objective=program.objective_value(columns),
            bound=round(proof.bound / objective.unit),
            prices=np.asarray(proof.row_prices),
            pool_prices=np.asarray(proof.pool_prices),
            price_bound=round(proof.price_bound / objective.unit),
        )
        solved = SolvedProblem(
            problem=problem,
            ideals=plan.ideals,
            objective=objective,
            program=program,
            result=result,
            proof=proof,
            by_means=by_means,
            tail=plan.tail,
            after_declines=plan.after_declines,
        )
        return cls(solved=solved, roster=with_tiers(roster, plan.campaign.tiers), warnings=warnings)


def solve_or_diagnose(
    roster: Roster,
    campaign: Campaign,
    limits: SolveLimits,
    time_budget: TimeBudget,
    solver: Backend,
    *,
    study: str | None = None,
) -> tuple[SolvedProblem, tuple[str, ...]] | Diagnosis:
    """Return the solved problem of a campaign on a roster with its warnings, or say why there is no plan.

    Parameters
    ----------
    limits
        For the solve; a diagnosis takes what remains of the time budget.
    study
        The command, if it needs every schedule of the problem.
    """
    problem, warnings = build_problem(roster, campaign)
    if study is not None:
        refuse_some_schedules(problem, study)
    solved = solve_problem(problem, limits=limits, solver=solver, warnings=warnings)
    if isinstance(solved, Diagnosis):
        return diagnose(problem, solved, solver, time_budget.remaining_limits()).diagnosis
    time_budget.note_interrupt(solved.proof.limit)
    return solved, warnings


def _termination(status: str) -> Termination:
    return Termination.OPTIMAL if status == Termination.OPTIMAL.value else Termination.FEASIBLE


def seal_warnings(file: PlanFile) -> tuple[str, ...]:
    """Return the warning that a plan file was altered, if it was."""
    command = f"microopt verify {quote(file.path)}"
    warning = f"{source_name(file.path)} was altered after it was written: see what is false with {command}"
    return () if file.sealed else (warning,)
