"""The charts of a campaign that runs: results against the plan over time, and by creator."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from math import fsum
from typing import Any

import altair as alt
from babel.dates import format_skeleton

from microopt.campaign.progress import CampaignProgress
from microopt.plan.likely_range import LikelyRange
from microopt.plan.pacing import CreatorPacing, MetricPacing, Pacing
from microopt.plan.plan import Plan
from microopt.rendering.charts.axes import ticks, written_axis
from microopt.rendering.charts.drawing import (
    ENGLISH,
    MANY,
    WIDE,
    inline_data,
    is_wide,
    layered,
    legend_columns,
    names_axis,
    short_name,
)
from microopt.rendering.charts.palette import BLUE, GREEN, LIGHT, ORANGE
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import result_figure, write_result
from microopt.rendering.story.metric_names import metric_name

PACE_HEIGHT, CREATOR_HEIGHT = 260, 34  # pixels of the plot; of a row
TOP = 20  # creators
START = -1  # the end of the day before the first: amounts are those by the end of a day, and the first day is 0
DAY_STEPS = (1, 2, 7, 14, 28, 91, 182, 364)
COLORS = {"engagements": ORANGE, "conversions": GREEN}


def pace_chart(
    plan: Plan, pacing: Pacing, language: Language = ENGLISH, *, metric: str = "engagements", width: int = WIDE
) -> alt.LayerChart | None:
    """Return a metric over the days of the campaign: planned, so far, and projected with its likely range.

    None if the days of the campaign, or what was planned or measured, are not known. The line of the plan is straight:
    a plan does not say on which day a result comes in. So is the line from what there is to what is projected, and that
    to what there is if no result has a date.
    """
    figure = next((each for each in pacing.figures if each.name == metric), None)
    starts, ends = plan.campaign.starts, plan.campaign.ends
    if figure is None or starts is None or ends is None or not _is_measured(figure, pacing) or ends <= starts:
        return None
    assert pacing.day is not None and plan.campaign.running is not None
    days = (ends - starts).days
    today = min(max(pacing.day - 1, 0), days)
    so_far = _so_far(plan.campaign.running, starts, figure, today)
    rows = _pace_rows(figure, plan.likely.get(metric), so_far, days, language)
    final = _final_row(plan, figure, days)
    names = list(dict.fromkeys(row["what"] for row in rows))
    high = max(row["amount"] for row in (*rows, {"amount": final["high"]}))
    marks = _day_ticks(days, 6 if is_wide(width) else 3)
    x_axis = written_axis(marks, lambda day: _short_day(starts, day, language), title=None, grid=False)
    y_axis = written_axis(ticks(0, high * 1.05, 5), language.count, title=metric_name(metric, language))
    domains = [START, days * 1.02], [0, high * 1.08]
    x_scale, y_scale = (alt.Scale(domain=domain, nice=False) for domain in domains)
    x = alt.X("day:Q", scale=x_scale, axis=x_axis)
    color = COLORS.get(metric, BLUE)
    dashes = alt.Scale(domain=names, range=[[2, 3], [1, 0], [6, 4]])
    colors = alt.Scale(domain=names, range=[LIGHT.soft, color, color])
    legend = alt.Legend(
        columns=legend_columns(names, width),
        columnPadding=24 if is_wide(width) else 10,
        symbolType="stroke",
        symbolSize=300,
        labelLimit=width // 2,
    )
    y = alt.Y("amount:Q", scale=y_scale, axis=y_axis)
    lines = alt.Chart(inline_data(rows)).encode(x=x, y=y)
    drawn = lines.mark_line(strokeWidth=2.5, aria=False).encode(
        color=alt.Color("what:N", sort=names, scale=colors, legend=legend),
        strokeDash=alt.StrokeDash("what:N", sort=names, scale=dashes, legend=legend),
    )
    dots = lines.mark_point(size=90, filled=True, opacity=1, stroke=LIGHT.paper, strokeWidth=1)
    marked = dots.encode(
        color=alt.Color("what:N", sort=names, scale=colors, legend=legend), description="spoken:N"
    ).transform_filter("datum.spoken")
    to_date = (figure.to_date or 0) / 1000
    cone = alt.Chart(inline_data([{"day": today, "low": to_date, "high": to_date}, final]))
    band = cone.mark_area(color=color, opacity=0.16, aria=False).encode(
        x=x, y=alt.Y("low:Q", scale=y_scale, axis=y_axis), y2="high:Q"
    )
    return layered(band, drawn, marked, width=width, height=PACE_HEIGHT)


def _is_measured(figure: MetricPacing, pacing: Pacing) -> bool:
    return pacing.day is not None and figure.to_date is not None and bool(figure.planned)


def _so_far(running: CampaignProgress, starts: date, figure: MetricPacing, today: int) -> list[tuple[int, float]]:
    """Return the day and the amount of each point of the line of what has come in, today's last.

    The line starts at the results that have no date. It is straight if none has one.
    """
    to_date = (figure.to_date or 0) / 1000
    counts = [(each.day, count) for each in running.results_by_day if (count := each.total(figure.name)) is not None]
    if not counts:
        return [(START, 0.0), (today, to_date)]
    amount = max(to_date - fsum(count for _, count in counts), 0.0)
    points = {START: amount}
    for when, count in counts:
        day = min(max((when - starts).days, START), today)
        points.setdefault(max(day - 1, START), amount)  # nothing came in on the days before
        amount += count
        points[day] = amount
    points[today] = to_date
    return sorted(points.items())


def _pace_rows(
    figure: MetricPacing,
    likely: LikelyRange | None,
    so_far: Sequence[tuple[int, float]],
    days: int,
    language: Language,
) -> list[dict[str, Any]]:
    planned, projected, name = (figure.planned or 0) / 1000, figure.projected / 1000, figure.name
    final = result_figure(language, name, figure.projected, likely)
    expected = f"{final.text} ({final.range_text})" if final.range_text else final.text
    plan_line, now = language.text("Planned, at an even pace"), language.text("So far")
    ahead = language.text("Projected, with its likely range")
    today, to_date = so_far[-1]
    points = (
        (plan_line, START, 0.0, ""),
        (plan_line, days, planned, f"{plan_line}: {write_result(language, name, planned)}"),
        *((now, day, amount, "") for day, amount in so_far[:-1]),
        (now, today, to_date, f"{now}: {write_result(language, name, to_date)}"),
        (ahead, today, to_date, ""),
        (ahead, days, projected, f"{ahead}: {expected}"),
    )
    return [{"what": what, "day": day, "amount": amount, "spoken": spoken} for what, day, amount, spoken in points]


def _final_row(plan: Plan, figure: MetricPacing, days: int) -> dict[str, Any]:
    likely = plan.likely.get(figure.name)
    low, high = (figure.projected, figure.projected) if likely is None else (likely.low, likely.high)
    return {"day": days, "low": low / 1000, "high": high / 1000}


def _day_ticks(days: int, most: int) -> list[float]:
    step = next((step for step in DAY_STEPS if days / step <= most), DAY_STEPS[-1])
    return [float(day) for day in range(0, days + 1, step)]


def _short_day(starts: date, day: float, language: Language) -> str:
    return str(format_skeleton("MMMd", starts + timedelta(days=round(day)), locale=language.locale))


def bullets_chart(
    pacing: Pacing, language: Language = ENGLISH, *, metric: str = "engagements", width: int = WIDE, most: int = TOP
) -> alt.LayerChart | None:
    """Return a bar of what each creator under contract has brought, on one of what is projected, and what was planned.

    None if nothing was measured. Shown are those of whom most was planned or is projected.
    """
    measured = [creator for creator in pacing.creators if metric in creator.to_date]
    if not measured:
        return None
    shown = sorted(measured, key=lambda creator: -_size(creator, metric))[:most]
    rows = [_bullet_row(number, creator, metric, language) for number, creator in enumerate(shown)]
    names = [row["name"] for row in rows]
    high = max(max(row["to_date"], row["projected"], row["planned"] or 0.0) for row in rows) * 1.04 or 1.0
    key = [language.text("solid: so far"), language.text("pale: projected"), language.text("line: planned")]
    title = [metric_name(metric, language), *([" · ".join(key)] if is_wide(width) else key)]
    axis = written_axis(
        ticks(0, high, 6 if is_wide(width) else 3), language.count, title=title, grid=True, ticks=False, domain=False
    )
    x: dict[str, Any] = {"scale": alt.Scale(domain=[0, high], nice=False), "axis": axis}
    rows_axis = names_axis(names, width, labelExpr=f"{json.dumps(names)}[datum.value]")
    base = alt.Chart(inline_data(rows)).encode(y=alt.Y("order:O", title=None, axis=rows_axis), description="spoken:N")
    color = COLORS.get(metric, BLUE)
    projected = base.mark_bar(size=20, color=color, opacity=0.3).encode(x=alt.X("projected:Q", **x))
    so_far = base.mark_bar(size=9, color=color).encode(x=alt.X("to_date:Q", **x))
    planned = base.mark_tick(thickness=3, size=24, color=LIGHT.text, opacity=1).encode(x=alt.X("planned:Q", **x))
    known = planned.transform_filter("isValid(datum.planned)")
    return layered(projected, so_far, known, width=width, height=CREATOR_HEIGHT * len(rows))


def _size(creator: CreatorPacing, metric: str) -> int:
    return max(creator.planned.get(metric, 0), creator.projected.get(metric, 0))


def _bullet_row(number: int, creator: CreatorPacing, metric: str, language: Language) -> dict[str, Any]:
    to_date, projected = creator.to_date[metric], creator.projected.get(metric, 0)
    planned = creator.planned.get(metric)
    texts = [language.text("{amount} so far", amount=write_result(language, metric, to_date / 1000))]
    texts.append(language.text("{amount} projected", amount=write_result(language, metric, projected / 1000)))
    if planned is not None:
        texts.append(language.text("{amount} planned", amount=write_result(language, metric, planned / 1000)))
    return {
        "order": number,
        "name": short_name(creator.creator, MANY),
        "to_date": to_date / 1000,
        "projected": projected / 1000,
        "planned": None if planned is None else planned / 1000,
        "spoken": f"{short_name(creator.creator)}: {', '.join(texts)}",
    }
