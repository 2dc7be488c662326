"""The chart of what each budget brings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import altair as alt
from msgspec import Struct

from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.campaign.goals import MONEY_GOALS
from microopt.plan.likely_range import LikelyRange
from microopt.rendering.charts.axes import ticks, written_axis
from microopt.rendering.charts.drawing import (
    ENGLISH,
    WIDE,
    inline_data,
    is_wide,
    layered,
    legend_columns,
    short_name,
)
from microopt.rendering.charts.palette import BLUE, GREEN, LIGHT, ORANGE
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import write_result
from microopt.rendering.story.metric_names import metric_name
from microopt.rendering.story.results import goal_title
from microopt.rendering.wording.frontier import GOALS_OF_METRICS

HEIGHT = 300
SHAPES = {BLUE: "diamond", ORANGE: "circle", GREEN: "square"}


class Line(Struct, frozen=True, kw_only=True):
    """What a chart of budgets follows from budget to budget.

    Attributes
    ----------
    metric
        Empty where it is what the goal counts and no metric.
    """

    name: str
    color: str
    metric: str = ""

    def amount(self, point: FrontierPoint) -> Fraction | None:
        """Return what a budget brings of it, None without a plan."""
        if point.totals is None or point.objective is None:
            return None
        return Fraction(point.totals.metrics[self.metric], 1000) if self.metric else Fraction(point.objective)

    def likely(self, point: FrontierPoint) -> LikelyRange | None:
        """Return the likely range of what a budget brings of it, None if it is not known."""
        return point.likely.get(self.metric)


def budget_chart(
    frontier: Frontier, language: Language = ENGLISH, *, own: int | None = None, width: int = WIDE
) -> alt.LayerChart:
    """Return lines of what each budget buys, in percent of what one of them buys.

    A band shows the 80% likely range of the first line that has one: bands of several would hide each other.

    Parameters
    ----------
    own
        The budget in cents that is marked, by whose plan all are measured; by default the highest. The layer `dots` has
        a dot for each budget with a plan, in their order, of each line after the other; the layer `chosen` marks the
        budget.
    """
    base_point = _base_point(frontier, own)
    lines = [line for line in _lines(frontier, language) if (line.amount(base_point) or 0) > 0]
    rows = [row for line in lines for row in _rows(line, frontier, base_point, language)]
    banded = next((row["what"] for row in rows if "high" in row), "")
    names = [line.name for line in lines]
    legend = alt.Legend(columns=legend_columns(names, width), symbolOpacity=1)
    colors = alt.Scale(domain=names, range=[line.color for line in lines])
    shapes = alt.Scale(domain=names, range=[SHAPES[line.color] for line in lines])
    x = _budget_axis([row["budget"] for row in rows], frontier, language, width)
    base = alt.Chart(inline_data(rows)).encode(x=x, color=alt.Color("what:N", sort=names, scale=colors, legend=legend))
    share = _share_axis(rows, banded, language.money(base_point.budget, frontier.roster.currency), language)
    y = alt.Y("share:Q", **share)
    ranged = base.transform_filter(alt.FieldEqualPredicate(field="what", equal=banded))
    band = ranged.mark_area(opacity=0.14, aria=False).encode(y=alt.Y("low:Q", **share), y2="high:Q")
    drawn = base.mark_line(strokeWidth=2.5, aria=False).encode(y=y)
    dots = base.properties(name="dots").mark_point(size=60, opacity=1, filled=True, stroke=LIGHT.paper, strokeWidth=1)
    dots = dots.encode(y=y, shape=alt.Shape("what:N", sort=names, scale=shapes, legend=legend), description="spoken:N")
    return layered(band, *_marks(base_point, rows, frontier, language), drawn, dots, width=width, height=HEIGHT)


def _marks(
    point: FrontierPoint, rows: Sequence[Mapping[str, Any]], frontier: Frontier, language: Language
) -> list[alt.Chart]:
    """Return the line that marks a budget, and the budget above it, on the side that has more room."""
    budget, money = point.budget / 100, language.money(point.budget, frontier.roster.currency)
    marked = inline_data([{"budget": budget, "label": language.text("This plan: {budget}", budget=money)}])
    higher, lower = (sum(sign * (row["budget"] - budget) > 0 for row in rows) for sign in (1, -1))
    side: dict[str, Any] = {"align": "left", "dx": 5} if higher >= lower else {"align": "right", "dx": -5}
    rule = alt.Chart(marked, name="chosen").mark_rule(strokeDash=[4, 3], strokeWidth=1.5, aria=False)
    label = alt.Chart(marked).mark_text(baseline="top", fontWeight="bold", aria=False, **side)
    return [rule.encode(x="budget:Q"), label.encode(x="budget:Q", y=alt.value(0), text="label:N")]


def _budget_axis(budgets: Sequence[float], frontier: Frontier, language: Language, width: int) -> alt.X:
    marks = ticks(min(budgets, default=0.0), max(budgets, default=1.0), 7 if is_wide(width) else 3)
    axis = written_axis(
        marks,
        lambda budget: language.money(round(budget * 100), frontier.roster.currency),
        title=language.text("Budget"),
        grid=False,
    )
    return alt.X("budget:Q", scale=alt.Scale(zero=False, nice=False, padding=10), axis=axis)


def _share_axis(rows: Sequence[Mapping[str, Any]], banded: str, base_money: str, language: Language) -> dict[str, Any]:
    ends = [row["share"] for row in rows] or [0.0, 1.0]
    ends += [row[end] for row in rows if row["what"] == banded for end in ("low", "high") if end in row]
    low, high = max(0.0, min(ends) - 0.05), max(ends) + 0.1
    title = language.text("Compared with {budget}", budget=base_money)
    axis = written_axis(ticks(low, high, 7), language.percent, title=title, grid=True)
    return {"scale": alt.Scale(domain=[low, high], nice=False, zero=False), "axis": axis}


def _base_point(frontier: Frontier, own: int | None) -> FrontierPoint:
    with_plan = [point for point in frontier.points if point.totals is not None]
    return next(
        (point for point in with_plan if point.budget == own), with_plan[-1] if with_plan else frontier.points[-1]
    )


def _lines(frontier: Frontier, language: Language) -> Iterator[Line]:
    """Yield what the goal counts, if that is no metric with a line of its own, then engagements and conversions."""
    goal = frontier.campaign.goal
    if goal.name not in GOALS_OF_METRICS:
        yield Line(name=short_name(goal_title(goal, language)), color=BLUE)
    yield Line(name=metric_name("engagements", language), color=ORANGE, metric="engagements")
    yield Line(name=metric_name("conversions", language), color=GREEN, metric="conversions")


def _rows(line: Line, frontier: Frontier, base: FrontierPoint, language: Language) -> Iterator[dict[str, Any]]:
    whole = line.amount(base)
    assert whole
    for point in frontier.points:
        amount, likely = line.amount(point), line.likely(point)
        if amount is None:
            continue
        share, money = float(amount / whole), language.money(point.budget, frontier.roster.currency)
        row: dict[str, Any] = {"budget": point.budget / 100, "what": line.name, "share": share}
        row["spoken"] = f"{money}: {line.name} {_written(line, amount, frontier, language)} ({language.percent(share)})"
        if likely is not None:
            row |= {"low": float(likely.low / 1000 / whole), "high": float(likely.high / 1000 / whole)}
        yield row


def _written(line: Line, amount: Fraction, frontier: Frontier, language: Language) -> str:
    if line.metric:
        return write_result(language, line.metric, float(amount))
    if frontier.campaign.goal.name in MONEY_GOALS:
        return language.money(round(amount * 100), frontier.roster.currency, whole=True)
    return language.count(float(amount))
