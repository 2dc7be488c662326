"""The charts of a plan as Vega-Altair charts, for notebooks and other programs (needs the extra `report`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microopt.analysis.frontier.result import Frontier
from microopt.plan.plan import Plan
from microopt.rendering import require_extra

if TYPE_CHECKING:
    import altair as alt


def mix(plan: Plan) -> alt.LayerChart:
    """Return a chart of each tier's share of spend, engagements and conversions.

    Raises
    ------
    OutputError
        If Vega-Altair is not installed.
    """
    require_extra("chart")
    from microopt.rendering.charts.mix_chart import mix_chart

    return mix_chart(plan)


def worth(plan: Plan) -> alt.LayerChart:
    """Return a chart of the cost of each pick against its engagements.

    Raises
    ------
    OutputError
        If Vega-Altair is not installed.
    """
    require_extra("chart")
    from microopt.rendering.charts.worth_chart import worth_chart

    return worth_chart(plan)


def frontier(result: Frontier) -> alt.LayerChart:
    """Return a chart of the best that each budget buys.

    Raises
    ------
    OutputError
        If Vega-Altair is not installed.
    """
    require_extra("chart")
    from microopt.rendering.charts.budget_chart import budget_chart

    return budget_chart(result)
