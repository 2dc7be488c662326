"""How likely each creator says yes: what the list states, what they answered before, or what the campaign assumes.

It is a column of the roster that a forecast works on, so that results, likely ranges and scenarios share it, and rules
and filters can use it as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from microopt.campaign.campaign import Campaign
from microopt.campaign.decline_settings import DeclineSettings
from microopt.errors import Fault, did_you_mean
from microopt.forecast.audience_quality import share_column
from microopt.forecast.figure_plausibility import first_rows
from microopt.quantities.keys import match_key, match_keys
from microopt.quantities.parse_and_format import format_percent, shorten
from microopt.roster.contract_status import kept_offers
from microopt.roster.roster import Roster
from microopt.roster.value_words import tier_name

NDFloat = NDArray[np.float64]
# Design figures: how many answers the share of all creators, and that of a tier, are worth beside those of one creator.
PRIOR_ANSWERS = 4.0
# Jeffreys' prior of a share: half a yes and half a no, so that three yes of three are not a certainty.
PRIOR_YES, PRIOR_NO = 0.5, 0.5
SIGNED, OWN, ANSWERED, STATED, LEARNED, CERTAIN = range(6)
WORDS = {
    STATED: "{span} assumed for {count}",
    LEARNED: "{span} for {count}, as others answered before",
    ANSWERED: "{span} for {count}, as they answered before",
    OWN: "{count} from your list",
    SIGNED: "{count} signed already",
    CERTAIN: "{count} taken as certain",
}
SHOWN_TIERS = 8  # in a message


class Acceptance(Struct, frozen=True, kw_only=True, eq=False):
    """How likely creators say yes.

    Attributes
    ----------
    share
        (n,) the chance of each offer, above 0 and at most 1.
    source
        (n,) where it is from: `SIGNED`; `OWN`, the column of the list; `ANSWERED`, the creator's earlier answers;
        `STATED`, what the campaign says of the tier or of all; `LEARNED`, earlier answers of others; or `CERTAIN`.
    """

    share: NDFloat
    source: NDArray[np.int8]


def acceptance_of(roster: Roster, campaign: Campaign) -> NDFloat:
    """Return the chance that each offer's creator says yes, (n,); see `find_acceptance`.

    Of a roster that went through `with_acceptance`, it is its column.
    """
    if campaign.declines is None or not campaign.declines.states_acceptance:
        return share_column(roster, "acceptance")
    return find_acceptance(roster, campaign, campaign.declines).share


def find_acceptance(roster: Roster, campaign: Campaign, declines: DeclineSettings) -> Acceptance:
    """Return the chance that each offer's creator says yes, and where it is from.

    In this order: whoever has signed is certain; the column `acceptance` of the list; what the creator answered
    before; what the campaign states of the tier, or of all other tiers; what others answered before; else certain.

    Earlier answers are shares with few trials, which are drawn towards what is usual (beta-binomial shrinkage): with k
    yes among n answers, the estimate is (k + w m) / (n + w), the posterior mean of a beta prior with mean m that is
    worth w = `PRIOR_ANSWERS` answers. For a creator, m is the estimate of the tier; for a tier, that of all; and for
    all it is (k + 0.5) / (n + 1), by Jeffreys' prior. Gelman et al., Bayesian Data Analysis, 3rd edition, 2.4 and 5.3.
    """
    tiers, tier = _tiers(roster)
    share, source = np.ones(len(roster)), np.full(len(roster), CERTAIN, dtype=np.int8)

    def put(values: NDFloat, origin: int) -> None:
        known = np.isfinite(values)
        share[known], source[known] = values[known], origin

    unknown = np.full(len(roster), np.nan)
    of_tier, of_creator = _learn(roster, tier, len(tiers), declines) if declines.history else (unknown, unknown)
    stated = {_tier_key(name): float(value) for name, value in declines.tiers.items()}
    other = np.nan if declines.other is None else float(declines.other)
    put(of_tier, LEARNED)
    put(np.asarray([stated.get(key, other) for key in tiers])[tier], STATED)
    put(of_creator, ANSWERED)
    put(roster.numbers.get("acceptance", unknown), OWN)
    if campaign.running is not None:
        put(np.where(kept_offers(roster, campaign.running), 1.0, np.nan), SIGNED)
    return Acceptance(share=share, source=source)


def _tier_key(name: str) -> str:
    return tier_name(name) or match_key(name)


def _tiers(roster: Roster) -> tuple[list[str], NDArray[np.intp]]:
    """Return the tiers of a roster, each by what its spellings have in common, and the place of each row's."""
    column = roster.texts["tier"]
    labels = [_tier_key(label) for label in column.labels]
    places = {key: place for place, key in enumerate(dict.fromkeys(labels))}
    return [*places], np.asarray([places[label] for label in labels], dtype=np.intp)[column.codes]


