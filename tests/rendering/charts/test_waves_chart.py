"""The chart of a plan's waves shows every post in its wave, whatever the names are."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest

from microopt.campaign.calendar import Wave
from microopt.rendering.charts.drawing import NARROW, WIDE
from microopt.rendering.charts.palette import tier_color
from microopt.rendering.charts.svg import draw_svg
from microopt.rendering.charts.waves_chart import letters_in_chart, shown_in_chart, waves_chart
from microopt.rendering.language.language import find_language
from tests.rendering.builders import HOSTILE, pick
from tests.rendering.waves import in_waves, months


def rows(chart):
    return max(chart.to_dict()["datasets"].values(), key=lambda data: len(data[0]))


def drawn(chart):
    return list(ET.fromstring(draw_svg(chart)).iter())


def words(chart):
    return [node.text for node in drawn(chart) if node.tag.endswith("}text")]


def test_each_post_is_a_bar_in_its_wave_and_in_the_color_of_its_tier():
    made = in_waves(3)
    found = rows(waves_chart(made))
    assert [(row["creator"], row["wave"]) for row in found] == [(item.creator, item.wave) for item in made.picks]
    fills = [node.get("fill") for node in drawn(waves_chart(made)) if node.get("aria-label", "").startswith("@")]
    assert fills == [tier_color(item.tier) for item in made.picks]
    assert found[0]["spoken"] == "@creator.0 (macro): reel in 2027-03"
    german = rows(waves_chart(made, find_language("de")))
    assert german[0]["spoken"] == "@creator.0 (macro): reel in 2027-03"


def test_names_stand_in_bars_that_have_room_and_letters_in_others():
    assert "live stream" in words(waves_chart(in_waves(3)))
    assert letters_in_chart(in_waves(3)) == ""
    twelve = words(waves_chart(in_waves(12)))
    assert "reel" not in twelve
    assert twelve.count("V") == 11
    assert letters_in_chart(in_waves(12)) == "R reel · V video · S story · L live stream"
    assert not {"R", "V", "reel"} & set(words(waves_chart(in_waves(60), width=NARROW)))
    assert letters_in_chart(in_waves(60), width=NARROW) == ""


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("count", [1, 3, 12, 60])
def test_the_chart_is_as_wide_as_asked_for_and_names_its_waves(count, width):
    chart = waves_chart(in_waves(count), width=width)
    (root, *_), texts = drawn(chart), words(chart)
    assert float(root.get("width")) == width
    named = [wave.name for wave in months(count) if wave.name in texts]
    assert named == [wave.name for wave in months(count)] or (count == 60 and len(named) > 10)


def test_of_many_creators_the_first_are_drawn_and_the_others_counted():
    waves = months(3)
    made = in_waves(3, [pick(number, wave=waves[number % 3].name) for number in range(200)])
    shown, hidden = shown_in_chart(made)
    assert (len(shown), hidden) == (50, 150)
    assert len(rows(waves_chart(made))) == 50


def test_waves_and_creators_whose_names_look_alike_stay_apart():
    waves = [
        Wave(name="x" * 40 + end, starts=date(2027, 3, day), ends=date(2027, 3, day))
        for end, day in (("a", 1), ("b", 2))
    ]
    chosen = [pick(0, creator="@a" + "y" * 70 + end, wave=wave.name) for end, wave in zip("12", waves, strict=True)]
    found = rows(waves_chart(in_waves(2, chosen, waves=waves)))
    assert len({(row["creator"], row["wave"]) for row in found}) == 2
    assert len({row["creator"] for row in found}) == len({row["wave"] for row in found}) == 2


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_are_drawn_as_text(text):
    waves = (Wave(name=text or "w", starts=date(2027, 3, 1), ends=date(2027, 3, 9)),)
    chosen = [pick(0, creator=text, offer=text, tier=text, wave=waves[0].name), pick(1, wave=waves[0].name)]
    for width in (WIDE, NARROW):
        tags = {
            node.tag.rpartition("}")[2] for node in drawn(waves_chart(in_waves(1, chosen, waves=waves), width=width))
        }
        assert tags <= {"svg", "g", "path", "line", "rect", "text", "tspan", "defs", "clipPath"}
