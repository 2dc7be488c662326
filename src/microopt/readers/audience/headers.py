"""Which headers are of an audience: of one share, `Audience DE`, `% Female`, or of cells that hold several."""

from __future__ import annotations

import re

from msgspec import Struct

from microopt.campaign.target_audience import find_gender
from microopt.quantities.countries import find_country
from microopt.readers.audience.shares import AudiencePart, parse_ages_of

LONGEST_HEADER = 60
# Words that say that a header is of an audience, those that say that it is of shares, and those of what is shared.
_WORDS = {
    "audience": "audience audiences follower followers fan fans viewer viewers subscriber subscribers demographic "
    "demographics zielgruppe publikum abonnenten abonnent zuschauer",
    "share": "% pct percent percentage share shares split breakdown distribution ratio anteil prozent",
    "country": "country countries location locations geo geography land länder laender region regions",
    "age": "age ages alter altersgruppe altersgruppen",
    "gender": "gender genders sex geschlecht geschlechter",
    "filler": "top by of in the from per and main mostly mainly die der nach aus years yrs jahre group groups",
}
_AUDIENCE, _SHARE, _COUNTRY, _AGE, _GENDER, _FILLERS = (frozenset(words.split()) for words in _WORDS.values())
_DIMENSIONS = _COUNTRY | _AGE | _GENDER | {"demographics", "demographic"}
_BAND = re.compile(r"(?<!\d)(\d\d)\s*[-–—_ ]\s*(\d\d)(?!\d)")  # `audience_age_18_24`
_CAMEL = re.compile(r"(?<=[a-zäöü])(?=[A-Z])")
_WORD = re.compile(r"%|[^\W_]+(?:[-–—+][^\W_]+)*\+?|[^\w\s()\[\]:;,./&|_-]+")


class AudienceHeader(Struct, frozen=True):
    """A header of an audience.

    Attributes
    ----------
    part
        The part of the audience whose share its cells hold, or None where they hold whole audiences.
    is_marked
        Whether the header names an audience or a share; otherwise it must hold shares to be one: `13-17`, `Female`.
    """

    part: AudiencePart | None
    is_marked: bool = True


def parse_header(header: str) -> AudienceHeader | None:
    """Return what a header of an audience heads, or None for any other header."""
    if len(header) > LONGEST_HEADER:
        return None
    words = _WORD.findall(_BAND.sub(r"\1-\2", _CAMEL.sub(" ", header.strip())))
    folded = [word.casefold() for word in words]
    about_audience = not _AUDIENCE.isdisjoint(folded)
    is_marked = about_audience or not _SHARE.isdisjoint(folded)
    known = _AUDIENCE | _SHARE | _COUNTRY | _AGE | _GENDER
    rest = [word for word, key in zip(words, folded, strict=True) if key not in known]
    has_dimension = not _DIMENSIONS.isdisjoint(folded)
    named = [word for word in rest if word.casefold() not in _FILLERS] or ([] if has_dimension else rest)
    part = _parse_rest(" ".join(named), named, is_marked) if named else None
    if part is not None:
        return AudienceHeader(part, is_marked)
    is_packed = not named and has_dimension and is_marked
    return AudienceHeader(None) if is_packed else None


def _parse_rest(text: str, words: list[str], is_marked: bool) -> AudiencePart | None:
    """Return the part of an audience that the words of a header name, if they name nothing else."""
    if ages := parse_ages_of(text):
        rest = ages[1].strip()
        gender = find_gender(rest) if rest else None
        return None if rest and gender is None else AudiencePart(ages=ages[0], gender=gender)
    if (gender := find_gender(text)) and (is_marked or len(text) > 2):
        return AudiencePart(gender=gender)
    if is_marked and len(words) <= 6 and (code := find_country(text)):
        return AudiencePart(country=code)
    return None
