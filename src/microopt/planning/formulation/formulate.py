"""Formulate a planning problem and its objective as an integer program: every rule family yields named rows."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from msgspec.structs import replace

from microopt.campaign.campaign import RangeRule, SoftPenalty
from microopt.errors import UsageError
from microopt.planning.formulation.objective import Objective
from microopt.planning.formulation.rules import FAMILIES, chance, net_reach
from microopt.planning.problem import PlanningProblem
from microopt.solver.arrays import check_exact_sum
from microopt.solver.constraint import Constraint, reduce_by_gcd
from microopt.solver.program import IntegerProgram


def formulate(
    problem: PlanningProblem,
    objective: Objective,
    soft: Mapping[str, SoftPenalty] | None = None,
    *,
    by_means: bool = False,
) -> IntegerProgram:
    """Return the program of a problem.

    Parameters
    ----------
    soft
        Penalties by label of a row, in place of those that the problem's rules state.
    by_means
        Whether the caller knows that the campaign plans for the worst outcomes, and that this is not the whole of it.

    Raises
    ------
    UsageError
        If the campaign plans for the worst outcomes, and the caller does not know.
    CampaignError
        If its numbers are too large for exact integers.
    """
    if problem.campaign.worst_share is not None and not by_means and objective.values.any():
        message = "this measures by the mean of all outcomes, and the campaign plans for the worst of them (--risk)"
        raise UsageError(message, fix="ask the same of a plan that was made without --risk", code="risk-not-studied")
    group = problem.choice_creators
    if len(group) and not (int(group[0]) == 0 and np.isin(np.diff(group), (0, 1)).all()):
        group = np.unique(group, return_inverse=True)[1].astype(np.int32)
    linear = [row for family in FAMILIES for row in family(problem)]
    if soft is None:
        soft = {
            rule.label: rule.soft for rule in problem.rules if isinstance(rule, RangeRule) and rule.soft is not None
        }
    rows = [_with_penalty(row, soft, objective) if row.label in soft else reduce_by_gcd(row) for row in linear]
    # pools add to the rows of net reach, so these are not reduced to lowest terms
    rows += [_with_penalty(row, soft, objective) for row in net_reach.rows(problem)]
    pools = [*net_reach.pools(problem, len(linear))]
    if objective.per_person:
        all_offers = np.ones(len(problem), dtype=bool)
        pools += net_reach.exposed_pools(problem, all_offers, objective=objective.per_person)
    for label, numbers in [("the goal", objective.values), *((row.label, row.coefficients) for row in rows)]:
        check_exact_sum(label, numbers)
    return IntegerProgram(
        objective=objective.values,
        cost=problem.sum_by_choice(problem.forecast.cost),
        group=group,
        rows=tuple(rows),
        pools=tuple(pools),
        quotas=tuple(chance.quotas(problem)),
    )


def with_objective(program: IntegerProgram, objective: Objective) -> IntegerProgram:
    """Return the program of the same problem with another objective; neither counts net reach, and no row is soft.

    Raises
    ------
    CampaignError
        If its numbers are too large for exact integers.
    """
    assert program.has_linear_objective and not program.has_soft_rows and not objective.per_person
    check_exact_sum("the goal", objective.values)
    return program.with_objective(objective.values)


def _with_penalty(row: Constraint, soft: Mapping[str, SoftPenalty], objective: Objective) -> Constraint:
    """Return a row with its penalty in objective units; a row without a penalty is returned as it is."""
    penalty = soft.get(row.label)
    if penalty is None:
        return row
    assert objective.ideal is not None or not penalty.percent
    amount = penalty.amount * abs(objective.ideal or Fraction(0)) if penalty.percent else penalty.amount
    return replace(row, penalty=float(amount * row.unit / abs(objective.unit)))
