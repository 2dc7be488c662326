"""The settings of a campaign by which its roster is read: decimal mark, encoding, platform, quotes, units, rates."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from microopt.campaign.campaign import QUOTE_ENDS
from microopt.campaign.flag_values import NumbersInput, amount_texts
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.part_parser import PartParser
from microopt.campaign.validation import find_text_encoding
from microopt.errors import CampaignError, did_you_mean
from microopt.quantities.currencies import ISO_CODES
from microopt.quantities.parse_and_format import parse_number, shorten
from microopt.quantities.platforms import PLATFORM_SPELLINGS, platform_name

DECIMAL_MARKS = {".": ".", ",": ",", "point": ".", "comma": ","}


def parse_reading(settings: CampaignInput, parse: PartParser) -> dict[str, Any]:
    """Return the settings by which the roster is read."""
    no_rates: Mapping[str, Fraction] = {}
    return {
        "decimal": parse.one(_decimal, settings.numbers, None),
        "encoding": parse.one(_encoding, settings.encoding, None),
        "platform_default": parse.one(_platform, settings.platform_default, None),
        "quotes": parse.one(_quotes, settings.quotes, QUOTE_ENDS[0]),
        "units": parse.one(_units, settings.units, settings.units),
        "exchange": parse.one(parse_exchange, amount_texts(settings.exchange), no_rates),
    }


def _platform(name: str | None) -> str | None:
    """Return the one name of a platform in any spelling."""
    found = None if name is None else platform_name(name)
    if name is not None and found is None:
        fix = did_you_mean(name, PLATFORM_SPELLINGS) or f"use one of: {', '.join(PLATFORM_SPELLINGS)}"
        raise CampaignError(f"there is no platform {name!r}", fix=fix, code="platform-unknown")
    return found


def _decimal(numbers: NumbersInput | None) -> str | None:
    """Return the decimal mark that the settings state, which may be given by its name."""
    mark = None if numbers is None else numbers.decimal
    if mark is not None and mark not in DECIMAL_MARKS:
        fix = 'write --decimal , or --decimal . (at the top of the campaign file: numbers.decimal = ",")'
        raise CampaignError(f"{mark!r} is not a decimal mark", fix=fix, code="decimal-unknown")
    return None if mark is None else DECIMAL_MARKS[mark]


def _encoding(name: str | None) -> str | None:
    found = None if name is None else find_text_encoding(name)
    if name is not None and found is None:
        fix = "use one of: utf-8, cp1252, cp1250, cp1251, cp1254, shift-jis, gb18030, big5, euc-kr, mac-roman"
        raise CampaignError(f"there is no encoding {name!r}", fix=fix, code="encoding-unknown")
    return found


def _quotes(text: str | None) -> str:
    end = QUOTE_ENDS[0] if text is None else text.strip().casefold()
    if end not in QUOTE_ENDS:
        fix = f"use one of: {', '.join(QUOTE_ENDS)}"
        raise CampaignError(f"quotes cannot be {text!r}", fix=fix, code="quotes-unknown")
    return end


def _units(units: Mapping[str, str]) -> Mapping[str, str]:
    for column, unit in units.items():
        if unit not in ("percent", "fraction"):
            fix = 'write it like engagement_rate = "percent"'
            message = f"[units]: {shorten(column)} is {shorten(unit)!r}, not percent or fraction"
            raise CampaignError(message, fix=fix, code="units-unknown")
    return units


def parse_exchange(rates: Mapping[str, str]) -> Mapping[str, Fraction]:
    """Return what one unit of each currency is worth, by its code.

    Raises
    ------
    CampaignError
        If a code is not one of a currency, or a rate is not a number above 0.
    """
    read: dict[str, Fraction] = {}
    for code, text in rates.items():
        try:
            read[code.strip().upper()] = parse_number(text)
        except ValueError:
            read[code] = Fraction(0)
        if code.strip().upper() not in ISO_CODES or read.get(code.strip().upper(), 0) <= 0:
            fix = "write what one unit is worth in the campaign's currency, such as EUR = 1.08"
            raise CampaignError(f"[exchange]: {code} = {text} is not an exchange rate", fix=fix, code="exchange-rate")
    return read
