"""Holidays of the countries of a campaign, from the package `holidays`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from microopt.campaign.calendar import Holiday
from microopt.campaign.calendar_faults import Faults
from microopt.errors import CampaignError, did_you_mean
from microopt.quantities.countries import country_names, find_market
from microopt.quantities.parse_and_format import shorten

_EXAMPLE = 'holidays = ["DE", "AT"]'


def parse_countries(written: bool | str | Sequence[str], stated: tuple[str, ...], faults: Faults) -> tuple[str, ...]:
    """Return the codes of the countries whose holidays count.

    Parameters
    ----------
    written
        `True` for those of the campaign; countries or markets by name or code.
    stated
        Those of the campaign.
    """
    if written is False:
        return ()
    if written is True:
        if not stated:
            fix = f"name them: {_EXAMPLE}"
            faults.add_fault("calendar-holidays", "holidays: the campaign names no countries", fix, "holidays")
        names: Sequence[str] = stated
    else:
        names = (written,) if isinstance(written, str) else written
    codes: list[str] = []
    for name in names:
        market = find_market(name)
        if not market:
            fix = (did_you_mean(name, country_names()) if len(name.strip()) > 2 else "") or f"write {_EXAMPLE}"
            faults.add_fault("calendar-holidays", f"holidays: there is no country {shorten(name)!r}", fix, "holidays")
        codes += market
    countries = tuple(dict.fromkeys(codes))
    for code in _without_holidays(countries):
        fix = f"leave it out of holidays, and give its days as blackout: {_EXAMPLE}"
        faults.add_fault("calendar-holidays", f"holidays: those of {code} are not known", fix, "holidays")
    return countries


def find_holidays(countries: Sequence[str], starts: date, ends: date) -> tuple[Holiday, ...]:
    """Return the public holidays of countries between two days, in order of time; their names are English if known.

    Raises
    ------
    CampaignError
        If the package `holidays` is not installed.
    """
    years = range(starts.year, ends.year + 1)
    found = [
        Holiday(day=day, country=code, name=str(name))
        for code in countries
        for day, name in _package().country_holidays(code, years=years, language="en_US").items()
        if starts <= day <= ends
    ]
    return tuple(sorted(found, key=lambda holiday: (holiday.day, holiday.country)))


def _without_holidays(countries: Sequence[str]) -> list[str]:
    """Return the countries that the package does not know."""
    known = _package().list_supported_countries(include_aliases=False) if countries else {}
    return [code for code in countries if code not in known]


def _package() -> Any:
    try:
        import holidays
    except ImportError:
        fix = "install it with: pip install 'microopt[calendar]', or give the days as blackout"
        raise CampaignError("holidays need the package holidays", fix=fix, code="extra-missing") from None
    return holidays
