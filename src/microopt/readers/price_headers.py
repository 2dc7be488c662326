"""Recognize headers of prices, and what they price: `Story Price`, `pricePerReel`, `Instagram post rate (USD)`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from microopt.benchmarks.table import PLATFORMS, default_benchmarks
from microopt.quantities.currencies import CURRENCY_CODES, currency_pattern, find_currency, shared_sign

PRICE_PREFIX = "fee:"  # of the columns that hold the price of one format each


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_AMOUNT_WORDS = _set("price prices fee fees cost costs")
_PRICE_WORDS = _AMOUNT_WORDS | _set("rate rates")
_CODES = frozenset(code.casefold() for code in CURRENCY_CODES)
_FILLERS = _set("a an the per for in my our avg average base standard flat sponsored single each card")
# Words of headers that are not the price of an offer: the first two lines are the unit of a result (cost per click),
# the third names costs that are paid to somebody else, the last names columns that hold no amount.
_OTHER_COSTS = _set(
    "click clicks engagement engagements view views mille thousand impression impressions conversion conversions reach "
    "acquisition lead leads sale sales order orders install installs follower followers subscriber subscribers "
    "shipping delivery handling postage product agency processing "
    "type note notes status currency tier range date"
)
_SHORT_PLATFORMS = {"ig": "instagram", "insta": "instagram", "tt": "tiktok", "yt": "youtube"}
_MORE_FORMATS = _set("stories live igtv ugc tweet shoutout mention takeover giveaway bundle package")
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+|\d+")


@cache
def _currency() -> re.Pattern[str]:
    return re.compile(currency_pattern(), re.IGNORECASE)


@cache
def _format_words() -> frozenset[str]:
    """Return the words that name a format or a platform."""
    tables = [default_benchmarks().formats(platform) for platform in PLATFORMS]
    names = {name for table in tables for block in table.values() for name in block["names"]}
    return frozenset(
        {word for name in names for word in name.split()} | {*PLATFORMS, *_SHORT_PLATFORMS} | _MORE_FORMATS
    )


@cache
def split_header(header: str) -> tuple[str, ...]:
    """Return the words of a header: `storyPrice`, `STORY_PRICE` and `storyprice` are story and price."""
    words = [word.casefold() for word in _WORD.findall(_CAMEL_CASE.sub(" ", header))]
    return tuple(part for word in words for part in _split_compound(word))


def _split_compound(word: str) -> tuple[str, ...]:
    for price in _PRICE_WORDS if word not in _PRICE_WORDS else ():
        if word.endswith(price) and word.removesuffix(price) in _format_words():
            return word.removesuffix(price), price
        if word.startswith(price) and word.removeprefix(price) in _format_words():
            return price, word.removeprefix(price)
    return (word,)


def is_price_header(header: str) -> bool:
    """Whether a header is the price of something that a creator makes; an open rate or a growth rate is not."""
    words = set(split_header(header))
    if "%" in header or not words & _PRICE_WORDS or words & _OTHER_COSTS:
        return False
    return bool(words & _AMOUNT_WORDS) or words - _PRICE_WORDS - _FILLERS - _CODES <= _format_words()


def names_format(header: str) -> bool:
    """Whether a header names a format or a platform."""
    return bool(set(split_header(header)) & _format_words())


def find_header_currency(header: str) -> str | None:
    """Return the currency that a header names, or None: its code, or a sign that several currencies share."""
    found = _currency().search(_CAMEL_CASE.sub(" ", header))
    return shared_sign(found[0]) or find_currency(found[0]) if found else None


def parse_offer_header(header: str) -> tuple[str, str]:
    """Return the offer and the platform that a price header names; an offer without a name is a post."""
    ignored = _PRICE_WORDS | _FILLERS | _CODES
    words = [_SHORT_PLATFORMS.get(word, word) for word in split_header(header) if word not in ignored]
    platform = next((word for word in words if word in PLATFORMS), "")
    return " ".join(word for word in words if word != platform) or "post", platform


def assign_price_columns(
    headers: Sequence[str], taken: set[int], fee: tuple[int, int] | None, *, has_offers: bool
) -> dict[str, int]:
    """Return the fee column where there is a single price header, else one column for each price header.

    Parameters
    ----------
    taken
        Positions of headers that belong to other columns.
    fee
        Rank and position of the header that is an alias of the fee (a rank below 0: named by the user), or None.
    has_offers
        Whether a column names the offers.
    """
    priced = [i for i, header in enumerate(headers) if i not in taken and is_price_header(header)]
    if fee is not None:
        others = [i for i in priced if i != fee[1] and names_format(headers[i])]
        if fee[0] < 0 or has_offers or not others:
            return {"fee": fee[1]}
        priced = sorted({fee[1], *others})
    if len(priced) == 1:
        return {"fee": priced[0]}
    return {f"{PRICE_PREFIX}{number}": position for number, position in enumerate(priced)}
