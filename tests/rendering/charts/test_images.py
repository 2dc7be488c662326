"""A plan as pictures: whole files, whatever a cell holds, that load nothing from anywhere."""

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from rich.cells import cell_len

from microopt.campaign.report_settings import ReportSettings
from microopt.rendering.charts.images import plan_png, plan_square_png, plan_square_svg, plan_svg
from microopt.rendering.charts.table_picture import plan_table_svg
from microopt.roster.roster import Source
from tests.rendering.builders import HOSTILE, facts, pick, picks, plan, rule

HOSTILE_TEXTS = {**HOSTILE, "script": "<script>alert(1)</script>", "no XML": "a\ufffe\uffffb", "entity": "&lt;&#0;"}


def hostile(text):
    first = pick(creator=text, offer=text, platform=text, tier=text, niche=(text,), region=text)
    return plan([first], rules=(rule(label=text),), campaign={"name": text}, warnings=(text,))


def svg_text(svg):
    return "".join(ET.fromstring(svg).itertext()).replace("\xa0", " ")


def test_the_chart_of_the_mix_names_every_tier_and_its_shares():
    output = svg_text(plan_svg(plan(picks(5))))
    assert all(
        name in output for name in ("mega", "macro", "mid", "micro", "nano", "20% of spend", "20% of engagements")
    )


@pytest.mark.parametrize("draw", [plan_svg, plan_square_svg, plan_table_svg])
def test_a_picture_says_of_which_campaign_it_is(draw):
    assert "Spring launch" in svg_text(draw(plan()))


def test_the_title_is_what_the_chart_shows():
    chosen = [pick(0, tier="mega", cost=900_000), pick(1, tier="micro", cost=100_000)]
    assert "Micro creators: 10% of the spend, 50% of the engagements" in svg_text(plan_svg(plan(chosen)))


@pytest.mark.parametrize(
    ("campaign", "day"),
    [
        ({"report": ReportSettings(date=date(2026, 3, 2))}, "March 2, 2026 · "),
        ({"starts": date(2026, 3, 1), "ends": date(2026, 3, 31)}, "Mar 1 – 31, 2026 · "),
        ({}, ""),
    ],
)
def test_the_foot_says_when_and_from_what_and_never_todays_date(campaign, day):
    footer = plan_svg(plan(campaign=campaign)).rpartition("</text>")[0].rpartition(">")[2]
    assert footer.replace("\u2009", " ") == f"{day}Forecast by microopt from roster.csv"


def test_the_foot_does_not_name_the_folders_of_a_roster():
    sample = plan(roster=facts(source=Source(path="/home/anna/clients/roster.csv", sha256="ab" * 32)))
    assert "anna" not in plan_svg(sample)


@pytest.mark.parametrize(("draw", "size"), [(plan_png, (1920, 1080)), (plan_square_png, (1200, 1200))])
def test_a_png_is_one_and_as_sharp_as_dense_screens(draw, size):
    drawn = draw(plan())
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    assert (int.from_bytes(drawn[16:20]), int.from_bytes(drawn[20:24])) == size


@pytest.mark.parametrize("draw", [plan_svg, plan_square_svg])
@pytest.mark.parametrize("name", ["Launch", "A campaign of many words " * 3, "漢字" * 40])
def test_all_parts_of_a_picture_are_within_it(draw, name):
    svg = ET.fromstring(draw(plan(campaign={"name": name})))
    width, height = float(svg.get("width")), float(svg.get("height"))
    texts = [node for node in svg if node.tag.endswith("}text")]
    chart = next(node for node in svg if node.tag.endswith("}g"))
    top = float(re.search(r",(\d+)\)", chart.get("transform"))[1])
    assert max(float(node.get("y")) for node in texts[:-1]) < top
    assert float(texts[-1].get("y")) < height
    for node in texts:
        assert float(node.get("x")) + cell_len(node.text) * float(node.get("font-size")) * 0.5 < width


def test_many_tiers_are_the_largest_and_the_others_are_said():
    chosen = [pick(number, tier=f"tier {number}", cost=10_000 * (number + 1)) for number in range(12)]
    output = svg_text(plan_svg(plan(chosen)))
    assert "tiers with less spend are left out" in output
    assert "tier 11" in output
    assert "tier 0" not in output


def test_the_picture_of_the_table_holds_the_table():
    output = svg_text(plan_table_svg(plan()))
    assert all(part in output for part in ("Spring launch", "@creator.0", "Proven best", "niche:beauty count 2..5"))


def test_the_picture_of_the_table_has_colors():
    assert len(set(re.findall(r"fill: #[0-9a-f]{6}", plan_table_svg(plan())))) > 3


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
@pytest.mark.parametrize("draw", [plan_svg, plan_square_svg, plan_table_svg])
def test_hostile_text_is_text(draw, text):
    svg = draw(hostile(text))
    page = ET.fromstring(svg)
    assert not [node for node in page.iter() if node.tag.endswith(("}script", "}foreignObject", "}image", "}a"))]
    assert not [name for node in page.iter() for name in node.attrib if name.startswith("on") or name.endswith("href")]


@pytest.mark.parametrize("draw", [plan_svg, plan_square_svg, plan_table_svg])
def test_nothing_is_loaded_from_a_server(draw):
    assert not re.findall(r"url\((?!#)[^)]*\)|@import|https?://(?!www\.w3\.org/)", draw(plan()))


@pytest.mark.parametrize("draw", [plan_svg, plan_png, plan_square_svg, plan_table_svg])
def test_an_empty_plan_is_a_picture_too(draw):
    assert draw(plan([], baseline=None))


@pytest.mark.parametrize("draw", [plan_svg, plan_square_svg, plan_table_svg])
def test_the_same_plan_is_the_same_picture(draw):
    assert draw(plan()) == draw(plan())


def test_the_terminal_has_no_say_in_the_picture(monkeypatch):
    drawn = plan_table_svg(plan())
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb"), ("COLUMNS", "40")):
        monkeypatch.setenv(name, value)
    assert plan_table_svg(plan()) == drawn
