"""Parse and format single values as people type them: money in integer cents, `12.5K`, `3.4%`, `2..5`.

Parsing is exact (`Decimal`, `Fraction`): a budget of 199.99 is 19,999 cents. `microopt.readers` parses whole columns of
a roster.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from msgspec import Struct

from microopt.errors import UsageError

CURRENCY_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "R$": "BRL"}
CURRENCY_CODES = frozenset(
    [
        "USD",
        "EUR",
        "GBP",
        "JPY",
        "INR",
        "BRL",
        "CHF",
        "CAD",
        "AUD",
        "NZD",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "CZK",
        "MXN",
        "SGD",
        "HKD",
        "ZAR",
        "AED",
    ]
)
MAX_CENTS = 10**15
MAX_NUMBER, MAX_DENOMINATOR = (
    10**13,
    10**9,
)  # numbers within these stay exact in 64 bits when a rule is scaled to integers
_SCALE = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:[ ,_]\d{3})+|\d+)?(\.\d+)?\s*([kmb]?)", re.IGNORECASE)
_SIGN = re.compile(r"^(R\$|[$€£¥₹]|[A-Z]{3}(?=[\s\d]))\s*|\s*(R\$|[$€£¥₹]|[A-Z]{3})$")


def parse_number(text: str) -> Fraction:
    """Parse `12.5K`, `1,234`, `1_000`, `0.5`, `5M` exactly.

    Raises
    ------
    ValueError
        If the text is not a number, or is outside the range that any campaign needs.
    """
    match = _NUMBER.fullmatch(text.strip())
    if not match or not (match[2] or match[3]):
        raise ValueError(f"{text!r} is not a number")
    sign, integer_part, decimals, scale = match.groups()
    digits = re.sub(r"[ ,_]", "", integer_part or "0")
    value = Fraction(Decimal(f"{sign}{digits}{decimals or ''}")) * _SCALE[scale.lower()]
    if abs(value) > MAX_NUMBER or MAX_DENOMINATOR % value.denominator:
        raise ValueError(f"{text[:40]!r} is beyond ten trillion, or has more than nine decimals")
    return value


def parse_share(text: str) -> Fraction:
    """Parse a share: `40%` or `0.4`.

    Raises
    ------
    ValueError
        If the text is not a number from 0 to 1.
    """
    number = text.strip()
    share = parse_number(number.removesuffix("%")) / (100 if number.endswith("%") else 1)
    if not 0 <= share <= 1:
        raise ValueError(f"{text!r} is no share")
    return share


def parse_size(text: str) -> int:
    """Parse a size in bytes: `4G`, `500M`, `1000000`.

    Raises
    ------
    UsageError
        If it is not a size.
    """
    match = re.fullmatch(r"(\d{1,15})\s*([KMGT]?)I?B?", text.strip().upper())
    if not match:
        raise UsageError(f"{text!r} is not a size", fix="write it like 4G or 500M")
    return int(match[1]) << (10 * " KMGT".index(match[2] or " "))


def parse_money(text: str, what: str = "budget") -> int:
    """Parse money into integer cents: `20000`, `20k`, `5M`, `$20,000`, `199.99`, `1027 USD`.

    Raises
    ------
    UsageError
        If it is not money, is negative, or has fractions of a cent.
    """
    stripped = text.strip()
    try:
        cents = _parse_amount(stripped) * 100
    except ValueError:
        raise UsageError(f"{what} {text!r} is not an amount of money", fix=_MONEY_FIX) from None
    if stripped.startswith("0,"):
        raise UsageError(f"{what} {text!r} is not an amount of money", fix=_SHELL_FIX)
    if cents < 0 or cents.denominator != 1 or cents > MAX_CENTS:
        raise UsageError(f"{what} {text!r} is negative, beyond ten trillion, or splits a cent", fix=_MONEY_FIX)
    return int(cents)


def _parse_amount(text: str) -> Fraction:
    """Parse a number with at most one currency, which must be a known one."""
    if _SIGN.search(text) and not parse_currency(text):
        raise ValueError(f"{text!r} is not a number: its currency is not known")
    return parse_number(_SIGN.sub("", text, count=1))


_MONEY_FIX = "write it as 20000, 20k, 5M or '$20,000' (in single quotes)"
_SHELL_FIX = 'in double quotes a shell turns "$20,000" into "0,000": write \'$20,000\' in single quotes, or 20k'


def parse_currency(text: str) -> str | None:
    """Return the currency code that a written amount names, or None."""
    match = _SIGN.search(text.strip())
    sign = (match[1] or match[2]) if match else None
    return CURRENCY_SIGNS.get(sign or "", sign if sign in CURRENCY_CODES else None)


class Range(Struct, frozen=True):
    """A closed range of numbers; None is an open end. With `percent` the numbers are shares (0.4 for 40%)."""

    low: Fraction | None
    high: Fraction | None
    percent: bool = False

    def __str__(self) -> str:
        return format_range(self)


_BOUND = r"[^\s.%]*(?:\.\d[^\s.%]*)?\s*%?"
_SPAN = re.compile(rf"({_BOUND})\s*\.\.\s*({_BOUND})")
_RELATION = re.compile(r"(>=|<=|==|=|≥|≤)\s*(.+)")


def parse_range(text: str) -> Range:
    """Parse `2..5`, `2..`, `..5`, `>= 2`, `<= 40%`, `= 3`; numbers as in `parse_number`, with or without currency.

    Raises
    ------
    ValueError
        If it is not a range, mixes percentages with plain numbers, or its ends are reversed.
    """
    text = text.strip()
    if match := _SPAN.fullmatch(text):
        low, high = match[1].strip(), match[2].strip()
    elif match := _RELATION.fullmatch(text):
        bound = match[2].strip()
        low, high = ("" if match[1] in "<=≤" and match[1] != "=" else bound), ("" if match[1] in ">=≥" else bound)
        if match[1] in ("=", "=="):
            low = high = bound
    else:
        raise ValueError(f"{text!r} is not a range: write 2..5, 2.., ..5, '>= 2', '<= 40%' or '= 3'")
    return _build_range(text, low, high)


def _build_range(text: str, low: str, high: str) -> Range:
    given = [bound for bound in (low, high) if bound]
    if not given:
        raise ValueError(f"{text!r} is open at both ends")
    percent = given[-1].endswith("%")
    if percent and low and not low.endswith("%"):
        low += "%"  # 10..40% is 10%..40%
    if any(bound.endswith("%") != percent for bound in (low, high) if bound):
        raise ValueError(f"{text!r} mixes a percent with a plain number")
    bounds = Range(_parse_bound(low), _parse_bound(high), percent)
    if bounds.low is not None and bounds.high is not None and bounds.low > bounds.high:
        raise ValueError(f"{text!r} is the wrong way round: {low} is above {high}")
    return bounds


def _parse_bound(text: str) -> Fraction | None:
    if not text:
        return None
    if not text.endswith("%"):
        return _parse_amount(text)
    share = parse_number(text[:-1]) / 100
    if MAX_DENOMINATOR % share.denominator:
        raise ValueError(f"{text[:40]!r} has more than seven decimals")
    return share


def format_range(bounds: Range) -> str:
    """Format a range as the rule grammar writes it: `2..5`, `>= 2`, `<= 40%`, `= 3`."""
    if bounds.low == bounds.high and bounds.low is not None:
        return f"= {format_bound(bounds.low, bounds.percent)}"
    if bounds.low is None and bounds.high is not None:
        return f"<= {format_bound(bounds.high, bounds.percent)}"
    if bounds.high is None and bounds.low is not None:
        return f">= {format_bound(bounds.low, bounds.percent)}"
    assert bounds.low is not None and bounds.high is not None
    return f"{format_bound(bounds.low, bounds.percent)}..{format_bound(bounds.high, bounds.percent)}"


def format_bound(value: Fraction, percent: bool) -> str:
    """Format one bound: 5, 2.5, 20,000, 40%."""
    scaled = value * 100 if percent else value
    text = f"{int(scaled):,}" if scaled.denominator == 1 else f"{float(scaled):,.4f}".rstrip("0").rstrip(".")
    return f"{text}%" if percent else text


def format_exact(value: Fraction, percent: bool) -> str:
    """Format a bound exactly, so that parsing gives the same number: `1234.5`, `43.3%`.

    Raises
    ------
    ValueError
        If the number has no finite decimal form.
    """
    scaled = value * 100 if percent else value
    digits = Decimal(scaled.numerator) / Decimal(scaled.denominator)
    if Fraction(digits) != scaled:
        raise ValueError(f"{value} has no end of decimals")
    return f"{digits:f}%" if percent else f"{digits:f}"


def format_money(cents: int, currency: str = "USD", *, whole_units: bool | None = None) -> str:
    """Format cents as money: `$1,234`, `$0.17`, `1,234 SEK`; cents are shown if there are any, unless `whole`."""
    sign = next((s for s, code in CURRENCY_SIGNS.items() if code == currency), "")
    if whole_units is None:
        whole_units = cents % 100 == 0
    amount = f"{(cents + 50) // 100:,}" if whole_units else f"{cents // 100:,}.{cents % 100:02d}"
    return f"{sign}{amount}" if sign else f"{amount} {currency}".rstrip()


def format_count(value: float) -> str:
    """Format a number of people or events in a few characters: 950, 18.3k, 20k, 1.2M, 3.4B."""
    for limit, unit, scale in (
        (9_999.5, "", 1),
        (999_950, "k", 1e3),
        (999_950_000, "M", 1e6),
        (float("inf"), "B", 1e9),
    ):
        if value < limit:
            return f"{value:,.0f}" if not unit else f"{value / scale:.1f}{unit}".replace(".0", "")
    return "∞"


def format_distinct(left: Fraction, right: Fraction) -> tuple[str, str]:
    """Format two numbers in a few characters each, or in full if the short forms would be the same."""
    short = (
        (_format_short(left), _format_short(right))
        if max(left, right) < 10
        else (format_count(float(left)), format_count(float(right)))
    )
    return short if left == right or short[0] != short[1] else (format_bound(left, False), format_bound(right, False))


def _format_short(number: Fraction) -> str:
    return f"{float(number):.1f}".removesuffix(".0")


def format_floor(value: int) -> str:
    """Format the lower bound of a follower band: 1k, 500k, 1M, 2,500."""
    for unit, scale in (("M", 10**6), ("k", 10**3)):
        if value >= scale and value % scale == 0:
            return f"{value // scale}{unit}"
    return f"{value:,}"


def format_percent_floored(share: float) -> str:
    """Format a share rounded down: 96%, 99.9%, and 100% only for all of it."""
    return f"{floor(share * 1000) / 10:.1f}%" if 0.99 <= share < 1 else f"{floor(share * 100 + 1e-9)}%"


def format_percent(share: float) -> str:
    """Format a share: 47%, 0.4%."""
    return f"{share:.0%}" if share >= 0.0995 or share == 0 else f"{share:.1%}"


def format_names(names: Sequence[str], limit: int = 3) -> str:
    """Format the first names of a list, and how many more there are: `@a, @b, @c and 4 more`."""
    more = f" and {len(names) - limit:,} more" if len(names) > limit else ""
    return f"{', '.join(names[:limit])}{more}"
