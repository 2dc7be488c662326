"""`A requires B`: whoever picks of A picks of B too. `A excludes B`: never of both, of two creators."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import PairRule, Relation
from microopt.planning.problem import PlanningProblem
from microopt.roster.selection import matching_offers
from microopt.solver.program import Constraint, row

Mask = NDArray[np.bool_]


def rows(case: PlanningProblem) -> Iterator[Constraint]:
    """Yield the rows of every pair rule, one a creator of its left side."""
    for rule in case.rules:
        if isinstance(rule, PairRule):
            left, right = matching_offers(case.roster, rule.left), matching_offers(case.roster, rule.right)
            if rule.relation is Relation.EXCLUDES:
                yield from never_both(rule.label, case, case.any(left), case.any(right))
            else:
                yield from _needs(rule.label, case, case.any(left & ~right) & ~case.any(right), case.any(right))


def never_both(label: str, case: PlanningProblem, left: Mask, right: Mask) -> Iterator[Constraint]:
    """Yield rows `m x_mine + sum x_others <= m`, m the number of others: with one of `mine`, none of them.

    Parameters
    ----------
    left, right
        (choices,) each; the fewer are gone through creator by creator.
    """
    if left.sum() > right.sum():
        left, right = right, left
    for creator in np.unique(case.creator[left]):
        mine = left & (case.creator == creator)
        others = right & (case.creator != creator)
        if others.any():
            most = len(np.unique(case.creator[others]))
            yield row(label, mine * np.int64(most) + others, upper=most)


def _needs(label: str, case: PlanningProblem, left: Mask, right: Mask) -> Iterator[Constraint]:
    """Yield rows `sum x_others - sum x_mine >= 0`: at most one of `mine` can be 1."""
    for creator in np.unique(case.creator[left]):
        mine = left & (case.creator == creator)
        others = right & (case.creator != creator)
        yield row(label, others.astype(np.int64) - mine, lower=0)
