"""The charts of a plan and of a frontier as Vega-Altair charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import altair as alt

from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_count, format_money, format_percent, shorten
from microopt.rendering.charts.palette import BLUE, FONT, GREEN, LIGHT, MEASURES, ORANGE, tier_colors, tier_shapes
from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.frontier import GOALS_OF_METRICS, goal_heading
from microopt.rendering.wording.plan_figures import format_conversions, format_offer, format_value

WIDTH, HEIGHT = 620, 300
TIER_HEIGHT = 66  # pixels
MEASURE_NAMES = ("Spend", "Engagements", "Conversions")
MAX_NAME_LENGTH = 60  # characters of a name in a chart


def theme() -> dict[str, Any]:
    """Return the Vega-Lite configuration of all charts, in light colors; a dark page sets others."""
    ink = LIGHT
    quiet = {"labelColor": ink.soft, "titleColor": ink.soft, "labelFontSize": 12, "titleFontSize": 12}
    return {
        "background": "white",
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            **quiet,
            "titleFontWeight": "normal",
            "gridColor": ink.line,
            "domainColor": ink.line,
            "tickColor": ink.line,
            "labelLimit": 120,
        },
        "axisY": {"domain": False, "ticks": False, "labelPadding": 8},
        "legend": {**quiet, "labelColor": ink.text, "orient": "top", "title": None, "labelLimit": 120, "offset": 12},
        "text": {"color": ink.text, "fontSize": 12},
        "rule": {"color": ink.soft},
    }


def mix_chart(plan: Plan) -> alt.LayerChart:
    """Return a bar chart of each tier's share of spend, engagements and conversions."""
    tiers = [_shorten(tier) for tier in plan.mix]
    base = alt.Chart(_inline_data(_mix_rows(plan)), width=WIDTH, height=TIER_HEIGHT * max(1, len(tiers))).encode(
        y=alt.Y("tier:N", sort=tiers, title=None, scale=alt.Scale(paddingInner=0.35)),
        yOffset=alt.YOffset("measure:N", sort=list(MEASURE_NAMES)),
        x=alt.X("share:Q", title="Share of the plan", axis=alt.Axis(format="%", tickCount=5)),
        tooltip=[
            alt.Tooltip("tier:N", title="Tier"),
            alt.Tooltip("measure:N", title="Of"),
            alt.Tooltip("label:N", title="Share"),
        ],
    )
    color = alt.Color(
        "measure:N", sort=list(MEASURE_NAMES), scale=alt.Scale(domain=list(MEASURE_NAMES), range=list(MEASURES))
    )
    bars = base.mark_bar(cornerRadiusEnd=2).encode(color=color)
    labels = base.mark_text(align="left", dx=5, baseline="middle").encode(text="label:N")
    return _with_theme(bars, labels)


def titled(chart: alt.LayerChart, plan: Plan) -> alt.LayerChart:
    """Return a chart with the name of the campaign as its title, if there is one."""
    name = _shorten(plan.campaign.name or "")
    if not name.strip():
        return chart
    titled_chart: alt.LayerChart = chart.properties(title=alt.Title([name], anchor="start", fontSize=16, offset=14))
    return titled_chart


def _mix_rows(plan: Plan) -> list[dict[str, Any]]:
    plan_totals, rows = plan.totals, []
    for tier, totals in plan.mix.items():
        parts = [(totals.spend, plan_totals.spend)]
        parts += [(totals.metrics[name], plan_totals.metrics[name]) for name in ("engagements", "conversions")]
        for name, (part, total) in zip(MEASURE_NAMES, parts, strict=True):
            share = part / total if total else 0.0
            rows.append({"tier": _shorten(tier), "measure": name, "share": share, "label": format_percent(share)})
    return rows


def worth_chart(plan: Plan) -> alt.LayerChart:
    """Return a scatter chart of cost against engagements of each pick, on logarithmic scales."""
    tiers = [_shorten(tier) for tier in plan.mix]
    base = alt.Chart(_inline_data(_worth_rows(plan)), width=WIDTH, height=HEIGHT).encode(
        x=alt.X(
            "cost:Q",
            title=f"Cost ({plan.roster.currency})",
            scale=alt.Scale(type="log", nice=False, padding=16),
            axis=alt.Axis(format="~s", tickCount=5, grid=False),
        ),
        y=alt.Y(
            "engagements:Q",
            title="Engagements",
            scale=alt.Scale(type="log", nice=False, padding=16),
            axis=alt.Axis(format="~s", tickCount=5, grid=False, domain=True),
        ),
    )
    dots = base.mark_point(size=110, opacity=1, filled=True).encode(
        color=alt.Color("tier:N", sort=tiers, scale=alt.Scale(domain=tiers, range=tier_colors(tiers))),
        shape=alt.Shape("tier:N", sort=tiers, scale=alt.Scale(domain=tiers, range=tier_shapes(tiers))),
        tooltip=[
            alt.Tooltip("who:N", title="Creator"),
            alt.Tooltip("tier:N", title="Tier"),
            alt.Tooltip("paid:N", title="Cost"),
            alt.Tooltip("engaged:N", title="Engagements"),
            alt.Tooltip("converted:N", title="Conversions"),
        ],
    )
    return _with_theme(dots)


