"""A plan's charts as Vega-Altair charts, for notebooks and for what else draws them (the extra `report`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microopt.analysis.frontier.result import Frontier
from microopt.plan.plan import Plan
from microopt.rendering import require_extra

if TYPE_CHECKING:
    import altair as alt


def mix(plan: Plan) -> alt.LayerChart:
    """Return what share of the spend, the engagements and the conversions each tier has.

    Raises
    ------
    OutputError
        If Vega-Altair is not installed.
    """
    require_extra("chart")
    from microopt.rendering.charts.charts import mix_chart

    return mix_chart(plan)


def worth(plan: Plan) -> alt.LayerChart:
    """Return what each pick costs against the engagements it brings.

    Raises
    ------
    OutputError
        If Vega-Altair is not installed.
    """
    require_extra("chart")
    from microopt.rendering.charts.charts import worth_chart

    return worth_chart(plan)


def frontier(found: Frontier) -> alt.LayerChart:
    """Return what each budget buys at best.

    Raises
    ------
    OutputError
        If Vega-Altair is not installed.
    """
    require_extra("chart")
    from microopt.rendering.charts.charts import frontier_chart

    return frontier_chart(found)
