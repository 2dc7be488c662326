"""How to write exchange rates that the user has still to look up."""

from __future__ import annotations

from collections.abc import Sequence


def unset_rate_lines(codes: Sequence[str], *, has_table: bool) -> list[str]:
    """Return a line of the campaign file for each exchange rate; the rates are refused until they are filled in.

    Parameters
    ----------
    has_table
        Whether the file has a table `[exchange]`, below which the lines go; otherwise they go to the top of the file.
    """
    prefix = "" if has_table else "exchange."
    return [f"{prefix}{code} = 0.00" for code in codes]


def where_rates_go(*, has_table: bool) -> str:
    """Return where in the campaign file these lines go."""
    return "under [exchange] in the campaign file" if has_table else "at the top of the campaign file"


def describe_rates_to_set(codes: Sequence[str], home: str) -> str:
    """Return what to write in these lines."""
    what = f"one {codes[0]}" if len(codes) == 1 else "one of each"
    return f"with what {what} is worth in {home} instead of 0.00"


def describe_unset_rates(codes: Sequence[str], home: str, *, has_table: bool) -> str:
    """Return where the rates go, and below it, for the user to paste, their lines."""
    sentence = f"add {where_rates_go(has_table=has_table)}, {describe_rates_to_set(codes, home)}:"
    return "\n".join([sentence, *unset_rate_lines(codes, has_table=has_table)])
