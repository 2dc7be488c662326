"""Colors can be seen on light and dark paper, by readers who do not tell all of them apart, and mean one thing."""

from itertools import combinations

import numpy as np
import pytest

from microopt.rendering.charts.palette import (
    DARK,
    LIGHT,
    MARKS,
    MEASURES,
    OTHER_MARKS,
    tier_color,
    tier_shape,
)

TIER_COLORS = [color for color, _ in MARKS.values()]
PAPERS = (LIGHT.paper, LIGHT.card, DARK.paper, DARK.card)
# What readers with each form of color blindness see: Machado, Oliveira and Fernandes, 2009, of linear colors.
SEEN = {
    "all colors": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
OKLAB = np.array(
    [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
    ]
)
JUST_APART = 0.07  # in OKLab, where the difference that is just noticed is about 0.02


def linear(color):
    parts = np.array([int(color[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """Return the contrast as WCAG 2 defines it."""
    dark, light = sorted(float(linear(color) @ (0.2126, 0.7152, 0.0722)) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def distance(one, other, seen):
    labs = [OKLAB @ np.cbrt(LMS @ np.clip(np.array(seen) @ linear(color), 0, 1)) for color in (one, other)]
    return float(np.linalg.norm(labs[0] - labs[1]))


@pytest.mark.parametrize("paper", PAPERS)
def test_every_color_stands_out_from_every_paper(paper):
    for color in (*MEASURES, *TIER_COLORS, *(color for color, _ in OTHER_MARKS)):
        assert contrast(color, paper) >= 3, color


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
@pytest.mark.parametrize("colors", [MEASURES, TIER_COLORS], ids=["measures", "tiers"])
def test_the_colors_of_a_chart_are_apart_for_all_readers(colors, seen):
    for one, other in combinations(colors, 2):
        assert distance(one, other, seen) >= JUST_APART, (one, other)


def test_no_tier_has_the_color_of_a_measure():
    for color, measure in ((color, measure) for color in TIER_COLORS for measure in MEASURES):
        assert distance(color, measure, np.eye(3)) >= JUST_APART, (color, measure)


def test_a_tier_has_its_color_and_shape_wherever_it_stands():
    assert (
        tier_color("micro", ["mega", "micro"]) == tier_color("micro", ["nano", "micro", "mid"]) == tier_color("Micro")
    )
    assert tier_shape("micro", ["mega", "micro"]) == tier_shape("Micro")


def test_tiers_with_names_of_their_own_are_apart_from_all_that_are_shown():
    tiers = ["star", "mega", "pro", "nano", "fan", "friend", "guest"]
    assert len({(tier_color(tier, tiers), tier_shape(tier, tiers)) for tier in tiers}) == len(tiers)


def test_any_number_of_tiers_has_colors_and_shapes():
    names = [str(number) for number in range(30)]
    assert all(tier_color(name, names) and tier_shape(name, names) for name in names)
