"""The table of a forecast: a flag stands only where an offer differs from most."""

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from microopt.rendering.terminal.forecast import forecast_table
from microopt.rendering.terminal.screen import Screen
from tests.rendering.builders import HOSTILE
from tests.rendering.wording.test_forecast import forecast, priced

WIDE = Screen(width=120)


def test_a_fee_stands_above_its_multiple_of_the_usual_one():
    lines = forecast_table(priced(3, 2.8, 9), WIDE).splitlines()
    row = next(place for place, line in enumerate(lines) if "$9,000!" in line)
    assert " 9.0x " in lines[row + 1]
    assert [line for line in lines if "$3,000!" in line or "$2,800!" in line] == []


def test_a_gift_has_no_multiple_and_no_cents():
    gift = forecast(fees=(0, 20_000, 3_000))
    assert "$0 " in forecast_table(gift, WIDE)


def test_what_stands_below_a_fee_is_explained_only_where_something_does():
    assert "Below a fee:" in forecast_table(priced(3, 2.8, 9), WIDE)
    without = forecast()
    unpriced = replace(without, offers=tuple(replace(offer, usual_fee=None) for offer in without.offers))
    assert "Below a fee:" not in forecast_table(unpriced, WIDE)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_keeps_to_the_screen(width, name):
    sample = forecast()
    hostile = replace(sample, offers=tuple(replace(offer, creator=name, offer=name) for offer in sample.offers))
    output = forecast_table(hostile, Screen(width=width))
    assert [line for line in output.splitlines() if cell_len(line) > width] == []
    assert not any((ord(c) < 32 and c != "\n") or c in "\u2028\u202e\u2066\x7f\x9b\ud800" for c in output)


def test_a_narrow_screen_shows_the_followers_and_every_figure_in_full():
    sample = priced(3, 2.8, 9)
    offers = [replace(offer, platform="tiktok", offer="video", followers=54_100) for offer in sample.offers]
    lines = forecast_table(replace(sample, offers=tuple(offers)), Screen(width=80)).splitlines()
    assert sum(line.startswith("  TikTok video · micro · 54.1k ") for line in lines) == 3
    assert any(line.split() == ["Creator", "Fee", "Reach", "Impr.", "Eng.", "Conv.", "CPE"] for line in lines)
    assert not any("…" in line for line in lines)