def _learn(roster: Roster, tier: NDArray[np.intp], tiers: int, declines: DeclineSettings) -> tuple[NDFloat, NDFloat]:
    """Return what earlier answers say of each row's tier, and of its creator, NaN where they gave none."""
    history = declines.history
    names = roster.texts["creator"]
    answers = dict(zip(match_keys([past.creator for past in history]), history, strict=True))
    pasts = [answers.get(key) for key in match_keys(names.labels)]
    counts = [(0, 0) if past is None else (past.accepted, past.asked) for past in pasts]
    accepted, asked = np.asarray(counts, dtype=np.float64).T[:, names.codes]
    first = first_rows(roster)
    yes = float(sum(past.accepted for past in history))
    usual = (yes + PRIOR_YES) / (sum(past.asked for past in history) + PRIOR_YES + PRIOR_NO)
    counted = np.asarray([np.bincount(tier[first], values[first], tiers) for values in (accepted, asked)], np.float64)
    of_tier = _shrink(counted[0], counted[1], np.full(tiers, usual))[tier]
    return of_tier, np.where(asked > 0, _shrink(accepted, asked, of_tier), np.nan)


def _shrink(accepted: NDFloat, asked: NDFloat, usual: NDFloat) -> NDFloat:
    """Return shares drawn towards what is usual: the posterior means of `find_acceptance`."""
    return (accepted + PRIOR_ANSWERS * usual) / (asked + PRIOR_ANSWERS)


def with_acceptance(roster: Roster, campaign: Campaign) -> tuple[Roster, list[Fault], list[str]]:
    """Return the roster with a column `acceptance` as the campaign has it, what is wrong with that, and warnings.

    A campaign that says nothing of acceptance leaves the roster as it is, but for a note on whom it has no figure of.
    """
    declines = campaign.declines
    if declines is None or not declines.states_acceptance:
        notes = tuple(_count_unstated(roster, campaign))
        return (replace(roster, notes=(*roster.notes, *notes)) if notes else roster), [], []
    faults = list(_unknown_tiers(roster, campaign, declines))
    if faults:
        return roster, faults, []
    found = find_acceptance(roster, campaign, declines)
    note = f"acceptance: {describe_acceptance(roster, found)}"
    warnings = []
    if not np.isin(found.source, (ANSWERED, STATED, LEARNED)).any():
        warnings.append("--acceptance had no effect: your list states how likely each creator accepts")
    numbers = {**roster.numbers, "acceptance": found.share}
    return replace(roster, numbers=numbers, notes=(*roster.notes, note)), [], warnings


def _count_unstated(roster: Roster, campaign: Campaign) -> Iterator[str]:
    """Yield for how many creators the list does not say how likely they accept, as it says of others."""
    stated = roster.numbers.get("acceptance")
    if stated is None:
        return
    unstated = ~np.isfinite(stated)
    if campaign.running is not None:
        unstated &= ~kept_offers(roster, campaign.running)
    rows = first_rows(roster)
    count = int(unstated[rows].sum())
    if 0 < count < len(rows):
        whom = f"{count:,} of {len(rows):,} creators"
        have, they = ("has", "counts") if count == 1 else ("have", "count")
        yield f"{whom} {have} no acceptance on the list and {they} as sure to accept: --acceptance 70% assumes a chance"


def _unknown_tiers(roster: Roster, campaign: Campaign, declines: DeclineSettings) -> Iterator[Fault]:
    labels = [label.strip() for label in roster.texts["tier"].labels if label.strip()]
    known = list(dict.fromkeys([*campaign.tiers.names, *labels]))
    keys = set(map(_tier_key, known))
    for name in declines.tiers:
        if _tier_key(name) not in keys:
            fix = did_you_mean(name, known) or f"use one of: {', '.join(map(shorten, known[:SHOWN_TIERS]))}"
            message = f"acceptance: there is no tier {shorten(name)!r}"
            yield Fault(code="acceptance-tier", message=message, fix=fix, column=f"acceptance.{name}")


def describe_acceptance(roster: Roster, found: Acceptance) -> str:
    """Return where the chances are from: `70% assumed for 34 of 50 creators; 16 from your list`."""
    rows = first_rows(roster)
    share, source = found.share[rows], found.source[rows]
    parts: list[str] = []
    for origin, words in WORDS.items():
        shares = share[source == origin]
        if not len(shares):
            continue
        low, high = format_percent(shares.min()), format_percent(shares.max())
        span = low if low == high else f"{low} to {high}"
        of_all = "" if parts else f" of {len(rows):,} creators"
        parts.append(words.format(span=span, count=f"{len(shares):,}{of_all}"))
    return "; ".join(parts)
