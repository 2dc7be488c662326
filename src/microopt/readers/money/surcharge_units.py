"""The one unit of the numbers without a sign in a column of surcharges: amounts of money, percents or fractions."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.campaign.flag_values import format_header_map
from microopt.readers.context import ReadContext
from microopt.readers.numbers.decimal_mark import money_style, number_style
from microopt.readers.numbers.numeric_text import parse_numbers
from microopt.readers.words.price_headers import TOTAL, find_header_currency, split_header
from microopt.readers.words.vocabulary import ROSTER, USER_RANK, alias_key
from microopt.roster.extra_costs import FEE_EXTRAS, amount_column

MOST_PERCENT = 100.0  # a greater number without a sign is an amount of money
MOST_AGENCY_PERCENT = 50.0  # as no agency takes a greater share
MOST_FRACTION = 2.0  # of a column of fractions: twice the fee
PROOF_ROWS = 2_000
_ROUNDING = 0.51  # by which a total in whole units may differ
NDFloat = NDArray[np.float64]


class BareUnit(Enum):
    """What the numbers without a sign are; `MIXED_SHARES` are percents with fractions such as 0.3 among them."""

    MONEY = "money"
    SHARE = "share"
    MIXED_SHARES = "mixed shares"


class BareNumbers(Struct, frozen=True, kw_only=True, eq=False):
    """The numbers without a sign of a column of surcharges, and whether other cells have one.

    Attributes
    ----------
    values
        (n,) by row of the table, NaN where the cell has a sign or no number.
    """

    values: NDFloat
    has_percents: bool = False
    has_money: bool = False


def settle_unit(context: ReadContext, name: str, bare: BareNumbers) -> BareUnit:
    """Return the unit of a column's numbers without a sign, noting what is only assumed.

    The user's word counts most, then the header, a total that includes the surcharge, the signs of the other cells, and
    lastly the size of the numbers: they are percents only if all of them can be. Numbers that need two units are a
    fault.
    """
    positive = bare.values[bare.values > 0]
    if name not in FEE_EXTRAS and (alias_key(context.header(name)) == alias_key(name) or _is_mapped(context, name)):
        return BareUnit.MONEY
    if not len(positive) or "%" in context.header(name):
        return BareUnit.SHARE
    proven = _proven_unit(context, bare)
    unit = proven or _likely_unit(context, name, positive, bare)
    if unit is BareUnit.SHARE and positive.min() <= 1 and positive.max() > MOST_FRACTION:
        return BareUnit.MIXED_SHARES
    if unit is BareUnit.MONEY:
        fractions = positive[positive < 1]
        if len(fractions) and not proven:
            _fault_two_units(context, name, f"{fractions[0]:,.10g} and {positive.max():,.10g}")
        elif not proven or bare.has_percents:
            _note_money(context, name, positive, bare)
    elif not proven and name == "agency" and MOST_AGENCY_PERCENT / 100 < positive.max() <= MOST_FRACTION:
        number, percent = f"{positive.max():,.10g}", f"{100 * positive.max():,.10g}%"
        message = f"{context.header(name)}: does {number} mean {number}%, {percent} or an amount of money?"
        context.fault_column(name, "number-unit", message, f"write {number}%, {percent} or ${number}")
    elif unit is BareUnit.SHARE and not (proven or bare.has_percents) and np.median(positive) > 1:
        fix = f"for money add {format_header_map(context.header(name), _amount_name(name))}"
        text = f"is read as percents of the fee, up to {positive.max():,.10g}%"
        context.notes.append(f"{context.header(name)} {text}; {fix}")
    return unit


def _likely_unit(context: ReadContext, name: str, positive: NDFloat, bare: BareNumbers) -> BareUnit:
    is_agency = name == "agency" and not bare.has_percents
    most = MOST_AGENCY_PERCENT if is_agency else MOST_PERCENT
    if float(positive.max()) <= MOST_FRACTION and float(np.median(positive)) <= 1:
        return BareUnit.SHARE
    if positive.max() > most:
        return BareUnit.MONEY
    if bare.has_percents == bare.has_money:
        says_money = name not in FEE_EXTRAS or find_header_currency(context.header(name)) is not None
    else:
        says_money = bare.has_money
    return BareUnit.MONEY if says_money else BareUnit.SHARE


def _note_money(context: ReadContext, name: str, positive: NDFloat, bare: BareNumbers) -> None:
    """Note that numbers are read as money because some are too large for percents."""
    header, most = context.header(name), float(positive.max())
    if bare.has_percents:
        above = "" if positive.min() <= MOST_PERCENT else "above 100 "
        context.notes.append(
            f"{header}: numbers {above}without a sign are read as amounts of money, such as {most:,.10g}"
        )
    elif (
        name in FEE_EXTRAS
        and not bare.has_money
        and positive.min() <= MOST_PERCENT
        and not find_header_currency(header)
    ):
        text = f"is read as amounts of money, {positive.min():,.10g} to {most:,.10g}, because not all can be percents"
        context.notes.append(f"{header} {text} of the fee; write percents with a % sign")


def _fault_two_units(context: ReadContext, name: str, examples: str) -> None:
    header = context.header(name)
    message = f"some numbers in {header} look like percents, and others like amounts of money: {examples}"
    flag = format_header_map(header, _amount_name(name))
    context.fault_column(name, "number-unit", message, f"write 20% or $150, or, if all are money, add {flag}")


def _amount_name(name: str) -> str:
    return amount_column(name) if name in FEE_EXTRAS else name


def _is_mapped(context: ReadContext, name: str) -> bool:
    found = dict(ROSTER.with_user_columns(context.options.columns).find_columns(context.header(name)))
    return found.get(name) == USER_RANK


def _proven_unit(context: ReadContext, bare: BareNumbers) -> BareUnit | None:
    """Return the unit in which fee and surcharge add up to a column of totals in most rows, or None."""
    if "fee" not in context.columns:
        return None
    rows = np.flatnonzero(bare.values > 0)[:PROOF_ROWS]
    values = bare.values[rows]
    fee = parse_numbers(context.raw("fee").iloc[rows], number_style(context, "fee")).values
    for total in _totals(context, rows):
        sums = np.stack([fee + values, fee * (1 + values / 100), fee * (1 + values)])
        fits = np.abs(sums - total) <= _ROUNDING
        proofs = fits[:, fits.sum(axis=0) == 1].sum(axis=1)
        if proofs.max() * 2 > len(rows) and np.count_nonzero(proofs) == 1:
            return BareUnit.MONEY if proofs[0] else BareUnit.SHARE
    return None


def _totals(context: ReadContext, rows: NDArray[np.intp]) -> Iterator[NDFloat]:
    """Yield the numbers of each column that is called a total and is not used for something else."""
    used = {*context.columns.values(), *context.ignored}
    for position, header in enumerate(context.table.headers):
        if position not in used and not TOTAL.isdisjoint(split_header(header)):
            yield parse_numbers(context.table.columns[position].iloc[rows], money_style(context)).values
