"""Columns of places, in which `NA` may be North America or Namibia instead of an empty cell."""

from __future__ import annotations

import re

import numpy as np

from microopt.readers.cells.text import is_placeholder, to_text_column
from microopt.readers.context import ReadContext
from microopt.roster.roster import TextColumn

PLACE_COLUMNS = ("region", "audience_country")
_REGIONS = frozenset(
    ["EMEA", "APAC", "LATAM", "AMER", "AMERICAS", "MENA", "ANZ", "DACH", "NORDICS", "BENELUX", "SEA", "CEE", "CIS"]
)
_COUNTRY_CODE = re.compile(r"[A-Z]{2}")


def read_places(context: ReadContext, name: str) -> TextColumn:
    """Return a column of places; `NA` stays where the other cells show that it is one, which is noted."""
    column = to_text_column(context.raw(name), placeholders=True, kept="NA")
    if "NA" not in map(str.strip, column.labels):
        return column
    meaning = _meaning_of_na([label.strip() for label in column.labels if not is_placeholder(label)])
    if meaning is None:
        return to_text_column(context.raw(name), placeholders=True)
    codes = [code for code, label in enumerate(column.labels) if label.strip() == "NA"]
    count = int(np.isin(column.codes, codes).sum())
    cells = "1 cell NA is" if count == 1 else f"{count:,} cells NA are"
    context.notes.append(f"{context.header(name)}: {cells} read as {meaning}; leave cells without a place empty")
    return column


def _meaning_of_na(others: list[str]) -> str | None:
    """Return what NA means among these places, or None for an empty cell."""
    if any(place.upper() in _REGIONS for place in others):
        return "North America"
    if others and all(map(_COUNTRY_CODE.fullmatch, others)):
        return "Namibia"
    return None
