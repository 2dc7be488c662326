"""Parts of an audience as tools name them: a country, a band of ages, a gender, or ages of one gender."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from microopt.campaign.target_audience import OLDEST, AgeRange, TargetAudience, find_gender
from microopt.quantities.countries import find_country, name_key

DIMENSIONS = ("country", "age", "gender", "age_and_gender")
_AGES = re.compile(
    r"(?<![\d-])(?:(\d{1,3})\s*(?:-|–|—|_|to|bis)\s*(\d{1,3})|(\d{1,3})\s*(?:\+|plus|and over|und älter)"
    r"|(?:<|under|unter)\s*(\d{1,3})|(?:>|over|über)\s*(\d{1,3}))(?!\d)",
    re.IGNORECASE,
)
_AGE_WORDS = re.compile(r"\b(?:years?|yrs?|yo|old|jahre?|ages?|aged|alter)\b", re.IGNORECASE)
_REST_WORDS = "other others rest remaining unknown unspecified undefined na sonstige andere unbekannt restliche total"
_REST = frozenset(_REST_WORDS.split())


class AudiencePart(Struct, frozen=True, kw_only=True):
    """A part of an audience; what it does not name is all of it.

    Attributes
    ----------
    country
        Its code.
    """

    country: str | None = None
    ages: AgeRange | None = None
    gender: str | None = None

    @property
    def dimension(self) -> str:
        """The dimension that it divides, one of `DIMENSIONS`; empty for the rest of an audience."""
        if self.country is not None:
            return "country"
        if self.ages is not None:
            return "age" if self.gender is None else "age_and_gender"
        return "" if self.gender is None else "gender"

    @property
    def text(self) -> str:
        """Its name: `DE`, `18-24`, `female 25-34`."""
        ages = None if self.ages is None else self.ages.text
        return " ".join(filter(None, (self.country, self.gender, ages)))

    def share_on_target(self, target: TargetAudience) -> float:
        """Return which share of the part is on target, in the dimensions that it divides."""
        share = 1.0
        if self.country is not None and target.countries:
            share *= self.country in target.countries
        if self.ages is not None and target.ages is not None:
            share *= self.ages.share_within(target.ages)
        if self.gender is not None and target.gender is not None:
            share *= self.gender == target.gender
        return share


REST_OF_AUDIENCE = AudiencePart()


def parse_ages_of(text: str) -> tuple[AgeRange, str] | None:
    """Return the ages that a text names, and the rest of the text; None if it names none."""
    match = _AGES.search(text)
    if match is None:
        return None
    low, high, open_low, below, above = (None if number is None else int(number) for number in match.groups())
    if below is not None:
        low, high = 0, below - 1
    elif high is None:
        low = open_low if open_low is not None else (above or 0) + 1
    if low is None or low > OLDEST or (high is not None and not low <= high <= OLDEST):
        return None
    rest = _AGE_WORDS.sub(" ", text[: match.start()] + " " + text[match.end() :])
    return AgeRange(youngest=low, oldest=high), rest


@lru_cache(maxsize=4096)
def parse_part(text: str) -> AudiencePart | None:
    """Return the part of an audience that a text names: `DE`, `Germany`, `18-24`, `F`, `Female 25-34`; None if none."""
    ages = parse_ages_of(text)
    if ages is not None:
        rest = name_key(ages[1])
        gender = find_gender(ages[1]) if rest else None
        return AudiencePart(ages=ages[0], gender=gender) if gender is not None or not rest else None
    if gender := find_gender(text):
        return AudiencePart(gender=gender)
    if code := find_country(text):
        return AudiencePart(country=code)
    return REST_OF_AUDIENCE if name_key(text) in _REST else None
