"""The currency of the house, and what the currencies of its campaigns are worth in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from microopt.errors import Fault

DEFAULT_CURRENCY = "USD"


def house_currency(stated: str | None, of_campaigns: Iterable[str]) -> str:
    """Return the currency of the house: the one that is stated, or the only one of its campaigns."""
    if stated is not None:
        return stated
    codes = set(of_campaigns)
    return codes.pop() if len(codes) == 1 else DEFAULT_CURRENCY


def missing_rates(house: str, exchange: Mapping[str, Fraction], currencies: Mapping[str, str]) -> Iterator[Fault]:
    """Yield a fault for each currency of campaigns whose worth in the currency of the house is not said.

    Parameters
    ----------
    currencies
        By the name of a campaign.
    """
    lacking: dict[str, list[str]] = {}
    for name, code in currencies.items():
        if code != house and code not in exchange:
            lacking.setdefault(code, []).append(name)
    for code, names in lacking.items():
        verb = "is" if len(names) == 1 else "are"
        who = ", ".join(names)
        message = f"{who} {verb} in {code}, but the house is in {house}, and no rate is given"
        fix = f"add what one {code} is worth in {house}, such as exchange = {{ {code} = 1.08 }}"
        if not exchange and len(lacking) == 1:
            fix += f', or write currency = "{code}" if the house counts in {code}'
        yield Fault(code="rate-missing", message=message, fix=fix, column="exchange")
