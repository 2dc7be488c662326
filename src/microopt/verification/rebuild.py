"""Rebuild the solved problem and the plan of a plan file, without a solver."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from microopt.plan.after_declines import AfterDeclines
from microopt.plan.plan import Plan
from microopt.plan.tail import Tail
from microopt.planning.build_plan import build_plan, leaves_time_to_compare
from microopt.planning.declines.choose import recompute
from microopt.planning.left_out_schedules import left_out_of
from microopt.planning.optimize import build_objective
from microopt.planning.risk.tail_figures import build_tail
from microopt.planning.solved import SolvedProblem
from microopt.solver.result import SolveResult, Termination
from microopt.verification.certificate import CertificateCheck, check_certificate, recompute_proof
from microopt.verification.reopen import ReopenedPlan


def check_reopened(reopened: ReopenedPlan) -> CertificateCheck:
    """Return what the picks and the prices of a reopened plan prove."""
    return check_certificate(
        reopened.campaign,
        reopened.program,
        reopened.objective,
        reopened.picks,
        reopened.file.plan,
        left_out=left_out_of(reopened.problem),
    )


def solved_from_reopened(reopened: ReopenedPlan, check: CertificateCheck) -> SolvedProblem:
    """Return the solved problem of a plan file: recomputed where it can be, and the rest as the plan states it."""
    stated = reopened.file.plan
    optimal = stated.proof.status == Termination.OPTIMAL.value
    result = SolveResult(
        termination=Termination.OPTIMAL if optimal else Termination.FEASIBLE,
        columns=reopened.picks,
        objective=check.value,
        bound=check.bound,
        prices=check.priced.prices,
        pool_prices=check.priced.pool_prices,
        price_bound=check.priced.integer_bound,
    )
    return SolvedProblem(
        problem=reopened.problem,
        ideals=reopened.ideals,
        objective=reopened.objective,
        program=reopened.program,
        result=result,
        proof=recompute_proof(check, stated),
        after_declines=_after_declines(reopened),
        by_means=reopened.by_means,
        tail=_tail(reopened),
    )


def _tail(reopened: ReopenedPlan) -> Tail | None:
    stated = reopened.file.plan.tail
    if reopened.tail is None or stated is None:
        return None
    return build_tail(reopened.problem, reopened.tail, reopened.picks, stated.means, stated.sets)


def _after_declines(reopened: ReopenedPlan) -> AfterDeclines | None:
    plan = reopened.file.plan
    if plan.after_declines is None:
        return None
    prices = np.asarray(plan.proof.row_prices, dtype=float)
    problem, ideals, picks = reopened.problem, reopened.ideals, reopened.picks
    return recompute(problem, ideals, picks, plan.after_declines, prices, build_objective)


def rebuild_plan(reopened: ReopenedPlan, check: CertificateCheck | None = None) -> Plan:
    """Return the plan of a file, as far as it follows from its roster, campaign, picks and the solver's word.

    Parameters
    ----------
    check
        What its prices prove, if that is known already.

    Raises
    ------
    AuditError
        If its picks break a rule.
    """
    stated = reopened.file.plan
    solved = solved_from_reopened(reopened, check or check_reopened(reopened))
    plan = build_plan(
        solved,
        warnings=reopened.warnings,
        campaign_sha256=stated.campaign_sha256,
        with_baseline=stated.baseline is not None or leaves_time_to_compare(stated.proof.limit, len(solved.picks)),
    )
    roster = replace(plan.roster, source=replace(plan.roster.source, path=stated.roster.source.path))
    return replace(
        plan,
        roster=roster,
        rule_prices=stated.rule_prices,
        repair=stated.repair,
        replan=stated.replan,
        spread=stated.spread,
    )
