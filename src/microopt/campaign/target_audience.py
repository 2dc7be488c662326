"""Whom a campaign is to reach: countries, ages and gender, as `[target]` of a campaign file or flags have them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct

from microopt.errors import CampaignError, did_you_mean
from microopt.quantities.countries import countries, country_names, find_country, find_market, name_key
from microopt.quantities.parse_and_format import join_words, shorten

MOST_COUNTRIES = 4  # that are named
YOUNGEST = 13  # the least age that the platforms admit
OLDEST = 120
# Up to which age the years of an open band, `65+`, count where a target takes only a part of it: a design figure.
LAST_YEAR = 80
GENDERS = ("female", "male")
_GENDER_WORDS = {
    "female": "f,w,women,woman,females,girls,female only,weiblich,frauen,frau,damen,mujeres,femmes,femme",
    "male": "m,men,man,males,boys,male only,männlich,maennlich,männer,herren,mann,hombres,hommes,homme",
}
# Patterns are compiled when they are first used: few campaigns name ages.
_RANGE = r"(\d{1,4})\s*(?:-|–|—|\.\.|to|bis)\s*(\d{1,4})(?:\s*(?:years?|yrs?|y|jahre?))?"
_OPEN = r"(?:(?:from|over|ab|über)\s+)?(\d{1,4})\s*(?:\+|-|–|\.\.|and over|und älter)?"
TABLE_KEYS = {
    **dict.fromkeys(("countries", "country"), "audience_country"),
    **dict.fromkeys(("ages", "age"), "audience_age"),
    "gender": "audience_gender",
}


class AgeRange(Struct, frozen=True, kw_only=True):
    """Ages in whole years, both ends included.

    Attributes
    ----------
    oldest
        None for no upper end.
    """

    youngest: int
    oldest: int | None = None

    @property
    def text(self) -> str:
        """The range as a user writes it: `18-34`, `55+`."""
        return f"{self.youngest}+" if self.oldest is None else f"{self.youngest}-{self.oldest}"

    def share_within(self, wanted: AgeRange) -> float:
        """Return which share of these years is within others, each year counting alike.

        An open range ends at `LAST_YEAR` for that.

        >>> AgeRange(youngest=25, oldest=34).share_within(AgeRange(youngest=18, oldest=29))
        0.5
        """
        last = max(LAST_YEAR, self.youngest) if self.oldest is None else self.oldest
        end = last if wanted.oldest is None or (self.oldest is None and wanted.oldest >= LAST_YEAR) else wanted.oldest
        years = min(last, end) - max(self.youngest, wanted.youngest) + 1
        return max(years, 0) / (last - self.youngest + 1)


class TargetAudience(Struct, frozen=True, kw_only=True):
    """The people whom a campaign is to reach; those who are all that it names are on target.

    Attributes
    ----------
    countries
        Codes of ISO 3166-1, in the order given; empty for all.
    ages
        None for all.
    gender
        `female` or `male`, None for all.
    """

    countries: tuple[str, ...] = ()
    ages: AgeRange | None = None
    gender: str | None = None


def parse_target_audience(country: Sequence[str], age: object, gender: str | None) -> TargetAudience | None:
    """Return the audience that the settings name, None where they name none.

    Parameters
    ----------
    country
        Countries by code or name, or markets such as `DACH`; several may stand between commas.

    Raises
    ------
    CampaignError
        If a country or a gender is unknown, or the ages are not ages, or begin after they end.
    """
    if not country and age is None and gender is None:
        return None
    codes = [code for text in country for name in _split(text) for code in _parse_country(name)]
    if country and not codes:
        raise _country_error("")
    return TargetAudience(
        countries=tuple(dict.fromkeys(codes)),
        ages=None if age is None else parse_ages(str(age)),
        gender=None if gender is None else _parse_gender(gender),
    )


def describe_audience(target: TargetAudience) -> str:
    """Return an audience in words: `women aged 18-34 in DE and AT`."""
    people = {"female": "women", "male": "men"}.get(target.gender or "", "people")
    ages = "" if target.ages is None else f" aged {target.ages.text}"
    return f"{people}{ages}{f' in {_countries(target.countries)}' if target.countries else ''}"


def _countries(codes: tuple[str, ...]) -> str:
    if len(codes) <= MOST_COUNTRIES:
        return join_words(codes)
    return join_words([*codes[: MOST_COUNTRIES - 1], f"{len(codes) - MOST_COUNTRIES + 1} more countries"])


def missing_target(name: str) -> CampaignError:
    """Return the error of a figure of people on target in a campaign that names none."""
    fix = 'name it: --audience-country DE,AT, or in the campaign file [target] with countries = ["DE", "AT"]'
    message = f"{name.replace('_', ' ')} needs a target audience, and the campaign names none"
    return CampaignError(message, fix=fix, code="target-missing")


def share_of_itself(label: str, bounds: str) -> CampaignError:
    """Return the error of a rule on the share that all creators have of a result on target, which is always 100%."""
    fix = f"for the share of the impressions that is on target, write 'all target_share {bounds}'"
    message = f"rule {label!r}: all creators together bring 100% of what a plan brings on target"
    return CampaignError(message, fix=fix, code="rule-range")


def _split(text: str) -> Iterator[str]:
    """Yield the names between commas; a name may have one: `Korea, Republic of`."""
    if find_country(text):
        yield text
    else:
        yield from (name.strip() for name in re.split(r"[,;|]", text) if name.strip())


def _parse_country(name: str) -> tuple[str, ...]:
    if name_key(name) == "ge":
        message = "audience: GE is the code of Georgia, the country in the Caucasus, not of Germany"
        raise CampaignError(
            message, fix="write --audience-country DE for Germany, or Georgia by its name", code="target-country"
        )
    market = find_market(name)
    if not market:
        raise _country_error(name)
    return market


def _country_error(name: str) -> CampaignError:
    fix = did_you_mean(name, [*country_names()]) if len(name.strip()) > 2 else ""
    fix = fix or "write its code or its name, such as DE or Germany"
    return CampaignError(f"audience: there is no country {shorten(name)!r}", fix=fix, code="target-country")


def parse_ages(text: str) -> AgeRange:
    """Return the ages that a text names: `18-34`, `18 to 34`, `55+`.

    Raises
    ------
    CampaignError
        If it names none, they begin after they end, or below the age that platforms admit.
    """
    written = text.strip()
    if match := re.fullmatch(_RANGE, written, re.IGNORECASE):
        youngest, oldest = int(match[1]), int(match[2])
    elif match := re.fullmatch(_OPEN, written, re.IGNORECASE):
        youngest, oldest = int(match[1]), None
    else:
        message = f"audience: {shorten(text)!r} is not an age range"
        raise CampaignError(message, fix="write it like 18-34, or 55+", code="target-age")
    if oldest is not None and oldest < youngest:
        message = f"audience: ages {youngest}-{oldest} end before they begin"
        raise CampaignError(message, fix=f"did you mean {oldest}-{youngest}?", code="target-age")
    if youngest < YOUNGEST or youngest > OLDEST or (oldest is not None and oldest > OLDEST):
        message = f"audience: ages {shorten(written)} are not those of an audience"
        fix = f"write ages from {YOUNGEST}, the least that platforms admit, such as {YOUNGEST}-24 or 18-34"
        raise CampaignError(message, fix=fix, code="target-age")
    return AgeRange(youngest=youngest, oldest=oldest)


def find_gender(word: str) -> str | None:
    """Return the gender that a word names in English, German and some other languages, or None."""
    return _genders_by_word().get(name_key(word))


@cache
def _genders_by_word() -> Mapping[str, str]:
    words = ((gender, word) for gender, words in _GENDER_WORDS.items() for word in (gender, *words.split(",")))
    return {name_key(word): gender for gender, word in words}


def _parse_gender(text: str) -> str | None:
    gender = find_gender(text)
    if gender is None:
        fix = "write female or male, as in --audience-gender female, or leave it out for everyone"
        raise CampaignError(f"audience: there is no gender {shorten(text)!r} to target", fix=fix, code="target-gender")
    return gender


def move_target_keys(keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a campaign file with the audience of `[target]` under the names that flags have.

    The other keys of that table are the least totals of a plan at the lowest cost.
    """
    table = keys.get("target")
    if not isinstance(table, Mapping) or TABLE_KEYS.keys().isdisjoint(table):
        return dict(keys)
    moved = {TABLE_KEYS[name]: value for name, value in table.items() if name in TABLE_KEYS}
    if isinstance(moved.get("audience_country"), str):
        moved["audience_country"] = [moved["audience_country"]]
    rest = {name: value for name, value in table.items() if name not in TABLE_KEYS}
    others = {name: value for name, value in keys.items() if name != "target"}
    return {**others, **({"target": rest} if rest else {}), **moved}


def invalid_target_audience(target: TargetAudience | None) -> Iterator[tuple[str, str]]:
    """Yield the place of each value that no target can have, and a sentence about it."""
    if target is None:
        return
    if target == TargetAudience():
        yield "target_audience", "it names nobody"
    for code in unknown_codes(target.countries):
        yield "target_audience.countries", f"there is no country {code!r}"
    if target.gender not in (None, *GENDERS):
        yield "target_audience.gender", f"there is no gender {target.gender!r}"
    ages = target.ages
    oldest = OLDEST if ages is None or ages.oldest is None else ages.oldest
    if ages is not None and not YOUNGEST <= ages.youngest <= oldest <= OLDEST:
        yield "target_audience.ages", f"{ages.text} is not an age range"


def unknown_codes(codes: Iterable[str]) -> list[str]:
    """Return the codes that no country has."""
    return [code for code in codes if code not in countries()]
