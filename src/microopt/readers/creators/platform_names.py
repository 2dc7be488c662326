"""The column of platforms: one name for all spellings, several platforms in a cell, and formats named with them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from msgspec.structs import replace

from microopt.quantities.keys import match_key
from microopt.quantities.platforms import PlatformText, find_named_platform, parse_platforms
from microopt.readers.cells.text import fill_empty_cells
from microopt.readers.context import ReadContext
from microopt.readers.words.price_headers import PRICE_PREFIX
from microopt.roster.roster import TextColumn

Parsed = list[tuple[PlatformText, ...]]


def read_platforms(context: ReadContext, column: TextColumn, offer: TextColumn | None) -> dict[str, TextColumn]:
    """Return the columns `platform`, each platform by its one name, and `offer`, where a cell names a format too.

    Parameters
    ----------
    offer
        The offers that the file names, which win over a format in the cell of the platform.
    """
    parsed = [parse_platforms(label) for label in column.labels]
    if all(not found for found in parsed):
        return {"platform": column}
    _remark_spellings(context, column, parsed)
    named = {"platform": _with_one_name(column, parsed)}
    if any(name.startswith(PRICE_PREFIX) for name in context.columns):  # the prices say what the offers are
        return named
    return named | _offers_named_with_platforms(column, parsed, offer)


def name_platforms_by_offers(
    context: ReadContext, offer: TextColumn, platform: TextColumn | None
) -> dict[str, TextColumn]:
    """Return the column `platform` with the platforms that offers name, `TikTok video`, where it says nothing."""
    names = [find_named_platform(label) or "" for label in offer.labels]
    if not any(names):
        return {}
    codes, labels = pd.factorize(np.asarray(names, dtype=object))
    named = TextColumn(codes=codes[offer.codes].astype(np.int32), labels=tuple(labels))
    is_open = np.ones(len(offer.codes), dtype=bool)
    if platform is not None:
        is_open = np.asarray([not label.strip() for label in platform.labels], dtype=np.bool_)[platform.codes]
    taken = is_open & np.asarray([bool(name) for name in names], dtype=np.bool_)[offer.codes]
    count = int(taken.sum())
    if count:
        offers = "1 offer is taken from its name" if count == 1 else f"{count:,} offers is taken from their names"
        context.notes.append(f"the platform of {offers}")
        context.remark(taken, "platform-from-offer", "the platform was read from the offer's name")
    return {"platform": named if platform is None else fill_empty_cells(platform, named)}


def _with_one_name(column: TextColumn, parsed: Parsed) -> TextColumn:
    """Return the column with each platform's name; a cell that names several holds several values."""
    values = [
        tuple(dict.fromkeys(found.platform for found in cell)) or (label.strip(),)
        for label, cell in zip(column.labels, parsed, strict=True)
    ]
    codes, labels = pd.factorize(np.asarray([", ".join(names) for names in values], dtype=object))
    named = TextColumn(codes=codes.astype(np.int32)[column.codes], labels=tuple(labels))
    if all(len(names) == 1 for names in values):
        return named
    by_label = dict(zip(map(", ".join, values), values, strict=True))
    return replace(named, values=tuple(by_label[label] for label in named.labels))


def _offers_named_with_platforms(column: TextColumn, parsed: Parsed, offer: TextColumn | None) -> dict[str, TextColumn]:
    """Return the offers with the formats that cells name with the platform, or nothing if no cell names one."""
    formats = [" ".join(cell[0].rest) if len(cell) == 1 else "" for cell in parsed]
    used = np.flatnonzero(np.bincount(column.codes, minlength=len(formats))).tolist()
    if not any(formats[code] for code in used):
        return {}
    codes, labels = pd.factorize(np.asarray(formats, dtype=object))
    named = TextColumn(codes=codes[column.codes].astype(np.int32), labels=tuple(labels))
    return {"offer": named if offer is None else fill_empty_cells(offer, named)}


def _remark_spellings(context: ReadContext, column: TextColumn, parsed: Parsed) -> None:
    """Remark on the rows whose platform is written in another way than by its name."""
    texts = {}
    for code, (label, cell) in enumerate(zip(column.labels, parsed, strict=True)):
        names = ", ".join(dict.fromkeys(found.platform for found in cell))
        if cell and match_key(label) != names:
            texts[code] = f"platform {label.strip()!r} is read as {names}"
    context.remark_on_labels(column, "platform-spelling", texts)
