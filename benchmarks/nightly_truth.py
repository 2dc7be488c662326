"""What is true of a roster's creators, and their luck: drawn once for a seed, so that every arm meets the same.

The forecast is right on average, and as unsure as it believes: a creator's own engagement is drawn from the posterior
of `shrinkage`, views and clicks from the spread of their sources, conversions a click from the prior of `conversion`.
By how much all of a platform is off is drawn beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from microopt import Campaign, Roster
from microopt.forecast.forecast import Expected, Origin
from microopt.forecast.model import expected
from microopt.forecast.shrinkage import prior
from microopt.quantities.keys import match_key

NDFloat = NDArray[np.float64]
METRICS = ("engagements", "impressions", "clicks", "conversions")
SHOCKS = {"engagements": 0.3, "impressions": 0.3, "clicks": 0.5, "conversions": 0.5}
OF = {"clicks": ("impressions", "clicks"), "conversions": ("impressions", "clicks", "conversions")}  # are products of
DECLINES = 0.15  # of those who are asked
ANSWER = (1, 5)  # days from the offer to the answer
OUT = (3, 14)  # days from the signature to a post


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a post brings in the end.

    Attributes
    ----------
    after
        Days from the signature to the post, with the time of day.
    engagements, impressions
        In the end.
    clicks, conversions
        When each comes in, as the share of all results that is in by then, in order.
    """

    after: float
    engagements: float
    impressions: float
    clicks: NDFloat
    conversions: NDFloat

    def by(self, share: float) -> dict[str, float]:
        """Return what is in when this share of all results is."""
        return {
            "engagements": float(round(self.engagements * share)),
            "impressions": float(round(self.impressions * share)),
            "clicks": float(np.searchsorted(self.clicks, share, side="right")),
            "conversions": float(np.searchsorted(self.conversions, share, side="right")),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether a creator who is asked signs, after how many days the answer comes, and the lot by which to ask."""

    signs: bool
    days: int
    lot: float


class Truth:
    """What the creators of a roster truly are, for one seed.

    Attributes
    ----------
    answers
        By match key of the creator.
    spread
        By metric, (offers,): the standard deviation of what is not known of each creator's own mean, in logs.
    """

    def __init__(self, roster: Roster, campaign: Campaign, seed: int, shocks: Mapping[str, float]) -> None:
        self.found, self.seed = expected(roster, campaign), seed
        usual = prior(self.found.benchmarks, self.found.offer.platform, roster.numbers["followers"])
        self.within, self.quantile = usual.within, NormalDist().inv_cdf(usual.quantile)
        self.spread = _spread(self.found, roster, usual.within, usual.between)
        random = np.random.default_rng([seed, 0])
        self.shock = {name: random.normal(0, shocks.get(name, 0.0), 3) for name in METRICS}
        self.creators = [match_key(roster.texts["creator"][row]) for row in range(len(roster))]
        self.numbers = {name: number for number, name in enumerate(dict.fromkeys(self.creators), start=1)}
        self.answers = {name: _answer(np.random.default_rng([seed, number])) for name, number in self.numbers.items()}
        self._posts: dict[int, list[Post]] = {}

    def posts(self, row: int) -> list[Post]:
        """Return what the posts of an offer bring if its creator signs."""
        if row not in self._posts:
            count = max(round(float(self.found.offer.count[row])), 1)
            random = np.random.default_rng([self.seed, self.numbers[self.creators[row]], 1])
            own = {name: float(random.normal()) for name in METRICS}
            self._posts[row] = [self._post(row, count, own, random) for _ in range(count)]
        return self._posts[row]

    def mean(self, row: int, metric: str) -> float:
        """Return what an offer brings on average over all luck but the platforms'."""
        off = sum(float(self.shock[name][self.found.offer.platform[row]]) for name in OF.get(metric, (metric,)))
        return float(self.found.metrics[metric][row] * np.exp(off))

    def _post(self, row: int, count: int, own: dict[str, float], random: np.random.Generator) -> Post:
        """Draw a post: its mean over all luck but the platform's is what is expected of it."""
        found, post = self.found, float(self.found.rates.post[row])
        after = int(random.integers(*OUT, endpoint=True)) + float(random.random())
        each = {name: float(found.metrics[name][row]) / count for name in METRICS}
        off = {name: float(self.shock[name][found.offer.platform[row]]) for name in METRICS}
        spread = {name: float(self.spread[name][row]) for name in METRICS}
        whole = float(np.hypot(spread["engagements"], post))
        luck = min(own["engagements"] * spread["engagements"] + post * random.normal(), self.quantile * whole)
        engaged = each["engagements"] * np.exp(off["engagements"] + luck) / _kept(whole, self.quantile)
        within = float(self.within[row])
        views = each["impressions"] * np.exp(off["impressions"]) * _about_one(within * random.normal(), within)
        views *= _about_one(own["impressions"] * spread["impressions"], spread["impressions"])
        rates = {name: np.exp(off[name]) * _about_one(own[name] * spread[name], spread[name]) for name in METRICS[2:]}
        clicked = views * each["clicks"] / each["impressions"] * rates["clicks"]
        converted = clicked * each["conversions"] / each["clicks"] * rates["conversions"]
        times = [np.sort(random.random(random.poisson(mean))) for mean in (clicked, converted)]
        return Post(after=after, engagements=engaged, impressions=views, clicks=times[0], conversions=times[1])


def _spread(found: Expected, roster: Roster, within: NDFloat, between: NDFloat) -> dict[str, NDFloat]:
    usually = found.benchmarks.figure("shrinkage", "posts")
    seen = np.maximum(np.nan_to_num(roster.number("posts"), nan=usually), 1.0)
    own = found.origins["impressions"] == Origin.OWN
    return {
        "engagements": found.rates.creator,
        "impressions": np.where(own, within / np.sqrt(seen), between),
        "clicks": found.offer.ctr_spread,
        "conversions": np.sqrt(np.log1p(1 / (found.cvr * found.cvr_clicks))),
    }


def _answer(random: np.random.Generator) -> Answer:
    signs, days = bool(random.random() >= DECLINES), int(random.integers(*ANSWER, endpoint=True))
    return Answer(signs=signs, days=days, lot=float(random.random()))


def _about_one(luck: float, spread: float) -> float:
    """Return a log-normal factor whose mean is 1."""
    return float(np.exp(luck - spread**2 / 2))


def _kept(spread: float, quantile: float) -> float:
    """Return the mean of a log-normal whose logs beyond a quantile count as it."""
    below = NormalDist().cdf(quantile - spread)
    beyond = 1 - NormalDist().cdf(quantile)
    return float(np.exp(spread**2 / 2) * below + beyond * np.exp(quantile * spread))
