"""The chart of the mix: each tier's share of spend, engagements and conversions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import altair as alt

from microopt.plan.plan import Plan
from microopt.rendering.charts.drawing import ENGLISH, WIDE, inline_data, layered, names_axis, names_extent, short_name
from microopt.rendering.charts.palette import MEASURES
from microopt.rendering.language.language import Language

TIER_HEIGHT = 72  # pixels
LABEL_WIDTH = 150  # pixels beyond the longest bar
MEASURE_NAMES = ("spend", "engagements", "conversions")


def mix_chart(
    plan: Plan,
    language: Language = ENGLISH,
    *,
    width: int = WIDE,
    height: int | None = None,
    tiers: Sequence[str] | None = None,
) -> alt.LayerChart:
    """Return bars of each tier's share of spend, engagements and conversions.

    Parameters
    ----------
    height
        In pixels; by default as high as the tiers need.
    tiers
        Those to show; by default all.
    """
    shown = list(plan.mix) if tiers is None else tiers
    rows, names = list(_mix_rows(plan, shown, language)), [short_name(tier) for tier in shown]
    longest = max((row["share"] for row in rows), default=1.0) or 1.0
    extent = names_extent(names, width // 3)
    end = longest / max(0.3, 1 - LABEL_WIDTH / (width - extent))  # so that the longest bar's label has room
    base = alt.Chart(inline_data(rows)).encode(
        y=alt.Y(
            "tier:N",
            sort=names,
            title=None,
            scale=alt.Scale(domain=names, paddingInner=0.3, paddingOuter=0.1),
            axis=names_axis(names, width, labelFontWeight="bold"),
        ),
        yOffset=alt.YOffset("measure:N", sort=list(MEASURE_NAMES), scale=alt.Scale(paddingInner=0.12)),
        x=alt.X("share:Q", scale=alt.Scale(domain=[0, end], nice=False), axis=None),
        description="spoken:N",
    )
    scale = alt.Scale(domain=list(MEASURE_NAMES), range=list(MEASURES))
    bars = base.mark_bar(cornerRadiusEnd=2).encode(color=alt.Color("measure:N", scale=scale, legend=None))
    labels = base.mark_text(align="left", dx=6, baseline="middle", aria=False).encode(text="label:N")
    return layered(bars, labels, width=width, height=height or TIER_HEIGHT * max(1, len(names)))


def _mix_rows(plan: Plan, tiers: Sequence[str], language: Language) -> Iterator[dict[str, Any]]:
    totals = plan.totals
    for tier in tiers:
        part = plan.mix[tier]
        amounts = {"spend": (part.spend, totals.spend)}
        amounts |= {name: (part.metrics[name], totals.metrics[name]) for name in MEASURE_NAMES[1:]}
        for name, (amount, whole) in amounts.items():
            share = amount / whole if whole else 0.0
            label = _share_of(name, language.percent(share), language)
            spoken = f"{short_name(tier)}: {label}"
            yield {"tier": short_name(tier), "measure": name, "share": share, "label": label, "spoken": spoken}


def _share_of(measure: str, share: str, language: Language) -> str:
    if measure == "spend":
        return language.text("{share} of spend", share=share)
    if measure == "engagements":
        return language.text("{share} of engagements", share=share)
    return language.text("{share} of conversions", share=share)


def tiers_by_spend(plan: Plan, most: int) -> list[str]:
    """Return the tiers with the most spend, in the plan's order."""
    by_spend = sorted(plan.mix, key=lambda tier: -plan.mix[tier].spend)[:most]
    return [tier for tier in plan.mix if tier in by_spend]
