"""What moves a post away from its creator's level: its age, its format, and whether it is paid.

Log rates are regressed on these within creators, so that only posts of one creator are compared. The coefficients have
normal priors (Bayesian linear regression; Gelman, BDA, ch. 14): few posts leave the public figures, many replace them.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from microopt.benchmarks.table import Benchmarks
from microopt.forecast.posts.table import PAID, NDFloat, PostTable, sum_by


class Effects(Struct, frozen=True, kw_only=True, eq=False):
    """Effects on the log rate of a post, in logs.

    Attributes
    ----------
    trend
        For each year that a post is older than the last one, beyond the public figure for growth.
    paid
        Of a paid post against an organic one, beyond the public figure for the size.
    formats
        (k,) of each format of the table, beyond the public figure for it.
    """

    trend: float
    paid: float
    formats: NDFloat


def fit_effects(posts: PostTable, rates: NDFloat, usual_within: NDFloat, benchmarks: Benchmarks) -> Effects:
    """Return the effects on the log rates of posts of the same creators.

    Parameters
    ----------
    rates
        (m,) log rates less the public figures for growth, format and paid posts.
    usual_within
        (a,) the spread of posts of an account of this size. With few posts the noise is taken to be so great.
    """
    names = ("trend_sd", "paid_sd", *["format_sd"] * len(posts.formats))
    prior = np.asarray([benchmarks.figure("posts", name) for name in names])
    gram, moments, squares, degrees = _within_moments(posts, rates, len(usual_within))
    left = max(squares - float(moments @ np.linalg.lstsq(gram, moments, rcond=None)[0]), 0.0)
    strength = benchmarks.figure("posts", "pooled_posts")
    variance = (strength * float(np.mean(usual_within**2)) + left) / (strength + degrees)
    precision = gram / variance + np.diag(1 / prior**2)
    coefficients = np.asarray(np.linalg.solve(precision, moments / variance), dtype=np.float64)
    return Effects(trend=float(coefficients[0]), paid=float(coefficients[1]), formats=coefficients[2:])


def _within_moments(posts: PostTable, rates: NDFloat, accounts: int) -> tuple[NDFloat, NDFloat, float, int]:
    """Return X'X, X'y and y'y of columns less each account's mean, and their degrees of freedom.

    X has the age, whether the post is paid, and one column for each format. Sums by account and format stand for the
    columns themselves: those of ten million posts would take gigabytes.
    """
    paid = (posts.paid == PAID).astype(np.float64)
    formats = len(posts.formats)
    by_format = [
        np.bincount(posts.format + 1, weights=column, minlength=formats + 1)[1:]
        for column in (None, posts.age, paid, rates)
    ]
    cells = posts.account * (formats + 1) + posts.format + 1 if formats else posts.account
    counts = np.bincount(cells, minlength=accounts * (formats + 1)).reshape(accounts, formats + 1).astype(np.float64)
    sums = np.column_stack([sum_by(posts.account, posts.age, accounts), sum_by(posts.account, paid, accounts)])
    sums = np.hstack([sums, counts[:, 1:]])
    count = np.maximum(counts.sum(axis=1), 1.0)[:, None]
    total = sum_by(posts.account, rates, accounts)
    gram = np.zeros((formats + 2, formats + 2))
    gram[:2, :2] = [[posts.age @ posts.age, posts.age @ paid], [posts.age @ paid, paid.sum()]]
    gram[0, 2:] = gram[2:, 0] = by_format[1]
    gram[1, 2:] = gram[2:, 1] = by_format[2]
    gram[range(2, formats + 2), range(2, formats + 2)] = by_format[0]
    moments = np.concatenate([[posts.age @ rates, paid @ rates], by_format[3]])
    gram -= sums.T @ (sums / count)
    moments -= (sums / count).T @ total
    squares = float(rates @ rates - (total**2 / count[:, 0]).sum())
    return gram, moments, squares, len(posts) - int(np.count_nonzero(counts.sum(axis=1)))
