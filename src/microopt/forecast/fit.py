"""How well each creator suits a campaign: the roster's own `fit`, else the highest fit of the creator's niches.

A fit multiplies engagements and conversions (`audience_quality`, `conversion`). It is a column of the roster that a
forecast works on, so that rules and filters can use it as well.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.campaign.fit_settings import FitSettings, format_share, sort_niches
from microopt.errors import CampaignError, Fault, NameSuggester
from microopt.forecast.brief_words import NicheWords, learn_fit, list_niches
from microopt.forecast.negated_words import split_negated
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_names, shorten
from microopt.roster.roster import Roster, TextColumn
from microopt.roster.selection import find_text_column

MISSPELLED = 75.0  # percent of similarity from which an unknown niche is taken for a slip
SHOWN_NICHES = 8  # of a note
SHOWN_PARTS = 4
NOT_YET = "the fit learned from your brief does not count yet: see microopt check, then add use = true to [fit]"


class FitTable(Struct, frozen=True, kw_only=True):
    """The fit of every niche of a roster.

    Attributes
    ----------
    niches
        The best first; those that the campaign names have its fit, the others what was learned, or that of others.
    other
        The fit of creators without a niche.
    counts
        Whether it changes the forecast; what is learned from a brief does not until the campaign says so.
    """

    niches: tuple[NicheWords, ...]
    other: Fraction
    counts: bool


def with_fit(roster: Roster, campaign: Campaign) -> tuple[Roster, list[Fault], list[str]]:
    """Return the roster with a column `fit` as the campaign has it, what is wrong with that, and warnings.

    Cells of such a column that the list fills stay as they are.
    """
    settings, own = campaign.fit, roster.numbers.get("fit")
    if settings is None:
        return roster, [], []
    if own is not None and np.isfinite(own).all():
        return roster, [], ["[fit] had no effect: the column 'fit' of your list comes first"]
    try:
        niche = find_text_column(roster, "niche", [*settings.niches])
        learned = _learn(roster, niche, settings.brief) if settings.brief else []
    except CampaignError as error:
        return roster, [Fault(code=error.code, message=error.message, fix=error.fix, column="fit")], []
    if negated := split_negated(settings.brief)[1]:
        shown = format_names([f"'{shorten(part)}'" for part in negated], SHOWN_PARTS)
        about = f"fit: what your brief rules out counts for no niche: {shown}"
        roster = replace(roster, notes=(*roster.notes, about))
    faults, warnings = _unknown_niches(niche, settings)
    if settings.brief and not settings.use:
        warnings.append(NOT_YET)
    if faults or not settings.counts:
        return roster, faults, warnings
    fit_by_key = {match_key(each.niche): each.fit for each in learned if settings.use}
    fit_by_key |= {match_key(name): fit for name, fit in settings.niches.items()}
    fits = [float(_highest(niche, code, fit_by_key, settings.other)) for code in range(len(niche.labels))]
    column = np.asarray(fits, dtype=np.float64)[niche.codes]
    if own is not None:
        column = np.where(np.isfinite(own), own, column)
    note = f"fit: {_describe(niche, fit_by_key, settings)}"
    return replace(roster, numbers={**roster.numbers, "fit": column}, notes=(*roster.notes, note)), [], warnings


def _highest(niche: TextColumn, code: int, fit_by_key: dict[str, Fraction], other: Fraction) -> Fraction:
    """Return the fit of a cell of niches: the highest of those with a fit."""
    keys = map(match_key, niche.label_values(code))
    return max((fit_by_key[key] for key in keys if key in fit_by_key), default=other)


def _learn(roster: Roster, niche: TextColumn, brief: str) -> list[NicheWords]:
    learned = learn_fit(roster, niche, brief)
    if not learned:
        fix = f"name niches of your list in it ({_listed(niche)}), or give niches = {{ ... }} under [fit] yourself"
        message = "[fit]: no word of the brief is in the niches or descriptions of your list"
        raise CampaignError(message, fix=fix, code="fit-brief")
    return learned


def _listed(niche: TextColumn) -> str:
    return format_names([shorten(value) for value in sorted(niche.distinct_values())], SHOWN_NICHES) or "beauty"


def _describe(niche: TextColumn, fit_by_key: dict[str, Fraction], settings: FitSettings) -> str:
    """Return the fit in words: `beauty 1, lifestyle 0.6, other niches 0.3`."""
    spellings = {match_key(name): name for name in sorted(niche.distinct_values())}
    spellings |= {match_key(name): name for name in settings.niches}
    fits = sort_niches({spellings[key]: fit for key, fit in fit_by_key.items() if fit != settings.other})
    shown = [f"{shorten(name)} {format_share(fit)}" for name, fit in fits[:SHOWN_NICHES]]
    more = [f"{len(fits) - SHOWN_NICHES} more" if len(fits) > SHOWN_NICHES else ""]
    others = f"other niches {format_share(settings.other)}"
    source = " (partly learned from the brief)" if settings.use and settings.niches else ""
    source = source or (" (learned from the brief)" if settings.use else "")
    return ", ".join(filter(None, [*shown, *more, others])) + source


def fit_table(roster: Roster, settings: FitSettings) -> FitTable:
    """Return the fit that each niche of a roster has, or would have once what is learned counts.

    Raises
    ------
    CampaignError
        If the roster has no niches, or the brief has none of its words.
    """
    niche = find_text_column(roster, "niche", [*settings.niches])
    if settings.brief:
        rows = _learn(roster, niche, settings.brief)
    else:
        rows = [replace(each, fit=settings.other) for each in list_niches(roster, niche)]
    named = {match_key(name): fit for name, fit in settings.niches.items()}
    rows = [
        replace(each, fit=named[match_key(each.niche)], words=()) if match_key(each.niche) in named else each
        for each in rows
    ]
    rows.sort(key=lambda each: (-each.fit, match_key(each.niche)))
    return FitTable(niches=tuple(rows), other=settings.other, counts=settings.use or not settings.brief)


def _unknown_niches(niche: TextColumn, settings: FitSettings) -> tuple[list[Fault], list[str]]:
    """Return a fault for each unknown niche that looks like a slip, and a warning for the others."""
    existing = {match_key(value): value for value in sorted(niche.distinct_values())}
    named = {match_key(name): name for name in settings.niches}
    unknown = [name for key, name in named.items() if key not in existing]
    suggester = NameSuggester([value for key, value in existing.items() if key not in named], MISSPELLED)
    faults, others = [], []
    listed = f"your list has {format_names([shorten(value) for value in existing.values()], SHOWN_NICHES)}"
    for name in unknown:
        message = f"[fit]: no creator has the niche {shorten(name)!r}"
        if nearest := suggester.suggest(name):
            faults.append(Fault(code="fit-niche", message=message, fix=nearest, column=f"fit.{name}", value=name))
        else:
            others.append(shorten(name))
    if others and len(unknown) == len(named) and not settings.brief and not faults:
        message = f"[fit]: no creator has any of the niches {format_names(others)}"
        faults.append(Fault(code="fit-niche", message=message, fix=listed, column="fit"))
    elif others:
        return faults, [f"[fit]: no creator has the niche {format_names(others)}; {listed}"]
    return faults, []
