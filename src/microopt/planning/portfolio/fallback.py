"""Campaigns in turn, each on part of its money: a portfolio where time ends before the joint program has a solution."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec.structs import replace

from microopt.campaign.portfolio import Portfolio
from microopt.planning.portfolio.entry import SharedProblem
from microopt.planning.portfolio.joint_program import JointProgram
from microopt.planning.portfolio.known_picks import find_choices_of_plan
from microopt.planning.portfolio.one_by_one import plan_in_turn
from microopt.planning.portfolio.solve_joint import SolvedJoint
from microopt.planning.time_budget import TimeBudget
from microopt.solver.backends.base import Backend
from microopt.solver.program import Columns
from microopt.solver.reduced_cost_fixing import price_program
from microopt.solver.result import PRICES_ALONE, Limit, SolveResult, Termination


def fall_back(
    portfolio: Portfolio, solved: SolvedJoint, backend: Backend, time_budget: TimeBudget
) -> SolvedJoint | None:
    """Return a joint solution of plans that are made in turn, None where these do not keep all limits.

    Each campaign spends the same share of its own budget, so that the house budget is kept and the last is left some.

    Raises
    ------
    AuditError, BackendError
        If the solver fails.
    """
    joint = solved.joint
    problems = joint.columns.problems
    found = plan_in_turn(portfolio, problems, backend, time_budget, part=_part_of_budgets(portfolio, joint))
    parts = []
    for each, start in zip(found, joint.columns.starts, strict=False):
        if isinstance(each, SharedProblem):
            return None
        parts.append(find_choices_of_plan(each.shared, each.plan) + start)
    columns = np.concatenate(parts)
    if joint.program.violated_constraints(columns) or joint.violated(columns):
        return None
    return replace(solved, program=joint.program, result=_result(joint, columns, solved.result))


def _part_of_budgets(portfolio: Portfolio, joint: JointProgram) -> Fraction:
    """Return the share of the campaigns' own budgets that the house budget is; 1 where it is enough."""
    budgets = [(problem.campaign.budget, problem.rate) for problem in joint.columns.problems]
    total = sum((budget * rate for budget, rate in budgets if budget is not None), Fraction(0))
    if portfolio.budget is None or not total:
        return Fraction(1)
    return min(Fraction(1), portfolio.budget / total)


def _result(joint: JointProgram, columns: Columns, before: SolveResult) -> SolveResult:
    """Return the columns as a result, with the bound of the last prices, or of those of the plans alone."""
    prices = before.prices
    if prices is None or len(prices) != len(joint.program.rows):
        prices = joint.first_prices(joint.factors)
    priced = price_program(joint.program, prices)
    return SolveResult(
        termination=Termination.FEASIBLE,
        limit=before.limit or Limit.TIME,
        columns=columns,
        objective=joint.program.objective_value(columns),
        bound=priced.integer_bound,
        prices=priced.prices,
        pool_prices=priced.pool_prices,
        price_bound=priced.integer_bound,
        proven_by=PRICES_ALONE,
        backend=before.backend,
        version=before.version,
    )
