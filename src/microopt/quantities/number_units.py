"""The words that scale a number: `120 Tsd.`, `1,2 Mio`, `2 Lakh`, `3 mil`."""

from __future__ import annotations

from collections.abc import Mapping

# A number is multiplied by the scale of its unit; words are in lower case and without a point at their end.
_SCALES = {
    1e3: "k к tsd tausend thousand thousands mila mille rb ribu ngàn nghìn т тыс тысяч тысячи тис bin tys tis 千 천",
    1e4: "w 万 萬 만",
    1e5: "l lac lacs lakh lakhs",
    1e6: "m mm mn mio mill mln million millions millionen milione milioni millón millones milhão milhões mi jt juta tr "
    "triệu млн миллион миллионов миллиона 百万 백만",
    1e7: "cr crore crores 千万 천만",
    1e8: "亿 億 억",
    1e9: "b bn billion mrd mia md млрд miliar",
}
UNIT_SCALES: Mapping[str, float] = {word: scale for scale, words in _SCALES.items() for word in words.split()}
# Units with two meanings, by what else is written: `mil` is a million in English and a thousand in Spanish and
# Portuguese; `B` is a billion, and a thousand (`bin`) in Turkish.
MIL, LETTER_B, BIN = "mil", "b", "bin"
MIL_SCALES: Mapping[str, float] = {".": 1e6, ",": 1e3}  # by the decimal mark
UNIT_WORDS = ("%", *sorted((*UNIT_SCALES, MIL), key=len, reverse=True))  # the longest first
# Units that may be another measure (weeks, litres, miles, tons) in a column of which nothing is known.
DOUBTFUL_UNITS = frozenset(["w", "l", "mi", "mn", "md", "tr", "cr", "bin", "т"])
# Units that nobody writes behind an amount of a campaign, or that are part of another word there.
_NEVER_TYPED = frozenset(["w", "l", "mi", "md", "tr"])
TYPED_UNITS: Mapping[str, float] = {word: scale for word, scale in UNIT_SCALES.items() if word not in _NEVER_TYPED}
# Currencies of countries that say `mil` for a thousand.
MIL_CURRENCIES = frozenset(["BRL", "MXN", "ARS", "CLP", "COP", "PEN", "UYU", "DOP", "CRC", "GTQ"])


def is_thousand(body: str, currency: str | None) -> bool:
    """Whether `mil` is a thousand behind a number, by its digits and currency: `1,2 mil`, `12 mil`, `3 mil €`."""
    if currency in MIL_CURRENCIES or "," in body:
        return True
    return "." not in body and (currency == "EUR" or len(body) > 1)
