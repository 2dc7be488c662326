"""The budgets around a plan's own as what a slider shows: each budget's figures, mix and creators, in words."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.plan.plan import Plan, Totals
from microopt.quantities.parse_and_format import format_money
from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.frontier import STATUS_WORDS
from microopt.rendering.wording.plan_figures import format_metric, format_share
from microopt.rendering.wording.report import format_relative_change

NAMES = {"reach": "Gross reach", "engagements": "Engagements", "conversions": "Conversions"}


def budget_view(plan: Plan, frontier: Frontier) -> dict[str, Any]:
    """Return the points, which of them is the plan's own, and the names that they count.

    Members of a point are numbers of names; who is new stands before who was there.
    """
    own = next(number for number, point in enumerate(frontier.points) if point.budget == plan.campaign.budget)
    names = list(dict.fromkeys(name for point in frontier.points for name in point.creators))
    numbers = {name: number for number, name in enumerate(names)}
    mine = set(frontier.points[own].creators)
    points = [_point(plan, frontier, point, numbers, mine) for point in frontier.points]
    return {"own": own, "names": [plain_text(name) for name in names], "points": points}


def _point(
    plan: Plan, frontier: Frontier, point: FrontierPoint, numbers: Mapping[str, int], mine: set[str]
) -> dict[str, Any]:
    currency = frontier.roster.currency
    view: dict[str, Any] = {"budget": point.budget / 100, "money": format_money(point.budget, currency)}
    if point.totals is None:
        return {
            **view,
            "status": STATUS_WORDS[point.status],
            "figures": [],
            "mix": [],
            "new": [],
            "kept": [],
            "gone": [],
        }
    here = set(point.creators)
    return {
        **view,
        "status": "" if point.status == "optimal" else "the best found in its time, not proven the best",
        "figures": _figures(plan, point.totals, currency),
        "mix": _mix(frontier, point, point.totals),
        "new": [numbers[name] for name in point.creators if name not in mine],
        "kept": [numbers[name] for name in point.creators if name in mine],
        "gone": sorted(numbers[name] for name in mine - here),
    }


def _figures(plan: Plan, totals: Totals, currency: str) -> list[tuple[str, str, str]]:
    """Return (name, figure, against the plan) of a point."""
    own = plan.totals
    creators = totals.creators - own.creators
    rows = [
        ("Spend", format_money(totals.spend, currency, whole=True), _change(totals.spend, own.spend)),
        ("Creators", f"{totals.creators:,}", "same" if not creators else f"{creators:+,}".replace("-", "−")),
    ]
    for name, title in NAMES.items():
        rows.append(
            (title, format_metric(name, totals.metrics[name]), _change(totals.metrics[name], own.metrics[name]))
        )
    return rows


def _change(amount: int, own: int) -> str:
    return format_relative_change(Fraction(amount - own, own)) if own else ""


def _mix(frontier: Frontier, point: FrontierPoint, whole: Totals) -> list[tuple[str, str, str, str, float]]:
    """Return (tier, creators, spend, share of the spend, the same as a number) of every tier of any point."""
    rows = []
    for tier in frontier.tiers:
        mine = point.mix.get(tier)
        spend = 0 if mine is None else mine.spend
        money = format_money(spend, frontier.roster.currency, whole=True) if mine is not None else "-"
        part = spend / whole.spend if whole.spend else 0.0
        creators = "-" if mine is None else f"{mine.creators:,}"
        rows.append((plain_text(tier), creators, money, format_share(spend, whole.spend) if mine else "-", part))
    return rows
