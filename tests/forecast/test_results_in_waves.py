"""Results over waves teach of the creator what neither the wave nor the number of the contact explains."""

from datetime import date
from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.progress import CampaignProgress, Contract, ContractState, PostResults
from microopt.planning.build_problem import build_problem
from tests.planning.builders import build_campaign
from tests.solver.builders import roster

WAVES = tuple(
    Wave(name=f"2027-0{month}", starts=date(2027, month, 1), ends=date(2027, month, 28), demand=Fraction(demand))
    for month, demand in ((1, 1), (2, 3), (3, 1))
)
METRICS = ("impressions", "engagements", "clicks", "conversions")


STRONG = Calendar(waves=WAVES, max_posts=3)
FLAT = Calendar(waves=tuple(replace(wave, demand=Fraction(1)) for wave in WAVES), max_posts=3, repetition=False)


def problem(*running, when=STRONG):
    listed = roster(
        ["@a", "@b"],
        followers=[30_000, 30_000],
        numbers={"views": [9_000, 9_000]},
        platform=["tiktok", "tiktok"],
        offer=["video", "video"],
    )
    progress = CampaignProgress(
        contracts=tuple(
            Contract(creator="@a", state=ContractState.DONE, offer="video", platform="tiktok", wave=each.wave)
            for each in running
        ),
        results=running,
        today=date(2026, 12, 1),
    )
    campaign = build_campaign(budget=90_000, order_value=5_000, calendar=when)
    return build_problem(listed, replace(campaign, running=progress if running else None))[0]


def value(found, wave, contact, metric, creator="@a"):
    timing = found.roster.timing
    assert timing is not None
    rows = [
        row
        for row in range(len(found))
        if found.roster.text("creator", row) == creator
        and found.roster.text("wave", row) == wave
        and timing.contact[row] == contact
    ]
    return found.forecast.metrics[metric][rows[0]] / 1000


def exactly(found, wave, contact, factor=1.0):
    """Return results in a wave that are this multiple of what is expected of the contact there."""
    figures = {name: factor * value(found, wave, contact, name) for name in METRICS}
    return PostResults(creator="@a", posts=1.0, matured_posts=1.0, wave=wave, **figures)


@pytest.mark.parametrize("factor", [1.0, 2.0, 0.5])
def test_neither_a_strong_wave_nor_the_number_of_the_contact_is_taken_for_a_strong_creator(factor):
    learned = {}
    for when in (STRONG, FLAT):
        before = problem(when=when)
        first, second = exactly(before, "2027-01", 1, factor), exactly(before, "2027-02", 2, factor)
        after = problem(first, second, when=when)
        learned[when is FLAT] = [
            value(after, "2027-03", 3, metric) / value(before, "2027-03", 3, metric) for metric in METRICS
        ]
    assert learned[False] == pytest.approx(learned[True], rel=0.02)


def test_a_creator_who_brings_more_in_every_wave_is_expected_to_bring_more_in_the_next():
    before = problem()
    after = problem(exactly(before, "2027-01", 1, 2.0), exactly(before, "2027-02", 2, 2.0))
    one = problem(exactly(before, "2027-01", 1, 2.0))
    for metric in ("engagements", "conversions"):
        usual, strong = value(before, "2027-03", 3, metric), value(after, "2027-03", 3, metric)
        assert strong > value(one, "2027-03", 3, metric) > usual
        assert value(after, "2027-03", 1, metric, "@b") == pytest.approx(
            value(before, "2027-03", 1, metric, "@b"), rel=0.02
        )
