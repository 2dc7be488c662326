"""The charts of likely ranges: of the totals of a plan, and of its creators."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from microopt.campaign.metrics import METRICS
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import Pick, Plan
from microopt.planning.likely_ranges import Ranges
from microopt.rendering.charts.axes import log_ticks, padded_log_domain, ticks, written_axis
from microopt.rendering.charts.drawing import (
    ENGLISH,
    MANY,
    WIDE,
    inline_data,
    is_wide,
    layered,
    legend_columns,
    metric_title,
    names_axis,
    short_name,
)
from microopt.rendering.charts.palette import LIGHT, tier_color, tier_shape
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import result_figure
from microopt.rendering.wording.plan_figures import format_offer

TOTAL_HEIGHT, CREATOR_HEIGHT = 46, 30  # pixels of a row
TOP = 12  # creators
LOG_FROM = 20.0  # how many times the lowest the highest figure is where the scale becomes logarithmic
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
    thick = base.mark_rule(strokeWidth=STROKE, color=LIGHT.soft, opacity=0.55).encode(x="inner_low:Q", x2="inner_high:Q")
    dots = base.mark_point(size=110, filled=True, opacity=1, color=LIGHT.text).encode(x="expected:Q")
    labels = base.mark_text(align="left", baseline="bottom", dy=-9, aria=False).encode(x="low:Q", text="label:N")
    return layered(thin, thick, dots, labels, width=width, height=TOTAL_HEIGHT * max(1, len(rows)))


def _total_row(name: str, plan: Plan, ranges: Ranges, language: Language) -> dict[str, Any]:
    expected, outer, inner = plan.totals.metrics[name], ranges.correlated[name], ranges.independent[name]
    label = _written_range(name, expected, outer, language)
    title = metric_title(name, language)
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


def creator_ranges_chart(
    plan: Plan,
    likely: Sequence[Mapping[str, LikelyRange]] = (),
    language: Language = ENGLISH,
    *,
    metric: str = "engagements",
    width: int = WIDE,
    most: int = TOP,
) -> alt.LayerChart:
    """Return the likely range of what each of the picks that bring most is expected to bring.

    Parameters
    ----------
    likely
        Of each pick; by default those that the plan holds.
    most
        Picks to show.
    """
    found = likely or [pick.likely for pick in plan.picks]
    pairs = [(pick, of_pick[metric]) for pick, of_pick in zip(plan.picks, found, strict=True) if metric in of_pick]
    shown = sorted(pairs, key=lambda pair: -pair[0].metrics[metric])[:most]
    names = _distinct_names([pick for pick, _ in shown])
    rows = [
        {
            "name": names[number],
            "order": number,
            "tier": short_name(pick.tier),
            "low": likely_range.low / 1000,
            "high": likely_range.high / 1000,
            "expected": pick.metrics[metric] / 1000,
            "spoken": f"{short_name(pick.creator)}: {_written_range(metric, pick.metrics[metric], likely_range, language)}",
        }
        for number, (pick, likely_range) in enumerate(shown)
    ]
    scale, marks = _amount_scale([row[end] for row in rows for end in ("low", "high", "expected")], width)
    axis = written_axis(
        marks, language.count, title=metric_title(metric, language), grid=True, ticks=False, domain=False
    )
    # Rows are told apart by their number: two offers of one creator have the same name.
    axis_of_names = names_axis(names, width, labelExpr=f"{json.dumps(names)}[datum.value]")
    all_tiers = [short_name(tier) for tier in plan.mix]
    tiers = [tier for tier in all_tiers if any(row["tier"] == tier for row in rows)]
    legend = alt.Legend(columns=legend_columns(tiers, width), symbolStrokeWidth=1)
    colors = alt.Color("tier:N", sort=tiers, scale=alt.Scale(domain=tiers, range=[tier_color(tier, all_tiers) for tier in tiers]), legend=legend)
    shapes = alt.Shape("tier:N", sort=tiers, scale=alt.Scale(domain=tiers, range=[tier_shape(tier, all_tiers) for tier in tiers]), legend=legend)
    base = alt.Chart(inline_data(rows)).encode(
        y=alt.Y("order:O", title=None, axis=axis_of_names), color=colors, description="spoken:N"
    )
    lines = base.mark_rule(strokeWidth=3, opacity=1).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"
    )
    dots = base.mark_point(size=110, filled=True, opacity=1, stroke=LIGHT.paper, strokeWidth=1).encode(
        x="expected:Q", shape=shapes
    )
    return layered(lines, dots, width=width, height=CREATOR_HEIGHT * max(1, len(rows)))


def _distinct_names(picks: Sequence[Pick]) -> list[str]:
    """Return the names of creators, with the offer where there are two of a creator."""
    counts = Counter(pick.creator for pick in picks)
    texts = [pick.creator if counts[pick.creator] == 1 else f"{pick.creator} {format_offer(pick)}" for pick in picks]
    return [short_name(text, MANY) for text in texts]


def _amount_scale(values: Sequence[float], width: int) -> tuple[alt.Scale, list[float]]:
    """Return a scale from zero, or a logarithmic one where some bring many times what others do, and its ticks."""
    positive, most = [value for value in values if value > 0], 6 if is_wide(width) else 4
    if positive and len(positive) == len(values) and max(positive) > LOG_FROM * min(positive):
        domain = padded_log_domain(positive, 0.03)
        return alt.Scale(type="log", domain=list(domain), nice=False), log_ticks(*domain, most)
    high = max(values, default=1.0) * 1.04 or 1.0
    return alt.Scale(domain=[0, high], nice=False), ticks(0, high, most)


def _written_range(metric: str, expected: int, likely_range: LikelyRange, language: Language) -> str:
    figure = result_figure(language, metric, expected, likely_range)
    if not figure.range_text:
        return figure.text
    return language.text("{expected}, likely {range}", expected=figure.text, range=figure.range_text)
