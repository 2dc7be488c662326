"""What offers' names say."""

import numpy as np
import pytest

from microopt.benchmarks.offer_names import format_position, parse_offer_name, positions_by_name
from microopt.benchmarks.table import default_benchmarks
from microopt.campaign.campaign import Campaign
from microopt.forecast.model import forecast
from tests.forecast.builders import NAN, assert_close, one, roster


@pytest.mark.parametrize(
    ("label", "format_name", "count"),
    [
        ("story", "story", 1),
        ("Instagram Story", "story", 1),
        ("2x story", "story", 2),
        ("story x3", "story", 3),
        ("3 Stories", "story", 3),
        ("IG Reel", "reel", 1),
        ("reels", "reel", 1),
        ("2 × Carousel", "carousel", 2),
        ("Feed-Post", "post", 1),
        ("instagram", None, 1),
        ("live", None, 1),
        ("", None, 1),
        ("0x reel", "reel", 1),
        ("Reel Apr", "reel", 1),
        ("Story May", "story", 1),
        ("Reel #2", "reel", 1),
        ("2x Reel", "reel", 2),
        ("Launch feed post", "post", 1),
        ("Reel + Story", None, 1),
        ("Historia", "story", 1),
        ("ストーリー", "story", 1),
    ],
)
def test_names_are_taken_apart(label, format_name, count):
    formats = default_benchmarks().formats("instagram")
    name = parse_offer_name(label)
    place = format_position(name, positions_by_name(formats))
    assert (None if place is None else list(formats)[place]) == format_name
    assert name.count == count


def test_the_count_of_a_name_counts_unless_a_column_does():
    single = one("impressions", None, offer="story")
    assert_close(one("impressions", None, offer="3x story"), 3 * single)
    assert_close(one("impressions", None, offer="3x story", deliverables=2.0), 2 * single)
    assert_close(one("impressions", None, offer="3x story", deliverables=NAN), 3 * single)


def test_a_format_that_its_platform_does_not_know_is_told():
    people = roster(3, platform=["tiktok", "youtube", "instagram"], offer=["story", "YouTube Short", "live"])
    notes = [note for note in forecast(people, Campaign(budget=1)).notes if "no benchmarks for the offers" in note]
    assert len(notes) == 1
    assert "live, story:" in notes[0]
    assert np.all(forecast(people, Campaign(budget=1)).metrics["impressions"] > 0)


def test_a_platform_that_is_missing_and_one_that_is_unknown_are_told_apart():
    people = roster(3, platform=["", "rednotex", "tiktok"])
    notes = forecast(people, Campaign(budget=1)).notes
    assert "no benchmarks for rednotex (did you mean rednote?): those of instagram are used" in notes
    note = "1 offer names no platform and is counted as instagram (change it with --platform-default)"
    assert note in notes


@pytest.mark.parametrize("short", ["ig", "Insta", "instagram"])
def test_platforms_go_by_short_names(short):
    result = forecast(roster(platform=short, offer="reel"), Campaign(budget=1))
    assert not result.notes
