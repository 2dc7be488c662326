"""`A requires B`: whoever picks of A picks of B too. `A excludes B`: never of both."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from microopt.campaign import PairRule, Relation
from microopt.case import Case
from microopt.selection import selected
from microopt.solver.program import Row, row


def rows(case: Case) -> Iterator[Row]:
    """Yield the rows of every pair rule, one a creator of its left side."""
    for rule in case.campaign.rules:
        if isinstance(rule, PairRule):
            left, right = selected(case.roster, rule.left), selected(case.roster, rule.right)
            excludes = rule.relation is Relation.EXCLUDES
            if excludes and left.sum() > right.sum():
                left, right = right, left
            for creator in np.unique(case.roster.creator_id[left]):
                mine = left & (case.roster.creator_id == creator)
                others = right & (case.roster.creator_id != creator)
                if excludes:
                    yield _never_both(rule.label, mine, others)
                elif not (right & mine).any() or (mine & ~right).any():
                    yield _needs(rule.label, mine & ~right, others)


def _never_both(label: str, mine: NDArray[np.bool_], others: NDArray[np.bool_]) -> Row:
    """`m x_mine + sum x_others <= m` with m the number of others: with `mine`, none of them."""
    most = max(1, int(others.sum()))
    coefficients = mine * np.int64(most) + others
    return row(label, np.arange(len(mine)), coefficients, upper=most)


def _needs(label: str, mine: NDArray[np.bool_], others: NDArray[np.bool_]) -> Row:
    """`sum x_others - sum x_mine >= 0`: at most one of `mine` can be 1."""
    return row(label, np.arange(len(mine)), others.astype(np.int64) - mine, lower=0)
