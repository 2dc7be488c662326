"""Which share of each offer's results comes from the people whom a campaign is to reach.

The share on target is `country * age * gender`, each the share of the audience in the target's countries, of its ages
and of its gender, as if these did not depend on each other; a roster that has ages for each gender gives the last two
at once. Where it says nothing of a dimension, it is taken from the creator's country or language, or from the users of
the platform (`[audience]` of `benchmarks/defaults.toml`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from microopt.benchmarks.table import PLATFORMS, Benchmarks
from microopt.campaign.metrics import TARGET_METRICS
from microopt.campaign.target_audience import AgeRange, TargetAudience
from microopt.forecast.deliverables import platform_codes
from microopt.forecast.forecast import NDFloat, Origin, Origins
from microopt.quantities.countries import find_language, find_market, share_of_people, share_of_speakers
from microopt.quantities.parse_and_format import format_percent, join_words
from microopt.roster.roster import Roster, TextColumn
from microopt.roster.stated_audience import StatedAudience, nothing_stated


class ShareOnTarget(Struct, frozen=True, kw_only=True, eq=False):
    """The share of each offer's audience that is on target, (n,) each.

    Attributes
    ----------
    share
        From 0 to 1; 0 where nothing is known of the countries of an audience.
    origin
        `Origin` codes: `OWN` where the roster states all of it.
    from_place, from_language, unknown
        Whether the countries are those of the creator's place, or of their language, or not known.
    from_platform
        Whether ages or gender are those of the platform's users.
    independent
        Whether two shares or more were multiplied as if they were independent.
    """

    share: NDFloat
    origin: Origins
    from_place: NDArray[np.bool_]
    from_language: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    from_platform: NDArray[np.bool_]
    independent: NDArray[np.bool_]


def share_on_target(roster: Roster, target: TargetAudience, benchmarks: Benchmarks) -> ShareOnTarget:
    """Return the share of each offer's audience that is on target, and where it comes from."""
    stated, rows = roster.audience or nothing_stated(len(roster)), len(roster)
    place, language = _country_shares(roster, stated, target, benchmarks)
    platform = _platform_shares(roster, target, benchmarks)
    country = _first_known(stated.country, place, language) if target.countries else np.ones(rows)
    age, gender = (_first_known(getattr(stated, name), platform[name]) for name in ("age", "gender"))
    both = np.where(np.isnan(stated.age_and_gender), age * gender, stated.age_and_gender)
    has_joint, no = np.isfinite(stated.age_and_gender), np.zeros(rows, dtype=bool)
    not_stated = np.isnan(stated.country) if target.countries else no
    from_platform = no.copy()
    for name, wanted in (("age", target.ages), ("gender", target.gender)):
        if wanted is not None:
            from_platform |= np.isnan(getattr(stated, name)) & ~has_joint
    factors = bool(target.countries) + np.where(has_joint, 1, (target.ages is not None) + (target.gender is not None))
    return ShareOnTarget(
        share=np.nan_to_num(country * both),
        origin=np.where(not_stated | from_platform, Origin.DEFAULT, Origin.OWN).astype(np.int8),
        from_place=not_stated & np.isfinite(place),
        from_language=not_stated & np.isnan(place) & np.isfinite(language),
        unknown=not_stated & np.isnan(place) & np.isnan(language),
        from_platform=from_platform,
        independent=factors > 1,
    )


def target_metrics(metrics: Mapping[str, NDFloat], share: NDFloat) -> dict[str, NDFloat]:
    """Return the results that come from people on target, (n,) each."""
    return {name: metrics[whole] * share for name, whole in TARGET_METRICS.items()}


def target_origins(origins: Mapping[str, Origins], share: ShareOnTarget) -> dict[str, Origins]:
    """Return the origins of the results on target: of a product, that of its less reliable factor."""
    return {name: np.maximum(origins[whole], share.origin).astype(np.int8) for name, whole in TARGET_METRICS.items()}


def _first_known(*shares: NDFloat) -> NDFloat:
    """Return the first share that is known, NaN where none is."""
    known = shares[0]
    for other in shares[1:]:
        known = np.where(np.isnan(known), other, known)
    return known


