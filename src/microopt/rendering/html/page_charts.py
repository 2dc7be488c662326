"""The charts of a page, each drawn twice: as wide as a screen or a sheet, and as wide as a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future

import altair as alt
from altair.utils.schemapi import debug_mode
from markupsafe import Markup
from msgspec import Struct

from microopt.analysis.frontier.result import Frontier
from microopt.analysis.report.result import Report
from microopt.rendering.charts.budget_chart import budget_chart
from microopt.rendering.charts.drawing import NARROW, WIDE
from microopt.rendering.charts.mix_chart import mix_chart
from microopt.rendering.charts.progress_charts import bullets_chart, pace_chart
from microopt.rendering.charts.ranges_chart import ranges_chart
from microopt.rendering.charts.svg import page_svg, start_drawing
from microopt.rendering.charts.worth_chart import worth_chart
from microopt.rendering.language.language import Language
from microopt.rendering.story.budget_steps import is_flat
from microopt.rendering.story.findings import budget_finding, mix_finding, ranges_finding, worth_finding
from microopt.rendering.story.tier_money import shows_tier_money
from microopt.rendering.story.waves import waves_finding
from microopt.rendering.wording.replan import reportable_pacing

HALF = 560  # pixels across a chart that stands beside its table

Draw = Callable[[int], alt.LayerChart | None]


class _Drawing(Struct, frozen=True):
    """A chart that is being drawn, under its title."""

    title: str
    wide: Future[str]
    narrow: Future[str]


def page_charts(report: Report, language: Language) -> dict[str, Markup]:
    """Return the charts by name; an empty plan has none, and one without fees does not set them against results."""
    if not report.plan.picks:
        return {}
    with debug_mode(False):  # no user wrote them: to validate each part of each chart takes as long as to draw it
        drawings = dict(_start_drawings(report, language))
    return {name: _both(name, drawing, language) for name, drawing in drawings.items()}


def _start_drawings(report: Report, language: Language) -> Iterator[tuple[str, _Drawing]]:
    """Yield each chart by its name as soon as it is being drawn, while the next is still made."""
    for name, title, draw, wide in _charts(report, language):
        charts = [draw(width) for width in (wide, NARROW)]
        started = [start_drawing(chart) for chart in charts if chart is not None]
        if len(started) == len(charts):
            yield name, _Drawing(title, *started)


def _charts(report: Report, language: Language) -> Iterator[tuple[str, str, Draw, int]]:
    """Yield (name, title, how it is made in a width, the width on a screen) of each chart that the report can have."""
    plan = report.plan
    if shows_tier_money(report):
        yield "mix", mix_finding(plan, language), lambda width: mix_chart(plan, language, width=width), HALF
    if plan.by_wave:
        from microopt.rendering.charts.waves_chart import waves_chart

        yield "waves", waves_finding(plan, language), lambda width: waves_chart(plan, language, width=width), WIDE
    if report.edition.fees:
        yield "worth", worth_finding(plan, language), lambda width: worth_chart(plan, language, width=width), WIDE
    frontier = report.frontier
    if frontier is not None and _has_two_plans(frontier) and not is_flat(report):
        own, title = plan.campaign.budget, budget_finding(report, language)
        yield "frontier", title, lambda width: budget_chart(frontier, language, own=own, width=width), WIDE
    pacing = reportable_pacing(plan)
    if pacing is not None:
        metric = "conversions" if plan.campaign.goal.name == "conversions" else "engagements"
        title = language.text("Results so far, against the plan")
        yield "pace", title, lambda width: pace_chart(plan, pacing, language, metric=metric, width=width), WIDE
        title = language.text("What each creator has brought, against what was planned")
        yield "bullets", title, lambda width: bullets_chart(pacing, language, metric=metric, width=width), WIDE
    ranges = report.ranges
    if ranges is not None and any(plan.totals.metrics.values()):
        title = ranges_finding(report, language)
        yield "ranges", title, lambda width: ranges_chart(plan, ranges, language, width=width), HALF


def _has_two_plans(frontier: Frontier) -> bool:
    return sum(point.totals is not None for point in frontier.points) > 1


def _both(name: str, drawing: _Drawing, language: Language) -> Markup:
    description = language.text("The figures are in the table that follows.")
    parts = [
        f'<div class="{size}">{_page_svg(svg, name, size, drawing.title, description)}</div>'
        for size, svg in (("large", drawing.wide.result()), ("small", drawing.narrow.result()))
    ]
    return Markup("".join(parts))  # noqa: S704 (an element tree that was written out)


def _page_svg(svg: str, name: str, size: str, title: str, description: str) -> str:
    return page_svg(svg, f"{name}-{size}", title=title, description=description)
