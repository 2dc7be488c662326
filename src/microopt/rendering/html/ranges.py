"""How far the totals of a plan may differ from the forecast, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import Plan
from microopt.planning.likely_ranges import Ranges
from microopt.rendering.language.language import Language
from microopt.rendering.story.figures import result_figure
from microopt.rendering.story.metric_names import metric_name
from microopt.rendering.wording.plan_figures import METRIC_HEADINGS


def range_rows(plan: Plan, ranges: Ranges, language: Language) -> Iterator[tuple[str, str, str, str]]:
    """Yield (result, expected, likely range, range if results are independent) of the totals."""

    def write(name: str, likely: LikelyRange) -> str:
        figure = result_figure(language, name, plan.totals.metrics[name], likely)
        return language.text("final") if figure.final else figure.range_text

    for name in METRIC_HEADINGS:
        expected = result_figure(language, name, plan.totals.metrics[name]).text
        yield (
            metric_name(name, language),
            expected,
            write(name, ranges.correlated[name]),
            write(name, ranges.independent[name]),
        )
