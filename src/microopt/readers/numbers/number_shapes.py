"""What the cells of one shape are: numbers in some notation, missing, or not numbers.

A shape is read with a point as the decimal mark, with a comma, or with either: `1,234.5` can only be read one way, and
`1.234` either way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from msgspec.structs import replace

from microopt.quantities.currencies import find_currency, shared_sign
from microopt.quantities.number_units import DOUBTFUL_UNITS, UNIT_SCALES, UNIT_WORDS
from microopt.readers.cells.text_shapes import LONE_ZERO, find_shapes, join_lines, normalize_lines

_MISSING = re.compile(r"\s*+(?:nan%?|n/?a|n\.a\.?|k\. ?a\.?|#n/a|null|none|-|–|—)?\s*+")
_COUNTED_WORDS = (
    "followers follower subs subscribers fans views likes plays comments posts people abonnenten aufrufe abonnés vues "
    "seguidores inscritos vistas visualizações iscritti volgers obserwujących takipçi pengikut подписчиков просмотров"
)
_COUNTED = frozenset(_COUNTED_WORDS.split())
# Words that follow a number without a space.
_COUNTED_UNSPACED = ("人", "名", "位", "명", "フォロワー", "粉丝", "粉絲", "팔로워", "回")
_ABOUT = frozenset(
    [
        "<",
        "≤",
        "<=",
        ">=",
        "up to",
        "under",
        "below",
        "bis zu",
        "~",
        "≈",
        ">",
        "ca",
        "ca.",
        "circa",
        "c.",
        "approx",
        "approx.",
        "approximately",
        "about",
        "around",
        "over",
        "env",
        "env.",
        "environ",
        "aprox",
        "aprox.",
        "etwa",
        "rund",
        "около",
        "約",
        "约",
    ]
)
LONGEST_NUMBER = 400  # characters, with all that stands around it; a longer cell is not a number
_RANGE = re.compile(r"(.*?[^ ])(?: *[-–—~] *| +(?:to|bis|until|à|a|до) +)([^ +-].*)")
_COUNT_AND_RATE = re.compile(r"([^()]*[^() ]) *\( *([^()]*[^() ]) *\) *")
_OTHER = {".": ",", ",": "."}


class ShapeMeaning(Struct, frozen=True, kw_only=True):
    """What the cells of one shape are.

    Attributes
    ----------
    is_known
        Whether they are numbers or missing.
    is_missing
        Whether they stand for nothing.
    body
        The digits of a number with its marks; "" where the cell is not a number, or has an exponent.
    marks
        The decimal marks with which the shape can be read: `.`, `,` or both.
    unit
        As in `UNIT_SCALES`, or "".
    is_percent, has_exponent
        Whether there is a percent sign, or an exponent.
    is_rounded
        Whether the number is said to be rounded, as in `~9k`, `<10k` and `120K+`.
    is_counted
        Whether what it counts is named, as in `120k followers`.
    currency
        Code of a currency, or the sign of several (`SHARED_SIGNS`), or None.
    is_currency_last
        Whether it follows the amount.
    affixes
        Texts before and after the number that hold a point, a comma or a dash themselves.
    """

    is_known: bool
    is_missing: bool = False
    body: str = ""
    marks: str = ".,"
    unit: str = ""
    is_percent: bool = False
    has_exponent: bool = False
    is_rounded: bool = False
    is_counted: bool = False
    currency: str | None = None
    is_currency_last: bool = False
    affixes: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether the cells are numbers without an exponent."""
        return bool(self.body)

    @property
    def has_mark(self) -> bool:
        """Whether there is a point or a comma in the number."""
        return "." in self.body or "," in self.body

    @property
    def is_open(self) -> bool:
        """Whether the number can be read in two ways, as `1.234` and `1,234` can."""
        return len(self.marks) == 2 and self.has_mark

    @property
    def is_bare(self) -> bool:
        """Whether the number has neither a unit nor a percent sign."""
        return not self.unit and not self.is_percent

    @property
    def lone_mark(self) -> str:
        """The one mark of a number that is open."""
        return "." if "." in self.body else ","

    @property
    def decimal_mark(self) -> str | None:
        """The mark that can only be the decimal one, because the number shows it, or None."""
        return self.marks if self.has_mark and len(self.marks) == 1 and self.marks in self.body else None

    @property
    def group_mark(self) -> str | None:
        """The mark that can only group digits, or None."""
        other = _OTHER[self.marks] if len(self.marks) == 1 else ""
        return other if other and other in self.body else None

    @property
    def decimals(self) -> int:
        """The number of digits after the decimal mark."""
        return len(self.body.rpartition(self.decimal_mark)[2]) if self.decimal_mark else 0

    def scale(self, settled: Mapping[str, float]) -> float:
        """Return what the number is multiplied by, where this is what units with two meanings are in the column."""
        return settled.get(self.unit) or UNIT_SCALES.get(self.unit, 1.0)


