"""Doubts about fees: a paid post at a fiftieth of what is usual, or at fifty times as much, by its fee, CPM or CPE."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS, Benchmarks
from microopt.campaign.campaign import Campaign
from microopt.forecast.cost import campaign_currency, dollar_rate
from microopt.forecast.deliverables import Deliverables, resolve_deliverables
from microopt.forecast.engagement import ranking_rate
from microopt.forecast.figure_plausibility import RATED_BY_VIEWS, Doubt, Mask, NDFloat, usual_engagement_rates
from microopt.forecast.public_fees import public_fees
from microopt.quantities.parse_and_format import format_count, format_money
from microopt.roster.roster import Roster
from microopt.roster.suspicion import FEE_CODE

Rows = NDArray[np.intp]
THOUSAND = 1000
SLIPS = (THOUSAND, 100)  # what a fee is off by if a separator or cents were misread
SLIP_MARGIN = 5.0  # how far from the usual fee the corrected one may be
OTHER_LEVEL = 10.0  # times the usual fee, or a part of it, that a whole market may be at
FEWEST_FEES = 15  # that show the level of a market
MOST_MEANT = 50.0  # times the usual fee, for one that is written in thousands
BASES = ("fee", "CPM", "CPE")
CURRENCY_FIX = 'Fees without a currency count as US dollars. For another, add currency = "EUR" to the campaign file.'


class _FeeCase(Struct, frozen=True, kw_only=True):
    """A fee that is doubted: the basis that is furthest from what is usual, and as what multiple of it.

    Attributes
    ----------
    rate
        The engagement rate by followers that CPE rests on.
    """

    basis: str
    ratio: float
    rate: float


def doubt_fees(
    roster: Roster, campaign: Campaign, benchmarks: Benchmarks, usual_fee: NDArray[np.int64] | None, doubted: Mask
) -> Iterator[Doubt]:
    """Yield the doubt about fees out of all proportion, the worst first; gifted posts are not doubted.

    What is usual are public figures, not the prices of the roster: those may all be off by the same slip. A market may
    be dearer or cheaper than these by up to ten times.

    Parameters
    ----------
    usual_fee
        (n,) cents by public figures, or None to have it estimated here.
    doubted
        (n,) offers whose figures are doubted already: of these, CPM and CPE say nothing.
    """
    paid = np.flatnonzero(roster.fee > 0)
    dollar = rough_dollar_rate(roster, campaign, benchmarks)
    if dollar is None or not len(paid):
        return
    if usual_fee is None:
        known = replace(campaign, exchange={**campaign.exchange, "USD": Fraction(dollar)})
        usual_fee = public_fees(roster, resolve_deliverables(roster, benchmarks), known, benchmarks)
        assert usual_fee is not None
    multiple = np.divide(roster.fee, usual_fee, out=np.full(len(roster), np.nan), where=(roster.fee > 0))
    multiple /= _market_level(multiple[paid])
    candidates = _candidates(roster, multiple, benchmarks)
    cases = _judge(roster.take(candidates), multiple[candidates], doubted[candidates], dollar, benchmarks)
    rows = {int(candidates[place]): case for place, case in cases.items()}
    currency = campaign.currency or roster.currency
    is_known = currency is not None or len(rows) <= len(paid) / 2
    yield Doubt(
        code=FEE_CODE,
        text="a fee out of all proportion",
        fix="" if is_known else CURRENCY_FIX,
        rows=np.asarray(sorted(rows, key=lambda row: (-abs(np.log(rows[row].ratio)), row)), dtype=np.intp),
        describe=lambda row: _describe(roster, row, rows[row], currency or "USD", guess=is_known),
    )


def _market_level(multiples: NDFloat) -> float:
    """Return how many times the usual fee a market typically costs, 1 if that is unknown or no market's level."""
    level = float(np.median(multiples)) if len(multiples) >= FEWEST_FEES else 1.0
    return level if 1 / OTHER_LEVEL <= level <= OTHER_LEVEL else 1.0


def rough_dollar_rate(roster: Roster, campaign: Campaign, benchmarks: Benchmarks) -> float | None:
    """Return the worth of a US dollar in the campaign's currency, roughly if the campaign does not say, or None.

    A rough rate is enough to see whether a fee is a fiftieth of what is usual.
    """
    rate = dollar_rate(roster, campaign)
    if rate is not None:
        return rate
    worth = benchmarks.table("plausibility.dollars").get(campaign_currency(roster, campaign))
    return None if worth is None else 1 / float(worth)


def _candidates(roster: Roster, multiple: NDFloat, benchmarks: Benchmarks) -> Rows:
    """Return the few rows that may be out of proportion, by the widest limits of any platform, format and size."""
    factor = benchmarks.figure("plausibility.fee", "factor")
    followers = roster.numbers["followers"]
    with np.errstate(divide="ignore", invalid="ignore"):
        odd = (multiple > factor) | (multiple < 1 / factor)
        if "views" in roster.numbers:
            low, high = _view_rate_range(benchmarks)
            cpm = multiple * followers / roster.numbers["views"]
            odd |= (cpm * high > factor) | (cpm * low < 1 / factor)
        if {"engagement_rate", "engagements", "likes"} & roster.numbers.keys():
            low, high = _usual_rate_range(benchmarks)
            cpe = multiple / ranking_rate(roster)
            odd |= (cpe * high > factor) | (cpe * low < 1 / factor)
    return np.flatnonzero(odd)


