"""The level of each account's posts, and their spread about it.

The level of an account drifts: what it was a year ago says less about the next post than what it was last month. As a
random walk whose variance grows with age, a post of age t counts 1 / (1 + t/h), h being the years in which the drift
adds as much as the spread of posts. The spread of an account is its own, drawn towards the spread of its size as if
that rested on `spread_posts` posts (inverse gamma; Gelman, BDA, ch. 2).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.benchmarks.table import Benchmarks
from microopt.forecast.posts.table import NDFloat, sum_by


class Levels(Struct, frozen=True, kw_only=True, eq=False):
    """The levels of accounts, (a,) each.

    Attributes
    ----------
    posts
        Posts of each account.
    weight
        The sum of their weights.
    level
        Their weighted mean; NaN without posts.
    within
        Standard deviation of one post about its account's level.
    """

    posts: NDFloat
    weight: NDFloat
    level: NDFloat
    within: NDFloat


class PostWeights(NamedTuple):
    """The weights of posts by their age, (m,) each: for the level of their account, and for its spread.

    For the spread, ages count from the account's own last post: what drifted since then is the same for all of them.
    """

    level: NDFloat
    spread: NDFloat


def post_weights(account: NDArray[np.intp], age: NDFloat, accounts: int, benchmarks: Benchmarks) -> PostWeights:
    """Return the weights of posts by their age in years; those of unknown age, NaN, count in full."""
    age = np.nan_to_num(age) if np.isnan(age).any() else age
    newest = np.full(accounts, np.inf)
    np.minimum.at(newest, account, age)
    return PostWeights(age_weights(age, benchmarks), age_weights(age - newest[account], benchmarks))


def age_weights(age: NDFloat, benchmarks: Benchmarks) -> NDFloat:
    """Return the weight of each post by its age in years."""
    return 1 / (1 + age / benchmarks.figure("posts", "drift_years"))


def account_levels(
    account: NDArray[np.intp], values: NDFloat, weights: PostWeights, usual_within: NDFloat, benchmarks: Benchmarks
) -> Levels:
    """Return the level and the spread of each account.

    Parameters
    ----------
    account
        (m,) the account of each post.
    values
        (m,) log rates without the effects of age, format and payment.
    weights
        (m,) of the posts, by their age.
    usual_within
        (a,) the spread of posts of an account of this size.
    """
    accounts = len(usual_within)
    count, weight = sum_by(account, None, accounts), sum_by(account, weights.level, accounts)
    has_posts = count > 0
    mean = sum_by(account, weights.level * values, accounts) / np.where(has_posts, weight, 1.0)
    squares, degrees = _own_squares(account, values, weights.spread, accounts), np.maximum(count - 1, 0.0)
    typical = usual_within * _common_ratio(squares, degrees, usual_within, benchmarks.figure("posts", "pooled_posts"))
    own = benchmarks.figure("posts", "spread_posts")
    within = np.sqrt((own * typical**2 + squares) / (own + degrees))
    return Levels(posts=count, weight=weight, level=np.where(has_posts, mean, np.nan), within=within)


def _own_squares(account: NDArray[np.intp], values: NDFloat, weights: NDFloat, accounts: int) -> NDFloat:
    """Return the weighted sum of squares of each account's posts about their mean."""
    mean = sum_by(account, weights * values, accounts) / np.maximum(sum_by(account, weights, accounts), 1e-300)
    left = values - mean[account]
    left *= left
    left *= weights
    return sum_by(account, left, accounts)


def _common_ratio(squares: NDFloat, degrees: NDFloat, usual: NDFloat, strength: float) -> float:
    """Return by how much the spread of all accounts differs from the public figures for their sizes."""
    return float(np.sqrt((strength + (squares / usual**2).sum()) / (strength + degrees.sum())))
