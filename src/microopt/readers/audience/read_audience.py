"""Read the audience of each creator from the columns of a roster, where the campaign has a target."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.target_audience import TargetAudience
from microopt.quantities.parse_and_format import join_words
from microopt.readers.audience.headers import parse_header
from microopt.readers.audience.packed_columns import read_packed
from microopt.readers.audience.row_shares import DimensionShares, check_totals
from microopt.readers.audience.shares import AudiencePart
from microopt.readers.audience.wide_columns import read_wide
from microopt.readers.context import ReadContext
from microopt.roster.stated_audience import StatedAudience

PACKED_COLUMNS = ("audience_country", "audience_age", "audience_gender")
NDFloat = NDArray[np.float64]


def read_audience(context: ReadContext, target: TargetAudience) -> StatedAudience:
    """Return the share of each row's audience that is on target, as far as the roster states it.

    A part that a row leaves out while it states others of the same kind has a share of 0. Columns of one share each
    take precedence over cells that hold several. Shares of a kind that exceed 100% in all are a fault, with some room
    for rounding.
    """
    rows = len(context.table.row)
    wide, packed = _find_headers(context)
    context.audience = {position: part.text for position, part in wide} | dict.fromkeys(packed, "shares in each cell")
    shares, mostly = read_wide(context, wide, target), np.full(rows, np.nan)
    for position in packed:
        more, places = read_packed(context, position, target)
        for name, each in more.items():
            shares[name] = shares[name].completed_by(each) if name in shares else each
        mostly = np.where(np.isnan(mostly), places, mostly)
    check_totals(context, shares)
    _note_columns(context, [*context.audience])
    return _stated(shares, mostly, target)


def _find_headers(context: ReadContext) -> tuple[list[tuple[int, AudiencePart]], list[int]]:
    """Return the positions of the headers of one share each, with what they are shares of, and those of whole cells."""
    names = {position: name for name, position in context.columns.items()}
    wide, packed = [], []
    for position, header in enumerate(context.table.headers):
        if names.get(position) in PACKED_COLUMNS:
            packed.append(position)
            continue
        if position in names or position in context.ignored or (found := parse_header(header)) is None:
            continue
        if found.part is None:
            packed.append(position)
        else:
            wide.append((position, found.part))
    return wide, packed


def _note_columns(context: ReadContext, positions: list[int]) -> None:
    headers = [context.table.headers[position].strip() for position in sorted(positions)]
    if headers:
        shown = headers if len(headers) <= 3 else [*headers[:2], f"{len(headers) - 2} more columns"]
        context.notes.append(f"shares of the audience are read from {join_words(shown)}")


def _stated(shares: dict[str, DimensionShares], mostly: NDFloat, target: TargetAudience) -> StatedAudience:
    """Return the shares on target, NaN where the roster states none."""
    nothing = np.full(len(mostly), np.nan)
    country, age, gender = (
        shares[name].on_target() if name in shares else nothing for name in ("country", "age", "gender")
    )
    both = shares.get("age_and_gender")
    if both is not None:
        age = np.where(np.isnan(age), both.masked(both.of_ages), age)
        gender = np.where(np.isnan(gender), both.masked(both.of_gender), gender)
    return StatedAudience(
        country=country if target.countries else nothing,
        mostly=mostly if target.countries else nothing,
        age=age if target.ages else nothing,
        gender=gender if target.gender else nothing,
        age_and_gender=both.on_target() if both is not None and target.ages and target.gender else nothing,
    )
