"""Which headers are prices, and of what: `Story Price`, `pricePerReel`, `Instagram post rate (USD)`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from microopt.benchmarks.table import PLATFORMS, default_benchmarks
from microopt.quantities.parse_and_format import CURRENCY_CODES, CURRENCY_SIGNS

PRICE_PREFIX = "fee:"  # prefix of the columns that hold the price of one format each


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SUMS = _set("price prices fee fees cost costs")
_PRICES = _SUMS | _set("rate rates")
_CODES = frozenset(code.casefold() for code in CURRENCY_CODES)
_FILLERS = _set("a an the per for in my our avg average base standard flat sponsored single each card")
# A cost of the first is a result, not what a creator is paid; of the next, paid to somebody else; the last are no sums.
_OTHER_COSTS = _set(
    "click clicks engagement engagements view views mille thousand impression impressions conversion conversions reach "
    "acquisition lead leads sale sales order orders install installs follower followers subscriber subscribers "
    "shipping delivery handling postage product agency processing "
    "type note notes status currency tier range date"
)
_SHORT = {"ig": "instagram", "insta": "instagram", "tt": "tiktok", "yt": "youtube"}
_MORE_FORMATS = _set("stories live igtv ugc tweet shoutout mention takeover giveaway bundle package")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_SIGN = re.compile(r"R\$|[$€£¥₹]")


@cache
def _formats() -> frozenset[str]:
    """Return the words that name a format or a platform."""
    tables = [default_benchmarks().formats(platform) for platform in PLATFORMS]
    names = {name for table in tables for block in table.values() for name in block["names"]}
    return frozenset({word for name in names for word in name.split()} | {*PLATFORMS, *_SHORT} | _MORE_FORMATS)


@cache
def split_header(header: str) -> tuple[str, ...]:
    """Return the words of a header: `storyPrice`, `STORY_PRICE` and `storyprice` are story and price."""
    found = [word.casefold() for word in _WORD.findall(_CAMEL.sub(" ", header))]
    return tuple(part for word in found for part in _unglued(word))


def _unglued(word: str) -> Iterable[str]:
    for price in _PRICES if word not in _PRICES else ():
        if word.endswith(price) and word.removesuffix(price) in _formats():
            return word.removesuffix(price), price
        if word.startswith(price) and word.removeprefix(price) in _formats():
            return price, word.removeprefix(price)
    return (word,)


def is_price_header(header: str) -> bool:
    """Whether a header is the price of something that a creator makes; an open or growth rate is not."""
    found = set(split_header(header))
    if "%" in header or not found & _PRICES or found & _OTHER_COSTS:
        return False
    return bool(found & _SUMS) or found - _PRICES - _FILLERS - _CODES <= _formats()


def names_format(header: str) -> bool:
    """Whether a header names a format or a platform."""
    return bool(set(split_header(header)) & _formats())


def find_header_currency(header: str) -> str | None:
    """Return the code of the currency that a header names, or None."""
    signs = _SIGN.findall(header)
    codes = [word.upper() for word in split_header(header) if word in _CODES]
    return next(iter([CURRENCY_SIGNS[sign] for sign in signs] + codes), None)


def parse_offer_header(header: str) -> tuple[str, str]:
    """Return the offer and the platform that a price header names; an offer without a name is a post."""
    left = [_SHORT.get(word, word) for word in split_header(header) if word not in _PRICES | _FILLERS | _CODES]
    platform = next((word for word in left if word in PLATFORMS), "")
    return " ".join(word for word in left if word != platform) or "post", platform


def assign_price_columns(
    headers: Sequence[str], taken: set[int], fee: tuple[int, int] | None, *, offers: bool
) -> dict[str, int]:
    """Return the fee of a lone price column, or one column a format where there are more.

    Parameters
    ----------
    taken
        Positions of headers that are something else.
    fee
        Rank and position of the header that claims the fee by its name (a rank below 0: as told), or None.
    offers
        Whether a column names the offers.
    """
    priced = [i for i, header in enumerate(headers) if i not in taken and is_price_header(header)]
    if fee is not None:
        others = [i for i in priced if i != fee[1] and names_format(headers[i])]
        if fee[0] < 0 or offers or not others:
            return {"fee": fee[1]}
        priced = sorted({fee[1], *others})
    if len(priced) == 1:
        return {"fee": priced[0]}
    return {f"{PRICE_PREFIX}{number}": position for number, position in enumerate(priced)}
