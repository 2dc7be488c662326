"""What the logs of results are made of in a scenario, and how they move together.

Four independent components run through the results of an offer, as the likely ranges have them (`uncertainty`): views
V, what engagement has beyond views E, clicks per view C and conversions per click or engagement K.

    reach, views   V
    engagements    r V + sqrt(1 - r²) E    r is `views_engagement` of `[scenarios]`
    clicks         V + C
    conversions    V + C + K + elasticity * E, or as engagements + K where the roster has a rate of actions

so that a post that does well does so in all of them. Each component has four levels: the creator on a platform, which
all of their offers there share, in all waves of a calendar; the offer's posts, of each wave on their own; the platform,
shared by all its offers; the tier, shared by all creators of a size. All are standard normal numbers times a standard
deviation. The sum of a creator's components is multiplied by a number of the creator's own that makes it Student's t
distributed: a creator who surprises does so in everything.

The variance of each metric's log is exactly that of its likely range. What is shared is a part of that variance and not
on top of it: a range is as wide whether others are off in the same way or not. The standard deviation of a platform is
that of `[live]`, that of a tier `tier` of `[scenarios]`; where both would be more than `shared` of the variance of a
component, they are reduced to that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS, Benchmarks
from microopt.campaign.calendar import WAVE
from microopt.campaign.campaign import TierBands
from microopt.forecast.exact_tables import (
    LOG_STEPS,
    CutLogs,
    cut_logs,
    exp_of_steps,
    mixing_table,
    normal_table,
    on_grid,
)
from microopt.forecast.forecast import ExpectedResults
from microopt.forecast.random_words import Words, random_words, sixteen_bits, stream_key
from microopt.forecast.rate_variation import Variance
from microopt.forecast.uncertainty import component_variances, log_spreads
from microopt.quantities.keys import match_key
from microopt.quantities.platforms import platform_key
from microopt.roster.roster import Roster, TextColumn, with_tiers

NDFloat = NDArray[np.float64]
COMPONENTS = ("views", "engagement", "clicks", "conversions")  # the order of the parts of a word
LEVELS = ("creator", "offer", "platform", "tier")
MIXING_PLACE = 3  # the part of a creator's word that is for the tails; its lower half is for the answer
ANSWERS, ANSWER_BITS = 2.0**32, np.uint64((1 << 32) - 1)


class ScenarioLogs(Struct, frozen=True, kw_only=True, eq=False):
    """The logs of offers in scenarios.

    Attributes
    ----------
    count
        Scenarios.
    degrees
        Of freedom of Student's t distribution.
    keys
        By level, and for `answer`, (n,) the streams of random words.
    weights
        By metric, the standard deviation of each component at each level, (levels, components, n).
    cuts
        By metric, where logs are cut.
    """

    count: int
    degrees: float
    keys: Mapping[str, Words]
    weights: Mapping[str, NDFloat]
    cuts: Mapping[str, CutLogs]

    def accepted(self, acceptance: NDFloat) -> NDArray[np.bool_]:
        """Return who accepts, (n, count), given how likely each is to."""
        if (acceptance >= 1).all():
            return np.ones((len(acceptance), self.count), dtype=bool)
        likely = np.rint(np.clip(acceptance, 0.0, 1.0) * ANSWERS).astype(np.uint64)
        return (random_words(self.keys["answer"], self.count) & ANSWER_BITS) < likely[:, None]

    def factors(self, metric: str, rows: slice) -> NDFloat:
        """Return what results of a metric are multiplied by, (rows, count); 1 on average over the distribution."""
        weights, cut = self.weights[metric][:, :, rows], self.cuts[metric]
        logs = np.zeros((weights.shape[2], self.count))
        for level, by_component in zip(LEVELS, weights, strict=True):
            if by_component.any():
                self._add_level(logs, level, by_component, rows)
        words, place = self._words("answer", rows)
        logs *= _of_rows(mixing_table(self.degrees)[sixteen_bits(words, MIXING_PLACE)], place)
        logs *= LOG_STEPS
        steps = np.rint(np.minimum(logs, cut.most[rows, None], out=logs), out=logs).astype(np.int64)
        factors = exp_of_steps(steps)
        factors /= cut.mean[rows, None]
        return factors

    def _add_level(self, logs: NDFloat, level: str, weights: NDFloat, rows: slice) -> None:
        """Add the components of a level, of these weights, (components, rows), to the logs."""
        words, place = self._words(level, rows)
        for component, weight in enumerate(weights):
            if weight.any():
                normal = _of_rows(normal_table()[sixteen_bits(words, component)], place)
                logs += weight[:, None] * normal

    def _words(self, level: str, rows: slice) -> tuple[Words, NDArray[np.intp] | None]:
        """Return the words of the distinct streams, and which of them each row has; None if each has its own."""
        keys, place = np.unique(self.keys[level][rows], return_inverse=True)
        if len(keys) == len(place):
            return random_words(self.keys[level][rows], self.count), None
        return random_words(keys, self.count), place


def _of_rows(values: NDFloat, place: NDArray[np.intp] | None) -> NDFloat:
    return values if place is None else values[place]


def scenario_logs(
    roster: Roster, expected: ExpectedResults, tiers: TierBands, rows: NDArray[np.intp], *, count: int, seed: int
) -> ScenarioLogs:
    """Return the logs of some offers in scenarios.

    Parameters
    ----------
    roster, expected
        Offers and their expected results, row for row.
    tiers
        The tiers of a roster without a column of them.
    rows
        (n,) the offers to draw.
    """
    figures = expected.benchmarks
    levels = {
        name: _level_deviations(name, variance, figures)
        for name, variance in component_variances(roster, expected).items()
    }
    degrees, winsorised = (figures.figure("shrinkage", key) for key in ("degrees", "winsorise"))
    weights, cuts = {}, {}
    for metric, spread in log_spreads(roster, expected).items():
        cut = cut_logs(spread[rows], degrees, winsorised if metric == "engagements" else None)
        scale = expected.remaining.get(metric, np.ones(len(spread)))[rows]
        scale = np.divide(scale * cut.spread, spread[rows], out=np.zeros(len(rows)), where=spread[rows] > 0)
        weights[metric] = on_grid(_metric_weights(metric, levels, expected)[:, :, rows] * scale)
        cuts[metric] = cut
    keys = _stream_keys(roster.take(rows), tiers, seed)
    return ScenarioLogs(count=count, degrees=degrees, keys=keys, weights=weights, cuts=cuts)


def _level_deviations(component: str, variance: Variance, figures: Benchmarks) -> NDFloat:
    """Return the standard deviations of a component by level, (levels, n)."""
    own = variance.creator + variance.post
    platform, tier = figures.figure("live", component) ** 2, figures.figure("scenarios", "tier") ** 2
    most = figures.figure("scenarios", "shared") * own
    fraction = np.minimum(1.0, np.divide(most, platform + tier, out=np.ones_like(own), where=platform + tier > 0))
    left = np.divide(own - fraction * (platform + tier), own, out=np.zeros_like(own), where=own > 0)
    return np.sqrt(np.stack([variance.creator * left, variance.post * left, fraction * platform, fraction * tier]))


def _metric_weights(metric: str, levels: Mapping[str, NDFloat], expected: ExpectedResults) -> NDFloat:
    """Return the standard deviations of a metric's components by level, (levels, components, n); see the module."""
    views, engagement, clicks, conversions = (levels[name] for name in COMPONENTS)
    shared = expected.benchmarks.figure("scenarios", "views_engagement")
    none = np.zeros_like(views)
    engaged = [shared * engagement, sqrt(1 - shared**2) * engagement, none]
    if metric == "engagements":
        parts = [*engaged, none]
    elif metric == "clicks":
        parts = [views, none, clicks, none]
    elif metric == "conversions":
        by_clicks = [views, expected.engagement_elasticity * engagement, clicks]
        chosen = [np.where(expected.by_action, *pair) for pair in zip(engaged, by_clicks, strict=True)]
        parts = [*chosen, conversions]
    else:
        parts = [views, none, none, none]
    return np.stack(parts, axis=1)


