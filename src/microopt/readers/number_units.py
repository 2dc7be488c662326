"""The words that scale a number, in cells (`120 Tsd.`, `1,2 Mio`, `2 Lakh`) and in headers (`Followers (K)`)."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from microopt.quantities.currencies import CURRENCY_SIGNS, find_currency

# A number is multiplied by the scale of its unit; words are in lower case and without a point at their end.
_SCALES = {
    1e3: "k tsd tausend thousand thousands mila mille rb ribu ngàn nghìn тыс тысяч тис bin tys tis 千 천",
    1e4: "w 万 萬 만",
    1e5: "l lac lacs lakh lakhs",
    1e6: "m mm mn mio mill mln million millions millionen milione milioni millón millones milhão milhões mi jt juta tr "
    "triệu млн миллион миллионов миллиона 百万 백만",
    1e7: "cr crore crores 千万 천만",
    1e8: "亿 億 억",
    1e9: "b bn billion mrd mia md млрд miliar",
}
UNIT_SCALES = {word: scale for scale, words in _SCALES.items() for word in words.split()}
# `mil` is a million in English and a thousand in Spanish and Portuguese: the decimal mark tells which.
MIL = "mil"
MIL_SCALES = {".": 1e6, ",": 1e3}
UNIT_WORDS = ("%", *sorted((*UNIT_SCALES, MIL), key=len, reverse=True))  # the longest first
# Units that may be another measure (weeks, litres, miles) in a column of which nothing is known.
DOUBTFUL_UNITS = frozenset(["w", "l", "mi", "mn", "md", "tr", "cr", "bin"])
_HEADER_UNITS = {"000": 1e3, "000s": 1e3, "'000": 1e3, "'000s": 1e3, "t": 1e3, MIL: 1e6, **UNIT_SCALES}
# Headers in Spanish or Portuguese, in which `mil` is a thousand.
_IBERIAN = re.compile(r"seguidor|suscript|inscrit|visuali|vistas|alcance|curtida|valor|pre[cç]|tarifa|cach", re.I)

# Codes that make no word with `k`, `m` or `t` before them, as ARS does in `Vues Mars`.
_CODES_AFTER_UNITS = ("EUR", "USD", "GBP", "CHF", "INR", "BRL", "PLN", "SEK", "NOK", "DKK")


@cache
def _currency() -> str:
    """Return a pattern of a currency that may follow a unit without a space, `k€`, `TEUR`: a sign or a code."""
    signs = sorted(sign for sign in CURRENCY_SIGNS if sign[-1:] == "$" or not sign.isascii())
    return f"(?:{'|'.join(map(re.escape, [*signs, *_CODES_AFTER_UNITS]))})"


@cache
def _may_have_unit() -> re.Pattern[str]:
    return re.compile(rf"[(\[](?! *%)|\bin[ _]|_in_|{_currency()}", re.IGNORECASE)


@cache
def _header_pattern() -> re.Pattern[str]:
    currency = _currency()
    units = "|".join(sorted(_HEADER_UNITS.keys() - {"t"}, key=len, reverse=True))
    in_brackets = rf"[(\[] *(?:in +)?{currency}? *(?P<in_brackets>{units}|t(?= *{currency}))\.? *{currency}? *[)\]]"
    after_in = rf"(?:[ ,-]|_|\b)in[ _]+(?P<after_in>{units}|t(?={currency}))\.? *{currency}? *$"
    before_sign = rf"[ _,(\[]+(?P<before_sign>k|m|t|tsd|mio)\.? ?{currency}[)\]]? *$"
    return re.compile(f"{in_brackets}|{after_in}|{before_sign}", re.IGNORECASE)


_LAST_BRACKETS = re.compile(r"(?<=\S) *[(\[]([^()\[\]]{1,8})[)\]] *$")


def _find_unit(header: str) -> re.Match[str] | None:
    if not _may_have_unit().search(header):  # quick, and most headers
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
    in_brackets = _LAST_BRACKETS.search(header)
    return header[: in_brackets.start()] if in_brackets and find_currency(in_brackets[1].strip()) else header
