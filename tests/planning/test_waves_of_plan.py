"""What a plan has in each wave: sums over its picks, counted again by hand."""

from datetime import date
from fractions import Fraction

import pytest

from microopt.campaign.calendar import Calendar, Wave, WaveBudget
from microopt.campaign.metrics import METRICS
from microopt.planning.optimize import optimize
from microopt.planning.waves_of_plan import wave_limits
from tests.planning.builders import build_campaign
from tests.solver.builders import roster

WAVES = (
    Wave(name="launch", starts=date(2027, 3, 1), ends=date(2027, 3, 14)),
    Wave(name="lull", starts=date(2027, 3, 15), ends=date(2027, 3, 31)),
    Wave(name="sale", starts=date(2027, 4, 1), ends=date(2027, 4, 30), demand=Fraction(3, 2)),
)
ROSTER = roster(
    ["@a", "@b", "@c"], offer=["reel", "video", "story"], followers=[12_000, 40_000, 9_000], fee=[300, 700, 100]
)


def planned(*rules, budget=300_000, **calendar):
    calendar = Calendar(waves=WAVES, **{"max_posts": 2, **calendar})
    return optimize(ROSTER, build_campaign(*rules, budget=budget, calendar=calendar))


def test_each_wave_sums_the_picks_in_it():
    plan = planned("wave:lull count <= 0", budgets={"sale": WaveBudget(high=Fraction(1, 2), percent=True)})
    assert [wave.wave for wave in plan.by_wave] == ["launch", "lull", "sale"]
    for wave, settings in zip(plan.by_wave, WAVES, strict=True):
        own = [pick for pick in plan.picks if pick.wave == wave.wave]
        assert (wave.starts, wave.ends, wave.demand) == (settings.starts, settings.ends, settings.demand)
        assert wave.creators == len({pick.creator for pick in own})
        assert wave.posts == sum(pick.units for pick in own)
        assert wave.spend == sum(pick.cost for pick in own)
        assert wave.metrics == {name: sum(pick.metrics[name] for pick in own) for name in METRICS}
    assert sum(wave.spend for wave in plan.by_wave) == plan.totals.spend
    assert plan.posts == len(plan.picks) == 6
    assert plan.totals.creators == 3
    assert (plan.by_wave[2].at_least, plan.by_wave[2].at_most) == (None, 150_000)


def test_a_wave_without_picks_is_there_with_zeros():
    lull = planned("wave:lull count <= 0").by_wave[1]
    assert (lull.creators, lull.posts, lull.spend) == (0, 0, 0)
    assert set(lull.metrics.values()) == {0}


def test_an_empty_plan_has_its_waves_too():
    plan = planned("all count <= 0")
    assert not plan.picks
    assert [wave.posts for wave in plan.by_wave] == [0, 0, 0]


def test_a_plan_without_a_calendar_has_no_waves():
    plan = optimize(ROSTER, build_campaign(budget=200_000))
    assert plan.by_wave == ()
    assert plan.posts == 0


@pytest.mark.parametrize(
    ("stated", "budget", "limits"),
    [
        (None, 100_00, (None, None)),
        (WaveBudget(), 100_00, (None, None)),
        (WaveBudget(low=Fraction(40), high=Fraction(60)), None, (40_00, 60_00)),
        (WaveBudget(high=Fraction(1, 3), percent=True), 100_00, (None, 3_333)),
        (WaveBudget(low=Fraction(1, 3), percent=True), 100_00, (3_334, None)),
        (WaveBudget(low=Fraction(1, 3), percent=True), None, (None, None)),
    ],
)
def test_limits_of_a_wave_are_cents_within_its_budget(stated, budget, limits):
    assert wave_limits(stated, budget) == limits
