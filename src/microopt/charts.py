"""A plan's charts as Vega-Altair charts, for notebooks and for what else draws them (the extra `report`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microopt.plan import Plan
from microopt.renderers import demand

if TYPE_CHECKING:
    import altair as alt


def mix(plan: Plan) -> alt.LayerChart:
    """Return what share of the spend, the engagements and the conversions each tier has.

    Raises
    ------
    UsageError
        If Vega-Altair is not installed.
    """
    demand("a chart", ("altair",))
    from microopt.renderers.altair_charts import mix_chart

    return mix_chart(plan)
