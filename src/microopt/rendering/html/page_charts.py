"""The charts of a page, each drawn twice: as wide as a screen or a sheet, and as wide as a phone."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
from markupsafe import Markup

from microopt.analysis.frontier.result import Frontier
from microopt.analysis.report.result import Report
from microopt.rendering.charts.budget_chart import budget_chart
from microopt.rendering.charts.drawing import NARROW, WIDE
from microopt.rendering.charts.mix_chart import mix_chart
from microopt.rendering.charts.progress_charts import bullets_chart, pace_chart
from microopt.rendering.charts.ranges_chart import ranges_chart
from microopt.rendering.charts.svg import chart_svg
from microopt.rendering.charts.worth_chart import worth_chart
from microopt.rendering.language.language import Language
from microopt.rendering.story.budget_steps import is_flat
from microopt.rendering.story.findings import budget_finding, mix_finding, ranges_finding, worth_finding
from microopt.rendering.story.tier_money import shows_tier_money
from microopt.rendering.wording.replan import reportable_pacing

HALF = 560  # pixels across a chart that stands beside its table

Draw = Callable[[int], alt.LayerChart | None]


def page_charts(report: Report, language: Language) -> dict[str, Markup]:
    """Return the charts by name; an empty plan has none, and one without fees does not set them against results."""
    plan, charts = report.plan, {}
    if not plan.picks:
        return {}

    def draw(name: str, title: str, draw_chart: Draw, wide: int = WIDE) -> None:
        wide_chart, narrow_chart = draw_chart(wide), draw_chart(NARROW)
        if wide_chart is not None and narrow_chart is not None:
            charts[name] = _both(name, title, wide_chart, narrow_chart, language)

    if shows_tier_money(report):
        draw("mix", mix_finding(plan, language), lambda width: mix_chart(plan, language, width=width), HALF)
    if report.edition.fees:
        draw("worth", worth_finding(plan, language), lambda width: worth_chart(plan, language, width=width))
    frontier = report.frontier
    if frontier is not None and _has_two_plans(frontier) and not is_flat(report):
        own, title = plan.campaign.budget, budget_finding(report, language)
        draw("frontier", title, lambda width: budget_chart(frontier, language, own=own, width=width))
    pacing = reportable_pacing(plan)
    if pacing is not None:
        metric = "conversions" if plan.campaign.goal.name == "conversions" else "engagements"
        title = language.text("Results so far, against the plan")
        draw("pace", title, lambda width: pace_chart(plan, pacing, language, metric=metric, width=width))
        title = language.text("What each creator has brought, against what was planned")
        draw("bullets", title, lambda width: bullets_chart(pacing, language, metric=metric, width=width))
    ranges = report.ranges
    if ranges is not None and any(plan.totals.metrics.values()):
        title = ranges_finding(report, language)
        draw("ranges", title, lambda width: ranges_chart(plan, ranges, language, width=width), HALF)
    return charts


def _has_two_plans(frontier: Frontier) -> bool:
    return sum(point.totals is not None for point in frontier.points) > 1


def _both(name: str, title: str, wide: alt.LayerChart, narrow: alt.LayerChart, language: Language) -> Markup:
    description = language.text("The figures are in the table that follows.")
    parts = [
        f'<div class="{size}">{chart_svg(chart, f"{name}-{size}", title=title, description=description)}</div>'
        for size, chart in (("large", wide), ("small", narrow))
    ]
    return Markup("".join(parts))  # noqa: S704 (an element tree that was written out)
