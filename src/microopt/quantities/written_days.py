"""Days, weeks, months and quarters as people write them, read only where they have one meaning.

A library for free text would read more than is meant: dateutil takes the day or the year that a text lacks from
today, and `15 Mar 2027 TBD` for a day in a time zone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from unicodedata import normalize

FIRST_YEAR, LAST_YEAR = 2000, 2199  # others are slips
SHORT_YEARS = range(20, 60)  # of two digits that are of this century and no day of birth
# Spreadsheets count days from 1900, which they take for a leap year; these numbers are days of 2000 to 2099.
SERIAL_ZERO, SERIALS = date(1899, 12, 30), range(36_526, 73_051)
MONTHS = (
    "january january januar jänner janvier enero gennaio janeiro januari styczeń stycznia",
    "february februar feber février febrero febbraio fevereiro februari luty lutego",
    "march märz maerz mrz mars marzo março maart marzec marca",
    "april avril abril aprile kwiecień kwietnia",
    "may mai mayo maggio maio mei maj maja",
    "june juni juin junio giugno junho czerwiec czerwca",
    "july juli juillet julio luglio julho lipiec lipca",
    "august août aout agosto augustus augusti sierpień sierpnia",
    "september septembre septiembre settembre setembro wrzesień września",
    "october oktober octobre octubre ottobre outubro październik października",
    "november novembre noviembre novembro listopad listopada",
    "december dezember décembre diciembre dicembre dezembro grudzień grudnia",
)
SHORTEST = 3  # letters of a month
_WORD, _DAY, _APART = r"(?P<month>[^\W\d_]{3,12})\.?", r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|er|º|\.)?", r"[\s,/-]*"
_YEAR, _NUMBER, _OF = r"(?P<year>[0-9]{4})", r"(?P<number>[0-9]{1,2})", r"(?:(?:of|de|del) )?"
_ANY_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
# Texts, which are compiled when they are first used: importing this module takes no time.
_CLOCK = r"(?:(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?|24:00(?::00)?)"
_TIME = rf"(?:t|\s)\s*{_CLOCK}\s*(?:[ap]m)?(?:z|[+-][0-9]{{2}}:?[0-9]{{2}})?"
_FORMS = (
    rf"{_YEAR}[- ]?w(?P<week>[0-9]{{1,2}})",
    rf"(?:w|kw|cw|week|woche) ?(?P<week>[0-9]{{1,2}})[\s/,-]+{_YEAR}",
    rf"{_YEAR}[-/.]{_NUMBER}[-/.](?P<day>[0-9]{{1,2}})",
    rf"(?P<day>[0-9]{{1,2}})\. ?{_NUMBER}\. ?{_ANY_YEAR}",
    rf"{_DAY}{_APART}{_OF}{_WORD}{_APART}{_OF}{_ANY_YEAR}",
    rf"{_WORD}{_APART}{_DAY},?[\s,/-]+{_YEAR}",
    rf"{_YEAR}{_APART}{_WORD}{_APART}{_DAY}",
    rf"{_WORD}{_APART}{_OF}{_YEAR}",
    rf"{_YEAR}{_APART}{_WORD}",
    rf"{_YEAR}[-/.]{_NUMBER}",
    rf"{_NUMBER}[-/.]{_YEAR}",
    rf"{_YEAR}[- ]?q(?P<quarter>[1-4])",
    rf"q(?P<quarter>[1-4])[\s/,-]*{_YEAR}",
    _YEAR,
)
LONGEST = 60  # characters; longer texts are sentences


def read_days(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of what a text names, None if it names none or could name several.

    Days are `2027-03-15`, `2027/03/15`, `15.3.2027`, `15.3.27`, `15 Mar 2027`, `Mar 15, 2027`, `15. März 2027`; a time
    of day may follow. Months are `2027-03`, `03/2027`, `March 2027`; weeks `2027-W10`; quarters `Q2 2027`; years
    `2027`. With dots, the day comes first. Two digits are a year only after a day and a month, from 2020 to 2059.
    """
    parts = _parts_of(text)
    return None if parts is None else _days_of(parts)


def why_no_day(text: str) -> str:
    """Return why there is no day that a text names: `February 2027 has 28 days`; empty where that is not the reason."""
    parts = {name: part for name, part in (_parts_of(text) or {}).items() if part is not None}
    if not {"year", "day"} <= parts.keys():
        return ""
    year = _year_of(parts["year"])
    month = find_month(parts["month"]) if "month" in parts else int(parts.get("number", 0))
    if year is None or month is None or not 1 <= month <= 12:
        return ""
    last = _last_of_month(year, month)
    return f"{last:%B %Y} has {last.day} days" if int(parts["day"]) > last.day else ""


def _parts_of(text: str) -> dict[str, str | None] | None:
    """Return the parts of a text that is in a form of days, by name; None if it is in none."""
    plain = " ".join(normalize("NFC", text).casefold().replace("–", "-").split()) if len(text) <= LONGEST else ""
    if time := re.search(_TIME, plain):
        plain = plain[: time.start()] if time.end() == len(plain) else ""
    for form in _FORMS:
        if match := re.fullmatch(form, plain):
            return match.groupdict()
    return None


def read_serial(text: str) -> date | None:
    """Return the day that a spreadsheet keeps as a number such as 46460, where its year is 2000 to 2099.

    A fraction, 46460.5, is a time of day.
    """
    match = re.fullmatch(r"([0-9]{5})(?:\.[0-9]{1,15})?", text)
    return SERIAL_ZERO + timedelta(int(match[1])) if match and int(match[1]) in SERIALS else None


def _days_of(parts: dict[str, str | None]) -> tuple[date, date] | None:
    """Return the days of a year, its quarter, week or month, or of a day of the month; None if there is none such."""
    found = {name: part for name, part in parts.items() if part is not None}
    year, day = _year_of(found["year"]), found.get("day")
    month = find_month(found["month"]) if "month" in found else int(found.get("number", 1))
    if year is None or month is None:
        return None
    try:
        if week := found.get("week"):
            monday = date.fromisocalendar(year, int(week), 1)
            return monday, monday + timedelta(6)
        if quarter := found.get("quarter"):
            return date(year, 3 * int(quarter) - 2, 1), _last_of_month(year, 3 * int(quarter))
        if day is not None:
            return date(year, month, int(day)), date(year, month, int(day))
        return date(year, month, 1), _last_of_month(year, month if {"month", "number"} & found.keys() else 12)
    except ValueError:
        return None


def _year_of(digits: str) -> int | None:
    year = int(digits)
    if len(digits) == 2:
        return 2000 + year if year in SHORT_YEARS else None
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


@cache
def find_month(word: str) -> int | None:
    """Return the number of the month that a word names in one of our languages, in full or by its first letters."""
    known = {number: names.split() for number, names in enumerate(MONTHS, start=1)}
    named = [number for number, names in known.items() if word in names]
    begun = [number for number, names in known.items() if any(name.startswith(word) for name in names)]
    found = named or (begun if len(word) >= SHORTEST else [])
    return found[0] if len(found) == 1 else None
