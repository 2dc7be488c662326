"""A forecast made part by part is that of the whole, to the byte."""

import numpy as np
import pytest
from msgspec.structs import fields

from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError
from microopt.forecast import model
from microopt.forecast.forecast import Forecast
from microopt.forecast.model import forecast
from tests.forecast.builders import roster

ROWS = 50


@pytest.fixture
def small_parts(monkeypatch):
    """Make parts of seven offers."""
    monkeypatch.setattr(model, "PART_SIZE", 7)


def many(**columns):
    random = np.random.default_rng(3)
    return roster(
        ROWS,
        followers=random.integers(1_000, 10**6, ROWS).tolist(),
        fee=random.integers(1_000, 10**6, ROWS).tolist(),
        engagement_rate=random.uniform(0.001, 0.1, ROWS).tolist(),
        posts=random.integers(1, 99, ROWS).tolist(),
        platform=random.choice(["instagram", "tiktok", "youtube"], ROWS).tolist(),
        **columns,
    )


def alike(first, second):
    """Whether two values of a forecast hold the same."""
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(alike(first[key], second[key]) for key in first)
    return np.array_equal(first, second) if isinstance(first, np.ndarray) else first == second


@pytest.mark.parametrize("columns", [{}, {"order_value": 30.0, "acceptance": 0.5}, {"offer": ["reel", "story"] * 25}])
def test_parts_give_what_the_whole_gives(columns, monkeypatch):
    offers, campaign = many(**columns), Campaign(budget=1)
    full = forecast(offers, campaign)
    monkeypatch.setattr(model, "PART_SIZE", 7)
    result = forecast(offers, campaign)
    assert all(alike(getattr(full, field.name), getattr(result, field.name)) for field in fields(Forecast))


@pytest.mark.usefixtures("small_parts")
def test_what_is_assumed_in_one_part_is_told_of_the_whole():
    offers = many(offer=["reel"] * (ROWS - 1) + ["hologram"])
    assert any("hologram" in note for note in forecast(offers, Campaign(budget=1)).notes)


@pytest.mark.usefixtures("small_parts")
def test_a_fault_counts_the_rows_of_the_whole():
    offers = roster(ROWS, fee=[-1, 500] * (ROWS // 2))
    with pytest.raises(CampaignError, match="25 offers have no fee"):
        forecast(offers, Campaign(budget=1))
