"""Columns whose cells hold several shares of an audience each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.target_audience import TargetAudience
from microopt.errors import did_you_mean
from microopt.quantities.countries import country_names, name_key, share_of_people
from microopt.quantities.parse_and_format import shorten
from microopt.readers.audience.packed_cells import PackedShare, named_places, parse_packed
from microopt.readers.audience.row_shares import FIX, DimensionShares
from microopt.readers.audience.shares import AudiencePart
from microopt.readers.cells.text import to_text_column
from microopt.readers.context import ReadContext
from microopt.roster.roster import TextColumn

Parsed = Sequence[tuple[PackedShare, ...]]
NDFloat = NDArray[np.float64]


def read_packed(
    context: ReadContext, position: int, target: TargetAudience
) -> tuple[dict[str, DimensionShares], NDFloat]:
    """Return the shares of each dimension in the cells of a column, and those of places named without a share.

    Each distinct cell is parsed once. Numbers of cells without a percent sign are percents where any is above 1.
    """
    header = context.table.headers[position].strip()
    column = to_text_column(context.table.columns[position], placeholders=True)
    read = [parse_packed(label) for label in column.labels]
    labels = zip(read, column.labels, strict=True)
    bad = np.asarray([shares is None and any(map(str.isdigit, label)) for shares, label in labels], dtype=bool)
    fix = "write it like DE 62%, AT 11%, or like 18-24: 35%, or F 70% / M 30%"
    _fault_labels(context, header, column, bad, "{value} cannot be read as shares of an audience", fix)
    parsed = [shares or () for shares in read]
    below = np.asarray([any((share.number or 0) < 0 for share in shares) for shares in parsed], dtype=bool)
    _fault_labels(context, header, column, below, "{value} has a share below zero", FIX)
    _note_names(context, header, parsed, target)
    shares = _add_up(header, parsed, target)
    places = np.asarray([_share_of_places(each, target) for each in parsed], dtype=np.float64)
    return {name: each.take(column.codes) for name, each in shares.items()}, places[column.codes]


def _fault_labels(
    context: ReadContext, header: str, column: TextColumn, mask: NDArray[np.bool_], message: str, fix: str
) -> None:
    """Note a fault for each row whose label is in `mask`."""
    if not mask.any():
        return
    rows = np.flatnonzero(mask[column.codes])
    values = [column[row] for row in rows[: context.faults.remaining].tolist()]
    context.faults.add_cells(header, context.table.row[rows].tolist(), values, "audience-share", message, fix)


def _note_names(context: ReadContext, header: str, parsed: Parsed, target: TargetAudience) -> None:
    """Note names that are those of no country, and GE where Germany may be meant."""
    unknown = Counter(share.name for shares in parsed for share in shares if share.part is None and share.number)
    if unknown:
        name = max(unknown, key=lambda name: (unknown[name], name))
        guess = did_you_mean(name, [*country_names()]) if len(name) > 2 else ""
        entries = "1 entry is" if len(unknown) == 1 else f"{len(unknown):,} entries are"
        example = f"such as {shorten(name)!r}{f' ({guess})' if guess else ''}"
        context.notes.append(f"{header}: {entries} no known part of an audience and not on target, {example}")
    names_georgia = any(name_key(share.name) == "ge" for shares in parsed for share in shares)
    if names_georgia and not {"DE", "GE"}.isdisjoint(target.countries):
        context.notes.append(f"{header}: GE is read as Georgia; for Germany write DE")


def _add_up(header: str, parsed: Parsed, target: TargetAudience) -> dict[str, DimensionShares]:
    """Return the shares of each dimension by label."""
    plain = [share.number for shares in parsed for share in shares if share.number is not None and not share.is_percent]
    in_percent = any(number > 1 for number in plain)
    of_parts: dict[AudiencePart, list[tuple[int, float]]] = {}
    for label, shares in enumerate(parsed):
        scale = 100 if in_percent or any(share.is_percent for share in shares) else 1
        for share in shares:
            if share.number is not None and share.part is not None and share.part.dimension:
                of_parts.setdefault(share.part, []).append((label, share.number / scale))
    found: dict[str, DimensionShares] = {}
    for part, numbers in of_parts.items():
        name, rows = part.dimension, np.asarray([label for label, _ in numbers], dtype=np.intp)
        if name not in found:
            found[name] = DimensionShares.empty(header, len(parsed), is_gender=name == "gender")
        found[name].add(part, rows, np.asarray([number for _, number in numbers]), target)
    return found


def _share_of_places(shares: tuple[PackedShare, ...], target: TargetAudience) -> float:
    """Return the share of people in the target's countries, of those in places that are named without shares."""
    places = list(named_places(shares))
    return share_of_people(places, target.countries) if places else np.nan
