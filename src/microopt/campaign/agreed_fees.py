"""Fees agreed with creators: an amount that replaces the fee on the list, a discount, or both.

The table `[fees]` of a campaign file and the flag `--fee` give them by the name of a creator, or by a selector.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from microopt.campaign.flag_values import Amount, amount_text, toml_key
from microopt.campaign.options import CAMPAIGN, Scope, option
from microopt.errors import Fault, MicrooptError, UsageError, raise_campaign_faults
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_bound, format_money, parse_money, parse_number, shorten
from microopt.quantities.units import Cents

MAX_FEE = 10**13  # cents, of one unit: as on a list
MINUS = "-−–"  # as typed, and as word processors write it


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


def parse_fee_flags(texts: Sequence[str]) -> dict[str, str]:
    """Parse `--fee '@anna=900'`, whose name may have an equals sign itself.

    Raises
    ------
    UsageError
        If one is of another form, or a name is given twice.
    """
    fees: dict[str, str] = {}
    for text in texts:
        name, _, fee = (part.strip() for part in text.rpartition("="))
        if not name or not fee:
            fix = "write it like --fee @anna=900, --fee '@anna=-10%' or --fee 'tier:micro=200'"
            raise UsageError(f"--fee {shorten(text)!r} is not of the form CREATOR=FEE", fix=fix)
        if match_key(name) in map(match_key, fees):
            fix = f"give it once, such as --fee '{shorten(name)}={shorten(fee)}'"
            raise UsageError(f"--fee gives {shorten(name)} twice", fix=fix, code="given-twice")
        fees[name] = fee
    return fees


FEES = option(
    "--fee",
    panel=CAMPAIGN,
    metavar="CREATOR=FEE",
    scope=Scope.FORECAST,
    parse=parse_fee_flags,
    help="A fee agreed with a creator: @anna=900 replaces the list's, @ben=-10% is a discount. Repeatable.",
)


def parse_agreed_fees(written: Mapping[str, Amount]) -> dict[str, AgreedFee]:
    """Return the fees that a table means, by name as written.

    Raises
    ------
    CampaignError
        With every fee that is not possible, and every name that is given twice.
    """
    faults: list[Fault] = []
    fees: dict[str, AgreedFee] = {}
    first: dict[str, str] = {}
    for name, fee in written.items():
        key = match_key(name)
        if not key:
            faults.append(_fault("fees-name", "a fee has no name", 'name the creator: "@anna" = 900', name))
        elif first.setdefault(key, name) != name:
            fix = f"keep one entry for {shorten(first[key])!r}"
            faults.append(_fault("given-twice", f"{shorten(name)} is given twice", fix, name))
        else:
            try:
                fees[name.strip()] = _parse_fee(name.strip(), amount_text(fee))
            except MicrooptError as error:
                faults.extend(error.faults)
    raise_campaign_faults(faults)
    return fees


def _parse_fee(name: str, text: str) -> AgreedFee:
    amount, discount = split_agreed_fee(text)
    percent = text.strip().lstrip(MINUS + "+").removesuffix("%").strip()
    if amount.endswith("%") or (amount[:1] and amount[0] in MINUS):  # 10%, or -10
        message = f"{shorten(name)} = {shorten(text)} is neither a fee nor a discount"
        fix = f'for a discount, write {_entry(name)} = "-{shorten(percent) or 10}%"'
        raise_campaign_faults([_fault("fees-value", message, fix, name)])
    off = _parse_discount(name, text, discount) if discount is not None else Fraction(0)
    cents = parse_money(amount, f"fee of {shorten(name)}") if amount or discount is None else None
    if cents is not None and cents > MAX_FEE:
        message = f"{shorten(name)} = {shorten(text)} is too high to be true"
        raise_campaign_faults([_fault("fees-value", message, "write the fee of one unit, such as 900", name)])
    return AgreedFee(amount=cents, off=off)


def _parse_discount(name: str, text: str, discount: str) -> Fraction:
    try:
        off = parse_number(discount) / 100
    except ValueError:
        off = Fraction(-1)
    if not 0 < off < 1:
        message = f"{shorten(name)} = {shorten(text)} is not a discount above 0 and below 100%"
        fix = f'write {_entry(name)} = "-10%", or {_entry(name)} = 0 for posts without a fee'
        raise_campaign_faults([_fault("fees-value", message, fix, name)])
    return off


def split_agreed_fee(text: str) -> tuple[str, str | None]:
    """Return the amount and the percent of the discount of a fee as written: `900` and `10` of `900 -10%`.

    The amount is empty, or the discount is None, where there is none.
    """
    stripped = text.strip()
    at = max(map(stripped.rfind, MINUS))
    if not stripped.endswith("%") or at < 0:
        return stripped, None
    return stripped[:at].strip(), stripped[at + 1 : -1].strip()


def _entry(name: str) -> str:
    return toml_key(shorten(name))


def _fault(code: str, message: str, fix: str, name: str) -> Fault:
    return Fault(code=code, message=f"[fees]: {message}", fix=fix, column=f"fees.{shorten(name)}")


def invalid_agreed_fees(fees: Mapping[str, AgreedFee]) -> Iterator[tuple[str, str]]:
    """Yield (place, sentence) of each value of a plan's campaign that is not possible."""
    seen: set[str] = set()
    for name, fee in fees.items():
        key = match_key(name)
        if not key or key in seen:
            yield f"fees.{name}", "a fee has no name" if not key else f"{name} is given twice"
        seen.add(key)
        if fee.amount is not None and not 0 <= fee.amount <= MAX_FEE:
            yield f"fees.{name}", f"{fee.amount / 100:.2f} is not a fee"
        if not 0 <= fee.off < 1:
            yield f"fees.{name}", f"{float(fee.off):g} is not a discount"


def format_agreed_fee(fee: AgreedFee, currency: str) -> str:
    """Return a fee in words: `$900`, `10% off`, `$900 less 10%`."""
    off = format_bound(fee.off, True)
    if fee.amount is None:
        return f"{off} off"
    return format_money(fee.amount, currency) + (f" less {off}" if fee.off else "")


def list_agreed_fees(fees: Mapping[str, AgreedFee], currency: str) -> list[str]:
    """Return each fee in words, in the order of the names: `@anna $900`, `@ben 10% off`."""
    names = sorted(fees, key=match_key)
    return [f"{name} {format_agreed_fee(fees[name], currency)}" for name in names]


def format_agreed_fees(fees: Mapping[str, AgreedFee], currency: str) -> str:
    """Return fees in words: `@anna $900, @ben 10% off`."""
    return ", ".join(list_agreed_fees(fees, currency)) or "none"
