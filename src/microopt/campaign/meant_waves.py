"""What to write for a text under `waves` that names none: `March`, `2027-03 - 2027-05`, `launch: 2027-03-01`."""

from __future__ import annotations

import re
from datetime import timedelta

from microopt.campaign.calendar import Days
from microopt.campaign.calendar_faults import EXAMPLE, Faults
from microopt.campaign.calendar_periods import MONTH, WEEK, meant_month, parse_days
from microopt.campaign.wave_names import PERIOD
from microopt.quantities.written_days import find_month

_ROW = rf"({PERIOD})\s*(?:-|–|—|\.|…|to|until|bis|through)\s*({PERIOD})"
_LISTED = rf"{PERIOD}(?:(?:\s*[;/&+]|\s+and|\s+und)?\s*{PERIOD})+"


def fix_wave(text: str, faults: Faults) -> str:
    """Return what to write in place of a text that names no wave."""
    first, dots, last = (part.strip() for part in text.partition(".."))
    if dots and any(one.fullmatch(first) and other.fullmatch(last) for one, other in ((MONTH, WEEK), (WEEK, MONTH))):
        return "write two months or two weeks, such as 2027-03..2027-05 or 2027-W10..2027-W21"
    if row := re.fullmatch(_ROW, text.strip(), re.IGNORECASE):
        return f"did you mean {row[1]}..{row[2]}?"
    if re.fullmatch(_LISTED, text.strip(), re.IGNORECASE):
        return f"write {faults.write_waves(re.findall(PERIOD, text))}"
    if month := meant_month(text):
        return f"did you mean {month}?"
    name, colon, days_text = (part.strip() for part in text.partition(":"))
    if colon and name and (named := parse_days(days_text)):
        return f"did you mean {name}={named.starts}..{named.ends}?"
    if (days := parse_days(text)) is not None:
        return _fix_days(days)
    if (number := find_month(text.strip().casefold())) is not None:
        return f"write it with its year, such as 2027-{number:02d}"
    forms = "months such as 2027-03, weeks such as 2027-W10, or launch=2027-03-01..2027-03-14"
    return f"write {forms}: {faults.write_waves(EXAMPLE)}"


def _fix_days(days: Days) -> str:
    """Return how to write days as a wave, or as the months that they are."""
    ends = days.ends if days.ends > days.starts else days.starts + timedelta(13)
    named = f"give days a name, such as launch={days.starts}..{ends}"
    if days.starts.day == (days.ends + timedelta(1)).day == 1:
        return f"for a wave each month, write {days.starts:%Y-%m}..{days.ends:%Y-%m}; for a single one, {named}"
    return named
