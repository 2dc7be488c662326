"""What a plan brings of the people whom its campaign is to reach."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.campaign.target_audience import describe_audience
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_money, format_percent
from microopt.rendering.wording.plan_figures import format_metric


def target_sentence(plan: Plan) -> Iterator[str]:
    """Yield what a plan brings on target, where its campaign has a target and its plan reaches somebody there.

    Where it reaches nobody, a warning of the plan says so.
    """
    target, on_target = plan.campaign.target_audience, plan.on_target
    if target is None or on_target is None or not plan.picks:
        return
    share, cpm, metrics = on_target.share, on_target.cpm, plan.totals.metrics
    if not share or cpm is None:
        return
    audience = describe_audience(target)
    cents = round(cpm * 100)
    money = format_money(cents, plan.roster.currency, whole_units=cents >= 100_00)
    results = ", ".join(
        f"{format_metric(name, metrics[f'target_{name}'])} {name}" for name in ("engagements", "conversions")
    )
    people = format_metric("reach", metrics["target_reach"])
    yield (
        f"On target ({audience}): {format_percent(float(share))} of impressions at a CPM of {money}, "
        f"a gross reach of {people}, {results}."
    )
