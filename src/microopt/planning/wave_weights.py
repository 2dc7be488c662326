"""How much of a campaign belongs in each wave, where a plan of the same value may have it in any."""

from __future__ import annotations

from fractions import Fraction

from microopt.campaign.calendar import Calendar
from microopt.planning.waves_of_plan import wave_limits
from microopt.quantities.units import Cents


def wave_weights(calendar: Calendar, budget: Cents | None) -> list[Fraction]:
    """Return the weight of each wave, in order of time.

    Budgets of waves are weights; waves without one share what these leave of the whole, by their demand. If no wave has
    a budget, or they leave nothing, demand alone counts.
    """
    caps = [wave_limits(calendar.budgets.get(wave.name), budget)[1] for wave in calendar.waves]
    free = sum(wave.demand for wave, cap in zip(calendar.waves, caps, strict=True) if cap is None)
    rest = Fraction((budget or 0) - sum(cap or 0 for cap in caps))
    if all(cap is None for cap in caps) or (free and rest <= 0) or not any([*filter(None, caps), free]):
        return [wave.demand for wave in calendar.waves]
    return [
        rest * wave.demand / free if cap is None else Fraction(cap)
        for wave, cap in zip(calendar.waves, caps, strict=True)
    ]
