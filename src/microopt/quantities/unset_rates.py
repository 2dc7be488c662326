"""How to write exchange rates that the user has still to look up."""

from __future__ import annotations

from collections.abc import Sequence


def format_unset_rates(codes: Sequence[str]) -> str:
    """Return the entries of a table of exchange rates, which are refused until they are filled in."""
    return ", ".join(f"{code} = 0.00" for code in codes)


def describe_rates_to_set(codes: Sequence[str], home: str) -> str:
    """Return what to write in the entries of `format_unset_rates`."""
    what = f"one {codes[0]}" if len(codes) == 1 else "one of each"
    return f"with what {what} is worth in {home} instead of 0.00"
