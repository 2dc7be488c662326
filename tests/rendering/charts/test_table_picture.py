"""The picture of the table has its columns where a terminal has them, also beside names of wide characters."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from rich.cells import cell_len

from microopt.rendering.charts.table_picture import CELL_WIDTH, plan_table_svg, set_in_cells
from tests.rendering.builders import pick, plan

NAMES = {
    "Japanese": "@資生堂ビューティー",
    "Korean": "@한국뷰티유튜버",
    "emoji": "@anna🎉🇩🇪👩‍👩‍👧‍👦",
    "mixed": "@anna漢字mix",
    "combining": "@Zoe\u0308漢",
}


def texts(svg):
    """Return the place, the end and the text of each text in the rows."""
    found = [node for node in ET.fromstring(svg).iter() if node.tag.endswith("}text") and node.get("textLength")]
    return [(float(node.get("x")), float(node.get("textLength")), node.text) for node in found]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_text_is_as_long_as_its_cells(name):
    drawn = texts(plan_table_svg(plan([pick(0, creator=name)])))
    assert all(length == pytest.approx(cell_len(text) * CELL_WIDTH) for _, length, text in drawn)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_wide_characters_are_texts_of_their_own(name):
    for _, _, text in texts(plan_table_svg(plan([pick(0, creator=name)]))):
        widths = {cell_len(character) for character in text if cell_len(character)}
        assert widths in ({1}, {2}), text


def test_no_text_runs_into_the_next():
    svg = plan_table_svg(plan([pick(number, creator=name) for number, name in enumerate(NAMES.values())]))
    rows = {}
    for node in ET.fromstring(svg).iter():
        if node.tag.endswith("}text") and node.get("textLength"):
            rows.setdefault(node.get("y"), []).append((float(node.get("x")), float(node.get("textLength"))))
    for places in rows.values():
        places.sort()
        assert all(x + length <= after + 0.01 for (x, length), (after, _) in pairwise(places))


def test_the_parts_of_a_text_are_the_text():
    svg = '<text class="terminal-1-r1" x="12.2" y="18" textLength="61" clip-path="url(#c)">a&#160;漢&lt;b</text>'
    assert "".join(re.findall(r">([^<]*)<", set_in_cells(svg))) == "a\xa0漢&lt;b"
