"""Views, clicks and conversions of past posts."""

from __future__ import annotations

import numpy as np

from microopt.benchmarks.table import Benchmarks
from microopt.forecast.posts.groups import SOURCES_DIFFER, group_shifts
from microopt.forecast.posts.levels import PostWeights, account_levels
from microopt.forecast.posts.table import Accounts, NDFloat, PostTable


def view_ratios(
    posts: PostTable, accounts: Accounts, weights: PostWeights, view_rate: NDFloat, benchmarks: Benchmarks
) -> NDFloat:
    """Return the expected views of an account's next post over the usual ones of its format, (a,); NaN if unknown.

    The log of views over the usual views is normal, as log rates are: creators differ by `views_between`, the posts of
    one by `views_within`. What is usual on a platform is drawn from the public figure to that of these creators.

    Parameters
    ----------
    weights
        (m,) of the posts, by their age.
    view_rate
        (m,) usual views of each post's format as a share of followers.
    """
    assert posts.views is not None
    usual = accounts.followers[posts.account] * view_rate
    known = np.isfinite(posts.views) & (posts.views > 0) & (usual > 0)
    account, views = posts.account, posts.views
    if not known.all():
        account, views, usual = account[known], views[known], usual[known]
        weights = PostWeights(weights.level[known], weights.spread[known])
    logs = np.log(views / usual)
    between, within = (benchmarks.figure("posts", name) for name in ("views_between", "views_within"))
    levels = account_levels(account, logs, weights, np.full(len(accounts), within), benchmarks)
    has_views = levels.posts > 0
    level, variance = np.where(has_views, levels.level, 0.0), levels.within**2
    noise = variance / np.where(has_views, levels.weight, 1.0)
    groups = accounts.platform.astype(np.intp)
    usual_level = group_shifts(groups, level, noise + between**2, has_views, SOURCES_DIFFER)
    left = 1 / (levels.weight / variance + 1 / between**2)
    mean = left * (levels.weight * level / variance + usual_level / between**2)
    return np.where(has_views, np.exp(mean + (left + variance) / 2), np.nan)


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
