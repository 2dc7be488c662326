"""The color and the shape by which charts tell tiers apart, with one legend for both."""

from __future__ import annotations

from collections.abc import Collection

import altair as alt

from microopt.plan.plan import Plan
from microopt.rendering.charts.drawing import legend_columns, short_name
from microopt.rendering.charts.palette import tier_color, tier_shape


def tier_channels(plan: Plan, shown: Collection[str], width: int) -> tuple[alt.Color, alt.Shape]:
    """Return the channels of the field `tier`.

    Parameters
    ----------
    shown
        The tiers in the chart. Their colors are those that they have among all tiers of the plan.
    """
    tiers = [tier for tier in plan.mix if tier in shown]
    names, all_tiers = [short_name(tier) for tier in tiers], list(plan.mix)
    legend = alt.Legend(columns=legend_columns(names, width), symbolOpacity=1, symbolStrokeWidth=1)
    colors = alt.Scale(domain=names, range=[tier_color(tier, all_tiers) for tier in tiers])
    shapes = alt.Scale(domain=names, range=[tier_shape(tier, all_tiers) for tier in tiers])
    return (
        alt.Color("tier:N", sort=names, scale=colors, legend=legend),
        alt.Shape("tier:N", sort=names, scale=shapes, legend=legend),
    )
