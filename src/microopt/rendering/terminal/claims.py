"""Claims and what a roster says to them, as a table and as JSON (`microopt.claims/1`)."""

from __future__ import annotations

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from microopt.analysis.claims import Claims, TierFacts
from microopt.quantities.parse_and_format import format_money, format_percent
from microopt.rendering.terminal.screen import Screen, cell

STYLES = {"holds": "bold green", "does not hold": "bold red", "cannot be told": "yellow"}


def claims_text(claims: Claims, screen: Screen) -> str:
    """Return the claims as text."""
    roster = claims.roster
    source = "standard input" if roster.source.path == "-" else roster.source.path
    parts: list[RenderableType] = [
        cell(f"{source} · {roster.creators:,} creators · what is said of micro and mega", "bold"),
        "",
        _verdicts(claims),
        "",
        _tiers(claims),
        Text("medians of what the roster itself states; - where it states nothing", style="dim"),
    ]
    parts += [cell(f"Note: {note}.", "dim") for note in claims.notes]
    parts += [cell(f"Warning: {warning}.", "yellow") for warning in claims.warnings]
    return screen.render(*parts)


def _verdicts(claims: Claims) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    table.add_column("It is said", overflow="fold", ratio=2)
    table.add_column("On this roster", overflow="fold", ratio=3)
    table.add_column("Verdict", no_wrap=True)
    for claim in claims.claims:
        table.add_row(cell(claim.text), cell(claim.finding), cell(claim.verdict, STYLES[claim.verdict]))
    return table


def _tiers(claims: Claims) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    table.add_column("Tier")
    for name in ("Creators", "Engagement rate", "Fee", "CPE", "CPA", "Sponsored"):
        table.add_column(name, justify="right", no_wrap=True)
    for tier in claims.tiers:
        table.add_row(cell(tier.tier), *_figures(tier, claims.roster.currency))
    return table


def _figures(tier: TierFacts, currency: str) -> list[str]:
    def share(value: float | None) -> str:
        return "-" if value is None else format_percent(value)

    def money(cents: float | None) -> str:
        return "-" if cents is None else format_money(round(cents), currency, whole=cents >= 10_000)

    costs = (money(tier.fee), money(tier.cpe), money(tier.cpa))
    return [f"{tier.creators:,}", share(tier.rate), *costs, share(tier.sponsored)]
