"""Pacing by wave: what each wave of a calendar was planned to bring, and what it has brought."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from microopt.campaign.progress import RESULT_METRICS, CampaignProgress
from microopt.plan.by_wave import ByWave
from microopt.plan.plan import Plan
from microopt.quantities.units import Cents, Metrics


class WavePacing(Struct, frozen=True, kw_only=True):
    """One wave: thousandths by metric, for the metrics that are known.

    Attributes
    ----------
    wave
        Its name.
    starts, ends
        Its first and its last day.
    posts
        How many posts the plan has in it.
    out
        Of how many posts there are results.
    first_spend
        Cents that the first plan had in it, None if that is not known.
    spend
        Cents that the plan has in it.
    planned
        What the first plan expected of it.
    to_date
        The sum of what was measured.
    projected
        What the plan expects of it.
    """

    wave: str
    starts: date
    ends: date
    posts: int
    out: float
    first_spend: Cents | None
    spend: Cents
    planned: Metrics
    to_date: Metrics
    projected: Metrics


def build_wave_pacing(plan: Plan) -> tuple[WavePacing, ...]:
    """Return the pacing of each wave in order of time; empty without a calendar."""
    progress = plan.campaign.running or CampaignProgress()
    return tuple(_pacing_of(wave, progress) for wave in plan.by_wave)


def _pacing_of(wave: ByWave, progress: CampaignProgress) -> WavePacing:
    first = progress.first_waves.get(wave.wave, {})
    if not progress.first_waves:  # it is the first plan itself
        first = {**wave.metrics, "spend": wave.spend}
    results = [each for each in progress.results if each.wave == wave.wave]
    totals = {name: [total for each in results if (total := each.total(name)) is not None] for name in RESULT_METRICS}
    return WavePacing(
        wave=wave.wave,
        starts=wave.starts,
        ends=wave.ends,
        posts=wave.posts,
        out=sum(each.posts for each in results),
        first_spend=first.get("spend"),
        spend=wave.spend,
        planned={name: first[name] for name in RESULT_METRICS if name in first},
        to_date={name: round(1000 * sum(amounts)) for name, amounts in totals.items() if amounts},
        projected={name: wave.metrics[name] for name in RESULT_METRICS},
    )
