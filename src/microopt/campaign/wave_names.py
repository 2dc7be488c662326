"""Names of waves: which of them a text means, and what to say where it means none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from microopt.errors import did_you_mean
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_names
from microopt.quantities.written_days import find_month

MOST_NAMES = 12  # of waves that a fix lists
MONTH, WEEK = r"(\d{4})-(\d{1,2})", r"(\d{4})-?[Ww](\d{1,2})"
PERIOD = r"\d{4}-(?:\d{1,2}|[Ww]\d{1,2})"  # a month or a week within a longer text
# Unicode's categories of characters that nobody sees: controls, signs of direction, spaces that are not the usual one,
# and halves of characters, which no file can hold.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})


def full_name(text: str) -> str:
    """Return the name of a month or a week with all of its digits: `2027-03` for `2027-3`; another name as it is."""
    for pattern, sign in ((MONTH, ""), (WEEK, "W")):
        if match := re.fullmatch(pattern, text.strip()):
            return f"{match[1]}-{sign}{int(match[2]):02d}"
    return text


def wave_key(name: str) -> str:
    """Return the key that all spellings of a wave's name share: `2027-3` is `2027-03`, and `Launch` is `launch`."""
    return match_key(full_name(name))


def find_wave(names: Sequence[str], text: str) -> int | None:
    """Return the place of the wave that a text names, None if it names none.

    Parameters
    ----------
    names
        The waves, as the calendar writes them.
    """
    wanted = wave_key(text)
    return next((place for place, name in enumerate(names) if wave_key(name) == wanted), None)


def suggest_waves(names: Sequence[str], text: str) -> str:
    """Return what to write for a name that no wave has: the wave whose name is spelled nearly so, or all of them.

    Months and weeks differ in digits only, so that none of them is nearer than another.
    """
    month = find_month(text.strip().casefold())
    of_month = [] if month is None else [name for name in names if re.fullmatch(rf"\d{{4}}-{month:02d}", name)]
    if len(of_month) == 1:
        return f"did you mean {of_month[0]}?"
    is_period = full_name(text) != text or any(re.fullmatch(pattern, text.strip()) for pattern in (MONTH, WEEK))
    nearest = "" if is_period else did_you_mean(text, names)
    return nearest or f"the waves are {format_names(tuple(names), MOST_NAMES)}"


def unseen_character(name: str) -> str:
    """Return the first character of a name that nobody sees, as `U+200B`; empty if it has none."""
    found = (each for each in name if each != " " and unicodedata.category(each) in _UNSEEN)
    return next((f"U+{ord(each):04X}" for each in found), "")