def _country_shares(
    roster: Roster, stated: StatedAudience, target: TargetAudience, benchmarks: Benchmarks
) -> tuple[NDFloat, NDFloat]:
    """Return the share in the target's countries by the creator's place, and by their language; NaN if unknown.

    The part of an audience that is at home lives where the creator does, and elsewhere nobody counts as on target.
    """
    home = benchmarks.figure("audience.home", "share")
    place = _first_known(stated.mostly, _by_label(roster, "region", lambda name: _place_share(name, target)))
    return place * home, _by_label(roster, "language", lambda name: _language_share(name, target)) * home


def _place_share(name: str, target: TargetAudience) -> float:
    market = find_market(name)
    return share_of_people(market, target.countries) if market else np.nan


def _language_share(name: str, target: TargetAudience) -> float:
    language = find_language(name)
    return share_of_speakers(language, target.countries) if language else np.nan


def _by_label(roster: Roster, name: str, share_of: Callable[[str], float]) -> NDFloat:
    """Return the share of each row by its label; the mean over the values of a label that are known."""
    column: TextColumn | None = roster.texts.get(name)
    if column is None:
        return np.full(len(roster), np.nan)
    used, places = np.unique(column.codes, return_inverse=True)
    shares = [
        [share for value in column.label_values(code) if value and not np.isnan(share := share_of(value))]
        for code in used.tolist()
    ]
    return np.asarray([np.mean(known) if known else np.nan for known in shares], dtype=np.float64)[places]


def _platform_shares(roster: Roster, target: TargetAudience, benchmarks: Benchmarks) -> dict[str, NDFloat]:
    """Return the share of each platform's users with the target's ages, and of its gender; 1 where any will do."""
    codes, _ = platform_codes(roster)
    age, gender = np.ones(len(PLATFORMS)), np.ones(len(PLATFORMS))
    for position, name in enumerate(PLATFORMS):
        figures = benchmarks.table(f"audience.{name}")
        if target.ages is not None:
            age[position] = _share_of_ages(figures["floors"], figures["age_share"], target.ages)
        if target.gender is not None:
            female = float(figures["female"])
            gender[position] = female if target.gender == "female" else 1 - female
    return {"age": age[codes], "gender": gender[codes]}


def _share_of_ages(floors: list[int], shares: list[float], wanted: AgeRange) -> float:
    """Return the share of users of some ages, each year of a band counting alike."""
    bands = [AgeRange(youngest=int(low), oldest=int(high) - 1) for low, high in pairwise(floors)]
    bands.append(AgeRange(youngest=int(floors[-1])))
    return float(sum(share * band.share_within(wanted) for band, share in zip(bands, shares, strict=True)))


def target_notes(roster: Roster, target: TargetAudience, benchmarks: Benchmarks) -> Iterator[str]:
    """Yield what is assumed of the audiences of a roster's creators, and of how many of them."""
    shares = share_on_target(roster, target, benchmarks)
    ids = roster.creator_id
    counts = {
        name: len(np.unique(ids[rows]))
        for name, rows in (
            ("stated", shares.origin == Origin.OWN),
            ("place", shares.from_place),
            ("language", shares.from_language),
            ("platform", shares.from_platform),
            ("unknown", shares.unknown),
        )
    }
    home = format_percent(benchmarks.figure("audience.home", "share"))
    named = " or ".join(
        name for name, wanted in (("ages", target.ages), ("gender", target.gender)) if wanted is not None
    )
    sources = [(counts["place"], "the country named for them"), (counts["language"], "their language")]
    assumed = join_words([f"of {number:,} from {what}" for number, what in sources if number] or [""])
    parts = [
        f"stated for {counts['stated']:,} of {roster.creators:,} creators",
        f"countries {assumed}, with {home} of an audience at home" if assumed else "",
        f"{named} of {counts['platform']:,} as of their platform's users" if counts["platform"] else "",
        f"countries of {counts['unknown']:,} not known, counted as off target" if counts["unknown"] else "",
    ]
    yield f"audiences on target: {'; '.join(filter(None, parts))}"
    if shares.independent.any():
        dimensions = [("countries", target.countries), ("ages", target.ages), ("gender", target.gender)]
        shared = join_words([name for name, wanted in dimensions if wanted])
        yield f"{shared} of an audience are taken to be independent of each other"
