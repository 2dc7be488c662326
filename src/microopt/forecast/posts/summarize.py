"""Summarize posts for each offer of a roster."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS, Benchmarks
from microopt.forecast.posts.effects import Effects, fit_effects
from microopt.forecast.posts.exposure import click_sums, conversion_sums, view_ratios
from microopt.forecast.posts.groups import usual_levels
from microopt.forecast.posts.levels import Levels, PostWeights, account_levels, post_weights
from microopt.forecast.posts.own_effects import own_format_effects, own_paid_effects
from microopt.forecast.posts.table import DAYS_OF_YEAR, LEAST_ENGAGEMENTS, PAID, UNKNOWN, Accounts, NDFloat, PostTable
from microopt.forecast.shrinkage import engagement_prior
from microopt.roster.post_history import PostHistory


class OfferAccounts(Struct, frozen=True, kw_only=True, eq=False):
    """Which account and format each offer of a roster has, (n,) each.

    Attributes
    ----------
    account
        Position of the account.
    format
        Position of the offer's format in the formats of the posts, -1 if no post has it.
    place
        Position of the offer's format among those of its platform.
    """

    account: NDArray[np.intp]
    format: NDArray[np.intp]
    place: NDArray[np.intp]


class PostSummary(Struct, frozen=True, kw_only=True, eq=False):
    """The summary of posts, and what it found in all of them."""

    history: PostHistory
    effects: Effects


def summarize_posts(posts: PostTable, accounts: Accounts, offers: OfferAccounts, benchmarks: Benchmarks) -> PostSummary:
    """Return what the posts say about each offer, from its creator and from creators like them.

    Parameters
    ----------
    posts
        Posts of the accounts; those without engagements count for views, clicks and conversions alone.
    """
    every, size = _with_ages(posts, benchmarks), len(accounts)
    every_weight = post_weights(posts.account, posts.age, size, benchmarks)
    counted = np.isfinite(every.engagements)
    posts, weights = every.take(counted), every_weight
    if not counted.all():
        weights = PostWeights(every_weight.level[counted], every_weight.spread[counted])
    paid_posts = np.flatnonzero(posts.paid == PAID)
    of_paid = posts.account[paid_posts]
    prior = engagement_prior(benchmarks, accounts.platform, accounts.followers)
    public_paid = np.log(np.maximum(benchmarks.by_followers("sponsored", "ratio", accounts.followers), 1e-3))
    rates = _log_rates(posts, accounts, benchmarks)
    rates[paid_posts] -= public_paid[of_paid]
    effects = fit_effects(posts, rates, prior.within, benchmarks)
    values = rates - effects.trend * posts.age
    if posts.formats:
        values -= _at_format(effects.formats, posts.format)
    values[paid_posts] -= effects.paid
    levels = account_levels(posts.account, values, weights, prior.within, benchmarks)
    paid = own_paid_effects(posts, values, levels)
    if paid.any():
        values[paid_posts] -= paid[of_paid]
        levels = account_levels(posts.account, values, weights, prior.within, benchmarks)
    usual = usual_levels(accounts, levels, prior, benchmarks)
    views = np.full(size, np.nan)
    if every.views is not None:
        views = view_ratios(every, accounts, every_weight, _view_rates(every, accounts, offers, benchmarks), benchmarks)
    tells_paid = bool((posts.paid != UNKNOWN).any())
    return PostSummary(
        history=_history(
            offers,
            levels,
            {
                "shift": usual.shift,
                "between": usual.between,
                "paid": public_paid + effects.paid + paid if tells_paid else np.full(size, np.nan),
                "views": views,
                **dict(zip(("clicks", "clicked_views"), click_sums(every, size), strict=True)),
                **dict(zip(("conversions", "converted_clicks"), conversion_sums(every, size), strict=True)),
            },
            _at_format(effects.formats, offers.format) + _own_formats(posts, values, levels, offers),
        ),
        effects=effects,
    )


def _log_rates(posts: PostTable, accounts: Accounts, benchmarks: Benchmarks) -> NDFloat:
    """Return the log rate of each post less the public figures for growth since then and for its format, (m,)."""
    rates = np.maximum(posts.engagements, LEAST_ENGAGEMENTS)
    rates /= accounts.followers[posts.account]
    np.log(rates, out=rates)
    rates += benchmarks.by_followers("growth", "per_year", accounts.followers)[posts.account] * posts.age
    if posts.formats:
        rates -= _at_format(_public_formats(posts, benchmarks), posts.format)
    return rates


def _with_ages(posts: PostTable, benchmarks: Benchmarks) -> PostTable:
    """Return the posts with an age each: where none is known, that of the posts behind an average."""
    unknown = np.isnan(posts.age)
    age = np.where(unknown, benchmarks.figure("growth", "age_days") / DAYS_OF_YEAR, posts.age)
    return replace(posts, age=age) if unknown.any() else posts


def _history(offers: OfferAccounts, levels: Levels, by_account: dict[str, NDFloat], formats: NDFloat) -> PostHistory:
    at = offers.account
    has_posts = levels.posts > 0
    return PostHistory(
        posts=levels.posts.astype(np.int64)[at],
        weight=levels.weight[at],
        level=levels.level[at],
        within=np.where(has_posts, levels.within, np.nan)[at],
        format=formats,
        **{name: column[at] for name, column in by_account.items()},
    )


def _own_formats(posts: PostTable, values: NDFloat, levels: Levels, offers: OfferAccounts) -> NDFloat:
    wanted = np.where(offers.format >= 0, offers.account * len(posts.formats) + offers.format, -1)
    return own_format_effects(posts, values, levels, wanted)


def _at_format(figures: NDFloat, formats: NDArray[np.intp]) -> NDFloat:
    """Return the figure of each format, 0 where it is unknown."""
    return np.append(figures, 0.0)[formats]  # an unknown format is -1, the last


def _public_formats(posts: PostTable, benchmarks: Benchmarks) -> NDFloat:
    """Return the log of the public figure for each format of the posts: its engagement over the usual format's."""
    blocks = [list(benchmarks.formats(PLATFORMS[platform]).values())[place] for platform, place in posts.formats]
    return np.asarray([np.log(max(block.get("engagement", 1.0), 1e-3)) for block in blocks])


def _view_rates(posts: PostTable, accounts: Accounts, offers: OfferAccounts, benchmarks: Benchmarks) -> NDFloat:
    """Return the usual views of each post as a share of followers: of its format, or of what its creator offers."""
    formats = [list(benchmarks.formats(name).values()) for name in PLATFORMS]
    table = np.full((len(PLATFORMS), max(map(len, formats))), np.nan)
    for platform, blocks in enumerate(formats):
        table[platform, : len(blocks)] = [block.get("view_rate", np.nan) for block in blocks]
    feed = benchmarks.by_followers("feed_views", "view_rate", accounts.followers)
    offered = table[accounts.platform[offers.account], offers.place]
    logs = np.log(np.where(np.isnan(offered), feed[offers.account], offered))
    count = np.bincount(offers.account, minlength=len(accounts))
    of_account = np.exp(np.bincount(offers.account, weights=logs, minlength=len(accounts)) / np.maximum(count, 1))
    if not posts.formats:
        return of_account[posts.account]
    own = np.append([table[platform, place] for platform, place in posts.formats], 0.0)[posts.format]
    return np.where(posts.format < 0, of_account[posts.account], np.where(np.isnan(own), feed[posts.account], own))
