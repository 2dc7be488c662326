"""Claims about small and large creators, and what a roster says to them, as tables for a person."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.claims import Claim, Claims, TierFacts
from microopt.quantities.parse_and_format import format_money, format_percent
from microopt.rendering.terminal.screen import Screen, cell, notes_and_warnings
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.plan_figures import source_name

VERDICT_STYLES = {"holds": "bold green", "does not hold": "bold red", "cannot be told": "yellow"}


def claims_text(claims: Claims, screen: Screen) -> str:
    """Return the claims as text."""
    source, creators = source_name(claims.roster.source.path), claims.roster.creators
    return screen.render(
        cell(f"{source} · {creators:,} creators · what is said of micro and mega", "bold"),
        "",
        *_verdicts(claims, screen),
        "",
        *_tiers(claims, screen),
        Text("medians of what the roster itself states; - where it states nothing", style="dim"),
        *notes_and_warnings(claims.notes, claims.warnings),
    )


def _verdicts(claims: Claims, screen: Screen) -> Iterator[RenderableType]:
    columns: list[Column[Claim]] = [
        Column("It is said", lambda claim: claim.text, min_width=10, share=2, wrap=True),
        Column("On this roster", lambda claim: claim.finding, min_width=10, share=3, wrap=True),
        Column("Verdict", lambda claim: cell(claim.verdict, VERDICT_STYLES[claim.verdict])),
    ]
    return table(columns, claims.claims, screen)


def _tiers(claims: Claims, screen: Screen) -> Iterator[RenderableType]:
    currency = claims.roster.currency

    def share(value: float | None) -> str:
        return "-" if value is None else format_percent(value)

    def money(cents: float | None) -> str:
        return "-" if cents is None else format_money(round(cents), currency, whole_units=cents >= 10_000)

    columns: list[Column[TierFacts]] = [
        Column("Tier", lambda tier: tier.tier, min_width=6),
        figure("Creators", lambda tier: f"{tier.creators:,}"),
        figure("Engagement rate", lambda tier: share(tier.rate)),
        figure("Fee", lambda tier: money(tier.fee)),
        figure("CPE", lambda tier: money(tier.cpe), priority=1),
        figure("CPA", lambda tier: money(tier.cpa), priority=1),
        figure("Sponsored", lambda tier: share(tier.sponsored), priority=2),
    ]
    return table(columns, claims.tiers, screen)
