"""The usual fees of a roster: by its own prices where enough creators state one, else by public figures.

`log(fee) = level + b log(followers) + c log(rate / usual rate) + platform + format` for one deliverable, by a robust
regression on every price of the roster as it was read: what creators ask counts whether or not the campaign allows
them, so that no filter, rule or contract moves a usual fee. Each creator counts once. Differences between platforms
and formats start from public figures and move as far as the prices show.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import PLATFORMS, Benchmarks, default_benchmarks, geometric_midpoint
from microopt.campaign.campaign import Campaign
from microopt.forecast.deliverables import Deliverables, resolve_deliverables
from microopt.forecast.engagement import ranking_rate
from microopt.forecast.figure_plausibility import usual_engagement_rates
from microopt.forecast.public_fees import LEAST_FACTOR, public_fee_of_post, public_fees, to_fees
from microopt.forecast.robust_regression import DIGITS, Prior, fit_robustly, weighted_quantile
from microopt.roster.roster import Roster, TextColumn
from microopt.roster.usual_fees import FEWEST_CREATORS, OWN_PRICES, PUBLIC_FIGURES, UsualFees

NDFloat = NDArray[np.float64]
MOST_OFFERS = 5_000  # that are fitted; more tell nothing new
ONE_IN = 10  # at most this part of the priced offers is well above the usual fee
CENTER = 20_000  # followers at which the level is
MOST_LEVERAGE = 0.9  # of a creator whose prices nobody else's explain
LEAST_RANGE = 1.25  # times the usual fee, and the same part of it: no estimate is surer, however alike the prices
FURTHEST_RATE = 1.5  # in logs, of a stated rate from the usual one: beyond, it is hardly one by followers
FIXED_TERMS = 3  # level, followers, rate
SIZE, RATE = (0.9, 0.25), (0.0, 0.25)  # elasticities before any price: mean and standard deviation
PLATFORM_SPREAD, FORMAT_SPREAD = 0.7, 0.5  # in logs, how far from public differences a market may be
FEWEST_FOR_LEVEL = 3  # creators with a price, who show that a market is dearer than public figures
MIXER = np.uint64(0x9E3779B97F4A7C15)
USED_NUMBERS = ("followers", "deliverables", "engagement_rate", "engagements", "likes", "comments", "shares")


class UsualRates(Struct, frozen=True, eq=False):
    """The logs of usual engagement rates, as steps: looked up in a tenth of the time that it takes to compute them.

    Attributes
    ----------
    floors
        Followers, ascending: where the rate of any platform changes.
    logs
        (platforms, steps) from below the first floor on.
    """

    floors: list[float]
    logs: NDFloat

    @classmethod
    def of(cls, benchmarks: Benchmarks) -> UsualRates:
        """Return the usual rates of all platforms by public figures."""
        floors = sorted(
            {float(floor) for table in benchmarks.table("engagement").values() for floor in table["floors"]}
        )
        sizes = np.asarray([0.0, *floors])
        rows = [usual_engagement_rates(benchmarks, np.full(len(sizes), code), sizes) for code in range(len(PLATFORMS))]
        return cls(floors, np.log(np.stack(rows)))


def log_rate(roster: Roster, deliverables: Deliverables, usual: UsualRates) -> NDFloat:
    """Return the log of the stated engagement rate against the usual one of the size, 0 where none is stated."""
    stated, followers = ranking_rate(roster), roster.numbers["followers"]
    steps = np.zeros(len(roster), dtype=np.int8)
    for floor in usual.floors:
        steps += followers >= floor
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(stated) - usual.logs[deliverables.platform, steps]
    known: NDFloat = np.where(stated > 0, np.clip(logs, -FURTHEST_RATE, FURTHEST_RATE), 0.0)
    return known


class FeeModel(Struct, frozen=True, kw_only=True, eq=False):
    """How to tell what an offer usually costs.

    Attributes
    ----------
    benchmarks
        The campaign's public figures.
    facts
        What it rests on, None where nothing is known: too few prices, and dollars that cannot be converted.
    size, rate
        Elasticities of the fee by followers and by engagement rate.
    levels
        (formats,) the log of the fee in cents of one deliverable at 20,000 followers and the usual rate, by format of
        all platforms; None where public figures are used.
    """

    benchmarks: Benchmarks
    facts: UsualFees | None = None
    size: float = 0.0
    rate: float = 0.0
    levels: NDFloat | None = None
    usual_rates: UsualRates | None = None

    def usual_fees(self, roster: Roster, deliverables: Deliverables, campaign: Campaign) -> NDArray[np.int64] | None:
        """Return the usual fee of each offer in cents, rounded to two significant digits; None if it is unknown."""
        if self.levels is None:
            return public_fees(roster, deliverables, campaign, self.benchmarks)
        return self.fees_by_own_prices(roster, deliverables)

    def fees_by_own_prices(self, roster: Roster, deliverables: Deliverables) -> NDArray[np.int64]:
        """Return the usual fee of each offer in cents by the prices of the roster, of which there must be enough."""
        assert self.levels is not None and self.usual_rates is not None
        logs = self.levels[deliverables.format_index] + self.size * _log_size(roster)
        if self.rate:
            logs += self.rate * log_rate(roster, deliverables, self.usual_rates)
        return to_fees(np.exp(logs) / 100, roster, deliverables)


def fit_fee_model(roster: Roster, campaign: Campaign, benchmarks: Benchmarks | None = None) -> FeeModel:
    """Return what offers on a roster usually cost.

    Parameters
    ----------
    roster
        As it was read, with all its offers.
    benchmarks
        The figures to fall back on, by default those that ship with microopt. The campaign's own figures replace them.
    """
    benchmarks = override_benchmarks(benchmarks or default_benchmarks(), campaign.forecast)
    prices = _Prices.of_roster(roster)
    deliverables = resolve_deliverables(prices.offers, benchmarks)
    if prices.creators >= FEWEST_CREATORS:
        return _fit(prices, deliverables, benchmarks)
    model = FeeModel(benchmarks=benchmarks)
    usual = model.usual_fees(prices.offers, deliverables, campaign)
    if usual is None:
        return model
    low, high = _public_range(benchmarks)
    level, high_above = _tail(prices, usual, benchmarks)
    return replace(
        model,
        facts=UsualFees(
            source=PUBLIC_FIGURES, creators=prices.creators, low=low, high=high, level=level, high_above=high_above
        ),
    )


class _Prices(Struct, frozen=True, eq=False):
    """The offers of a roster that have a price.

    Attributes
    ----------
    offers
        Their figures, of a sample if there are very many.
    weights
        (n,) one over the number of priced offers of the creator.
    creators
        How many creators have a price.
    is_sample
        Whether there are more prices.
    """

    offers: Roster
    weights: NDFloat
    creators: int
    is_sample: bool

    def take(self, rows: NDArray[np.intp]) -> _Prices:
        """Return these prices in another order."""
        return replace(self, offers=self.offers.take(rows), weights=self.weights[rows])

    @classmethod
    def of_roster(cls, roster: Roster) -> _Prices:
        """Return the prices of a roster."""
        is_priced = (roster.fee > 0) & (roster.numbers["followers"] > 0)
        if "deliverables" in roster.numbers:
            is_priced &= roster.numbers["deliverables"] != 0  # the price of nothing says nothing
        rows = np.flatnonzero(is_priced)
        counts = np.bincount(roster.creator_id[rows]) if len(rows) else np.zeros(0, dtype=np.int64)
        sample = _sample(roster, rows)
        slim = replace(
            roster,
            texts={name: roster.texts[name] for name in ("platform", "offer") if name in roster.texts},
            numbers={name: roster.numbers[name] for name in USED_NUMBERS if name in roster.numbers},
        ).take(sample)
        texts = {name: _compact(column) for name, column in slim.texts.items()}
        creators, is_sample = int(np.count_nonzero(counts)), len(sample) < len(rows)
        return cls(replace(slim, texts=texts), 1 / counts[slim.creator_id], creators, is_sample)


def _sample(roster: Roster, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return so many of some rows as are fitted, the same of the same offers in whichever order they come."""
    if len(rows) <= MOST_OFFERS:
        return rows
    mixed = roster.fee[rows].view(np.uint64) * MIXER ^ roster.numbers["followers"][rows].view(np.uint64)
    mixed *= MIXER
    mixed ^= mixed >> np.uint64(32)
    chosen = rows[mixed <= np.partition(mixed, MOST_OFFERS)[MOST_OFFERS]]
    thinned: NDArray[np.intp] = chosen[:: len(chosen) // MOST_OFFERS]
    return thinned  # more of them only where thousands have one fee and size


def _compact(column: TextColumn) -> TextColumn:
    """Return a column without the labels that no row has, where it has many."""
    if len(column.labels) <= len(column.codes):
        return column
    used, codes = np.unique(column.codes, return_inverse=True)
    labels = [column.labels[code] for code in used.tolist()]
    values = None if column.values is None else tuple(column.values[code] for code in used.tolist())
    return TextColumn(codes=codes.astype(np.int32), labels=labels, values=values)


def _fit(prices: _Prices, deliverables: Deliverables, benchmarks: Benchmarks) -> FeeModel:
    """Return the model that the prices of a roster show."""
    offers, usual_rates = prices.offers, UsualRates.of(benchmarks)
    platforms, public = _public_differences(benchmarks)
    terms = np.zeros((len(offers), FIXED_TERMS + len(PLATFORMS) + len(platforms)))
    rows = np.arange(len(offers))
    terms[:, 0], terms[:, 1], terms[:, 2] = 1.0, _log_size(offers), log_rate(offers, deliverables, usual_rates)
    terms[rows, FIXED_TERMS + deliverables.platform] = 1.0
    terms[rows, FIXED_TERMS + len(PLATFORMS) + deliverables.format_index] = 1.0
    asked = np.log(offers.fee / np.where(deliverables.count > 0, deliverables.count, 1.0))
    spreads = [np.inf, SIZE[1], RATE[1], *[PLATFORM_SPREAD] * len(PLATFORMS), *[FORMAT_SPREAD] * len(platforms)]
    prior = Prior(np.asarray([0.0, SIZE[0], RATE[0], *[0.0] * (len(spreads) - FIXED_TERMS)]), np.asarray(spreads))
    order = np.lexsort((prices.weights, terms[:, 2], terms[:, 1], deliverables.format_index, asked))
    outcome = asked - public[deliverables.format_index]
    fit = fit_robustly(outcome[order], terms[order], prices.weights[order], prior)
    found = fit.coefficients.copy()
    found[0] = round(
        found[0] + weighted_quantile(outcome - terms @ found, prices.weights, 0.5), DIGITS
    )  # half ask more
    platform_terms, format_terms = np.split(found[FIXED_TERMS:], [len(PLATFORMS)])
    model = FeeModel(
        benchmarks=benchmarks,
        size=float(found[1]),
        rate=float(found[2]) if terms[:, 2].any() else 0.0,
        levels=found[0] + public + platform_terms[platforms] + format_terms,
        usual_rates=usual_rates,
    )
    usual = model.fees_by_own_prices(offers, deliverables)
    low, high = _own_range((outcome - terms @ found)[order], fit.leverage, prices.take(order))
    level, high_above = _tail(prices, usual, benchmarks)
    facts = UsualFees(
        source=OWN_PRICES, creators=prices.creators, low=low, high=high, level=level, high_above=high_above
    )
    return replace(model, facts=facts)


def _public_differences(benchmarks: Benchmarks) -> tuple[NDArray[np.intp], NDFloat]:
    """Return the platform of each format, and the log of what it costs against an Instagram post, by public figures."""
    codes = np.asarray([code for code, name in enumerate(PLATFORMS) for _ in benchmarks.table(f"format.{name}")])
    price = [
        geometric_midpoint(block["fee"]) for name in PLATFORMS for block in benchmarks.table(f"format.{name}").values()
    ]
    by_platform = public_fee_of_post(benchmarks, np.arange(len(PLATFORMS)), np.full(len(PLATFORMS), float(CENTER)))
    level = np.log(by_platform / by_platform[0])
    return codes, level[codes] + np.log(np.maximum(price, LEAST_FACTOR))


def _log_size(roster: Roster) -> NDFloat:
    sizes: NDFloat = np.log(np.maximum(roster.numbers["followers"], 1.0) / CENTER)
    return sizes


def _own_range(residuals: NDFloat, leverage: NDFloat, prices: _Prices) -> tuple[float, float]:
    """Return P10 and P90 of fees as multiples of the usual fee that the prices of all other creators show.

    Without the prices of its creator, the residual of a price is r / (1 - h), h being their leverage (Allen's PRESS,
    1974).
    """
    ids = prices.offers.creator_id
    of_creator = np.bincount(ids, weights=leverage)[ids]
    left_out = residuals / (1 - np.minimum(of_creator, MOST_LEVERAGE))
    low, high = (np.exp(weighted_quantile(left_out, prices.weights, share)) for share in (0.1, 0.9))
    return float(f"{min(low, 1 / LEAST_RANGE):.2g}"), float(f"{max(high, LEAST_RANGE):.2g}")


def _public_range(benchmarks: Benchmarks) -> tuple[float, float]:
    likely = benchmarks.table("fee_estimate")["likely"]
    low, high = likely if isinstance(likely, list) else (likely, likely)
    return float(low), float(high)


def _tail(prices: _Prices, usual: NDArray[np.int64], benchmarks: Benchmarks) -> tuple[float, float]:
    """Return how many times the usual fee offers typically cost, and from which multiple a fee is well above it.

    That is at least `high` times what is typical, and so much that at most one offer in ten is above it.
    """
    high = benchmarks.figure("fee_estimate", "high")
    if not len(usual):
        return 0.0, high
    multiples = prices.offers.fee / usual
    level = round(weighted_quantile(multiples, prices.weights, 0.5), 4)
    if prices.creators >= FEWEST_FOR_LEVEL:
        high *= max(level, 1.0)
    above = max(1, len(multiples) // (ONE_IN + prices.is_sample))  # a sample may be a little off
    if above < len(multiples):
        high = max(high, float(np.partition(multiples, -above - 1)[-above - 1]))
    return level, ceil(high * 10_000) / 10_000
