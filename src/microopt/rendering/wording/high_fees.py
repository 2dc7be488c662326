"""The sentence on fees that are well above the usual ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Protocol

from microopt.campaign.campaign import Campaign
from microopt.rendering.wording.plan_figures import fee_estimate_range

FEWEST_FEES = 3  # that show the level of a market
MOST_NAMED = 5  # creators in a sentence
OUTLYING = 2.0  # times the level of the list's own fees
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
    offers: Sequence[PricedOffer], *, hints: bool = True, fees: str = "Their fees"
) -> Iterator[tuple[str, str]]:
    """Yield one caveat about the fees that are well above the usual ones, if there are any.

    Where most of them are, the market is dearer and not each creator: only a fee far above the others is then named,
    unless it is small.

    Parameters
    ----------
    hints
        Whether to name the command that shows the usual fees, where creators are named.
    fees
        What the sentence on the market calls the fees of these offers.
    """
    high = sum(offer.fee_high for offer in offers)
    if not high:
        return
    stated = [offer for offer in offers if offer.fee and not offer.fee_estimated]
    level = market_level(offers)
    named = [offer for offer in stated if is_flagged(offer, level)]
    if level is not None:
        named = _are_not_small(named, stated)
    statement = _statement(high, stated) if level is None else _market_statement(fees, named, level)
    yield "caveat", statement + (" See microopt forecast." if hints and named else "")


def market_level(offers: Sequence[PricedOffer]) -> float | None:
    """Return how many times the usual fee the fees typically are, None unless most of them are well above it."""
    stated = [offer for offer in offers if offer.fee and not offer.fee_estimated]
    multiples = [multiple for offer in stated if (multiple := fee_multiple(offer)) is not None]
    is_market = sum(offer.fee_high for offer in offers) > len(stated) / 2 and len(multiples) >= FEWEST_FEES
    return median(multiples) if is_market else None


def expected_from_estimate(offers: Sequence[PricedOffer], campaign: Campaign) -> str:
    """Return what to expect of an estimated fee: the level of the fees stated, or the range of the estimate."""
    level = market_level(offers)
    if level is not None:
        return f"the other fees here suggest about {level:.1f} times as much"
    low, high = fee_estimate_range(campaign)
    return f"expect {low:g} to {high:g} times as much"


def fee_multiple(offer: PricedOffer) -> float | None:
    """Return how many times the usual fee a stated fee is, None if that is unknown."""
    return offer.fee / offer.usual_fee if offer.usual_fee and offer.fee and not offer.fee_estimated else None


def is_flagged(offer: PricedOffer, level: float | None) -> bool:
    """Whether a fee is well above the usual one, and in a dear market also far above the other fees."""
    multiple = fee_multiple(offer)
    return offer.fee_high and (level is None or (multiple is not None and multiple > OUTLYING * level))


def _statement(high: int, stated: Sequence[PricedOffer]) -> str:
    fees = len(stated)
    subject = "The one fee is" if fees == 1 else f"{high:,} of {fees:,} fees {'is' if high == 1 else 'are'}"
    statement = f"{subject} well above the usual fee"
    label, creators = _furthest([offer for offer in stated if offer.fee_high])
    if not creators:
        return f"{statement}."
    return f"{statement}: {creators}." if high == 1 else f"{statement}. {label}: {creators}."


def _market_statement(fees: str, named: Sequence[PricedOffer], level: float) -> str:
    statement = f"{fees} are about {level:.1f} times the industry estimate; your market may cost more."
    label, creators = _furthest(named)
    return f"{statement} {label}: {creators}." if creators else statement


def _are_not_small(flagged: Sequence[PricedOffer], stated: Sequence[PricedOffer]) -> list[PricedOffer]:
    """Return the fees of which a multiple says something: a least fee is many times next to nothing."""
    least = SMALL * median(offer.fee for offer in stated) if stated else 0
    return [offer for offer in flagged if offer.fee >= least]


def _furthest(offers: Sequence[PricedOffer]) -> tuple[str, str]:
    """Return in what some fees are furthest above the usual ones, and their creators, each with the multiple.

    Where there are too many to name, those count that cost the most money above the usual fee.
    """
    multiples: dict[str, float] = {}
    in_money: dict[str, tuple[int, float]] = {}
    for offer in offers:
        multiple = fee_multiple(offer)
        if multiple is not None and offer.usual_fee is not None:
            multiples[offer.creator] = max(multiple, multiples.get(offer.creator, 0.0))
            excess = (offer.fee - offer.usual_fee, multiple)
            in_money[offer.creator] = max(excess, in_money.get(offer.creator, excess))
    highest = sorted(multiples.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMED]
    dearest = sorted(in_money, key=lambda name: (-in_money[name][0], name))[:MOST_NAMED]
    if {name for name, _ in highest} == set(dearest):
        return "Highest", _with_multiples(highest)
    return "Furthest above it in money", _with_multiples([(name, in_money[name][1]) for name in dearest])


def _with_multiples(creators: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{creator} at {multiple:.1f}x" for creator, multiple in creators)
