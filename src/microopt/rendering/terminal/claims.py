"""Claims about small and large creators, and what a list of creators says to them, as tables for a person."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.claims import FAILS, HOLDS, NO_DATA, UNCERTAIN, Claim, Claims, TierFacts
from microopt.analysis.tier_rates import TierRate
from microopt.quantities.parse_and_format import format_money, format_percent
from microopt.rendering.terminal.screen import BAD, GOOD, WARNING, Screen, cell, message_lines, notes_and_warnings
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.claims import (
    claims_head,
    medians_note,
    tier_differences,
    typical_rate_note,
    untested_claims,
)
from microopt.rendering.wording.plan_figures import capitalize_sentence

VERDICT_STYLES = {HOLDS: GOOD, FAILS: BAD, UNCERTAIN: WARNING}


def claims_text(claims: Claims, screen: Screen) -> str:
    """Return the claims as text."""
    return screen.render(
        *message_lines(claims_head(claims)),
        *_verdicts(claims, screen),
        *_untested(claims),
        "",
        *_tiers(claims, screen),
        Text(medians_note(claims), style="dim"),
        *_typical_rates(claims, screen),
        *notes_and_warnings(claims.notes, claims.warnings),
    )


def _verdicts(claims: Claims, screen: Screen) -> Iterator[RenderableType]:
    """Yield the claims that could be tested."""
    columns: list[Column[Claim]] = [
        Column("Claim", lambda claim: claim.text, min_width=10, share=2, wrap=True),
        Column("Your list", lambda claim: capitalize_sentence(claim.finding), min_width=10, share=3, wrap=True),
        Column("Verdict", lambda claim: cell(claim.verdict, VERDICT_STYLES[claim.verdict])),
    ]
    tested = [claim for claim in claims.claims if claim.verdict != NO_DATA]
    if tested:
        yield ""
        yield from table(columns, tested, screen)


def _untested(claims: Claims) -> Iterator[RenderableType]:
    """Yield the other claims below what they need."""
    for need, untested in untested_claims(claims).items():
        yield ""
        yield cell(f"Not enough data: {need}.", "bold")
        yield from (cell(f"  {claim.text}") for claim in untested)


def _typical_rates(claims: Claims, screen: Screen) -> Iterator[RenderableType]:
    """Yield the typical rate of each tier, and which tiers truly differ."""
    columns: list[Column[TierRate]] = [
        Column("Tier", lambda tier: tier.tier, min_width=6),
        figure("Creators", lambda tier: f"{tier.creators:,}"),
        figure("Typical rate", lambda tier: "-" if tier.rate is None else format_percent(tier.rate)),
        figure("95% range", _rate_range),
    ]
    if any(tier.rate is not None for tier in claims.typical_rates):
        yield ""
        yield from table(columns, claims.typical_rates, screen)
        yield from map(cell, tier_differences(claims))
        yield Text(typical_rate_note(claims), style="dim")


def _rate_range(tier: TierRate) -> str:
    return "-" if tier.low is None or tier.high is None else f"{format_percent(tier.low)}-{format_percent(tier.high)}"


def _tiers(claims: Claims, screen: Screen) -> Iterator[RenderableType]:
    currency = claims.roster.currency

    def share(value: float | None) -> str:
        return "-" if value is None else format_percent(value)

    def money(cents: float | None) -> str:
        return "-" if cents is None else format_money(round(cents), currency, whole_units=cents >= 1_000)

    columns: list[Column[TierFacts]] = [
        Column("Tier", lambda tier: tier.tier, min_width=6),
        figure("Creators", lambda tier: f"{tier.creators:,}"),
        figure("Engagement rate", lambda tier: share(tier.rate)),
        figure("Fee", lambda tier: money(tier.fee)),
        figure("CPE", lambda tier: money(tier.cpe), priority=1),
    ]
    if any(tier.cpa is not None for tier in claims.tiers):
        columns.append(figure("CPA", lambda tier: money(tier.cpa), priority=1))
    if any(tier.sponsored is not None for tier in claims.tiers):
        columns.append(figure("Sponsored", lambda tier: share(tier.sponsored), priority=2))
    return table(columns, claims.tiers, screen)
