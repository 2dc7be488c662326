"""What all charts share: their size, their theme, and names that are short and harmless."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
from rich.cells import cell_len

from microopt.quantities.parse_and_format import shorten
from microopt.rendering.charts.palette import FONT, LIGHT
from microopt.rendering.language.language import find_language
from microopt.rendering.sanitize import plain_text

WIDE, NARROW = 720, 340  # pixels across a chart, its axes and labels included: on a screen or on paper, and on a phone
ENGLISH = find_language("en")
MAX_NAME_LENGTH = 60  # characters of a name in a chart
NARROWEST = 0.82  # of the width of a text in a wide font: its width in the font that Vega measures
LONGEST_METRIC = 140  # pixels of the longest name of a metric in any language, in a wide font
CHARACTER_WIDTH, NAME_GAP = 7.8, 10.0  # pixels of text of 13 pixels in a wide font; beside it
MANY = 28  # characters of a name beside an axis


def theme() -> dict[str, Any]:
    """Return the Vega-Lite configuration of all charts, in the colors of light paper."""
    ink = LIGHT
    quiet = {"labelColor": ink.soft, "titleColor": ink.soft, "labelFontSize": 12, "titleFontSize": 12}
    return {
        "background": "white",
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": {
            **quiet,
            "titleFontWeight": "normal",
            "titlePadding": 8,
            "gridColor": ink.line,
            "domainColor": ink.line,
            "tickColor": ink.line,
            "labelLimit": 150,
        },
        "axisY": {"domain": False, "ticks": False, "labelPadding": 8},
        "legend": {
            **quiet,
            "labelColor": ink.text,
            "labelLimit": 120,
            "orient": "top",
            "title": None,
            "offset": 12,
            "columnPadding": 16,
        },
        "text": {"color": ink.text, "fontSize": 12},
        "rule": {"color": ink.soft},
        "title": {"color": ink.text, "subtitleColor": ink.soft, "anchor": "start", "frame": "bounds"},
    }


def layered(*layers: alt.Chart, width: int, height: float) -> alt.LayerChart:
    """Return charts as layers of one that is exactly so wide; its plot is so high, axes and legend come on top."""
    chart = alt.layer(*layers).properties(
        width=width, height=height, autosize=alt.AutoSizeParams(type="fit-x", contains="padding")
    )
    themed: alt.LayerChart = chart.configure(**theme())
    return themed


def inline_data(rows: list[dict[str, Any]]) -> alt.InlineData:
    """Return rows as the data of a chart."""
    return alt.InlineData(values=rows)


def short_name(text: str, length: int = MAX_NAME_LENGTH) -> str:
    """Return a name of a roster as charts show it."""
    return shorten(plain_text(text), length)


def legend_columns(names: Sequence[str], width: int) -> int:
    """Return how many names of a legend fit side by side."""
    longest = max((cell_len(name) for name in names), default=1)
    return max(1, min(len(names), int(width / (min(longest, 17) * 7 + 40))))


def names_extent(names: Sequence[str], limit: int) -> float:
    """Return how many pixels an axis keeps free for its names: the fonts of some readers are wider than others."""
    return min(limit, max((cell_len(name) for name in names), default=0) * CHARACTER_WIDTH) + NAME_GAP


def names_axis(names: Sequence[str], width: int, **options: Any) -> alt.Axis:
    """Return an axis of names, which take at most a third of the chart, or two fifths of a narrow one."""
    limit = max(width // 3, min(width * 2 // 5, LONGEST_METRIC))
    extent = names_extent(names, limit)
    options = {"labelFontSize": 13, "labelColor": LIGHT.text, **options}
    return alt.Axis(labelLimit=limit * NARROWEST, minExtent=extent, **options)


def is_wide(width: int) -> bool:
    """Whether a chart has room for many ticks and names."""
    return width > 1.4 * NARROW
