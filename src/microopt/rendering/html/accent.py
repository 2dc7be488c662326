"""The accent color of a page: the one that the campaign asks for, made readable on the page's background."""

from __future__ import annotations

import re

from microopt.rendering.charts.palette import Ink

LEAST_CONTRAST = 4.5  # of text to its background, WCAG 2.2, success criterion 1.4.3
STEPS = 64
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")

Color = tuple[int, int, int]


def readable_accent(accent: str, ink: Ink) -> str:
    """Return an accent color, as `#rrggbb`, as dark or as light as it has to be on a page of these colors.

    Parameters
    ----------
    accent
        The page's own is taken if this is empty or no color, as a plan file may state anything.
    """
    if not _COLOR.fullmatch(accent):
        return ink.accent
    backgrounds = [parse_color(ink.paper), parse_color(ink.card)]
    color, goal = parse_color(accent), parse_color(ink.text)
    for step in range(STEPS + 1):
        mixed = _mix(color, goal, step / STEPS)
        if min(contrast(mixed, background) for background in backgrounds) >= LEAST_CONTRAST:
            return "#{:02x}{:02x}{:02x}".format(*mixed)
    return ink.text


def contrast(one: Color, two: Color) -> float:
    """Return the contrast ratio of two colors, from 1 to 21, as WCAG 2.2 defines it."""
    low, high = sorted((_luminance(one), _luminance(two)))
    return (high + 0.05) / (low + 0.05)


def parse_color(text: str) -> Color:
    """Return the red, green and blue of a color such as `#005a8e`."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(part / 255) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _mix(color: Color, goal: Color, share: float) -> Color:
    red, green, blue = (round(part + (target - part) * share) for part, target in zip(color, goal, strict=True))
    return red, green, blue
