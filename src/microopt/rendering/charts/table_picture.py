"""The table of a plan as a picture, as a terminal shows it."""

from __future__ import annotations

import io

from rich.terminal_theme import TerminalTheme

from microopt.plan.plan import Plan
from microopt.rendering.sanitize import plain_text
from microopt.rendering.terminal.plan import plan_parts
from microopt.rendering.terminal.screen import Screen

WIDTH = 120  # columns


def plan_table_svg(plan: Plan) -> str:
    """Return the plan's table as SVG, in color, as a terminal of 120 columns shows it."""
    screen = Screen(width=WIDTH, color=True)
    console = screen.console(io.StringIO(), record=True)
    for part in plan_parts(plan, screen):
        console.print(part)
    return console.export_svg(
        title=plain_text(plan.campaign.name or "microopt plan"), theme=DARK_THEME, code_format=SVG_TEMPLATE
    )


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
