"""Cells that hold a whole audience: `DE 62%, AT 11%`, `Germany: 62% | Austria: 11%`, `F 70 / M 30`, `{"DE": 0.62}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from microopt.quantities.countries import find_market
from microopt.readers.audience.shares import AudiencePart, parse_part

MOST_CHARACTERS = 2_000  # of a cell that is looked at
LONGEST_ITEM = 80
_NUMBER = r"(-?\d{1,7}(?:[.,]\d{1,9})?)\s*(%|percent|prozent)?"
_LABEL_FIRST = re.compile(
    rf"(.{{1,60}}?)(?:\s*[:=]\s*|\s+[-–—]\s+|(?<=[^\W\d])[-–—](?=\d)|\s+|(?<=[^\d\s.,+-]))\(?{_NUMBER}\s*\)?",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER_FIRST = re.compile(
    rf"{_NUMBER}\s*[:=–—-]?\s*(?:in\s|aus\s|from\s)?\s*(\D.{{0,59}}|(?<=[%\s])\d.{{0,59}})", re.DOTALL
)
_DIVIDERS = re.compile(r"[;|\n\r•/]|,(?!\d)|(?<!\d),")
_EVERY_COMMA = re.compile(r"[;|\n\r•/,]")
_AFTER_PERCENT = re.compile(r"(?<=[%)])\s+(?=[^\W\d]|[^\w\s(–—:=-])")  # `DE 62% AT 11%`
_BEGINS_WITH_SHARE = re.compile(r"-?\d[\d.,]*\s*%")
_NO_LABEL = re.compile(r"[:=%]")
_WRAPPERS = str.maketrans("", "", "{}[]\"'“”„")


class PackedShare(Struct, frozen=True):
    """A number that a cell gives a part of the audience.

    Attributes
    ----------
    part
        None for a name that is none of a country, ages or a gender.
    number
        As written, not divided by 100; None where the cell names the part without a number.
    """

    name: str
    part: AudiencePart | None
    number: float | None
    is_percent: bool = False


def parse_packed(cell: str) -> tuple[PackedShare, ...] | None:
    """Return the shares of a cell; empty for an empty cell, None if it cannot be read."""
    text = cell.translate(_WRAPPERS).strip().strip(",;|").strip()
    if not text:
        return ()
    if len(text) > MOST_CHARACTERS:
        return None
    for dividers in (_DIVIDERS, _EVERY_COMMA):
        found = [_parse_item(item) for part in dividers.split(text) for item in _split_after_percent(part)]
        read = [share for share in found if share is not None]
        if read and len(read) == len(found):
            return tuple(read)
    return None


def _split_after_percent(text: str) -> list[str]:
    """Return the items of a text between dividers; `62% DE` is one."""
    parts = [text] if _BEGINS_WITH_SHARE.match(text.strip()) else _AFTER_PERCENT.split(text.strip())
    return [part for part in parts if part.strip()]


def _parse_item(item: str) -> PackedShare | None:
    if len(item) > LONGEST_ITEM:
        return None
    text = item.strip()
    if parse_part(text) is None:  # `18-24` has a number and no share
        match = _LABEL_FIRST.fullmatch(text)
        if match and (share := _make_share(match[1], match[2], match[3])):
            return share
        if match := _NUMBER_FIRST.fullmatch(text):
            return _make_share(match[3], match[1], match[2])
    if any(map(str.isdigit, text)) and parse_part(text) is None:
        return None
    return PackedShare(text, parse_part(text), None)


def _make_share(name: str, number: str, percent: str | None) -> PackedShare | None:
    label = name.strip().strip("-–—:=()").strip()
    if _NO_LABEL.search(label) or not label:
        return None
    return PackedShare(label, parse_part(label), float(number.replace(",", ".")), bool(percent))


def named_places(shares: tuple[PackedShare, ...]) -> Iterator[str]:
    """Yield the countries that a cell names without a share, by code."""
    for share in shares:
        if share.number is None:
            yield from find_market(share.name)
