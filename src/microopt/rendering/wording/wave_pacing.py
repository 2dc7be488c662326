"""What each wave of a calendar was planned to cost and to bring, and has brought, in the words of all formats."""

from __future__ import annotations

from collections.abc import Sequence

from microopt.plan.wave_pacing import WavePacing
from microopt.quantities.parse_and_format import format_money
from microopt.rendering.wording.plan_figures import TOTALS_HEADINGS, format_metric

SHOWN = ("engagements", "conversions", "impressions", "clicks")  # the first of these that was measured is shown
STAGES = ("first planned", "to date", "projected")


def shown_metric(waves: Sequence[WavePacing]) -> str:
    """Return the metric that a table of waves has."""
    return next((name for name in SHOWN if any(name in wave.to_date for wave in waves)), SHOWN[0])


def wave_headings(waves: Sequence[WavePacing]) -> tuple[str, ...]:
    """Return the headings of a table of waves; those of the metric have its name first."""
    metric = TOTALS_HEADINGS[shown_metric(waves)][0]
    return "Wave", "Posts", "With results", "First spend", "Spend", f"{metric} first planned", *STAGES[1:]


def wave_cells(wave: WavePacing, waves: Sequence[WavePacing], currency: str) -> tuple[str, ...]:
    """Return the cells of a wave, in the order of `wave_headings`."""
    metric = shown_metric(waves)
    figures = (wave.planned.get(metric), wave.to_date.get(metric), wave.projected.get(metric))
    first = None if wave.first_spend is None else format_money(wave.first_spend, currency, whole_units=True)
    return (
        wave.wave,
        f"{wave.posts:,}",
        f"{wave.out:,g}" if wave.out else "-",
        first or "-",
        format_money(wave.spend, currency, whole_units=True),
        *("-" if amount is None else format_metric(metric, amount) for amount in figures),
    )
