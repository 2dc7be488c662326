"""Pairs of creators. `A requires B`: with A, B too. `A excludes B` and conflicts: never one creator of each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import PairRule, Relation
from microopt.planning.problem import PlanningProblem
from microopt.roster.selection import matching_offers
from microopt.solver.constraint import Constraint, constraint

Mask = NDArray[np.bool_]


def pair_rows(problem: PlanningProblem) -> Iterator[Constraint]:
    """Yield the rows of every pair rule, one for each creator of its left side."""
    for rule in problem.rules:
        if isinstance(rule, PairRule) and rule.days is None:
            left, right = matching_offers(problem.roster, rule.left), matching_offers(problem.roster, rule.right)
            if rule.relation is Relation.EXCLUDES:
                yield from never_both(rule.label, problem, problem.any_by_choice(left), problem.any_by_choice(right))
            else:
                yield from _requires(
                    rule.label,
                    problem,
                    problem.any_by_choice(left & ~right) & ~problem.any_by_choice(right),
                    problem.any_by_choice(right),
                )


def conflict_rows(problem: PlanningProblem) -> Iterator[Constraint]:
    """Yield the rows of the roster column `conflicts`, each named after its two sides.

    A creator is never selected together with one whom it names, or with one who works for a brand that it names.
    """
    for conflict in problem.conflicts:
        holders, named = (np.isin(problem.choice_creators, list(ids)) for ids in (conflict.holders, conflict.named))
        yield from never_both(conflict.label, problem, holders, named)


def never_both(label: str, problem: PlanningProblem, left: Mask, right: Mask) -> Iterator[Constraint]:
    """Yield rows `m x_creator + sum x_others <= m`, m the number of others: with this creator, none of the others.

    Parameters
    ----------
    left, right
        (choices,) each; there is one row for each creator of the smaller side.
    """
    if left.sum() > right.sum():
        left, right = right, left
    for creator in np.unique(problem.choice_creators[left]):
        own = left & (problem.choice_creators == creator)
        others = right & (problem.choice_creators != creator)
        if others.any():
            count = len(np.unique(problem.choice_creators[others]))
            yield constraint(label, own * np.int64(count) + others, upper=count)


def _requires(label: str, problem: PlanningProblem, left: Mask, right: Mask) -> Iterator[Constraint]:
    """Yield rows `sum x_others - sum x_own >= 0`: at most one choice of a creator can be 1."""
    for creator in np.unique(problem.choice_creators[left]):
        own = left & (problem.choice_creators == creator)
        others = right & (problem.choice_creators != creator)
        yield constraint(label, others.astype(np.int64) - own, lower=0)
