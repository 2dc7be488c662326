"""Expected clicks and conversions: views x click-through rate x conversion rate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.benchmarks.table import Benchmarks
from microopt.forecast.audience_quality import share_column
from microopt.forecast.forecast import Origin
from microopt.forecast.posts.apply import tells_clicks
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]
Origins = NDArray[np.int8]


def click_rates(roster: Roster, usual: NDFloat) -> tuple[NDFloat, Origins]:
    """Return clicks per view, the roster's own `ctr` where stated, else by the clicks of posts.

    Parameters
    ----------
    usual
        (n,) benchmark of clicks per view, as posts have moved it.
    """
    rate, origin = own_or_usual(roster, "ctr", usual)
    origin[tells_clicks(roster) & (origin == Origin.DEFAULT)] = Origin.SHRUNK
    return rate, origin


def own_or_usual(roster: Roster, column: str, usual: NDFloat) -> tuple[NDFloat, Origins]:
    """Return a figure of each offer, the roster's own where it states one, and where each number comes from."""
    stated = roster.numbers.get(column)
    if stated is None:
        return usual, np.full(len(roster), Origin.DEFAULT, dtype=np.int8)
    has_own = np.isfinite(stated)
    return np.where(has_own, stated, usual), np.where(has_own, Origin.OWN, Origin.DEFAULT).astype(np.int8)


def conversion_rates(roster: Roster, benchmarks: Benchmarks) -> tuple[NDFloat, NDFloat, Origins]:
    """Return conversions per click, the number of clicks behind each rate, and its origin.

    The roster's own `cvr` is used where stated. Observed `clicks` and `conversions` give the mean of a beta-binomial
    with an empirical prior, (a + conversions) / (a + b + clicks), where a / (a + b) is the rate of the creator's size
    and a + b is `prior_clicks` (empirical Bayes; Gelman et al., Bayesian Data Analysis, ch. 5).
    """
    rate = benchmarks.by_followers("conversion", "cvr", roster.numbers["followers"])
    prior = benchmarks.figure("conversion", "prior_clicks")
    click_basis = np.full(len(roster), prior)
    origin = np.full(len(roster), Origin.DEFAULT, dtype=np.int8)
    if {"clicks", "conversions"} <= roster.numbers.keys():
        clicks, converted = roster.numbers["clicks"], roster.numbers["conversions"]
        observed = np.isfinite(clicks) & np.isfinite(converted) & (prior + clicks > 0)
        rate = np.where(observed, (prior * rate + converted) / np.where(observed, prior + clicks, 1.0), rate)
        click_basis = np.where(observed, prior + clicks, click_basis)
        origin[observed & (clicks > 0)] = Origin.SHRUNK
    if "cvr" in roster.numbers:
        stated = roster.numbers["cvr"]
        rate = np.where(np.isfinite(stated), stated, rate)
        origin[np.isfinite(stated)] = Origin.OWN
    return rate, click_basis, origin


def expected_conversions(
    roster: Roster, clicked: tuple[NDFloat, Origins], engaged: tuple[NDFloat, Origins], cvr: tuple[NDFloat, Origins]
) -> tuple[NDFloat, Origins]:
    """Return `engagements * action_rate` where the roster has that rate, else `clicks * cvr * market_share * fit`.

    The origin of a product is that of its least reliable factor.

    Parameters
    ----------
    clicked, engaged
        (n,) clicks and engagements of the whole offer, with origins; engagements already include fit.
    cvr
        (n,) conversions per click, with origins.
    """
    converted, origin = clicked[0] * cvr[0], np.maximum(clicked[1], cvr[1])
    for name in ("market_share", "fit"):
        if name in roster.numbers:
            converted = converted * share_column(roster, name)
    action = roster.numbers.get("action_rate")
    if action is None:
        return converted, origin
    stated = np.isfinite(action)
    return np.where(stated, engaged[0] * action, converted), np.where(stated, engaged[1], origin).astype(np.int8)