UNKNOWN_SHAPE = ShapeMeaning(is_known=False)
_MISSING_SHAPE = ShapeMeaning(is_known=True, is_missing=True)
_EXPONENT_SHAPE = ShapeMeaning(is_known=True, has_exponent=True)


@cache
def _number_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a number with a decimal point, of one with a decimal comma, and with an exponent."""
    digit = rf"\d{LONE_ZERO}"
    point, comma = (
        re.compile(
            rf"(?P<head>[^{digit}]*?)"
            rf"(?P<body>(?:\d{{1,3}}(?:{group}\d{{3}})+|{lakhs}\d{{1,3}}(?: \d{{3}})+|\d+|{LONE_ZERO})(?:{part}\d+)?"
            rf"|(?<![^\W\d_])(?<!/){part}\d+)"
            rf"(?P<dash>[.,](?:--?|–|—)|/[-=])?(?P<tail>[^{digit}]*)",
            re.ASCII,
        )
        for group, part, lakhs in (("[,']", r"\.", r"\d{1,2}(?:,\d{2})+,\d{3}|"), ("[.']", ",", ""))
    )
    exponent = rf" *[+-]?(?:\d+|{LONE_ZERO})(?:[.,]\d+)?e[+-]?\d{{1,3}} *"
    return point, comma, re.compile(exponent, re.ASCII)


@lru_cache(maxsize=10_000)
def interpret_shape(shape: str, *, is_loose: bool = False) -> ShapeMeaning:
    """Return what the cells of a shape are.

    Parameters
    ----------
    is_loose
        Whether the column is known to hold numbers, so that `5w` is not five weeks.
    """
    if _MISSING.fullmatch(shape):
        return _MISSING_SHAPE
    if len(shape.strip()) > LONGEST_NUMBER:
        return UNKNOWN_SHAPE
    point, comma, exponent = _number_patterns()
    by_mark = {".": point.fullmatch(shape), ",": comma.fullmatch(shape)}
    matches = [match for match in by_mark.values() if match]
    match = min(matches, key=lambda match: match.end("head"), default=None)  # the point of `.5` is not a sign before it
    if match is None:
        return _EXPONENT_SHAPE if exponent.fullmatch(shape) else UNKNOWN_SHAPE
    before, after = _parse_head(match["head"]), _parse_tail(match["tail"])
    if before is None or after is None or (before.currency and (after.currency or after.unit == "%")):
        return UNKNOWN_SHAPE
    if before.unit and (after.unit or after.currency):
        return UNKNOWN_SHAPE
    is_rounded = before.is_rounded or after.is_rounded
    if not is_loose and after.unit in DOUBTFUL_UNITS:
        return UNKNOWN_SHAPE
    dash = match["dash"] or ""
    unit = after.unit or before.unit
    marks = "".join(mark for mark, other in by_mark.items() if other and other["body"] == match["body"])
    stated = dash[:1].strip("/")
    if stated not in marks:  # `.500,-`
        return UNKNOWN_SHAPE
    return ShapeMeaning(
        is_known=True,
        body=match["body"],
        marks=stated or marks,
        unit="" if unit == "%" else unit,
        is_percent=unit == "%",
        is_rounded=is_rounded,
        is_counted=after.is_counted,
        currency=before.currency or after.currency,
        is_currency_last=after.currency is not None,
        affixes=tuple(filter(None, (*before.marked, dash, *after.marked))),
    )


class _Affix(Struct, frozen=True, kw_only=True):
    """What stands before or behind a number; `marked` are its texts with a point, a comma or a dash."""

    unit: str = ""
    currency: str | None = None
    is_rounded: bool = False
    is_counted: bool = False
    marked: tuple[str, ...] = ()


_NOTHING = _Affix()


def _parse_head(head: str) -> _Affix | None:
    """Parse what stands before a number: a sign, a currency, `ca.`; None where it is something else."""
    text = head.strip()
    if not text:
        return _NOTHING
    unsigned = text
    if text[0] in "+-" and (len(text) > 1 or head[-1] != " "):
        unsigned = text[1:]
    elif text[-1] in "+-" and head[-1] != " ":
        unsigned = text[:-1].rstrip()
    if unsigned == "%":  # as in Turkish
        return _Affix(unit="%")
    currency = _currency_code(unsigned)
    if currency or not unsigned:
        return _Affix(currency=currency, marked=_marked(unsigned))
    size = next((size for size in range(len(text), 0, -1) if text[:size] in _ABOUT), 0)
    rest = text[size:].strip()
    currency = _currency_code(rest)
    if not size or (rest and not currency) or (rest and text[:size][-1].isalpha() and text[size].isalpha()):
        return None
    return _Affix(currency=currency, is_rounded=True, marked=(*_marked(text[:size]), *_marked(rest)))


def _parse_tail(tail: str) -> _Affix | None:
    """Parse what stands behind a number: a unit, a currency, `+`; None where it is something else."""
    text = tail.strip()
    words = text.rpartition(" ")
    if words[2] in _COUNTED:
        before = _parse_tail(words[0])
        return None if before is None else replace(before, is_counted=True)
    counted = next((word for word in _COUNTED_UNSPACED if text.endswith(word)), "")
    if counted:
        before = _parse_tail(text.removesuffix(counted))
        return None if before is None else replace(before, is_counted=True)
    is_rounded = "+" in text
    if is_rounded:
        text = text.replace("+", " ", 1).strip()  # it ends a word: `j+t` is no `jt`
    if not text:
        return _Affix(is_rounded=is_rounded)
    if currency := _currency_code(text):
        return _Affix(currency=currency, is_rounded=is_rounded, marked=_marked(text))
    unit = next((unit for unit in UNIT_WORDS if text.startswith(unit)), "")
    rest = text[len(unit) :]
    dot = rest[:1] if unit.isalpha() and rest[:1] == "." else ""
    rest = rest[len(dot) :].strip()
    currency = _currency_code(rest)
    if not unit or (rest and not currency) or (rest and unit == "%"):
        return None
    marked = (unit + dot if dot else "", *_marked(rest))
    return _Affix(unit=unit, currency=currency, is_rounded=is_rounded, marked=marked)


def _marked(text: str) -> tuple[str, ...]:
    return (text,) if set(text) & set(".,-") else ()


def _currency_code(sign: str) -> str | None:
    """Return the code that a sign means, or the sign itself where several currencies share it (`SHARED_SIGNS`)."""
    return shared_sign(sign) or find_currency(sign)


def find_shape_marks(column: pd.Series[Any], *, decisive: bool) -> dict[str, int]:
    """Return the decimal marks that a column speaks for, each with the position of the first cell that does.

    Parameters
    ----------
    decisive
        Take the cells that can only be read one way; else the place of the currency in those that can be read either
        way.
    """
    codes, shapes = find_shapes(normalize_lines(join_lines(column)))
    found: dict[str, int] = {}
    for code, shape in enumerate(shapes):
        meaning = interpret_shape(shape, is_loose=True)
        mark = _sure_mark(meaning) if decisive else _mark_by_currency(meaning)
        if mark and mark not in found:
            found[mark] = int(np.argmax(codes == code))
    return found


def _sure_mark(meaning: ShapeMeaning) -> str | None:
    return meaning.marks if meaning.is_number and meaning.has_mark and len(meaning.marks) == 1 else None


def _mark_by_currency(meaning: ShapeMeaning) -> str | None:
    """Return the mark that `1.500 €` and `$1,500` speak for; `$1.500` and `1,500 €` speak for none."""
    if not (meaning.is_open and meaning.currency) or meaning.is_currency_last is not (meaning.lone_mark == "."):
        return None
    return "," if meaning.is_currency_last else "."


def split_range(text: str) -> tuple[str, str] | None:
    """Return the two numbers of a range: `300` and `500` for `300-500`, `10k` and `20k` for `10-20k`; else None."""
    match = _RANGE.fullmatch(text.strip()) if len(text) <= LONGEST_NUMBER else None
    if not match:
        return None
    low, high = match[1], match[2]
    low_meaning, high_meaning = (interpret_shape(_as_shape(part), is_loose=True) for part in (low, high))
    if not (low_meaning.is_number and high_meaning.is_number) or low_meaning.currency or high_meaning.currency:
        return None
    if low_meaning.is_bare and not high_meaning.is_bare:
        low += "%" if high_meaning.is_percent else high_meaning.unit
    return low, high


def split_count_and_rate(text: str) -> tuple[str, str] | None:
    """Return the count and the rate of a cell that holds both, `56.33(0.04)`, or None."""
    match = _COUNT_AND_RATE.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
    if match and all(interpret_shape(_as_shape(part), is_loose=True).is_number for part in match.groups()):
        return match[1], match[2]
    return None


def _as_shape(text: str) -> str:
    return re.sub(r"[1-9]", "0", re.sub(r"(?<![\d.,'])0(?=[.,'])", LONE_ZERO, text))
