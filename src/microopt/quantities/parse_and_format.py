"""Parse and format single values as people type them: money in integer cents, `12.5K`, `3.4%`, `2..5`.

Parsing is exact (`Decimal`, `Fraction`): a budget of 199.99 is 19,999 cents. `microopt.readers` parses whole columns of
a roster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor, log10

from msgspec import Struct

from microopt.errors import UsageError
from microopt.quantities.currencies import SHARED_SIGNS, find_currency, shared_sign, shown_sign
from microopt.quantities.number_units import MIL, TYPED_UNITS, is_thousand

MAX_CENTS = 10**15
MAX_NUMBER, MAX_DENOMINATOR = (
    10**13,
    10**9,
)  # numbers within these stay exact in 64 bits when a rule is scaled to integers
_UNITS = "|".join(sorted((*TYPED_UNITS, MIL), key=len, reverse=True))
_NUMBER = re.compile(
    rf"([+-]?)\s*((?:\d[\d.,' _’\u00a0\u202f]*)?[.,]?\d)(?:[.,][-–—])?\s*(?:({_UNITS})\.?)?", re.IGNORECASE
)
_UNIT_AT_START = re.compile(rf"(?:{_UNITS})\.?", re.IGNORECASE)
_MIL = re.compile(rf"\d\s*{MIL}\b", re.IGNORECASE)
_FOUR_ZEROS = re.compile(r"\d+[.,]0{4,}")
_SPACED = re.compile(r"(\d{1,3}(?:[ '_’\u00a0\u202f]\d{3})+)((?:[.,]\d+)?)")
_GROUPS = {mark: re.compile(rf"\d{{1,3}}(?:\{mark}\d{{3}})+") for mark in ".,"}
_LONE_GROUP = re.compile(r"(?![0０])\d{1,3}[.,]\d{3}")

_NUMBER_IN_TEXT = re.compile(
    r"([^\s\d<>=≤≥()]{0,20}\s?)(\d+(?:[.,]\d+)*(?:\s?[kmb]\b)?)(\s?[^\s\d.<>=≤≥()]+\.?)?", re.IGNORECASE
)
_DOUBTFUL = re.compile(
    r"(?<![\w,])(?<!\d\.)(?![0０])\d{1,3}(?:\.\d{3}(?![\d%]|[.,]\d|\s*%|\s*[kmb]\b)|,\d{3}\s*[kmb]\b)", re.IGNORECASE
)


class TooLargeError(ValueError):
    """A number beyond what any campaign needs."""


def parse_number(text: str) -> Fraction:
    """Parse a rate, a share or another number that may have three decimals: `0.025`, `4,125`, `1.234,5`, `12.5K`.

    A lone point or comma is the decimal mark.

    Raises
    ------
    ValueError
        If the text is not a number, or is outside the range that any campaign needs.
    """
    return _parse_scaled(text, lone_mark_is_decimal=True)


def parse_amount(text: str) -> Fraction:
    """Parse money or people: `20.000`, `20,000`, `20 000` and `20'000` are 20,000, and `199,99` is 199.99.

    Neither has three decimals: three digits after a lone mark are thousands, unless a zero stands before it (`0.125`).

    Raises
    ------
    ValueError
        If the text is not a number, or is outside the range that any campaign needs.
    """
    return _parse_scaled(text, lone_mark_is_decimal=False)


def _parse_scaled(text: str, *, lone_mark_is_decimal: bool) -> Fraction:
    match = _NUMBER.fullmatch(text.strip())
    sign, body, unit = match.groups("") if match else ("", "", "")
    digits = _plain_digits(body, lone_mark_is_decimal=lone_mark_is_decimal or ("." in body and bool(unit)))
    if not digits:
        raise ValueError(f"{text!r} is not a number")
    value = Fraction(Decimal(sign + digits)) * _unit_scale(unit.lower(), body)
    if abs(value) > MAX_NUMBER:
        raise TooLargeError(f"{text[:40]!r} is beyond ten trillion")
    if MAX_DENOMINATOR % value.denominator:
        raise ValueError(f"{text[:40]!r} has more than nine decimals")
    return value


def _unit_scale(unit: str, body: str) -> int:
    if unit == MIL:
        return 10**3 if is_thousand(body, None) else 10**6
    return int(TYPED_UNITS[unit]) if unit else 1


def _plain_digits(body: str, *, lone_mark_is_decimal: bool) -> str:
    """Return a number with a point as its only mark, or nothing if its marks make no sense."""
    if spaced := _SPACED.fullmatch(body):
        return re.sub(r"\D", "", spaced[1]) + spaced[2].replace(",", ".")
    if not re.fullmatch(r"[\d.,]+", body):
        return ""
    mark = max(".,", key=body.rfind)  # the last one
    whole, _, decimals = body.rpartition(mark)
    other = "," if mark == "." else "."
    if mark not in body:
        return body
    if other in body:
        return f"{whole.replace(other, '')}.{decimals}" if _GROUPS[other].fullmatch(whole) else ""
    if mark in whole or (not lone_mark_is_decimal and _LONE_GROUP.fullmatch(body)):
        return body.replace(mark, "") if _GROUPS[mark].fullmatch(body) else ""
    if not lone_mark_is_decimal and mark == "," and len(decimals) == 3 and len(whole) > 3:
        return ""  # 1000,500 is neither thousands nor money
    return f"{whole}.{decimals}"


def find_thousands(text: str) -> list[str]:
    """Return the numbers in a text whose lone mark `parse_amount` takes for thousands although it could be a decimal.

    A comma before three digits is among them only with a unit, as in `1,500k`; `1,500` is clear.
    """
    return [match[0].strip() for match in _DOUBTFUL.finditer(text)]


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
        raise ValueError(f"{text!r} is not a share")
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
    """Parse money into integer cents: `20000`, `20k`, `5M`, `$20,000`, `20.000 €`, `199.99`, `1027 USD`.

    Raises
    ------
    UsageError
        If it is not money, is negative, or has fractions of a cent.
    """
    stripped = text.strip()
    if _FOUR_ZEROS.fullmatch(_split_currency(stripped)[1]):
        raise UsageError(f"{what} {text!r} is unclear: thousands need three digits and cents two", fix=_MONEY_FIX)
    if _EATEN.fullmatch(stripped):
        raise UsageError(f"{what} {text!r} is not an amount of money", fix=_SHELL_FIX)
    try:
        cents = _parse_bare(stripped, parse_amount) * 100
    except TooLargeError:
        cents = Fraction(MAX_CENTS + 1)
    except ValueError:
        raise UsageError(f"{what} {text!r} is not an amount of money", fix=_MONEY_FIX) from None
    if cents < 0:
        raise UsageError(f"{what} {text!r} is negative", fix=_MONEY_FIX)
    if cents > MAX_CENTS:
        raise UsageError(f"{what} {text[:40]!r} is beyond ten trillion", fix=_MONEY_FIX)
    if cents.denominator != 1:
        raise UsageError(f"{what} {text!r} has a fraction of a cent", fix=f"{_MONEY_FIX}, with at most two decimals")
    return int(cents)


def _parse_bare(text: str, parse: Callable[[str], Fraction]) -> Fraction:
    """Parse a number with at most one currency, which must be a known one."""
    sign, amount = _split_currency(text)
    if (match := _NUMBER.fullmatch(amount)) and (match[3] or "").lower() == MIL:
        amount = f"{match[1]}{match[2]}k" if is_thousand(match[2], find_currency(sign)) else amount
    return parse(amount)


def parse_priced(text: str) -> Fraction:
    """Parse what one of something is worth, with or without a currency: `30`, `€0.05`, `1.500 EUR`.

    Raises
    ------
    ValueError
        If it is not an amount.
    """
    return _parse_bare(text.strip(), parse_amount)


_EATEN = re.compile(r"0?,\d{3}|0?\.000")  # what a shell leaves of "$20,000"
_MONEY_FIX = "write it as 20000, 20k, 5M or '$20,000' (in single quotes)"
_SHELL_FIX = 'in double quotes a shell turns "$20,000" into "0,000": write \'$20,000\' in single quotes, or 20k'


def parse_currency(text: str) -> str | None:
    """Return the currency code that a written amount names, or None."""
    return find_currency(written_sign(text))


def written_sign(text: str) -> str:
    """Return the sign, word or code of a currency before or behind an amount, or empty text."""
    return _split_currency(text)[0]


def _split_currency(text: str) -> tuple[str, str]:
    """Return the sign of a written amount, empty if it has no known one, and the number."""
    amount = text.strip()
    digits = [place for place, mark in enumerate(amount) if mark.isdigit()] or [len(amount)]
    lead, tail = amount[: digits[0]], re.sub(r"^[.,][-–—]", "", amount[digits[-1] + 1 :]).strip()
    for sign in (lead.strip(), lead.strip("+-. ")):
        if sign and find_currency(sign):
            return sign, amount[lead.index(sign) + len(sign) :].strip()
    unit = _UNIT_AT_START.match(tail)
    for sign in (tail, tail[unit.end() :].strip() if unit else ""):
        if sign and find_currency(sign):
            return sign, amount.removesuffix(sign).strip()
    return "", amount


def is_in_currency(text: str, code: str) -> bool:
    """Whether a written amount can be in a currency: it names none, this one, or a sign that this one shares."""
    sign = written_sign(text)
    shared = SHARED_SIGNS.get(shared_sign(sign) or "", ())
    return not sign or find_currency(sign) == code or code in shared


def find_priced(text: str) -> list[str]:
    """Return the amounts in a text that name their currency."""
    amounts = []
    for match in _NUMBER_IN_TEXT.finditer(text):
        before, number, _ = match.groups()
        if sign := written_sign(match[0]):
            amounts.append(f"{sign}{number}" if sign in before else f"{number} {sign}")
    return amounts


class Range(Struct, frozen=True):
    """A closed range of numbers; None is an open end. With `percent` the numbers are shares (0.4 for 40%)."""

    low: Fraction | None
    high: Fraction | None
    percent: bool = False

    def __str__(self) -> str:
        return format_range(self)


_RELATION = re.compile(r"(>=|<=|==|=|≥|≤)\s*+(.+)")


def parse_range(text: str, *, of_rate: bool = False) -> Range:
    """Parse `2..5`, `2..`, `..5`, `>= 2`, `<= 40%`, `= 3`, with or without currency.

    Parameters
    ----------
    of_rate
        Whether the numbers are those of a rate, as in `parse_number`; else they are as in `parse_amount`.

    Raises
    ------
    ValueError
        If it is not a range, mixes percentages with plain numbers, or its ends are reversed.
    """
    text = text.strip()
    if not text.startswith(tuple("<>=≤≥")) and ".." in text:
        low, high = map(str.strip, text.split("..", 1))
    elif match := _RELATION.fullmatch(text):
        bound = match[2].strip()
        low, high = ("" if match[1] in "<=≤" and match[1] != "=" else bound), ("" if match[1] in ">=≥" else bound)
        if match[1] in ("=", "=="):
            low = high = bound
    else:
        raise ValueError(f"{text!r} is not a range: write 2..5, 2.., ..5, '>= 2', '<= 40%' or '= 3'")
    return _build_range(text, low, high, parse_number if of_rate else parse_amount)


def _build_range(text: str, low: str, high: str, parse: Callable[[str], Fraction]) -> Range:
    given = [bound for bound in (low, high) if bound]
    if not given:
        raise ValueError(f"{text!r} has neither a lower nor an upper end")
    percent = given[-1].endswith("%")
    if percent and low and not low.endswith("%"):
        low += "%"  # 10..40% is 10%..40%
    if any(bound.endswith("%") != percent for bound in (low, high) if bound):
        raise ValueError(f"{text!r} mixes a percent with a plain number")
    bounds = Range(_parse_bound(low, parse), _parse_bound(high, parse), percent)
    if bounds.low is not None and bounds.high is not None and bounds.low > bounds.high:
        raise ValueError(f"{text!r} is the wrong way round: write {high}..{low}")
    return bounds


def _parse_bound(text: str, parse: Callable[[str], Fraction]) -> Fraction | None:
    if not text:
        return None
    if _MIL.search(text):  # a thousand or a million: a rule has no note that says which
        raise ValueError(f"{text!r} is not a number: write 3k or 3m")
    if not text.endswith("%"):
        return _parse_bare(text, parse)
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
    return f"{text.replace(',', '')}%" if percent else _clear_of_thousands(text)


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
        raise ValueError(f"{value} has endless decimals")
    return f"{digits:f}%" if percent else _clear_of_thousands(f"{digits:f}")


def _clear_of_thousands(text: str) -> str:
    """Return a decimal number so that three decimals are not taken for thousands: 1.1250."""
    return f"{text}0" if "." in text and _LONE_GROUP.fullmatch(text.lstrip("-")) else text


def format_money(cents: int, currency: str = "USD", *, whole_units: bool | None = None) -> str:
    """Format cents as money: `$1,234`, `$0.17`, `-$20`, `1,234 SEK`; cents if there are any, unless `whole_units`."""
    if cents < 0:
        return f"-{format_money(-cents, currency, whole_units=whole_units)}"
    sign = shown_sign(currency)
    if whole_units is None:
        whole_units = cents % 100 == 0
    amount = f"{(cents + 50) // 100:,}" if whole_units else f"{cents // 100:,}.{cents % 100:02d}"
    return f"{sign}{amount}" if sign else f"{amount} {currency}".rstrip()


def format_exact_money(amount: Fraction, currency: str = "USD") -> str:
    """Format an amount to the cent, below one unit to a hundredth of a cent: `$41.20`, `$0.0916`."""
    if amount < 0:
        return f"-{format_exact_money(-amount, currency)}"
    if amount >= 1 or (amount * 100).denominator == 1:
        return format_money(round(amount * 100), currency)
    return format_money(0, currency).replace("0", f"{float(amount):.4f}".rstrip("0").rstrip("."), 1)


def format_count(value: float) -> str:
    """Format a number of people or events in a few characters: 950, 18.3k, 20k, 1.2M, 3.4B; 20,250 is 20.3k."""
    for limit, unit, scale in (
        (9_999.5, "", 1),
        (999_950, "k", 1e3),
        (999_950_000, "M", 1e6),
        (float("inf"), "B", 1e9),
    ):
        if value < limit and not unit:
            return f"{value:,.0f}"
        if value < limit:
            return f"{floor(value / scale * 10 + 0.5) / 10:.1f}{unit}".replace(".0", "")
    return "∞"


MOST_DECIMALS = 4


def format_distinct(left: Fraction, right: Fraction) -> tuple[str, str]:
    """Format two numbers in a few characters each, with more digits if the short forms would be the same."""
    short = (
        (_format_short(left), _format_short(right))
        if max(left, right) < 10
        else (format_count(float(left)), format_count(float(right)))
    )
    if left == right or short[0] != short[1]:
        return short
    larger = float(max(abs(left), abs(right)))
    for decimals in range(max(0, 1 - floor(log10(larger))), MOST_DECIMALS):  # two digits, at the least
        first, second = (_clear_of_thousands(f"{float(number):,.{decimals}f}") for number in (left, right))
        if first != second:
            return first, second
    return format_bound(left, False), format_bound(right, False)


def _format_short(number: Fraction) -> str:
    return f"{float(number):.1f}".removesuffix(".0")


def format_floor(value: int) -> str:
    """Format the lower bound of a follower band: 1k, 500k, 1M, 2,500."""
    for unit, scale in (("M", 10**6), ("k", 10**3)):
        if value >= scale and value % scale == 0:
            return f"{value // scale}{unit}"
    return f"{value:,}"


def format_percent(share: float) -> str:
    """Format a share: 1,293%, 47%, 0.4%; what is not quite all or nothing does not read as 100% or 0%: 99.9%, 0.03%."""
    if 0 < abs(share) < 0.0005:
        return f"{'-' if share < 0 else ''}{max(abs(share), 1e-6) * 100:.1g}%"
    if 1e-9 < abs(share - 1) < 0.005:
        return f"{min(share, 0.999) if share < 1 else max(share, 1.001):.1%}"
    return f"{share:,.0%}" if share >= 0.0995 or share == 0 else f"{share:.1%}"


def format_number_of(number: int, noun: str) -> str:
    """Format a number of things by the name of one: `1 offer`, `1,200 offers`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


MAX_SHOWN_CHARACTERS = 200  # of a text of the user that a message shows


def shorten(text: str, most: int = MAX_SHOWN_CHARACTERS) -> str:
    """Return a text, or its beginning and an ellipsis if it has more than `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def join_words(parts: Sequence[str], last: str = "and") -> str:
    """Return one or more parts as a list within a sentence: `a, b and c`, or with another word before the last."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def format_names(names: Sequence[str], limit: int = 3) -> str:
    """Format the first names of a list, and how many more there are: `@a, @b, @c and 4 more`."""
    more = f" and {len(names) - limit:,} more" if len(names) > limit else ""
    return f"{', '.join(names[:limit])}{more}"
