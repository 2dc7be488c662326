"""The units of numbers that headers state: `Followers (K)`, `Fee in k€`, `Подписчики, тыс.`."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from microopt.quantities.currencies import CURRENCY_SIGNS, find_currency
from microopt.quantities.number_units import MIL, MIL_SCALES, UNIT_SCALES

_HEADER_UNITS = {"000": 1e3, "000s": 1e3, "'000": 1e3, "'000s": 1e3, "t": 1e3, MIL: 1e6, **UNIT_SCALES}
# Headers in Spanish or Portuguese, in which `mil` is a thousand.
_IBERIAN = re.compile(r"seguidor|suscript|inscrit|visuali|vistas|alcance|curtida|valor|pre[cç]|tarifa|cach", re.I)

LONGEST_HEADER = 400  # characters; of what is longer nothing is taken away that may stand around a name

# Codes that make no word with `k`, `m` or `t` before them, as ARS does in `Vues Mars`.
_CODES_AFTER_UNITS = ("EUR", "USD", "GBP", "CHF", "INR", "BRL", "PLN", "SEK", "NOK", "DKK")


@cache
def _currency() -> str:
    """Return a pattern of a currency that may follow a unit without a space, `k€`, `TEUR`: a sign or a code."""
    signs = sorted(sign for sign in CURRENCY_SIGNS if sign[-1:] == "$" or not sign.isascii())
    return f"(?:{'|'.join(map(re.escape, [*signs, *_CODES_AFTER_UNITS]))})"


@cache
def _may_have_unit() -> re.Pattern[str]:
    return re.compile(rf"[(\[](?! *%)|\bin[ _]|_in_|, |{_currency()}", re.IGNORECASE)


@cache
def _header_pattern() -> re.Pattern[str]:
    currency = _currency()
    units = "|".join(sorted(_HEADER_UNITS.keys() - {"t"}, key=len, reverse=True))
    in_brackets = rf"[(\[] *(?:in +)?{currency}? *(?P<in_brackets>{units}|t(?= *{currency}))\.? *{currency}? *[)\]]"
    after_in = rf"(?:[ ,-]|_|\b)in[ _]+(?P<after_in>{units}|t(?={currency}))\.? *{currency}? *$"
    before_sign = rf"[ _,(\[]+(?P<before_sign>k|m|t|tsd|mio)\.? ?{currency}[)\]]? *$"
    words = "|".join(sorted((unit for unit in _HEADER_UNITS if len(unit) > 1 or unit == "k"), key=len, reverse=True))
    after_comma = rf", *(?P<after_comma>{words})\.? *{currency}? *$"
    return re.compile(f"{in_brackets}|{after_in}|{before_sign}|{after_comma}", re.IGNORECASE)


_LAST_BRACKETS = re.compile(r"(?<=\S) *[(\[]([^()\[\]]{1,8})[)\]] *$")


def _find_unit(header: str) -> re.Match[str] | None:
    if len(header) > LONGEST_HEADER or not _may_have_unit().search(header):  # quick, and most headers
        return None
    match = _header_pattern().search(header)
    return match if match and header[: match.start()].strip() else None  # not where the header is nothing but a unit


@lru_cache(maxsize=4096)
def header_scale(header: str) -> float:
    """Return what a header multiplies its numbers by: 1,000 for `Followers (K)` and `Fee in k€`, 1 for most."""
    match = _find_unit(header)
    unit = match[match.lastgroup or 0].lower() if match else ""
    if unit == MIL:
        return MIL_SCALES["," if _IBERIAN.search(header) else "."]
    return _HEADER_UNITS[unit] if unit else 1.0


@lru_cache(maxsize=4096)
def without_unit(header: str) -> str:
    """Return a header without the unit of its numbers: `Followers` for `Followers (K)`, `Price` for `Price (€)`."""
    match = _find_unit(header)
    header = header[: match.start()].rstrip() + header[match.end() :] if match else header
    in_brackets = _LAST_BRACKETS.search(header) if len(header) <= LONGEST_HEADER else None
    return header[: in_brackets.start()] if in_brackets and find_currency(in_brackets[1].strip()) else header
