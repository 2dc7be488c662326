"""The chart of a portfolio: what each campaign reaches of the best that it could reach alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import altair as alt

from microopt.plan.portfolio import CampaignOutcome, PortfolioPlan
from microopt.rendering.charts.drawing import ENGLISH, WIDE, inline_data, layered, names_axis, names_extent, short_name
from microopt.rendering.charts.palette import LIGHT, MEASURES
from microopt.rendering.language.language import Language
from microopt.rendering.wording.one_by_one import one_by_one_headings

MOST_CAMPAIGNS = 25
BAR_HEIGHT, GAP = 20, 14  # pixels: of one bar, and between campaigns
LABEL_WIDTH = 64  # pixels beyond the longest bar


def shown_outcomes(plan: PortfolioPlan) -> tuple[CampaignOutcome, ...]:
    """Return the campaigns that the chart shows, as listed: of many, those that sharing costs most."""
    known = [each for each in plan.planned if each.share is not None]
    most = sorted(known, key=lambda each: each.share or Fraction(0))[:MOST_CAMPAIGNS]
    return tuple(each for each in known if each in most)


def shares_chart(plan: PortfolioPlan, language: Language = ENGLISH, *, width: int = WIDE) -> alt.LayerChart:
    """Return bars of what each campaign reaches of its best alone; if it was compared, also one by one.

    The pale rest of a bar is what the campaign does not reach.
    """
    titles = one_by_one_headings(plan, language)
    shown = shown_outcomes(plan)
    rows = list(_rows(plan, shown, titles, language))
    names = [row["name"] for row in rows if row["order"] == titles[0]]
    longest = max([1.0, *(row["share"] for row in rows)])
    end = longest / max(0.3, 1 - LABEL_WIDTH / (width - names_extent(names, width // 3)))
    base = alt.Chart(inline_data(rows)).encode(
        y=alt.Y(
            "name:N",
            sort=names,
            title=None,
            scale=alt.Scale(domain=names, paddingInner=0.3, paddingOuter=0.1),
            axis=names_axis(names, width, labelFontWeight="bold"),
        ),
        yOffset=alt.YOffset("place:O", scale=alt.Scale(paddingInner=0.12)),
        description="spoken:N",
    )
    scale = alt.Scale(domain=[0, end], nice=False)
    colors = alt.Scale(domain=list(titles), range=list(MEASURES[: len(titles)]))
    legend = alt.Legend(title=None) if len(titles) > 1 else None
    whole = base.mark_bar(color=LIGHT.line, cornerRadiusEnd=2, aria=False).encode(
        x=alt.X("whole:Q", scale=scale, axis=None)
    )
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        x=alt.X("share:Q", scale=scale, axis=None), color=alt.Color("order:N", scale=colors, legend=legend)
    )
    labels = base.mark_text(align="left", dx=6, baseline="middle", aria=False).encode(
        x=alt.X("label_at:Q", scale=scale, axis=None), text="label:N"
    )
    height = (BAR_HEIGHT * len(titles) + GAP) * max(1, len(names))
    return layered(whole, bars, labels, width=width, height=height)


def _rows(
    plan: PortfolioPlan, shown: Sequence[CampaignOutcome], titles: Sequence[str], language: Language
) -> Iterator[dict[str, Any]]:
    by_order = [{each.name: each for each in outcomes} for outcomes in plan.one_by_one.values()]
    for number, each in enumerate(shown):
        name = _distinct(short_name(each.name), number, [short_name(other.name) for other in shown])
        found_by_order = [each, *(order.get(each.name) for order in by_order)]
        for place, (title, found) in enumerate(zip(titles, found_by_order, strict=True)):
            share = Fraction(0) if found is None or found.share is None else found.share
            label = language.share(share) if found is not None and found.is_planned else language.text("no plan")
            spoken = f"{name}: {label}" if len(titles) == 1 else f"{name}, {title}: {label}"
            yield {
                "name": name,
                "order": title,
                "place": place,
                "share": float(share),
                "whole": 1.0,
                "label_at": max(1.0, float(share)),
                "label": label,
                "spoken": spoken,
            }


def _distinct(name: str, number: int, names: Sequence[str]) -> str:
    """Return a name that no other campaign of the chart has, also where long ones were cut to the same text."""
    return name if names.count(name) == 1 else f"{name} {number + 1}"
