"""Countries and languages: their codes, the names by which people write them, and how many people they have.

`countries.csv` and `languages.csv` are of Unicode CLDR (copyright 1991-2025 Unicode, Inc., Unicode License v3), written
by `scripts/make_countries.py`; the names below are those that people write instead.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from msgspec import Struct

_WRITTEN = {
    "AE": "UAE,Emirates,VAE,Emirate",
    "BA": "Bosnia,Bosnien",
    "CD": "DR Congo,Democratic Republic of the Congo,DRK",
    "CG": "Republic of the Congo",
    "CI": "Ivory Coast,Elfenbeinküste",
    "CN": "PRC,Mainland China,VR China",
    "CZ": "Czech Republic,Tschechische Republik",
    "DE": "BRD,Federal Republic of Germany,Bundesrepublik Deutschland,Allemagne,Alemania,Duitsland,Niemcy,Almanya",
    "AT": "Oesterreich,Autriche,Austria Republic",
    "CH": "Suisse,Svizzera,Schweiz Suisse",
    "ES": "España",
    "GB": "UK,England,Great Britain,Britain,Scotland,Wales,Northern Ireland,Großbritannien,Grossbritannien",
    "GR": "EL,Hellas",
    "HK": "Hong Kong,Hongkong",
    "IT": "Italia",
    "KR": "Korea,Republic of Korea,Suedkorea",
    "MK": "Macedonia,Mazedonien",
    "MM": "Burma,Birma",
    "MO": "Macau,Macao",
    "NL": "Holland,The Netherlands,Nederland",
    "PL": "Polska",
    "PS": "Palestine,Palästina",
    "BR": "Brasil",
    "RU": "Russian Federation,Russische Föderation",
    "TR": "Turkey,Turkiye",
    "TW": "Chinese Taipei",
    "US": "USA,U.S.,U.S.A.,America,United States of America,Amerika,Vereinigte Staaten von Amerika",
    "VN": "Viet Nam",
}
_MARKETS = {
    "dach": "DE AT CH",
    "gsa": "DE AT CH",
    "benelux": "BE NL LU",
    "nordics": "DK FI IS NO SE",
    "scandinavia": "DK NO SE",
    "eu": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
}
_MARKETS["europeanunion"] = _MARKETS["eu"]
_MARKETS["europe"] = _MARKETS["europa"] = f"{_MARKETS['eu']} GB CH NO IS UA RS BA AL MK MD ME LI XK"
_MARKETS["northamerica"] = _MARKETS["nordamerika"] = "US CA"
_FLAG_A = 0x1F1E6  # the regional indicator of the letter A: two of them are a flag
# After a comma these are states of the US as well: `Los Angeles, CA`. Delaware is not among them, for `Berlin, DE`.
US_STATES = frozenset(
    (
        *("AL", "AR", "AZ", "CA", "CO", "GA", "IA", "ID", "IL", "IN", "KY", "LA", "MA", "MD", "ME", "MN", "MO", "MS"),
        *("MT", "NC", "NE", "PA", "SC", "SD", "TN", "VA", "AK", "CT", "FL", "HI", "KS", "MI", "NH", "NJ", "NM", "NV"),
        *("NY", "ND", "OH", "OK", "OR", "RI", "TX", "UT", "VT", "WA", "WI", "WV", "WY", "GEORGIA"),
    )
)


class Country(Struct, frozen=True):
    """A country.

    Attributes
    ----------
    code
        Of ISO 3166-1, two letters.
    people
        How many live there, in thousands.
    english
        Its name in English.
    speakers
        The share of the people who speak each official language, by the code of the language.
    """

    code: str
    people: int
    english: str
    speakers: Mapping[str, float]


@cache
def countries() -> Mapping[str, Country]:
    """Return every country by its code."""
    return {
        code: Country(code, int(people), english, dict(_speakers(languages)))
        for code, _, people, english, _, languages in _lines("countries.csv")
    }


def _speakers(text: str) -> Iterator[tuple[str, float]]:
    for part in text.split():
        language, _, percent = part.partition(":")
        yield language, float(percent) / 100


def name_key(name: str) -> str:
    """Return a key that all spellings of a name of a country or a language share: without case, accents and marks."""
    if name.isascii():
        return "".join(filter(str.isalnum, name)).lower()
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in folded if letter.isalnum() and not unicodedata.combining(letter))


@cache
def _codes_by_name() -> Mapping[str, str]:
    """Return the code of each country by the `name_key` of its codes and names."""
    found: dict[str, str] = {}
    for code, long_code, _, english, german, _ in _lines("countries.csv"):
        written = _WRITTEN.get(code, "").split(",")
        found |= {key: code for name in (code, long_code, english, german, *written) if (key := name_key(name))}
    return found


def find_country(name: str) -> str | None:
    """Return the code of a country for its code, its name in English or German, or its flag; None if it is none.

    >>> [find_country(name) for name in ("de", "Deutschland", "U.S.A.", "🇦🇹", "Atlantis")]
    ['DE', 'DE', 'US', 'AT', None]
    """
    key = name_key(name)
    if not key:  # a flag alone
        key = "".join(chr(ord("a") + ord(sign) - _FLAG_A) for sign in name if 0 <= ord(sign) - _FLAG_A < 26)
    return _codes_by_name().get(key)


def find_market(name: str) -> tuple[str, ...]:
    """Return the codes of the countries that a place stands for: one country, or those of `DACH`; none if unknown.

    Of a place with its country after a comma, `Berlin, Germany`, it is that country.
    """
    if code := find_country(name):
        return (code,)
    if members := _MARKETS.get(name_key(name)):
        return tuple(members.split())
    _, comma, last = name.rpartition(",")
    if last.strip().upper() in US_STATES:
        return ("US",) if comma else ()
    return find_market(last) if comma else ()


def country_names() -> Iterator[str]:
    """Yield the names and codes of countries in English and German, for suggestions."""
    for code, _, _, english, german, _ in _lines("countries.csv"):
        yield from dict.fromkeys((english, german, code))


def find_language(name: str) -> str | None:
    """Return the code of a language for its code or its name in English or German: `en-GB`, `English`, `Englisch`."""
    codes = _languages_by_name()
    return codes.get(name_key(name)) or codes.get(name_key(name.replace("_", "-").partition("-")[0]))


@cache
def _languages_by_name() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code, english, german in _lines("languages.csv"):
        found |= {name_key(name): code for name in (code, english, german)}
    return found


def share_of_people(market: Iterable[str], wanted: Iterable[str]) -> float:
    """Return the share of the people of a market, countries by their codes, who live in the wanted countries."""
    people = {code: countries()[code].people for code in market}
    return sum(people.get(code, 0) for code in {*wanted}) / sum(people.values()) if people else 0.0


def share_of_speakers(language: str, wanted: Iterable[str]) -> float:
    """Return the share of those who speak a language where it is official who live in the wanted countries.

    >>> round(share_of_speakers("de", ["DE", "AT"]), 2)
    0.9
    """
    speakers = {code: each.people * each.speakers.get(language, 0.0) for code, each in countries().items()}
    total = sum(speakers.values())
    return sum(speakers.get(code, 0.0) for code in {*wanted}) / total if total else 0.0


@cache
def _lines(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the lines of a table below its header."""
    import csv  # with `importlib.resources`, a twentieth of the start of a command that needs no country
    from importlib.resources import files

    text = files("microopt.quantities").joinpath(name).read_text(encoding="utf-8")
    return tuple(tuple(line) for line in csv.reader(text.splitlines()))[1:]
