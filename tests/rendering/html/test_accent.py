"""The accent color of a page can be read, whatever color was asked for."""

import pytest

from microopt.rendering.charts.palette import DARK, LIGHT
from microopt.rendering.html.accent import LEAST_CONTRAST, contrast, parse_color, readable_accent

COLORS = ("#ffff00", "#ffffff", "#000000", "#ff7a59", "#12161b", "#808080", "#005a8e")


@pytest.mark.parametrize("ink", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("color", COLORS)
def test_every_accent_can_be_read_on_the_page_and_on_its_cards(color, ink):
    accent = parse_color(readable_accent(color, ink))
    assert all(contrast(accent, parse_color(background)) >= LEAST_CONTRAST for background in (ink.paper, ink.card))


def test_an_accent_that_can_be_read_stays_as_it_is():
    assert readable_accent("#005a8e", LIGHT) == "#005a8e"
    assert readable_accent("#005A8E", LIGHT) == "#005a8e"


def test_without_an_accent_the_page_has_its_own():
    assert (readable_accent("", LIGHT), readable_accent("", DARK)) == (LIGHT.accent, DARK.accent)


@pytest.mark.parametrize("text", ["red", "#12345", "#1234567", "#12345g", "#005a8e;}", "}</style>", "#١٢٣٤٥٦"])
def test_what_is_no_color_is_no_accent(text):
    assert readable_accent(text, LIGHT) == LIGHT.accent


def test_contrast_is_the_one_that_wcag_defines():
    white, black = (255, 255, 255), (0, 0, 0)
    assert contrast(white, black) == pytest.approx(21)
    assert contrast(white, white) == 1
    assert contrast(parse_color("#767676"), white) == pytest.approx(4.54, abs=0.005)