def _view_rate_range(benchmarks: Benchmarks) -> tuple[float, float]:
    """Return the lowest and the highest usual views per follower of any format and size."""
    rates = [
        block["view_rate"] for name in PLATFORMS for block in benchmarks.formats(name).values() if "view_rate" in block
    ]
    feed = benchmarks.by_band(
        "feed_views", "view_rate", np.arange(len(benchmarks.table("feed_views")["floors"]), dtype=np.int8)
    )
    return min(*rates, *feed), max(*rates, *feed)


def _usual_rate_range(benchmarks: Benchmarks) -> tuple[float, float]:
    """Return the lowest and the highest usual engagement rate of any platform and size."""
    floors = np.asarray(benchmarks.table("engagement.instagram")["floors"], dtype=float)
    rates = [usual_engagement_rates(benchmarks, np.full(len(floors), code), floors) for code in range(len(PLATFORMS))]
    return float(np.min(rates)), float(np.max(rates))


def _judge(
    offers: Roster, multiple: NDFloat, doubted: Mask, dollar: float, benchmarks: Benchmarks
) -> dict[int, _FeeCase]:
    """Return the case of each position whose fee, CPM or CPE is out of proportion."""
    deliverables = resolve_deliverables(offers, benchmarks)
    followers, views = offers.numbers["followers"], offers.number("views")
    with np.errstate(divide="ignore", invalid="ignore"):
        by_views = np.where(doubted | (views <= 0), np.nan, multiple * followers * deliverables.view_rate / views)
        by_engagement, rate = _cost_per_engagement(offers, multiple, deliverables, benchmarks)
    ratios = np.stack([multiple, by_views, np.where(doubted, np.nan, by_engagement)])
    factor, least = (benchmarks.figure("plausibility.fee", key) for key in ("factor", "least"))
    is_large = offers.fee >= factor * least * 100 * dollar * offers.unit_counts()
    odd = ((ratios > factor) & is_large) | (ratios < 1 / factor)
    places = np.flatnonzero(odd.any(axis=0)).tolist()
    bases = odd.argmax(axis=0).tolist()
    return {
        place: _FeeCase(basis=BASES[bases[place]], ratio=float(ratios[bases[place], place]), rate=float(rate[place]))
        for place in places
    }


def _cost_per_engagement(
    offers: Roster, multiple: NDFloat, deliverables: Deliverables, benchmarks: Benchmarks
) -> tuple[NDFloat, NDFloat]:
    """Return the CPE as a multiple of the usual one, and the engagement rate by followers that it rests on.

    A rate and an offer are given the meaning that is nearest to the usual: a rate stated on YouTube or TikTok may be
    one by views, and the usual CPE may be that of the platform's usual format as well as the offer's own.
    """
    rate = ranking_rate(offers)
    usual = multiple * usual_engagement_rates(benchmarks, deliverables.platform, offers.numbers["followers"])
    may_be_by_views = np.isfinite(offers.number("engagement_rate")) & np.isin(deliverables.platform, RATED_BY_VIEWS)
    rates = np.stack([rate, np.where(may_be_by_views, rate * deliverables.view_rate, rate)] * 2)
    premium = _format_premium(deliverables)
    ratios = np.stack([usual, usual, usual * premium, usual * premium]) / np.where(rates > 0, rates, np.nan)
    nearest = np.nan_to_num(np.abs(np.log(ratios)), nan=np.inf).argmin(axis=0)
    columns = np.arange(len(rate))
    return ratios[nearest, columns], rates[nearest, columns]


def _format_premium(deliverables: Deliverables) -> NDFloat:
    """Return what an engagement of each offer usually costs, as a multiple of that of the platform's usual format."""
    premium: NDFloat = deliverables.price / np.where(deliverables.engagement > 0, deliverables.engagement, 1.0)
    return premium


def _describe(roster: Roster, row: int, case: _FeeCase, currency: str, *, guess: bool) -> str:
    """Return the fee against what is usual, and what it may have been meant to be."""
    offer = roster.take(slice(row, row + 1))
    fee, followers = int(offer.fee[0]), offer.numbers["followers"]
    amounts = {"fee": ("followers", followers), "CPM": ("views", offer.number("views"))}
    name, values = amounts.get(case.basis, ("engagements", case.rate * followers))
    share = f"1/{_rounded(1 / case.ratio)}" if case.ratio < 1 else f"{_rounded(case.ratio)} times"
    of = "of the usual" if case.ratio < 1 else "the usual"
    statement = f"{format_money(fee, currency)} for {format_count(values[0])} {name} is {share} {of} {case.basis}"
    meant = _meant_fees(fee, case) if guess and case.basis == "fee" else []
    asked = " or ".join(format_money(amount, currency) for amount in meant)
    return f"{statement}: is it {asked}?" if asked else statement


def _meant_fees(fee: int, case: _FeeCase) -> list[int]:
    """Return the fee without a slip of thousands or cents, if that is near what is usual.

    A fee with decimals, such as 1.2, may also be one in thousands, even where it is far above the usual.
    """
    slips = [(slip if case.ratio < 1 else 1 / slip) for slip in SLIPS]
    likely = [slip for slip in slips if 1 / SLIP_MARGIN <= case.ratio * slip <= SLIP_MARGIN]
    nearest = [min(likely, key=lambda slip: abs(np.log(case.ratio * slip)))] if likely else []
    is_in_thousands = case.ratio < 1 and fee % 100 and 1 / MOST_MEANT <= case.ratio * THOUSAND <= MOST_MEANT
    found = [THOUSAND, *nearest] if is_in_thousands else nearest
    return [round(fee * slip) for slip in dict.fromkeys(found)]


def _rounded(number: float) -> str:
    """Return a number above 1 with two significant digits: 400, 1,200, 57."""
    digits = int(np.floor(np.log10(number))) - 1
    return f"{round(number, -digits):,.0f}"
