"""How much of a campaign belongs in each wave."""

from datetime import date
from fractions import Fraction

import pytest

from microopt.campaign.calendar import Calendar, Wave, WaveBudget
from microopt.planning.wave_weights import wave_weights

HALF, ALL, NOTHING = (WaveBudget(high=share, percent=True) for share in (Fraction(1, 2), Fraction(1), Fraction(0)))


@pytest.mark.parametrize(
    ("demand", "budgets", "budget", "weights"),
    [
        ((1, 1, 1), {}, 100, [1, 1, 1]),
        ((1, 1, 2), {}, None, [1, 1, 2]),
        ((1, 1, 3), {"w0": HALF}, 1_000, [500, 125, 375]),
        ((1, 1, 1), {"w0": WaveBudget(high=Fraction(2)), "w1": HALF, "w2": HALF}, 1_000, [200, 500, 500]),
        ((1, 1, 2), {"w0": ALL}, 1_000, [1, 1, 2]),
        ((1, 1, 2), {"w0": WaveBudget(low=Fraction(2))}, 1_000, [1, 1, 2]),
        ((1, 1, 2), {"w0": NOTHING, "w1": NOTHING, "w2": NOTHING}, 1_000, [1, 1, 2]),
        ((1, 1, 2), {"w0": HALF}, None, [1, 1, 2]),
    ],
)
def test_budgets_are_weights_and_other_waves_share_the_rest_by_demand(demand, budgets, budget, weights):
    waves = tuple(
        Wave(name=f"w{place}", starts=date(2027, place + 1, 1), ends=date(2027, place + 1, 28), demand=Fraction(each))
        for place, each in enumerate(demand)
    )
    assert wave_weights(Calendar(waves=waves, budgets=budgets), budget) == weights
