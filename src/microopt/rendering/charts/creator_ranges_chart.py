"""The chart of likely ranges of creators."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import Pick, Plan
from microopt.rendering.charts.axes import log_ticks, padded_log_domain, ticks, written_axis
from microopt.rendering.charts.drawing import (
    ENGLISH,
    MANY,
    WIDE,
    inline_data,
    is_wide,
    layered,
    metric_title,
    names_axis,
    short_name,
)
from microopt.rendering.charts.palette import LIGHT
from microopt.rendering.charts.ranges_chart import written_range
from microopt.rendering.charts.tier_channels import tier_channels
from microopt.rendering.language.language import Language
from microopt.rendering.wording.plan_figures import format_offer

ROW_HEIGHT = 30  # pixels
TOP = 12  # picks
LOG_FROM = 20.0  # how many times the lowest the highest figure is where the scale becomes logarithmic


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
    ranged = [(pick, of_pick[metric]) for pick, of_pick in zip(plan.picks, found, strict=True) if metric in of_pick]
    shown = sorted(ranged, key=lambda pair: -pair[0].metrics[metric])[:most]
    names = _distinct_names([pick for pick, _ in shown])
    rows = [_row(number, *pair, metric, language) for number, pair in enumerate(shown)]
    scale, marks = _amount_scale([row[end] for row in rows for end in ("low", "high", "expected")], width)
    title = metric_title(metric, language)
    axis = written_axis(marks, language.count, title=title, grid=True, ticks=False, domain=False)
    # Rows are told apart by their numbers, which no two have in common.
    axis_of_names = names_axis(names, width, labelExpr=f"{json.dumps(names)}[datum.value]")
    color, shape = tier_channels(plan, {pick.tier for pick, _ in shown}, width)
    base = alt.Chart(inline_data(rows)).encode(
        y=alt.Y("order:O", title=None, axis=axis_of_names), color=color, description="spoken:N"
    )
    lines = base.mark_rule(strokeWidth=3, opacity=1).encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q")
    dots = base.mark_point(size=110, filled=True, opacity=1, stroke=LIGHT.paper, strokeWidth=1)
    dots = dots.encode(x="expected:Q", shape=shape)
    return layered(lines, dots, width=width, height=ROW_HEIGHT * max(1, len(rows)))


def _row(number: int, pick: Pick, likely: LikelyRange, metric: str, language: Language) -> dict[str, Any]:
    expected = pick.metrics[metric]
    return {
        "order": number,
        "tier": short_name(pick.tier),
        "low": likely.low / 1000,
        "high": likely.high / 1000,
        "expected": expected / 1000,
        "spoken": f"{short_name(pick.creator)}: {written_range(metric, expected, likely, language)}",
    }


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
