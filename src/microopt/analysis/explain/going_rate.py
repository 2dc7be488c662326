"""The going rate of an offer: what the fees on this roster say that such an offer costs.

Where enough creators have a price, it is the usual fee that all of them show. On a short list it is what the few
creators of a similar size on the platform ask, and without these an industry estimate.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import Benchmarks, default_benchmarks
from microopt.forecast.cost import round_two_digits
from microopt.forecast.deliverables import resolve_deliverables
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import match_keys
from microopt.quantities.units import Cents
from microopt.roster.roster import Roster
from microopt.roster.usual_fees import OWN_PRICES, PUBLIC_FIGURES, UsualFees
from microopt.roster.volume_packages import expand_volume_packages

FEWEST_CREATORS = 3  # similar ones, with fewer of which there is no going rate
FEWEST_FOR_FIRM = 5  # similar ones, with fewer of which it is rough
SIMILAR = "similar"  # the source of a rate by similar creators
SIMILAR_SIZE = 3.0  # times the followers, and the same share of them


class GoingRate(Struct, frozen=True, kw_only=True):
    """What offers like one cost on the roster.

    Attributes
    ----------
    fee
        Cents for all units, None where it is unknown.
    creators
        How many creators it rests on: all with a price, or other creators who are similar and have a fee.
    source
        `list` for the usual fee by all prices of the roster, `similar` for the median of similar creators, `industry`
        for an industry estimate, empty where it is unknown.
    post_types_mixed
        Whether offers of other formats count too, because too few creators offer the same one.
    """

    fee: Cents | None
    creators: int
    source: str = ""
    post_types_mixed: bool = False


class ComparableOffers(Struct, frozen=True, kw_only=True, eq=False):
    """Offers, made comparable.

    Attributes
    ----------
    creator, platform, followers
        (rows,) of each row.
    format_price
        (rows,) what the format usually costs, against the platform's other formats. Views do not count as well:
        far fewer people see a story than a reel, but creators do not ask that much less for it.
    scale
        (rows,) `format_price`, times the posts and the followers: fees are compared per unit of it.
    """

    creator: NDArray[np.int64]
    platform: NDArray[np.int8]
    followers: NDArray[np.float64]
    format_price: NDArray[np.float64]
    scale: NDArray[np.float64]

    @classmethod
    def of_roster(
        cls, roster: Roster, creator: NDArray[np.int64], benchmarks: Benchmarks, one_size: float
    ) -> ComparableOffers:
        """Return the comparable offers of a roster.

        The benchmarks only compare formats, and at one size for all: what they say of sizes is left out.
        """
        followers = np.maximum(roster.numbers["followers"], 1.0)
        numbers = {**roster.numbers, "followers": np.full(len(roster), one_size)}
        deliverables = resolve_deliverables(replace(roster, numbers=numbers), benchmarks)
        return cls(
            creator=creator,
            platform=deliverables.platform,
            followers=followers,
            format_price=deliverables.price,
            scale=deliverables.price * deliverables.count * followers,
        )


class GoingRates(Struct, frozen=True, kw_only=True, eq=False):
    """The going rates of a problem's offers.

    Attributes
    ----------
    offers
        The offers of the problem.
    market
        All offers of the roster with a fee: what creators ask counts whether or not the campaign allows them.
    fee
        (rows of `market`,) cents.
    usual_fee
        (rows of `offers`,) cents, None where unknown.
    facts
        What the usual fees rest on.
    """

    offers: ComparableOffers
    market: ComparableOffers
    fee: NDArray[np.int64]
    usual_fee: NDArray[np.int64] | None = None
    facts: UsualFees | None = None

    @classmethod
    def of_problem(cls, problem: PlanningProblem, roster: Roster) -> GoingRates:
        """Return the going rates of a problem's offers by the fees of the whole roster."""
        asked = expand_volume_packages(roster)
        asked = asked.take(np.flatnonzero(asked.fee > 0))
        benchmarks = override_benchmarks(default_benchmarks(), problem.campaign.forecast)
        one_size = float(np.median(np.maximum(roster.numbers["followers"], 1.0)))
        offers, market = (
            ComparableOffers.of_roster(part, creator, benchmarks, one_size)
            for part, creator in zip((problem.roster, asked), _number_creators(problem.roster, asked), strict=True)
        )
        forecast = problem.forecast
        return cls(offers=offers, market=market, fee=asked.fee, usual_fee=forecast.usual_fee, facts=forecast.usual_fees)

    def rate(self, row: int) -> GoingRate:
        """Return the going rate of an offer, by all prices of the roster if they are enough."""
        usual = None if self.usual_fee is None else int(self.usual_fee[row])
        if usual is not None and self.facts is not None and self.facts.from_list:
            return GoingRate(fee=usual, creators=self.facts.creators, source=OWN_PRICES)
        rate = self.rate_of_similar(row)
        return rate if rate.fee is not None or not usual else replace(rate, fee=usual, source=PUBLIC_FIGURES)

    def rate_of_similar(self, row: int) -> GoingRate:
        """Return the median of what similar creators ask, scaled to the offer.

        Similar are other creators on the platform with up to `SIMILAR_SIZE` times the followers, or as small a share of
        them. Only their offers of the same format count if there are enough.
        """
        market, similar = self.market, self._similar_offers(row)
        same_format = similar[market.format_price[similar] == self.offers.format_price[row]]
        for offers, mixed in ((same_format, False), (similar, True)):
            _, positions = np.unique(market.creator[offers], return_inverse=True)
            asked = np.log(self.fee[offers] / market.scale[offers])
            by_creator = np.bincount(positions, weights=asked) / np.bincount(positions)  # geometric means
            if len(by_creator) >= FEWEST_CREATORS:
                fee = float(np.exp(np.median(by_creator)) * self.offers.scale[row])
                return GoingRate(
                    fee=round_cents(fee) if fee else None,
                    creators=len(by_creator),
                    source=SIMILAR if fee else "",
                    post_types_mixed=mixed,
                )
        return GoingRate(fee=None, creators=len(by_creator))

    def _similar_offers(self, row: int) -> NDArray[np.intp]:
        offers, market = self.offers, self.market
        size = market.followers / offers.followers[row]
        return np.flatnonzero(
            (market.creator != offers.creator[row])
            & (market.platform == offers.platform[row])
            & (market.scale > 0)
            & (size <= SIMILAR_SIZE)
            & (size >= 1 / SIMILAR_SIZE)
        )


def _number_creators(*rosters: Roster) -> Iterator[NDArray[np.int64]]:
    """Yield a number for the creator of each row, the same in all rosters for every spelling of the name."""
    numbers: dict[str, int] = {}
    for roster in rosters:
        names = roster.texts["creator"]
        by_label = [numbers.setdefault(key, len(numbers)) for key in match_keys(names.labels)]
        yield np.asarray(by_label, dtype=np.int64)[names.codes]


def round_cents(cents: float) -> int:
    """Round as a usual fee: to two significant digits, in whole units of money and to at least one."""
    return int(round_two_digits(np.asarray(cents / 100))) * 100


def round_down(cents: int) -> int:
    """Return a fee in cents rounded down to three significant digits; below 100 units of money, to whole units."""
    step: int = 10 ** max(len(str(cents)) - 3, 2)
    return cents // step * step or cents
