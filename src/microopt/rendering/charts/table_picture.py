"""The table of a plan as a picture, as a terminal shows it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import groupby

from rich.cells import cell_len
from rich.terminal_theme import TerminalTheme

from microopt.plan.plan import Plan
from microopt.rendering.sanitize import plain_text
from microopt.rendering.terminal.plan import plan_parts
from microopt.rendering.terminal.screen import Screen

WIDTH = 120  # columns
CELL_WIDTH = 12.2  # points, as rich draws a column
TEXT = re.compile(
    r'(?P<head><text class="[^"]*-r\d+" )x="(?P<x>[\d.]+)"(?P<y> y="[\d.]+" )textLength="[\d.]+"(?P<rest>[^>]*)>'
    r"(?P<text>[^<]*)</text>"
)


def plan_table_svg(plan: Plan) -> str:
    """Return the plan's table as SVG, in color, as a terminal of 120 columns shows it."""
    screen = Screen(width=WIDTH, color=True)
    console = screen.console(io.StringIO(), record=True)
    for part in plan_parts(plan, screen):
        console.print(part)
    title = plain_text(plan.campaign.name or "microopt plan")
    return set_in_cells(console.export_svg(title=title, theme=DARK_THEME, code_format=SVG_TEMPLATE))


def set_in_cells(svg: str) -> str:
    """Return a picture whose texts are as long as the cells they take, where rich counts characters.

    Wide characters are texts of their own, since a browser spreads what is missing evenly over a text.
    """
    return TEXT.sub(lambda match: "".join(_runs(match)), svg)


def _runs(match: re.Match[str]) -> Iterator[str]:
    text, left = unescape(match["text"]), float(match["x"])
    start = 0
    for _, characters in groupby(_with_width(text), key=lambda pair: pair[1]):
        end = start + len(list(characters))
        x = left + cell_len(text[:start]) * CELL_WIDTH
        length = (cell_len(text[:end]) - cell_len(text[:start])) * CELL_WIDTH
        shown = text[start:end]
        if length and shown.strip():
            yield f'{match["head"]}x="{x:g}"{match["y"]}textLength="{length:g}"{match["rest"]}>{escape(shown)}</text>'
        start = end


def _with_width(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each character and whether it is in a run of wide ones: what has no width belongs to the one before."""
    wide = False
    for character in text:
        cells = cell_len(character)
        wide = wide if cells == 0 else cells > 1
        yield character, wide


DARK_THEME = TerminalTheme(
    (24, 28, 36),
    (221, 226, 233),
    [
        (24, 28, 36),
        (240, 113, 120),
        (150, 208, 120),
        (255, 203, 107),
        (130, 170, 255),
        (199, 146, 234),
        (102, 205, 220),
        (221, 226, 233),
    ],
)

# As rich writes it, but for its fonts, which would be fetched from a server by whoever looks at the picture.
SVG_TEMPLATE = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
    font-family: "Fira Code", "DejaVu Sans Mono", Menlo, Consolas, monospace;
    font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: Arial, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
