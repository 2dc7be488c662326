"""The chart of what a plan may bring: how many of the simulated outcomes bring how much, with what is expected."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import altair as alt

from microopt.analysis.simulation.result import Histogram, Simulation
from microopt.quantities.parse_and_format import format_percent
from microopt.rendering.charts.axes import ticks, written_axis
from microopt.rendering.charts.drawing import WIDE, inline_data, is_wide, layered
from microopt.rendering.charts.palette import BLUE, LIGHT
from microopt.rendering.wording.simulation import figure_name, format_edge, format_figure

HEIGHT = 220  # pixels
LIKELY, OTHER = 1.0, 0.45  # opacity of the bins between P10 and P90, and of the others
LABEL_ROOM = 0.12  # of the height, above the bars


def histogram_chart(
    simulation: Simulation, shown: Histogram, *, width: int = WIDE, height: int = HEIGHT
) -> alt.LayerChart:
    """Return the histogram of one total; bins whose middle is between P10 and P90 are in full color."""
    rows = [*_bins(simulation, shown)]
    low, high = float(shown.edges[0]), float(shown.edges[-1])
    most = max(row["share"] for row in rows)
    x = alt.X(
        "low:Q",
        scale=alt.Scale(domain=[low, high], nice=False, zero=False),
        axis=written_axis(
            ticks(low, high, 8 if is_wide(width) else 4),
            lambda edge: _edge(simulation, shown, edge),
            title=figure_name(shown.measure),
            grid=False,
        ),
    )
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=[0, most * (1 + LABEL_ROOM)], nice=False),
        axis=written_axis(ticks(0, most, 4), format_percent, title="Share of the outcomes", grid=True),
    )
    base = alt.Chart(inline_data(rows)).encode(x=x, y=y, description="spoken:N")
    bars = base.mark_bar(color=BLUE, stroke=LIGHT.paper, strokeWidth=1).encode(
        x2="high:Q", y2="floor:Q", opacity=alt.Opacity("opacity:Q", scale=None, legend=None)
    )
    return layered(bars, *_expected(simulation, shown), width=width, height=height)


def _bins(simulation: Simulation, shown: Histogram) -> list[dict[str, Any]]:
    spread, rows = simulation.distribution(shown.measure), []
    for (low, high), count in zip(pairwise(shown.edges), shown.counts, strict=True):
        share = count / simulation.draws
        is_likely = spread.p10 <= (low + high) / 2 <= spread.p90
        span = f"{_edge(simulation, shown, float(low))} to {_edge(simulation, shown, float(high))}"
        rows.append(
            {
                "low": float(low),
                "high": float(high),
                "share": share,
                "floor": 0,
                "opacity": LIKELY if is_likely else OTHER,
                "spoken": f"{span}: {format_percent(share)} of the outcomes",
            }
        )
    return rows


def _expected(simulation: Simulation, shown: Histogram) -> list[alt.Chart]:
    """Return the line at what is expected, and its label, if that lies within the bins."""
    planned = simulation.distribution(shown.measure).planned
    if planned is None or not shown.edges[0] <= planned <= shown.edges[-1]:
        return []
    text = f"expected {format_figure(shown.measure, planned, simulation.roster.currency)}"
    right = (planned - shown.edges[0]) * 2 > shown.edges[-1] - shown.edges[0]
    row = {"planned": float(planned), "label": text, "spoken": text}
    line = alt.Chart(inline_data([row])).encode(x="planned:Q", description="spoken:N")
    return [
        line.mark_rule(color=LIGHT.text, strokeWidth=2, strokeDash=[5, 3]),
        line.mark_text(
            align="right" if right else "left", dx=-6 if right else 6, baseline="top", fontSize=13, aria=False
        ).encode(y=alt.value(0), text="label:N"),
    ]


def _edge(simulation: Simulation, shown: Histogram, edge: float) -> str:
    return format_edge(shown.measure, Fraction(edge), simulation.roster.currency)