def _worth_rows(plan: Plan) -> list[dict[str, Any]]:
    """Return the picks whose cost and engagements are positive, as logarithms need."""
    return [
        {
            "who": _shorten(f"{pick.creator} {format_offer(pick)}".strip()),
            "tier": _shorten(pick.tier),
            "cost": pick.cost / 100,
            "engagements": pick.metrics["engagements"] / 1000,
            "paid": format_money(pick.cost, plan.roster.currency, whole_units=pick.cost >= 1000),
            "engaged": format_count(pick.metrics["engagements"] / 1000),
            "converted": format_conversions(pick.metrics["conversions"]),
        }
        for pick in plan.picks
        if pick.cost > 0 and pick.metrics["engagements"] > 0
    ]


def frontier_chart(frontier: Frontier, own: int | None = None) -> alt.LayerChart:
    """Return a line chart of what each budget buys, as a percentage of what one of them buys.

    Parameters
    ----------
    own
        The budget in cents by whose plan all are measured; by default the highest. The parameter `chosen` of the chart
        is the budget that is marked, in the currency's unit; it starts there.
    """
    base_point = _base_point(frontier, own)
    lines = list(dict.fromkeys(name for name, _ in _amounts(frontier, base_point)))
    chosen = alt.param(name="chosen", value=base_point.budget / 100)
    base = alt.Chart(_inline_data(_frontier_rows(frontier, base_point)), width=WIDTH, height=HEIGHT).encode(
        x=alt.X(
            "budget:Q",
            title=f"Budget ({frontier.roster.currency})",
            scale=alt.Scale(zero=False, nice=False),
            axis=alt.Axis(format="~s", grid=False, tickCount=6),
        ),
        y=alt.Y(
            "share:Q",
            title=f"Compared with what {_money(frontier, base_point.budget)} brings",
            scale=alt.Scale(zero=False),
            axis=alt.Axis(format="%", tickCount=6),
        ),
        color=alt.Color("what:N", sort=lines, scale=alt.Scale(domain=lines, range=[BLUE, ORANGE, GREEN])),
        tooltip=[
            alt.Tooltip("money:N", title="Budget"),
            alt.Tooltip("what:N", title="Brings"),
            alt.Tooltip("amount:N", title="In all"),
            alt.Tooltip("label:N", title="Of this plan's"),
        ],
    )
    shape = alt.Shape("what:N", sort=lines, scale=alt.Scale(domain=lines, range=tier_shapes(lines)))
    drawn = base.mark_line(strokeWidth=2.5).encode(detail="what:N")
    dots = base.mark_point(size=45, opacity=1, filled=True).encode(shape=shape)
    rule = alt.Chart(_inline_data([{}])).mark_rule(strokeDash=[4, 3], strokeWidth=1.5)
    mark = rule.encode(x=alt.X("chosen:Q")).transform_calculate(chosen="chosen")
    big = (
        base.mark_point(size=170, opacity=1, filled=True).encode(shape=shape).transform_filter("datum.budget == chosen")
    )
    return _with_theme(mark, drawn, dots, big, params=[chosen])


def _base_point(frontier: Frontier, own: int | None) -> FrontierPoint:
    with_plan = [point for point in frontier.points if point.totals is not None]
    return next(
        (point for point in with_plan if point.budget == own), with_plan[-1] if with_plan else frontier.points[-1]
    )


def _amounts(frontier: Frontier, point: FrontierPoint) -> Iterator[tuple[str, Fraction]]:
    """Yield (name, amount) of what a point brings: what the goal counts, then engagements and conversions."""
    if point.totals is None or point.objective is None:
        return
    if frontier.campaign.goal.name not in GOALS_OF_METRICS:
        yield _shorten(goal_heading(frontier.campaign.goal)), point.objective
    yield "Engagements", Fraction(point.totals.metrics["engagements"], 1000)
    yield "Conversions", Fraction(point.totals.metrics["conversions"], 1000)


def _frontier_rows(frontier: Frontier, base: FrontierPoint) -> list[dict[str, Any]]:
    base_amounts, rows = dict(_amounts(frontier, base)), []
    for point in frontier.points:
        for name, amount in _amounts(frontier, point):
            if base_amounts.get(name, Fraction(0)) <= 0:
                continue  # nothing to be a percent of
            share = float(amount / base_amounts[name])
            row = {
                "what": name,
                "share": share,
                "label": format_percent(share),
                "amount": _amount(frontier, name, amount),
            }
            rows.append({"budget": point.budget / 100, "money": _money(frontier, point.budget), **row})
    return rows


def _amount(frontier: Frontier, name: str, amount: Fraction) -> str:
    if name == "Engagements":
        return format_count(float(amount))
    if name == "Conversions":
        return format_conversions(round(amount * 1000))
    return format_value(amount, frontier.campaign.goal, frontier.roster.currency)


def _money(frontier: Frontier, cents: int) -> str:
    return format_money(cents, frontier.roster.currency)


def _shorten(text: str) -> str:
    return shorten(plain_text(text), MAX_NAME_LENGTH)


def _with_theme(*layers: alt.Chart, params: Sequence[alt.Parameter] = ()) -> alt.LayerChart:
    """Return charts as layers of one, in the light theme."""
    chart = alt.layer(*layers)
    assert isinstance(chart, alt.LayerChart)
    themed: alt.LayerChart = chart.add_params(*params).configure(**theme())
    return themed


def _inline_data(rows: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=rows)
