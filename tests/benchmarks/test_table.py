"""The public figures by name."""

import pytest

from microopt.benchmarks.overrides import override_benchmarks
from microopt.benchmarks.table import default_benchmarks, half_life_days
from microopt.errors import CampaignError


@pytest.mark.parametrize(
    ("platform", "days"), [("instagram", 0.79), (" YouTube ", 6.0), ("vimeo", 0.79), ("", 0.79), (None, 0.79)]
)
def test_a_platform_has_its_half_life_and_others_take_instagrams(platform, days):
    assert half_life_days(default_benchmarks(), platform) == days


def test_a_half_life_can_be_replaced():
    result = override_benchmarks(default_benchmarks(), {"lifespan": {"tiktok": {"half_life_days": "2.5"}}})
    assert (half_life_days(result, "TikTok"), half_life_days(result, "youtube")) == (2.5, 6.0)


@pytest.mark.parametrize("days", [0, -1, 4000, "soon"])
def test_a_half_life_is_some_time(days):
    with pytest.raises(CampaignError) as refused:
        override_benchmarks(default_benchmarks(), {"lifespan": {"tiktok": {"half_life_days": days}}})
    assert refused.value.faults[0].column == "forecast.lifespan.tiktok.half_life_days"
