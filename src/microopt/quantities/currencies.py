"""The currencies: their codes, the signs and words by which people write them, and the sign that we write.

The tables are kept by hand: which sign stands for which currency is in no standard, and CLDR leaves out words such as
`руб.` or `lei`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

_CODES = """
    USD EUR GBP JPY INR BRL CHF CAD AUD NZD SEK NOK DKK ISK PLN CZK HUF RON BGN RSD TRY RUB UAH KZT GEL CNY TWD HKD SGD
    KRW IDR MYR THB VND PHP PKR BDT LKR NPR AED SAR QAR KWD BHD OMR ILS EGP MAD TND ZAR NGN KES GHS UGX TZS MXN ARS CLP
    COP PEN UYU DOP CRC GTQ
"""
_OTHER_CODES = """
    AFN ALL AMD AOA AWG AZN BAM BBD BIF BMD BND BOB BSD BTN BWP BYN BZD CDF CUP CVE DJF DZD ERN ETB FJD FKP GIP GMD GNF
    GYD HNL HTG IQD IRR JMD JOD KGS KHR KMF KPW KYD LAK LBP LRD LSL LYD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MZN NAD
    NIO PAB PGK PYG RWF SBD SCR SDG SHP SLE SOS SRD SSP STN SVC SYP SZL TJS TMT TOP TTD UZS VED VES VUV WST XAF XCD XCG
    XOF XPF YER ZMW ZWG
    """
CURRENCY_CODES = frozenset(_CODES.split())  # what is read in cells; other codes are words too, such as ALL and TOP
# With the other codes of ISO 4217 for money that is paid: what a campaign may be in.
ISO_CODES = CURRENCY_CODES | frozenset(_OTHER_CODES.split())
FIRST_UNSPACED = "\u2e80"  # from here on, scripts have no spaces between words
# Signs that several currencies share: the campaign's, if it is one of them, else the first.
SHARED_SIGNS: Mapping[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU", "DOP"),
    "¥": ("JPY", "CNY"),
    "Rs": ("INR", "PKR", "LKR", "NPR"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "£": ("GBP", "EGP"),
}
_SPELLINGS_OF_SHARED = {
    "＄": "$",
    "dollar": "$",
    "dollars": "$",
    "dólares": "$",
    "￥": "¥",
    "₨": "Rs",
    "Rs.": "Rs",
    "kr.": "kr",
    "￡": "£",
    "pound": "£",
    "pounds": "£",
}
_WRITTEN = {
    "USD": "US$ U$S US-Dollar",
    "EUR": "€ euro euros",
    "GBP": "quid",
    "JPY": "円 yen JP¥",
    "CNY": "元 RMB CN¥ 人民币 人民幣 yuan",
    "INR": "₹ rupees rupee",
    "BRL": "R$ reais",
    "CHF": "Fr. Fr SFr. SFr Franken",
    "CAD": "C$ CA$ Can$",
    "AUD": "A$ AU$",
    "NZD": "NZ$",
    "HKD": "HK$",
    "TWD": "NT$",
    "SGD": "S$ SG$",
    "MXN": "MX$ Mex$",
    "PLN": "zł zl zloty złotych",
    "CZK": "Kč Kc",
    "HUF": "Ft",
    "RON": "lei",
    "TRY": "₺ TL lira lirası",
    "RUB": "₽ руб. руб рублей рубля р. р",
    "UAH": "₴ грн. грн",
    "KRW": "₩ 원 won",
    "IDR": "Rp. Rp",
    "MYR": "RM",
    "THB": "฿ baht",
    "VND": "₫",
    "PHP": "₱",
    "NGN": "₦",
    "GHS": "GH₵ ₵",
    "KZT": "₸",
    "ILS": "₪",
    "AED": "د.إ Dhs",
    "SAR": "﷼ ر.س",
    "PEN": "S/. S/",
    "BGN": "лв. лв",
}
# Every sign and word, with the currency that it means where nothing else says which.
CURRENCY_SIGNS: Mapping[str, str] = {
    **{sign: codes[0] for sign, codes in SHARED_SIGNS.items()},
    **{spelling: SHARED_SIGNS[sign][0] for spelling, sign in _SPELLINGS_OF_SHARED.items()},
    **{sign: code for code, signs in _WRITTEN.items() for sign in signs.split()},
}
_SHOWN_SIGNS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "INR": "₹",
    "BRL": "R$",
    "KRW": "₩",
    "NGN": "₦",
    "PHP": "₱",
    "TRY": "₺",
    "ILS": "₪",
}


def shown_sign(code: str) -> str:
    """Return the sign that we write before amounts of a currency, or empty text where its code is written behind."""
    return _SHOWN_SIGNS.get(code, "")


@cache
def _folded_signs() -> Mapping[str, str]:
    return {sign.casefold(): sign for sign in CURRENCY_SIGNS}


def find_currency(text: str) -> str | None:
    """Return the code that a sign, a word or a code means, in any capitalisation, or None.

    `kr` gives SEK; `shared_sign` says that it may be another crown.
    """
    sign = _folded_signs().get(text.casefold())
    if sign is not None:
        return CURRENCY_SIGNS[sign]
    return text.upper() if text.upper() in CURRENCY_CODES else None


def shared_sign(text: str) -> str | None:
    """Return the key in `SHARED_SIGNS` of a sign that several currencies share, or None."""
    sign = _folded_signs().get(text.casefold(), "")
    sign = _SPELLINGS_OF_SHARED.get(sign, sign)
    return sign if sign in SHARED_SIGNS else None


@cache
def currency_pattern() -> str:
    """Return a regular expression of every sign, word and code, longest first, for text whose ASCII is in lower case.

    A word neither begins nor ends within a longer one: `Fr` is a sign in `Fr 20`, but not in `from 20`. Chinese,
    Japanese and Korean have no spaces between words.
    """
    texts = [*CURRENCY_SIGNS, *CURRENCY_CODES]
    written = {_lower_ascii(form) for text in texts for form in (text.casefold(), text.capitalize(), text.upper())}
    return "|".join(map(_bounded, sorted(written, key=lambda sign: (-len(sign), sign))))


def _lower_ascii(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _bounded(sign: str) -> str:
    before = r"(?<![^\W\d_])" if sign[0].isalpha() and sign[0] < FIRST_UNSPACED else ""
    after = r"(?![^\W\d_])" if sign[-1].isalpha() and sign[-1] < FIRST_UNSPACED else ""
    return f"{before}{re.escape(sign)}{after}"
