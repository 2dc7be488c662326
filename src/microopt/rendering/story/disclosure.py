"""How paid posts say that they are advertising: the rules of the campaign's countries, with their sources."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from microopt.plan.plan import Plan
from microopt.rendering.language.language import Language


class LegalSource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A law or a code; the year is None where it has no single one."""

    title: str
    url: str
    year: int | None = None


class DisclosureRule(Struct, frozen=True, kw_only=True):
    """How a country wants paid posts labelled.

    Attributes
    ----------
    code, country
        Its two letters, and its name.
    labels
        Words that are accepted, in the language of the country.
    place
        Where they stand, as a sentence.
    notes
        What else there is to say, in sentences.
    """

    code: str
    country: str
    labels: tuple[str, ...]
    place: str
    notes: tuple[str, ...]
    sources: tuple[LegalSource, ...]


class Disclosure(Struct, frozen=True, kw_only=True):
    """What is said about disclosure.

    Attributes
    ----------
    general
        For every campaign.
    rules
        Of the countries whose rules are known, in the campaign's order.
    others
        That the rules of further countries are not known here; or empty.
    """

    general: str
    rules: tuple[DisclosureRule, ...] = ()
    others: str = ""


class _StoredRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule as `disclosure.toml` has it."""

    labels: tuple[str, ...]
    place: str
    sources: tuple[LegalSource, ...]
    notes: tuple[str, ...] = ()


def disclosure(plan: Plan, language: Language) -> Disclosure:
    """Return the rules of the countries where the campaign runs; without countries, the general ones."""
    stored, countries = stored_rules(), plan.campaign.report.countries
    unknown = [code for code in countries if code not in stored]
    return Disclosure(
        general=_general(language),
        rules=tuple(_rule(code, stored[code], language) for code in countries if code in stored),
        others=_others(unknown, language),
    )


def disclosure_line(plan: Plan, language: Language) -> str:
    """Return in one line how a creator labels the post: `Label the post “Werbung” or “Anzeige” (Germany).`."""
    rules = disclosure(plan, language).rules
    if not rules:
        return language.text("Label the post clearly as advertising, at its start.")
    labels = "; ".join(f"{_alternatives(rule.labels, language)} ({rule.country})" for rule in rules)
    return language.text("Label the post as advertising: {labels}.", labels=labels)


def _rule(code: str, rule: _StoredRule, language: Language) -> DisclosureRule:
    places, notes = _places(language), _notes(language)
    return DisclosureRule(
        code=code,
        country=_country(code, language),
        labels=rule.labels,
        place=places[rule.place],
        notes=tuple(notes[name] for name in rule.notes),
        sources=rule.sources,
    )


def _general(language: Language) -> str:
    return language.text(
        "Paid posts have to say that they are advertising: the FTC's Endorsement Guides (US), the CAP Code (UK) and "
        "the directive on unfair commercial practices (EU) require this of brands and creators."
    )


def _others(codes: Sequence[str], language: Language) -> str:
    if not codes:
        return ""
    countries = language.join([_country(code, language) for code in codes])
    return language.text(
        "The rules of {countries} are not listed here: check them before anything is posted.", countries=countries
    )


def _country(code: str, language: Language) -> str:
    return str(language.locale.territories.get(code, code))


def _alternatives(labels: Sequence[str], language: Language) -> str:
    return language.either([language.text("“{label}”", label=label) for label in labels])


def _places(language: Language) -> dict[str, str]:
    """Return where a label stands, by the names of `disclosure.toml`."""
    return {
        "start": language.text(
            "At the start of the post, before anything has to be tapped to read on; in a video, at its start."
        ),
        "with the claim": language.text(
            "In the post itself, close to what it says about the brand and hard to miss; in a video, in the video and "
            "not only below it."
        ),
        "throughout": language.text("On the picture or the video itself, for as long as the promotion lasts."),
        "start or first hashtags": language.text("At the start of the post, or among its first three hashtags."),
    }


def _notes(language: Language) -> dict[str, str]:
    """Return what else there is to say, by the names of `disclosure.toml`."""
    return {
        "own words": language.text("A label that the platform adds may not be enough."),
        "post language": language.text("In the language of the post: English words such as “ad” may not be enough."),
        "edited images": language.text(
            "Faces or bodies that were edited are labelled “Images retouchées”, those made by artificial intelligence "
            "“Images virtuelles”."
        ),
    }


@cache
def stored_rules() -> Mapping[str, _StoredRule]:
    """Return the rules that are known, by the code of the country."""
    text = files("microopt.rendering.story").joinpath("disclosure.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), type=dict[str, _StoredRule])
