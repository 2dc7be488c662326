"""How one creator's paid posts and formats differ from what is usual, drawn towards it.

A creator with few posts of a kind is taken to be like the others. How much creators differ is estimated from all who
have posts of both kinds (empirical Bayes, by the method of moments).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.forecast.posts.levels import Levels
from microopt.forecast.posts.table import ORGANIC, PAID, NDFloat, PostTable


def own_paid_effects(posts: PostTable, values: NDFloat, levels: Levels) -> NDFloat:
    """Return by how much each account's paid posts differ from what is usual for paid posts, in logs, (a,)."""
    accounts = len(levels.level)
    paid, organic = (_Means(posts, values, posts.paid == kind, accounts) for kind in (PAID, ORGANIC))
    both = (paid.count > 0) & (organic.count > 0)
    difference = np.where(both, paid.mean - organic.mean, 0.0)
    variance = levels.within**2 * (1 / np.maximum(paid.count, 1) + 1 / np.maximum(organic.count, 1))
    return np.where(both, drawn_to_zero(difference, variance, both), 0.0)


def own_format_effects(posts: PostTable, values: NDFloat, levels: Levels, wanted: NDArray[np.intp]) -> NDFloat:
    """Return by how much a format of an account differs from the account's level, in logs, (n,).

    Parameters
    ----------
    wanted
        (n,) position of account and format, `account * formats + format`; -1 where there is none.
    """
    formats = len(posts.formats)
    if not formats:
        return np.zeros(len(wanted))
    cells = len(levels.level) * formats
    has_format = posts.format >= 0
    cell = np.where(has_format, posts.account * formats + posts.format, 0)
    count = np.bincount(cell, weights=has_format.astype(float), minlength=cells)
    mean = np.bincount(cell, weights=np.where(has_format, values, 0.0), minlength=cells) / np.maximum(count, 1)
    every = np.repeat(levels.posts, formats)
    has_both = (count > 0) & (every > count)
    difference = np.where(has_both, mean - np.repeat(np.nan_to_num(levels.level), formats), 0.0)
    of_post = np.repeat(levels.within**2, formats)
    variance = np.where(has_both, of_post * (1 / np.maximum(count, 1) - 1 / np.maximum(every, 1)), 1.0)
    effects = np.where(has_both, drawn_to_zero(difference, variance, has_both), 0.0)
    return np.where(wanted >= 0, effects[wanted], 0.0)


def drawn_to_zero(difference: NDFloat, variance: NDFloat, known: NDArray[np.bool_]) -> NDFloat:
    """Return differences drawn towards 0 by their variance against that between creators."""
    weights = np.where(known, 1 / variance, 0.0)
    total = float(weights.sum())
    excess = float((weights * difference**2).sum()) - int(np.count_nonzero(known))
    between = max(excess / total, 0.0) if total > 0 else 0.0
    return difference * between / (between + variance)


class _Means:
    """The number of an account's posts of a kind, and the mean of their values."""

    def __init__(self, posts: PostTable, values: NDFloat, kind: NDArray[np.bool_], accounts: int) -> None:
        of_kind = posts.account[kind]
        self.count = np.bincount(of_kind, minlength=accounts)
        self.mean = np.bincount(of_kind, weights=values[kind], minlength=accounts) / np.maximum(self.count, 1)
