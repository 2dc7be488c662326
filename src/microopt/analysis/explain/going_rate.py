"""The going rate of an offer: its usual fee by public benchmarks, at the level of the fees on this roster."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks
from microopt.forecast.cost import round_two_digits, usual_fees
from microopt.forecast.deliverables import platform_codes, resolve_deliverables
from microopt.forecast.forecast import Origin
from microopt.planning.problem import PlanningProblem
from microopt.quantities.units import Cents

FEWEST_FEES = 5  # of other creators that show the level of a market


class GoingRate(Struct, frozen=True, kw_only=True):
    """What offers like one usually cost.

    Attributes
    ----------
    fee
        Cents for all units.
    fees
        How many fees of other creators on the roster set the level; 0 if the benchmarks alone do.
    similar
        How many fees of other creators on the platform in the tier the roster has: from `FEWEST_FEES` on, they alone
        set the level.
    """

    fee: Cents
    fees: int
    similar: int = 0


class GoingRates(Struct, frozen=True, kw_only=True, eq=False):
    """The fees of a roster as multiples of the usual ones.

    Attributes
    ----------
    usual
        (rows,) usual fees in the campaign's currency, or in dollars where those cannot be converted.
    in_currency
        Whether the usual fees are in the campaign's currency.
    kinds
        (rows, 3) creator, platform and tier of each row, as numbers.
    known
        Rows of offers with a stated fee, each offer once.
    """

    usual: NDArray[np.int64]
    in_currency: bool
    fee: NDArray[np.int64]
    kinds: NDArray[np.int64]
    known: NDArray[np.intp]

    @classmethod
    def of_problem(cls, problem: PlanningProblem) -> GoingRates:
        """Return the fees of a problem's offers as multiples of the usual ones."""
        roster, forecast = problem.roster, problem.forecast
        usual = _dollar_fees(problem) if forecast.usual_fee is None else forecast.usual_fee
        codes = (roster.creator_id, platform_codes(roster)[0], roster.texts["tier"].codes)
        kinds = np.stack([column.astype(np.int64) for column in codes], axis=1)
        stated = np.flatnonzero((forecast.origins["fee"] == Origin.OWN) & (forecast.fee > 0) & (usual > 0))
        offer = roster.texts["offer"].codes if "offer" in roster.texts else np.zeros(len(roster), dtype=np.int64)
        keys = np.column_stack([kinds[stated, :2], offer[stated]])
        first = np.unique(keys, axis=0, return_index=True)[1] if len(stated) else stated
        return cls(
            usual=usual,
            in_currency=forecast.usual_fee is not None,
            fee=forecast.fee,
            kinds=kinds,
            known=stated[np.sort(first)],
        )

    def rate(self, row: int) -> GoingRate | None:
        """Return the going rate of an offer, or None if neither roster nor benchmarks show one.

        The level is the median of `fee / usual fee` over other creators on the platform in the tier; over those on the
        platform, or over all, where fewer than `FEWEST_FEES` offers have a fee.
        """
        usual = int(self.usual[row])
        creator, platform, tier = (self.kinds[self.known, number] for number in range(3))
        others = creator != self.kinds[row, 0]
        on_platform = others & (platform == self.kinds[row, 1])
        alike = on_platform & (tier == self.kinds[row, 2])
        similar = int(np.count_nonzero(alike))
        for peers in (alike, on_platform, others):
            rows = self.known[peers]
            if len(rows) >= FEWEST_FEES:
                level = float(np.median(self.fee[rows] / self.usual[rows]))
                return GoingRate(fee=round_cents(usual * level), fees=len(rows), similar=similar) if usual else None
        return GoingRate(fee=usual, fees=0, similar=similar) if self.in_currency and usual else None


def _dollar_fees(problem: PlanningProblem) -> NDArray[np.int64]:
    """Return the usual fees in dollars: where the level comes from the roster, the currency cancels out."""
    campaign = problem.campaign
    benchmarks = override_benchmarks(default_benchmarks(), campaign.forecast)
    in_dollars = replace(campaign, exchange={**campaign.exchange, "USD": Fraction(1)})
    fees = usual_fees(problem.roster, resolve_deliverables(problem.roster, benchmarks), in_dollars)
    assert fees is not None
    return fees


def round_cents(cents: float) -> int:
    """Round as a usual fee: to two significant digits, in whole units of money and to at least one."""
    return int(round_two_digits(np.asarray(cents / 100))) * 100
