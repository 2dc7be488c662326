"""The chart of likely ranges of a plan's totals."""

from __future__ import annotations

from typing import Any

import altair as alt

from microopt.campaign.metrics import METRICS
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import Plan
from microopt.planning.likely_ranges import Ranges
from microopt.rendering.charts.axes import ticks, written_axis
from microopt.rendering.charts.drawing import (
    ENGLISH,
    WIDE,
    inline_data,
    is_wide,
    layered,
    names_axis,
)
from microopt.rendering.charts.palette import LIGHT
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import result_figure
from microopt.rendering.story.metric_names import metric_name

ROW_HEIGHT = 46  # pixels
STROKE = 7  # pixels


def ranges_chart(plan: Plan, ranges: Ranges, language: Language = ENGLISH, *, width: int = WIDE) -> alt.LayerChart:
    """Return the likely range of each total as a share of what is expected.

    The thin line is the range if the results of all creators go up and down together, the thick one if each goes its
    own way.
    """
    rows = [
        _total_row(name, plan, ranges, language)
        for name in METRICS
        if plan.totals.metrics[name] > 0 and name in ranges.correlated
    ]
    names = [row["name"] for row in rows]
    high = max([1.2, *(max(row["high"], row["inner_high"]) for row in rows)])
    low = min([0.8, *(min(row["low"], row["inner_low"]) for row in rows)])
    room = (high - low) * 0.05
    axis = written_axis(
        ticks(low, high, 8 if is_wide(width) else 4),
        language.percent,
        title=language.text("Percent of what is expected"),
        grid=True,
        ticks=False,
        domain=False,
    )
    scale = alt.Scale(domain=[max(0.0, low - room), high + room], nice=False, zero=False)
    base = alt.Chart(inline_data(rows)).encode(
        y=alt.Y("name:N", sort=names, title=None, axis=names_axis(names, width)), description="spoken:N"
    )
    thin = base.mark_rule(strokeWidth=2, color=LIGHT.soft).encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q")
    thick = base.mark_rule(strokeWidth=STROKE, color=LIGHT.soft, opacity=0.55).encode(
        x="inner_low:Q", x2="inner_high:Q"
    )
    dots = base.mark_point(size=110, filled=True, opacity=1, color=LIGHT.text).encode(x="expected:Q")
    # above the names too: on a phone, long words leave the lines less room than their figures need
    labels = (
        base.mark_text(align="left", baseline="bottom", dy=-9, aria=False).encode(x="low:Q", text="label:N")
        if is_wide(width)
        else base.mark_text(align="right", baseline="bottom", dy=-9, aria=False).encode(
            x=alt.value("width"), text="label:N"
        )
    )
    return layered(thin, thick, dots, labels, width=width, height=ROW_HEIGHT * max(1, len(rows)))


def _total_row(name: str, plan: Plan, ranges: Ranges, language: Language) -> dict[str, Any]:
    expected, outer, inner = plan.totals.metrics[name], ranges.correlated[name], ranges.independent[name]
    label = written_range(name, expected, outer, language)
    title = metric_name(name, language)
    return {
        "name": title,
        "low": outer.low / expected,
        "high": outer.high / expected,
        "inner_low": inner.low / expected,
        "inner_high": inner.high / expected,
        "expected": 1.0,
        "label": label,
        "spoken": f"{title}: {label}",
    }


def written_range(metric: str, expected: int, likely_range: LikelyRange, language: Language) -> str:
    """Return an expected result with its likely range, if it has one."""
    figure = result_figure(language, metric, expected, likely_range)
    if not figure.range_text:
        return figure.text
    return language.text("{expected}, likely {range}", expected=figure.text, range=figure.range_text)
