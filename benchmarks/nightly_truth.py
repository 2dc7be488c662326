"""The true figures of a roster's creators, and their luck: drawn once per seed, so that every arm meets the same.

The forecast is right on average, and as uncertain as it claims: a creator's own engagement is drawn from the posterior
of `shrinkage`, views and clicks from the spread of their sources, conversions per click from what is usual between
creators; and each post of theirs about it. The error of each platform as a whole is drawn separately.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from microopt import Campaign, Roster
from microopt.forecast.forecast import ExpectedResults, Origin
from microopt.forecast.model import expected_results
from microopt.forecast.rate_variation import click_variance, conversion_variance
from microopt.forecast.shrinkage import engagement_prior
from microopt.quantities.keys import match_key

NDFloat = NDArray[np.float64]
METRICS = ("engagements", "impressions", "clicks", "conversions")
SHOCKS = {"engagements": 0.3, "impressions": 0.3, "clicks": 0.5, "conversions": 0.5}
FACTORS = {
    "clicks": ("impressions", "clicks"),
    "conversions": ("impressions", "clicks", "conversions"),
}  # the factors of a metric
DECLINE_RATE = 0.15  # of those who get an offer
ANSWER_RANGE = (1, 5)  # days from the offer to the answer
POST_RANGE = (3, 14)  # days from the signature to a post


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The total results of a post.

    Attributes
    ----------
    after
        Days from the signature to the post, with the time of day.
    engagements, impressions
        In total.
    clicks, conversions
        When each arrives, as the share of all results that have arrived by then, ascending.
    """

    after: float
    engagements: float
    impressions: float
    clicks: NDFloat
    conversions: NDFloat

    def results_at(self, share: float) -> dict[str, float]:
        """Return the results once this share of all results has arrived."""
        return {
            "engagements": float(round(self.engagements * share)),
            "impressions": float(round(self.impressions * share)),
            "clicks": float(np.searchsorted(self.clicks, share, side="right")),
            "conversions": float(np.searchsorted(self.conversions, share, side="right")),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether a creator signs an offer, after how many days they answer, and a random number that orders offers."""

    signs: bool
    days: int
    draw: float


class Truth:
    """The true figures of the creators of a roster, for one seed.

    Attributes
    ----------
    answers
        By match key of the creator.
    spread
        By metric, (offers,): the standard deviation of the unknown part of each creator's own mean, in logs.
    post_spread
        By rate of counts, (offers,): the standard deviation of a post's rate about its creator's, in logs.
    """

    def __init__(self, roster: Roster, campaign: Campaign, seed: int, shocks: Mapping[str, float]) -> None:
        self.expected, self.seed = expected_results(roster, campaign), seed
        usual = engagement_prior(
            self.expected.benchmarks, self.expected.deliverables.platform, roster.numbers["followers"]
        )
        self.within, self.quantile = usual.within, NormalDist().inv_cdf(usual.quantile)
        self.spread = _spread(self.expected, roster, usual.within, usual.between)
        rows = np.arange(len(roster))
        counts = {
            "clicks": click_variance(self.expected, rows),
            "conversions": conversion_variance(self.expected, roster, rows),
        }
        self.spread |= {name: np.sqrt(variance.creator) for name, variance in counts.items()}
        self.post_spread = {name: np.sqrt(variance.post) for name, variance in counts.items()}
        random = np.random.default_rng([seed, 0])
        self.shock = {name: random.normal(0, shocks.get(name, 0.0), 3) for name in METRICS}
        self.creators = [match_key(roster.texts["creator"][row]) for row in range(len(roster))]
        self.numbers = {name: number for number, name in enumerate(dict.fromkeys(self.creators), start=1)}
        self.answers = {name: _answer(np.random.default_rng([seed, number])) for name, number in self.numbers.items()}
        self._posts: dict[int, list[Post]] = {}

    def posts(self, row: int) -> list[Post]:
        """Return what the posts of an offer bring if its creator signs."""
        if row not in self._posts:
            count = max(round(float(self.expected.deliverables.count[row])), 1)
            random = np.random.default_rng([self.seed, self.numbers[self.creators[row]], 1])
            own = {name: float(random.normal()) for name in METRICS}
            self._posts[row] = [self._post(row, count, own, random) for _ in range(count)]
        return self._posts[row]

    def mean(self, row: int, metric: str) -> float:
        """Return what an offer brings on average over all luck except the platforms'."""
        off = sum(
            float(self.shock[name][self.expected.deliverables.platform[row]]) for name in FACTORS.get(metric, (metric,))
        )
        return float(self.expected.metrics[metric][row] * np.exp(off))

    def _post(self, row: int, count: int, own: dict[str, float], random: np.random.Generator) -> Post:
        """Draw a post: its mean over all luck except the platform's is its forecast."""
        result, post = self.expected, float(self.expected.rates.post[row])
        after = int(random.integers(*POST_RANGE, endpoint=True)) + float(random.random())
        each = {name: float(result.metrics[name][row]) / count for name in METRICS}
        off = {name: float(self.shock[name][result.deliverables.platform[row]]) for name in METRICS}
        spread = {name: float(self.spread[name][row]) for name in METRICS}
        total = float(np.hypot(spread["engagements"], post))
        luck = min(own["engagements"] * spread["engagements"] + post * random.normal(), self.quantile * total)
        engaged = each["engagements"] * np.exp(off["engagements"] + luck) / _capped_mean(total, self.quantile)
        within = float(self.within[row])
        views = (
            each["impressions"] * np.exp(off["impressions"]) * _factor_with_mean_one(within * random.normal(), within)
        )
        views *= _factor_with_mean_one(own["impressions"] * spread["impressions"], spread["impressions"])
        rates = {
            name: np.exp(off[name])
            * _factor_with_mean_one(own[name] * spread[name], spread[name])
            * _factor_with_mean_one(random.normal() * (each_post := float(self.post_spread[name][row])), each_post)
            for name in METRICS[2:]
        }
        clicked = views * each["clicks"] / each["impressions"] * rates["clicks"]
        converted = clicked * each["conversions"] / each["clicks"] * rates["conversions"]
        times = [np.sort(random.random(random.poisson(mean))) for mean in (clicked, converted)]
        return Post(after=after, engagements=engaged, impressions=views, clicks=times[0], conversions=times[1])


def _spread(result: ExpectedResults, roster: Roster, within: NDFloat, between: NDFloat) -> dict[str, NDFloat]:
    usually = result.benchmarks.figure("shrinkage", "posts")
    seen = np.maximum(np.nan_to_num(roster.number("posts"), nan=usually), 1.0)
    own = result.origins["impressions"] == Origin.OWN
    return {
        "engagements": result.rates.creator,
        "impressions": np.where(own, within / np.sqrt(seen), between),
    }


def _answer(random: np.random.Generator) -> Answer:
    signs, days = bool(random.random() >= DECLINE_RATE), int(random.integers(*ANSWER_RANGE, endpoint=True))
    return Answer(signs=signs, days=days, draw=float(random.random()))


def _factor_with_mean_one(luck: float, spread: float) -> float:
    """Return a log-normal factor whose mean is 1."""
    return float(np.exp(luck - spread**2 / 2))


def _capped_mean(spread: float, quantile: float) -> float:
    """Return the mean of a log-normal whose logs are capped at a quantile."""
    below = NormalDist().cdf(quantile - spread)
    beyond = 1 - NormalDist().cdf(quantile)
    return float(np.exp(spread**2 / 2) * below + beyond * np.exp(quantile * spread))
