"""The sentences of tested claims: how many hold, what that means for this list, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.claims import FAILS, HOLDS, NO_DATA, UNCERTAIN, Claim, Claims
from microopt.analysis.estimates import MIN_SAMPLE
from microopt.files.reading import source_name
from microopt.quantities.parse_and_format import join_words
from microopt.rendering.wording.full_stop import end_sentence


def claims_head(claims: Claims) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): how many claims hold, which, and what a verdict rests on."""
    source, count = source_name(claims.roster.source.path), len(claims.claims)
    yield "main fact", f"{source}: of {count:,} common claims about micro and mega creators, {_verdict_counts(claims)}."
    holding = [claim.text for claim in claims.claims if claim.verdict == HOLDS]
    if holding:
        yield "fact", f"True for this list: {' '.join(holding)}"
    own = "your list and past posts" if _has_posts(claims) else "your list"
    yield "fact", f"Only figures from {own} count, and a verdict needs the whole 95% range on one side."


def medians_note(claims: Claims) -> str:
    """Return what the medians are of, and by which of their offers creators are counted, where some have several."""
    parts = ["Medians of what your list states"]
    if _has_posts(claims):
        parts.append("engagement rates and CPE are of past posts where there are any")
    if claims.roster.offers > claims.roster.creators:
        before = " without these posts" if _has_posts(claims) else ""
        parts.append(f"each creator counts once, by the offer with the most expected engagements{before}")
    return end_sentence("; ".join(parts))


def _has_posts(claims: Claims) -> bool:
    return claims.roster.source.posts_sha256 is not None


def _verdict_counts(claims: Claims) -> str:
    counts = dict.fromkeys((HOLDS, FAILS, UNCERTAIN, NO_DATA), 0)
    for claim in claims.claims:
        counts[claim.verdict] += 1
    singular = {HOLDS: "holds", FAILS: "does not hold", UNCERTAIN: "is too close to call", NO_DATA: "lacks data"}
    plural = {HOLDS: "hold", FAILS: "do not hold", UNCERTAIN: "are too close to call", NO_DATA: "lack data"}
    parts = [
        f"{count:,} {singular[verdict] if count == 1 else plural[verdict]}"
        for verdict, count in counts.items()
        if count or verdict == HOLDS
    ]
    return join_words(parts)


def untested_claims(claims: Claims) -> dict[str, list[Claim]]:
    """Return the claims that could not be tested, by what they need."""
    by_need: dict[str, list[Claim]] = {}
    for claim in claims.claims:
        if claim.verdict == NO_DATA:
            by_need.setdefault(claim.finding, []).append(claim)
    return by_need


def tier_differences(claims: Claims) -> Iterator[str]:
    """Yield a sentence for each two tiers that truly differ, the largest difference first, and one for the others."""
    clear = sorted((pair for pair in claims.differences if pair.clear), key=lambda pair: -pair.ratio)
    for pair in clear:
        yield (
            f"{pair.tier[:1].upper()}{pair.tier[1:]} creators have {_times(pair.ratio)} times the engagement rate of "
            f"{pair.than} creators (95% range: {_times(pair.low)} to {_times(pair.high)})."
        )
    if others := len(claims.differences) - len(clear):
        rest = f"the other {others:,} pairs of tiers" if others > 1 else "the tiers of the other pair"
        yield f"No clear difference between {rest if clear else 'any two tiers'}."


def _times(ratio: float) -> str:
    """Return a ratio above 1 with two decimals, of which a difference leaves more than nothing."""
    return f"{ratio:.2f}" if ratio >= 1.005 else "just above 1"


def typical_rate_note(claims: Claims) -> str:
    """Return what typical rates are, and what a range of two tiers means."""
    few = [tier for tier in claims.typical_rates if tier.rate is None]
    note = "Typical rates count averages of few posts for less."
    if claims.differences:
        note += " Tiers are compared on the same platforms"
        note += ", and the ranges of all pairs hold at once with 95% confidence." if claims.differences[1:] else "."
    if few:
        needed = f"at least {MIN_SAMPLE} are needed"
        if any(tier.creators >= MIN_SAMPLE for tier in few):
            needed += ", on platforms that other tiers are on too"
        note += f" Too few creators to say: {join_words([tier.tier for tier in few])} ({needed})."
    return note