def _stream_keys(roster: Roster, tiers: TierBands, seed: int) -> dict[str, Words]:
    """Return the key of each offer's stream at each level; names in any spelling have the same."""
    creators, offers = (_labels(roster.texts.get(name), match_key, len(roster)) for name in ("creator", "offer"))
    platforms = _labels(roster.texts.get("platform"), platform_key, len(roster), empty=PLATFORMS[0])
    sizes = _labels(with_tiers(roster, tiers).texts["tier"], match_key, len(roster))
    names = {
        "creator": zip(creators, platforms, strict=True),
        "offer": zip(creators, platforms, offers, *_waves(roster), strict=True),
        "platform": zip(platforms, strict=True),
        "tier": zip(sizes, strict=True),
        "answer": zip(creators, strict=True),
    }
    return {
        level: np.asarray([stream_key(seed, level, *parts) for parts in rows], dtype=np.uint64)
        for level, rows in names.items()
    }


def _waves(roster: Roster) -> tuple[list[str], ...]:
    """Return the wave of each row, without which posts of one offer in several waves would share their luck."""
    return () if roster.timing is None else (_labels(roster.texts[WAVE], match_key, len(roster)),)


def _labels(column: TextColumn | None, key: Callable[[str], str], rows: int, empty: str = "") -> list[str]:
    """Return the key of each row's text."""
    if column is None:
        return [empty] * rows
    used, place = np.unique(column.codes, return_inverse=True)
    keys = [key(column.labels[code]) or empty for code in used.tolist()]
    return [keys[position] for position in place.tolist()]
