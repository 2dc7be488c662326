"""Fees agreed with creators: an amount that replaces the fee on the list, a discount, or both."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct

from microopt.quantities.parse_and_format import format_bound, format_money
from microopt.quantities.units import Cents


class AgreedFee(Struct, frozen=True):
    """What was agreed with a creator.

    Attributes
    ----------
    amount
        Cents for each unit, in the place of the fee on the list; None keeps that.
    off
        The share of the fee that is taken off, in addition to the discounts of packages and retainers.
    """

    amount: Cents | None = None
    off: Fraction = Fraction(0)


def format_agreed_fee(fee: AgreedFee, currency: str) -> str:
    """Return a fee in words: `$900`, `10% off`, `$900 less 10%`."""
    off = format_bound(fee.off, True)
    if fee.amount is None:
        return f"{off} off"
    return format_money(fee.amount, currency) + (f" less {off}" if fee.off else "")


def format_agreed_fees(fees: Mapping[str, AgreedFee], currency: str) -> str:
    """Return fees in words: `@anna $900, @ben 10% off`."""
    return ", ".join(f"{name} {format_agreed_fee(fee, currency)}" for name, fee in sorted(fees.items())) or "none"
