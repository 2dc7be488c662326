"""The charts of a plan and of a frontier, as Vega-Altair charts: pages show them, and other formats draw them."""

from __future__ import annotations

from typing import Any

import altair as alt

from microopt.plan import Plan
from microopt.renderers.palette import FONT, MEASURES
from microopt.renderers.safe import plain
from microopt.units import print_percent

WIDTH = 620
BAR = 14  # pixels a bar
INK = {False: ("#1b1f24", "#57606a", "#d8dee4"), True: ("#e6e9ed", "#a3acb6", "#3a424b")}


def theme(*, dark: bool = False) -> dict[str, Any]:
    """Return the Vega-Lite configuration that every chart shares.

    Parameters
    ----------
    dark
        For a dark background: other ink, the same colours.
    """
    ink, soft, line = INK[dark]
    quiet = {"labelColor": soft, "titleColor": soft, "labelFontSize": 12, "titleFontSize": 12}
    return {
        "background": "transparent" if dark else "white", "font": FONT, "view": {"stroke": None},
        "axis": {**quiet, "titleFontWeight": "normal", "gridColor": line, "domainColor": line, "tickColor": line,
                 "labelLimit": 150},
        "axisY": {"domain": False, "ticks": False},
        "legend": {**quiet, "labelColor": ink, "orient": "top", "title": None, "symbolType": "square",
                   "labelLimit": 150},
        "text": {"color": ink, "fontSize": 12},
        "rule": {"color": soft},
    }  # fmt: skip


def mix_chart(plan: Plan) -> alt.LayerChart:
    """Return what share of the spend, the engagements and the conversions each tier has, as bars."""
    rows = _mix_rows(plan)
    tiers = [plain(tier) for tier in plan.mix]
    base = alt.Chart(_data(rows), width=WIDTH, height=alt.Step(BAR)).encode(
        y=alt.Y("tier:N", sort=tiers, title=None, scale=alt.Scale(paddingInner=0.35)),
        yOffset=alt.YOffset("measure:N", sort=list(MEASURE_NAMES)),
        x=alt.X("share:Q", title="Share of the plan", axis=alt.Axis(format="%", tickCount=5)),
        tooltip=[alt.Tooltip("tier:N", title="Tier"), alt.Tooltip("measure:N", title="Of"),
                 alt.Tooltip("label:N", title="Share")],
    )  # fmt: skip
    colour = alt.Color("measure:N", sort=list(MEASURE_NAMES),
                       scale=alt.Scale(domain=list(MEASURE_NAMES), range=list(MEASURES)))  # fmt: skip
    bars = base.mark_bar(cornerRadiusEnd=2).encode(color=colour)
    labels = base.mark_text(align="left", dx=5, baseline="middle").encode(text="label:N")
    return styled(bars, labels)


MEASURE_NAMES = ("Spend", "Engagements", "Conversions")


def _mix_rows(plan: Plan) -> list[dict[str, Any]]:
    whole = plan.totals
    rows = []
    for tier, totals in plan.mix.items():
        parts = ((totals.spend, whole.spend), *(
            (totals.metrics[name], whole.metrics[name]) for name in ("engagements", "conversions")))  # fmt: skip
        for name, (part, of) in zip(MEASURE_NAMES, parts, strict=True):
            share = part / of if of else 0.0
            rows.append({"tier": plain(tier), "measure": name, "share": share, "label": print_percent(share)})
    return rows


def styled(*layers: alt.Chart) -> alt.LayerChart:
    """Return charts one above the other, in the light theme."""
    chart = alt.layer(*layers)
    assert isinstance(chart, alt.LayerChart)
    themed: alt.LayerChart = chart.configure(**theme())
    return themed


def _data(rows: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=rows)
