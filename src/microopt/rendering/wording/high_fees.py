"""The sentence on fees that are well above the usual ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.quantities.records import column_of
from microopt.quantities.tables import values_of
from microopt.rendering.wording.plan_figures import fee_estimate_range
from microopt.roster.usual_fees import UsualFees

FEWEST_FEES = 3  # that show the level of a market
MOST_NAMED = 5  # creators in a sentence
OUTLYING = 2.0  # times the level of the list's own fees; and the level from which a market is dear
SMALL = 0.5  # times the median fee of the list, below which a fee is small


class PricedOffer(Protocol):
    """An offer with its fee and the usual one: of a plan, or of a forecast."""

    @property
    def creator(self) -> str:
        """The name of the creator."""

    @property
    def fee(self) -> int:
        """The fee in cents."""

    @property
    def fee_estimated(self) -> bool:
        """Whether the fee is an estimate."""

    @property
    def fee_high(self) -> bool:
        """Whether the fee is far above the usual one."""

    @property
    def usual_fee(self) -> int | None:
        """The usual fee in cents, None if it is unknown."""


def high_fee_sentences(
    offers: Sequence[PricedOffer],
    facts: UsualFees | None = None,
    *,
    hints: bool = True,
    fees: str = "Fees on your list",
) -> Iterator[tuple[str, str]]:
    """Yield one caveat about the fees that are well above the usual ones, if there are any.

    Where the list is dearer than industry estimates as a whole, that is told, and not of each creator: only a fee far
    above the others is then named, unless it is small.

    Parameters
    ----------
    facts
        What the usual fees rest on, None in plans that do not say.
    hints
        Whether to name the command that shows the usual fees, where creators are named.
    fees
        What the sentence on the market calls the fees of the list.
    """
    fees_of = _PickFees.of(offers)
    high = int(np.count_nonzero(fees_of.high))
    level = _level(fees_of, facts)
    if not high and (level is None or not fees_of.stated.any()):
        return
    flagged = fees_of.high & fees_of.stated
    if level is not None:
        least = SMALL * float(np.median(fees_of.fee[fees_of.stated]))  # a least fee is many times next to nothing
        flagged &= (fees_of.multiple > OUTLYING * level) & (fees_of.fee >= least)
    label, creators = _furthest(offers, fees_of, flagged)
    if level is None:
        statement = _statement(high, int(np.count_nonzero(fees_of.stated)), label, creators, usual_fee_name(facts))
    else:
        whose = "Their fees" if facts is None else fees
        statement = f"{whose} are about {level:.1f} times the industry estimate; your market may cost more."
        statement += f" {label}: {creators}." if creators else ""
    yield "caveat", statement + (" See microopt forecast." if hints and flagged.any() else "")


class _PickFees(Struct, frozen=True, eq=False):
    """The fees of offers as columns: of tens of thousands, one by one takes as long as the rest of the table.

    Attributes
    ----------
    fee, usual
        Cents; the usual one is NaN where it is unknown.
    multiple
        How many times the usual fee it is, NaN where that is unknown.
    high
        Whether it is far above the usual one.
    stated
        Whether there is a fee that is no estimate.
    """

    fee: NDArray[np.int64]
    usual: NDArray[np.float64]
    multiple: NDArray[np.float64]
    high: NDArray[np.bool_]
    stated: NDArray[np.bool_]

    @classmethod
    def of(cls, offers: Sequence[PricedOffer]) -> _PickFees:
        """Return the fees of some offers."""
        fee, estimated, high, usual = (
            np.asarray(values_of(column_of(offers, name)), dtype=dtype)
            for name, dtype in (("fee", np.int64), ("fee_estimated", bool), ("fee_high", bool), ("usual_fee", float))
        )
        stated = (fee != 0) & ~estimated
        is_known = stated & (np.nan_to_num(usual) != 0)
        multiple = np.divide(fee, usual, out=np.full(len(fee), np.nan), where=is_known)
        return cls(fee, usual, multiple, high, stated)


def market_level(offers: Sequence[PricedOffer], facts: UsualFees | None = None) -> float | None:
    """Return how many times the industry estimate fees typically are, None unless that is well above it.

    Parameters
    ----------
    facts
        What the usual fees rest on; where a plan does not say, its own fees tell the level.
    """
    return _level(_PickFees.of(offers) if facts is None else None, facts)


def _level(fees: _PickFees | None, facts: UsualFees | None) -> float | None:
    if facts is None:
        return None if fees is None else _market_level(fees)
    is_dear = not facts.from_list and facts.creators >= FEWEST_FEES and facts.level > OUTLYING
    return facts.level if is_dear else None


def usual_fee_name(facts: UsualFees | None) -> str:
    """Return what fees are compared with: the usual fee, and where it comes from."""
    if facts is None:
        return "the usual fee"
    return "the usual fee on your list" if facts.from_list else "the usual fee (an industry estimate)"


def _market_level(fees: _PickFees) -> float | None:
    multiples = fees.multiple[~np.isnan(fees.multiple)]
    is_market = np.count_nonzero(fees.high) > np.count_nonzero(fees.stated) / 2 and len(multiples) >= FEWEST_FEES
    return float(np.median(multiples)) if is_market else None


def expected_from_estimate(offers: Sequence[PricedOffer], campaign: Campaign, facts: UsualFees | None = None) -> str:
    """Return what to expect of an estimated fee: the level of the fees stated, or the range of the estimate."""
    level = market_level(offers, facts)
    if facts is not None and not facts.from_list and facts.creators >= FEWEST_FEES and 0 < facts.level < 1 / OUTLYING:
        level = facts.level
    if level is not None:
        return f"the other fees here suggest about {level:.1f} times as much"
    low, high = fee_estimate_range(campaign) if facts is None else (facts.low, facts.high)
    return f"expect {low:g} to {high:g} times as much"


def estimate_basis(facts: UsualFees | None) -> str:
    """Return what an estimated fee comes from, to follow `estimated`."""
    if facts is None:
        return "from followers and public CPMs"
    if facts.from_list:
        return f"from the prices of {facts.creators:,} creators on your list"
    return "from industry rate cards"


def fee_multiple(offer: PricedOffer) -> float | None:
    """Return how many times the usual fee a stated fee is, None if that is unknown."""
    return offer.fee / offer.usual_fee if offer.usual_fee and offer.fee and not offer.fee_estimated else None


def is_flagged(offer: PricedOffer, level: float | None) -> bool:
    """Whether a fee is well above the usual one, and in a dear market also far above the other fees."""
    multiple = fee_multiple(offer)
    return offer.fee_high and (level is None or (multiple is not None and multiple > OUTLYING * level))


def _statement(high: int, stated: int, label: str, creators: str, compared: str) -> str:
    subject = "The one fee is" if stated == 1 else f"{high:,} of {stated:,} fees {'is' if high == 1 else 'are'}"
    statement = f"{subject} well above {compared}"
    if not creators:
        return f"{statement}."
    return f"{statement}: {creators}." if high == 1 else f"{statement}. {label}: {creators}."


def _furthest(offers: Sequence[PricedOffer], fees: _PickFees, flagged: NDArray[np.bool_]) -> tuple[str, str]:
    """Return in what some fees are furthest above the usual ones, and their creators, each with the multiple.

    Where there are too many to name, those count that cost the most money above the usual fee.
    """
    places = np.flatnonzero(flagged & ~np.isnan(fees.multiple))
    names, excesses = values_of(column_of(offers, "creator")), (fees.fee - fees.usual)[places].tolist()
    multiples: dict[str, float] = {}
    in_money: dict[str, tuple[float, float]] = {}
    for place, multiple, money in zip(places.tolist(), fees.multiple[places].tolist(), excesses, strict=True):
        creator = names[place]
        multiples[creator] = max(multiple, multiples.get(creator, 0.0))
        in_money[creator] = max((money, multiple), in_money.get(creator, (money, multiple)))
    highest = sorted(multiples.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMED]
    dearest = sorted(in_money, key=lambda name: (-in_money[name][0], name))[:MOST_NAMED]
    if {name for name, _ in highest} == set(dearest):
        return "Highest", _with_multiples(highest)
    return "Furthest above it in money", _with_multiples([(name, in_money[name][1]) for name in dearest])


def _with_multiples(creators: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{creator} at {multiple:,.{0 if multiple >= 100 else 1}f}x" for creator, multiple in creators)
