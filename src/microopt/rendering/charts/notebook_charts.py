"""The charts of a plan in a notebook, whose colors they take."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from html import escape

from altair.utils.schemapi import debug_mode

from microopt.plan.plan import Plan
from microopt.rendering.charts.drawing import ENGLISH
from microopt.rendering.charts.mix_chart import mix_chart
from microopt.rendering.charts.svg import page_svg, start_drawing
from microopt.rendering.charts.worth_chart import worth_chart
from microopt.rendering.sanitize import plain_text
from microopt.rendering.story.findings import mix_finding, worth_finding

COLORS = "--text:currentColor;--soft:currentColor;--line:rgba(128,128,128,.35);--paper:transparent"
STYLE = f"{COLORS};overflow-x:auto;margin:.5em 0"


def notebook_charts(plan: Plan) -> Iterator[str]:
    """Yield the charts of the mix and of what each pick costs and brings, each under what it shows.

    Raises
    ------
    OutputError
        If one cannot be drawn.
    """
    with debug_mode(False):  # no user wrote them: to validate each part of each chart takes as long as to draw it
        drawings = [
            ("mix", mix_finding(plan, ENGLISH), start_drawing(mix_chart(plan))),
            ("worth", worth_finding(plan, ENGLISH), start_drawing(worth_chart(plan))),
        ]
    for name, title, drawing in drawings:
        svg = drawing.result()
        name_in_notebook = f"{name}-{sha256(svg.encode()).hexdigest()[:8]}"  # which may show several plans
        caption = f'<div style="font-weight:bold">{escape(plain_text(title))}</div>'
        yield f'<div style="{STYLE}">{caption}{page_svg(svg, name_in_notebook, title=title)}</div>'
