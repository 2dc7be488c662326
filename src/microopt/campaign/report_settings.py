"""The table `[report]` of a campaign file: what stands on a page or in a workbook besides the plan itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import PurePath

from msgspec import Struct

from microopt.errors import Fault, did_you_mean, raise_campaign_faults
from microopt.quantities.parse_and_format import shorten

# Locales in which numbers and dates are written; their first two letters are the language of the texts.
LANGUAGES = ("en", "en-GB", "en-IE", "en-AU", "en-CA", "en-IN", "de", "de-AT", "de-CH")
LOGO_SUFFIXES = (".svg", ".png", ".jpg", ".jpeg")
_LANGUAGE_NAMES = {"english": "en", "en-us": "en", "en-uk": "en-GB", "deutsch": "de", "german": "de", "de-de": "de"}
MAX_TEXT = 200  # characters of a client's name or a contact
_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
_COUNTRY = re.compile(r"[A-Z]{2}")


class ReportInput(Struct, frozen=True, kw_only=True):
    """The table `[report]` as written.

    Attributes
    ----------
    client
        For whom the plan is made.
    version
        Of the plan, such as `2` or `final draft`.
    date
        The day that the page shows. Without one it shows none: the same plan is the same page on every day.
    contact
        Whom to ask, such as `Anna Smith, anna@agency.com`.
    logo
        Path of an SVG, PNG or JPEG file from the folder of the campaign file.
    accent
        Color of links and headings, such as `#005a8e`.
    language
        Of texts, numbers and dates: one of `LANGUAGES`.
    countries
        Two-letter codes of the countries where the campaign runs, whose disclosure rules are shown.
    """

    client: str | None = None
    version: str | None = None
    date: date | None = None
    contact: str | None = None
    logo: str | None = None
    accent: str | None = None
    language: str | None = None
    countries: tuple[str, ...] = ()


class ReportSettings(Struct, frozen=True, kw_only=True):
    """How results are presented; empty where nothing is stated. The attributes are those of `ReportInput`."""

    client: str = ""
    version: str = ""
    date: date | None = None
    contact: str = ""
    logo: str = ""
    accent: str = ""
    language: str = LANGUAGES[0]
    countries: tuple[str, ...] = ()


def parse_report_settings(table: ReportInput | None) -> ReportSettings:
    """Return the settings that the table states.

    Raises
    ------
    CampaignError
        With every value that is not possible.
    """
    if table is None:
        return ReportSettings()
    settings = ReportSettings(
        client=(table.client or "").strip(),
        version=(table.version or "").strip(),
        date=table.date,
        contact=(table.contact or "").strip(),
        logo=(table.logo or "").strip(),
        accent=(table.accent or "").strip(),
        language=parse_language(table.language),
        countries=tuple(dict.fromkeys(map(_country_code, table.countries))),
    )
    raise_campaign_faults(
        Fault(code="report-value", message=f"[report]: {message}", fix=fix, column=f"report.{name}")
        for name, message, fix in invalid_report_values(settings)
    )
    return settings


def parse_language(text: str | None) -> str:
    """Return a language as `LANGUAGES` spells it, or as it is if it is none of them; by default the first."""
    if text is None:
        return LANGUAGES[0]
    spelled = {language.casefold(): language for language in LANGUAGES}
    code = text.strip().replace("_", "-").casefold()
    return spelled.get(code) or _LANGUAGE_NAMES.get(code) or text.strip()


def describe_unknown_language(language: str) -> tuple[str, str]:
    """Return a sentence about a language that is not one of `LANGUAGES`, and what to write."""
    fix = did_you_mean(language, LANGUAGES) or f"use one of: {', '.join(LANGUAGES)}"
    return f"there is no language {shorten(language)!r}", fix


def invalid_report_values(settings: ReportSettings) -> Iterator[tuple[str, str, str]]:
    """Yield (key, sentence, fix) of each value that is not possible."""
    for name in ("client", "version", "contact"):
        text = getattr(settings, name)
        if len(text) > MAX_TEXT:
            yield name, f"{name} has {len(text):,} characters, but the limit is {MAX_TEXT}", "shorten it"
    if settings.accent and not _ACCENT.fullmatch(settings.accent):
        message = f"accent = {shorten(settings.accent)!r} is not a color"
        yield "accent", message, 'write it like accent = "#005a8e"'
    if settings.logo and ("\0" in settings.logo or PurePath(settings.logo).suffix.casefold() not in LOGO_SUFFIXES):
        message = f"logo = {shorten(settings.logo)!r} is not the name of an SVG, PNG or JPEG file"
        yield "logo", message, 'write it like logo = "logo.svg"'
    if settings.language not in LANGUAGES:
        yield "language", *describe_unknown_language(settings.language)
    for code in settings.countries:
        if not _COUNTRY.fullmatch(code):
            message = f"{shorten(code)!r} is not the code of a country"
            yield "countries", message, 'write two letters for each, such as countries = ["US", "DE"]'


def _country_code(text: str) -> str:
    """Return a code in capital letters; `UK` is what many write for `GB`."""
    code = text.strip().upper()
    return "GB" if code == "UK" else code
