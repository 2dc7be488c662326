"""A plan as pictures: whole files, whatever a cell holds, that load nothing from anywhere."""

import re
from xml.etree import ElementTree as ET

import pytest

from microopt.rendering.charts.images import plan_png, plan_svg, plan_table_svg
from tests.rendering.builders import HOSTILE, pick, picks, plan, rule

HOSTILE_TEXTS = {**HOSTILE, "script": "<script>alert(1)</script>", "no XML": "a\ufffe\uffffb", "entity": "&lt;&#0;"}


def hostile(text):
    first = pick(creator=text, offer=text, platform=text, tier=text, niche=(text,), region=text)
    return plan([first], rules=(rule(label=text),), campaign={"name": text}, warnings=(text,))


def svg_text(svg):
    return "".join(ET.fromstring(svg).itertext()).replace("\xa0", " ")


def test_the_chart_of_the_mix_names_every_tier_and_its_shares():
    output = svg_text(plan_svg(plan(picks(5))))
    assert all(name in output for name in ("mega", "macro", "mid", "micro", "nano", "Spend", "Engagements", "20%"))


@pytest.mark.parametrize("draw", [plan_svg, plan_table_svg])
def test_a_picture_says_of_which_campaign_it_is(draw):
    assert "Spring launch" in svg_text(draw(plan()))


def test_the_png_has_room_for_the_name_of_the_campaign():
    high = [int.from_bytes(plan_png(plan(campaign={"name": name}))[20:24]) for name in ("Spring launch", None)]
    assert high[0] > high[1]


def test_a_png_is_one_and_as_sharp_as_dense_screens():
    drawn = plan_png(plan())
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(drawn[16:20]) > 1_000


def test_the_picture_of_the_table_holds_the_table():
    output = svg_text(plan_table_svg(plan()))
    assert all(part in output for part in ("Spring launch", "@creator.0", "Proven best", "niche:beauty count 2..5"))


def test_the_picture_of_the_table_has_colors():
    assert len(set(re.findall(r"fill: #[0-9a-f]{6}", plan_table_svg(plan())))) > 3


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
@pytest.mark.parametrize("draw", [plan_svg, plan_table_svg])
def test_hostile_text_is_text(draw, text):
    svg = draw(hostile(text))
    page = ET.fromstring(svg)
    assert not [node for node in page.iter() if node.tag.endswith(("}script", "}foreignObject", "}image", "}a"))]
    assert not [name for node in page.iter() for name in node.attrib if name.startswith("on") or name.endswith("href")]


@pytest.mark.parametrize("draw", [plan_svg, plan_table_svg])
def test_nothing_is_loaded_from_a_server(draw):
    assert not re.findall(r"url\((?!#)[^)]*\)|@import|https?://(?!www\.w3\.org/)", draw(plan()))


@pytest.mark.parametrize("draw", [plan_svg, plan_png, plan_table_svg])
def test_an_empty_plan_is_a_picture_too(draw):
    assert draw(plan([], baseline=None))


@pytest.mark.parametrize("draw", [plan_svg, plan_table_svg])
def test_the_same_plan_is_the_same_picture(draw):
    assert draw(plan()) == draw(plan())


def test_the_terminal_has_no_say_in_the_picture(monkeypatch):
    drawn = plan_table_svg(plan())
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb"), ("COLUMNS", "40")):
        monkeypatch.setenv(name, value)
    assert plan_table_svg(plan()) == drawn
