"""The style of a page: its colors, and what stands at the foot of each sheet of paper."""

from __future__ import annotations

import re

from msgspec.structs import asdict

from microopt.quantities.parse_and_format import shorten
from microopt.rendering.charts.palette import BLUE, DARK, LIGHT, MEASURES, Ink
from microopt.rendering.html.accent import readable_accent
from microopt.rendering.html.environment import template_text
from microopt.rendering.sanitize import plain_text

STYLES = ("report.css", "cards.css", "print.css")
FOOTER_LENGTH = 70  # characters that fit the foot of a sheet


def page_style(footer: str, accent: str = "") -> str:
    """Return the style sheet of a page.

    Parameters
    ----------
    footer
        Shown at the foot of each sheet of paper, next to its number.
    accent
        A color such as `#005a8e`, or empty.
    """
    dark = f"@media screen and (prefers-color-scheme:dark){{{_color_variables('dark', DARK, accent)}}}"
    colors = _color_variables("light", LIGHT, accent) + dark
    return colors + "".join(map(template_text, STYLES)) + _sheet_footer(footer)


def _color_variables(scheme: str, ink: Ink, accent: str) -> str:
    colors = {**asdict(ink), "accent": readable_accent(accent, ink)}
    colors |= {"blue": BLUE, "orange": MEASURES[1], "green": MEASURES[2]}
    variables = "".join(f"--{name}:{color};" for name, color in colors.items())
    return f":root{{color-scheme:{scheme};{variables}}}"


def _sheet_footer(text: str) -> str:
    number = '@bottom-right{content:counter(page)" / "counter(pages)}'
    return f"@page{{@bottom-left{{content:{_css_text(shorten(plain_text(text), FOOTER_LENGTH))}}}{number}}}"


def _css_text(text: str) -> str:
    """Return text as a string of CSS, in which every character that is neither a letter nor a digit is a number."""
    return '"' + re.sub(r"[^A-Za-z0-9]", lambda found: f"\\{ord(found[0]):x} ", text) + '"'
