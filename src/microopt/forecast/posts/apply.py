"""Apply what posts say to the forecast of each offer."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.forecast.deliverables import Deliverables
from microopt.forecast.shrinkage import EngagementPrior
from microopt.roster.post_history import PostHistory
from microopt.roster.roster import Roster

NDFloat = NDArray[np.float64]


def prior_after_posts(usual: EngagementPrior, history: PostHistory, *, shrink: bool) -> EngagementPrior:
    """Return what is known of each creator's log rate once the posts are seen, before the roster's average counts.

    With w posts of level x and spread sw, and a usual level N(mu, sb²), the level is N(m, v) with 1/v = w/sw² + 1/sb²
    and m = v (w x / sw² + mu / sb²) (normal-normal model; Gelman et al., Bayesian Data Analysis, ch. 5).

    Parameters
    ----------
    shrink
        Whether levels are drawn towards the usual one; otherwise posts count as they are.
    """
    has_posts = history.posts > 0
    within = np.where(has_posts, history.within, usual.within)
    between = np.where(np.isfinite(history.between), history.between, usual.between)
    precision = np.where(has_posts, history.weight / within**2, 0.0)
    of_usual = np.where(has_posts & (not shrink), 0.0, 1 / between**2)
    variance = 1 / (precision + of_usual)
    today = usual.mu + usual.growth + history.shift
    mean = variance * (precision * np.where(has_posts, history.level, 0.0) + of_usual * today)
    return replace(usual, mu=mean - usual.growth, between=np.sqrt(variance), within=within)


def shift_after_fit(history: PostHistory, before: EngagementPrior, after: EngagementPrior) -> PostHistory:
    """Return the summaries for usual rates that were refitted on the roster's averages: what posts show counts more."""
    moved = after.mu + after.growth - before.mu - before.growth
    return replace(history, shift=np.where(history.shift == 0, 0.0, history.shift - moved))


def deliverables_after_posts(deliverables: Deliverables, history: PostHistory) -> Deliverables:
    """Return the deliverables with the engagement and the clicks of each format as posts show them.

    Clicks are gamma-Poisson: the rates of creators have the variance of a log-normal with the spread of the published
    range, which makes the usual rate worth 1 / (exp(spread²) - 1) clicks.
    """
    known = _tells_clicks(history) & (deliverables.ctr > 0)
    worth = 1 / np.expm1(np.maximum(deliverables.ctr_spread, LEAST_CLICK_SPREAD) ** 2)
    clicks, views = np.where(known, history.clicks, 0.0), np.where(known, history.clicked_views, 1.0)
    rate = (worth + clicks) / (worth / np.where(known, deliverables.ctr, 1.0) + views)
    return replace(
        deliverables,
        engagement=deliverables.engagement * np.exp(history.format),
        ctr=np.where(known, np.minimum(rate, 1.0), deliverables.ctr),
        ctr_spread=np.where(known, np.sqrt(np.log1p(1 / (worth + clicks))), deliverables.ctr_spread),
    )


LEAST_CLICK_SPREAD = 0.3  # of a format whose public click rate is one figure; a design figure


def _tells_clicks(history: PostHistory) -> NDArray[np.bool_]:
    return np.isfinite(history.clicks) & (history.clicked_views > 0)


def tells_clicks(roster: Roster) -> NDArray[np.bool_]:
    """Return whose posts tell clicks, (n,)."""
    return np.zeros(len(roster), dtype=bool) if roster.posts is None else _tells_clicks(roster.posts)


def views_after_posts(roster: Roster, usual: NDFloat) -> tuple[NDFloat, NDArray[np.bool_]]:
    """Return the usual views of one deliverable, by posts where these tell views; and which do."""
    history = roster.posts
    if history is None:
        return usual, np.zeros(len(roster), dtype=bool)
    known = np.isfinite(history.views)
    return np.where(known, usual * np.where(known, history.views, 1.0), usual), known


def with_post_conversions(roster: Roster) -> Roster:
    """Return the roster with the clicks and conversions of posts where it states none itself."""
    history = roster.posts
    if history is None or not np.isfinite(history.conversions).any():
        return roster
    clicks, conversions = roster.number("clicks"), roster.number("conversions")
    missing = ~(np.isfinite(clicks) & np.isfinite(conversions)) & np.isfinite(history.conversions)
    numbers = {
        **roster.numbers,
        "clicks": np.where(missing, history.converted_clicks, clicks),
        "conversions": np.where(missing, history.conversions, conversions),
    }
    return replace(roster, numbers=numbers)
