"""The going rate of an offer: what creators of a similar size on its platform ask, by the fees on this roster."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks
from microopt.forecast.cost import round_two_digits
from microopt.forecast.deliverables import resolve_deliverables
from microopt.forecast.forecast import Origin
from microopt.planning.problem import PlanningProblem
from microopt.quantities.units import Cents

FEWEST_CREATORS = 3  # similar ones, with fewer of which there is no going rate
FEWEST_FOR_FIRM = 5  # similar ones, with fewer of which it is rough
SIMILAR_SIZE = 3.0  # times the followers, and the same share of them


class GoingRate(Struct, frozen=True, kw_only=True):
    """What offers like one cost on the roster.

    Attributes
    ----------
    fee
        Cents for all units, None with fewer than `FEWEST_CREATORS` similar creators.
    creators
        How many other creators on the roster are similar and have a fee.
    """

    fee: Cents | None
    creators: int


class GoingRates(Struct, frozen=True, kw_only=True, eq=False):
    """The fees of a roster, made comparable.

    Attributes
    ----------
    creator, platform, followers, fee
        (rows,) of each row.
    format_price
        (rows,) what one post of the format costs by the benchmarks, against the other formats, at one size.
    scale
        (rows,) `format_price`, times the posts and the followers: fees are compared per unit of it.
    stated
        Rows with a stated fee.
    """

    creator: NDArray[np.int64]
    platform: NDArray[np.int8]
    followers: NDArray[np.float64]
    fee: NDArray[np.int64]
    format_price: NDArray[np.float64]
    scale: NDArray[np.float64]
    stated: NDArray[np.intp]

    @classmethod
    def of_problem(cls, problem: PlanningProblem) -> GoingRates:
        """Return the comparable fees of a problem's offers.

        The benchmarks only compare formats, and at one size for all: what they say of sizes is left out.
        """
        roster, forecast = problem.roster, problem.forecast
        followers = np.maximum(roster.numbers["followers"], 1.0)
        one_size = np.full(len(roster), np.median(followers) if len(roster) else 1.0)
        at_one_size = replace(roster, numbers={**roster.numbers, "followers": one_size})
        benchmarks = override_benchmarks(default_benchmarks(), problem.campaign.forecast)
        deliverables = resolve_deliverables(at_one_size, benchmarks)
        format_price = deliverables.view_rate * deliverables.cpm
        scale = format_price * deliverables.count * followers
        return cls(
            creator=roster.creator_id.astype(np.int64),
            platform=deliverables.platform,
            followers=followers,
            fee=forecast.fee,
            format_price=format_price,
            scale=scale,
            stated=np.flatnonzero((forecast.origins["fee"] == Origin.OWN) & (forecast.fee > 0) & (scale > 0)),
        )

    def rate(self, row: int) -> GoingRate:
        """Return the going rate of an offer: the median of what similar creators ask, scaled to the offer.

        Similar are other creators on the platform with up to `SIMILAR_SIZE` times the followers, or as small a share of
        them. Only their offers of the same format count if there are enough.
        """
        similar = self._similar_offers(row)
        same_format = similar[self.format_price[similar] == self.format_price[row]]
        for offers in (same_format, similar):
            _, positions = np.unique(self.creator[offers], return_inverse=True)
            asked = np.log(self.fee[offers] / self.scale[offers])
            by_creator = np.bincount(positions, weights=asked) / np.bincount(positions)  # geometric means
            if len(by_creator) >= FEWEST_CREATORS:
                fee = float(np.exp(np.median(by_creator)) * self.scale[row])
                return GoingRate(fee=round_cents(fee) if fee else None, creators=len(by_creator))
        return GoingRate(fee=None, creators=len(by_creator))

    def _similar_offers(self, row: int) -> NDArray[np.intp]:
        size = self.followers[self.stated] / self.followers[row]
        is_similar = (
            (self.creator[self.stated] != self.creator[row])
            & (self.platform[self.stated] == self.platform[row])
            & (size <= SIMILAR_SIZE)
            & (size >= 1 / SIMILAR_SIZE)
        )
        similar: NDArray[np.intp] = self.stated[is_similar]
        return similar


def round_cents(cents: float) -> int:
    """Round as a usual fee: to two significant digits, in whole units of money and to at least one."""
    return int(round_two_digits(np.asarray(cents / 100))) * 100
