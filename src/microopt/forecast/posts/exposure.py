"""Views, clicks and conversions of past posts."""

from __future__ import annotations

import numpy as np

from microopt.benchmarks.table import Benchmarks
from microopt.forecast.posts.groups import SOURCES_DIFFER, group_shifts
from microopt.forecast.posts.table import Accounts, NDFloat, PostTable, sum_by_account


def view_ratios(
    posts: PostTable, accounts: Accounts, weights: NDFloat, view_rate: NDFloat, benchmarks: Benchmarks
) -> NDFloat:
    """Return the expected views of an account's next post over the usual ones of its format, (a,); NaN if unknown.

    The log of views over the usual views is normal, as log rates are: creators differ by `views_between`, the posts of
    one by `views_within`. What is usual on a platform is drawn from the public figure to that of these creators.

    Parameters
    ----------
    weights
        (m,) the weight of each post by its age.
    view_rate
        (m,) usual views of each post's format as a share of followers.
    """
    if posts.views is None:
        return np.full(len(accounts), np.nan)
    usual = accounts.followers[posts.account] * view_rate
    known = np.isfinite(posts.views) & (posts.views > 0) & (usual > 0)
    logs = np.log(np.where(known, posts.views, 1.0) / np.where(known, usual, 1.0))
    weights = np.where(known, weights, 0.0)
    weight = sum_by_account(posts, weights, len(accounts))
    has_views = weight > 0
    level = sum_by_account(posts, weights * logs, len(accounts)) / np.where(has_views, weight, 1.0)
    between, within = (benchmarks.figure("posts", name) ** 2 for name in ("views_between", "views_within"))
    noise = within / np.where(has_views, weight, 1.0)
    groups = accounts.platform.astype(np.intp)
    usual_level = group_shifts(groups, level, noise + between, has_views, SOURCES_DIFFER)
    left = 1 / (weight / within + 1 / between)
    mean = left * (weight * level / within + usual_level / between)
    return np.where(has_views, np.exp(mean + (left + within) / 2), np.nan)


def click_sums(posts: PostTable, accounts: int) -> tuple[NDFloat, NDFloat]:
    """Return the clicks of each account's posts whose clicks and views are known, and these views, (a,) each."""
    return _paired_sums(posts, posts.clicks, posts.views, accounts)


def conversion_sums(posts: PostTable, accounts: int) -> tuple[NDFloat, NDFloat]:
    """Return the conversions of each account's posts whose conversions and clicks are known, and these clicks."""
    return _paired_sums(posts, posts.conversions, posts.clicks, accounts)


def _paired_sums(
    posts: PostTable, part: NDFloat | None, whole: NDFloat | None, accounts: int
) -> tuple[NDFloat, NDFloat]:
    nothing = np.full(accounts, np.nan)
    if part is None or whole is None:
        return nothing, nothing
    known = np.isfinite(part) & np.isfinite(whole)
    count = np.bincount(posts.account[known], minlength=accounts)
    sums = [
        np.where(count > 0, np.bincount(posts.account[known], weights=column[known], minlength=accounts), np.nan)
        for column in (part, whole)
    ]
    return sums[0], sums[1]
