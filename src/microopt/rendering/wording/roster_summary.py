"""The first lines of a check: whether the list can be used, what is in it, and what forecasts will rest on."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.roster_summary import PAST_CONVERSIONS, PAST_POSTS, RosterSummary
from microopt.files.reading import source_name
from microopt.quantities.parse_and_format import format_count, format_money, format_number_of
from microopt.rendering.wording.plan_figures import capitalize_sentence

# Columns of which one is enough to forecast a result from the list's own figures.
ENGAGEMENT_COLUMNS = ("engagement_rate", "engagement_rate_views", "engagement_rate_reach", "engagements", "likes")
CONVERSION_COLUMNS = ("conversions", "cvr", "action_rate")
ADJUSTED = "adjusted as microopt forecast shows"


def summary_head(summary: RosterSummary) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): the answer, the fees and sizes, and what forecasts will rest on."""
    roster = summary.roster
    size = f"{format_number_of(roster.offers, 'offer')} from {format_number_of(roster.creators, 'creator')}"
    filtered = f" ({roster.filtered:,} filtered out)" if roster.filtered else ""
    title = f"{source_name(roster.source.path)}: {size}{filtered}"
    if summary.suspicions:
        yield "doubt", f"{title}, no errors found, but some figures are hard to believe."
    elif summary.warnings:
        yield "main fact", f"{title}, no errors found."
    else:
        other = "other " if any("--skip-bad-rows" in note for note in summary.notes) else ""
        yield "main fact", f"{title}, no {other}problems found."
    if amounts := "; ".join(_amounts(summary)):
        yield "fact", capitalize_sentence(amounts)
    yield "fact", " ".join(_forecast_basis(summary))


def _amounts(summary: RosterSummary) -> Iterator[str]:
    """Yield the ranges of fees and followers."""
    currency, spreads = summary.roster.currency, summary.spreads
    if (fee := spreads.get("fee")) is not None:
        low, typical, high = (
            format_money(round(value * 100), currency, whole_units=True if value >= 100 else None)
            for value in (fee.low, fee.median, fee.high)
        )
        yield f"fees are {low} to {high}, typically {typical}" if low != high else f"every fee is {low}"
    if (followers := spreads.get("followers")) is not None:
        low, high = format_count(followers.low), format_count(followers.high)
        yield f"followers {low} to {high}" if low != high else f"{low} followers each"


def _forecast_basis(summary: RosterSummary) -> Iterator[str]:
    """Yield whether engagements and conversions can be forecast from the list's own figures."""
    columns, offers = {use.column for use in summary.columns}, summary.roster.offers
    with_posts = summary.spreads.get(PAST_POSTS)
    names = [*ENGAGEMENT_COLUMNS, PAST_POSTS]
    filled = max((summary.spreads[name].filled for name in names if name in summary.spreads), default=0)
    rated = bool(columns & set(ENGAGEMENT_COLUMNS))
    basis = "your own figures" if with_posts is None else f"past posts{' and your own figures' if rated else ''}"
    if 0 < filled < offers:
        which = f"{filled:,} of {offers:,} offers"
        yield f"Engagements of {which} are forecast from {basis}, {ADJUSTED}; the rest are estimated."
    elif rated or with_posts is not None:
        yield f"Engagements are forecast from {basis}, {ADJUSTED}."
    else:
        yield "Engagements are industry estimates: for your own, add a column engagement_rate."
    if columns & set(CONVERSION_COLUMNS):
        yield "Conversions are forecast from your own figures."
    elif (converted := summary.spreads.get(PAST_CONVERSIONS)) is not None:
        which = f" of {converted.filled:,} of {offers:,} offers" if converted.filled < offers else ""
        rest = "; the rest are estimated" if which else ""
        yield f"Conversions{which} are forecast from past posts{rest}."
    else:
        yield "Conversions are industry estimates: for your own, add a column cvr or conversions."
