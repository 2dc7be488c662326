"""The chart of what each pick costs and brings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, zip_longest
from math import log
from typing import Any

import altair as alt

from microopt.plan.plan import Pick, Plan
from microopt.rendering.charts.axes import log_ticks, padded_log_domain, written_axis
from microopt.rendering.charts.drawing import ENGLISH, WIDE, inline_data, is_wide, layered, short_name
from microopt.rendering.charts.label_placement import SIDES, place_labels
from microopt.rendering.charts.palette import LIGHT
from microopt.rendering.charts.tier_channels import tier_channels
from microopt.rendering.language.language import Language
from microopt.rendering.story.metric_names import metric_name
from microopt.rendering.wording.plan_figures import format_offer
from microopt.rendering.wording.waves import picks_by_creator

HEIGHT = 340
AXIS_WIDTH = 80  # pixels that the vertical axis takes, about
LABEL_LENGTH = 22  # characters of a name beside its dot
DOT_SIZE = 110


def worth_chart(plan: Plan, language: Language = ENGLISH, *, width: int = WIDE) -> alt.LayerChart:
    """Return the cost of each pick against its engagements, on logarithmic scales, the most telling with names."""
    bought = picks_by_creator(plan)
    picks = [pick for pick in bought if pick.cost > 0 and pick.metrics["engagements"] > 0]  # as logarithms need
    rows = [_worth_row(pick, plan.roster.currency, language) for pick in picks]
    costs, engagements = ([row[name] for row in rows] or [1.0, 10.0] for name in ("cost", "engagements"))
    domains = padded_log_domain(costs), padded_log_domain(engagements)
    most = 7 if is_wide(width) else 4
    scales = [alt.Scale(type="log", domain=list(domain), nice=False) for domain in domains]
    currency = plan.roster.currency
    x_axis = written_axis(
        log_ticks(*domains[0], most), lambda value: language.money(round(value * 100), currency), **_title(language, 0)
    )
    y_axis = written_axis(log_ticks(*domains[1], most), language.count, **_title(language, 1))
    base = alt.Chart(inline_data(_with_labels(rows, domains, width))).encode(
        x=alt.X("cost:Q", scale=scales[0], axis=x_axis), y=alt.Y("engagements:Q", scale=scales[1], axis=y_axis)
    )
    color, shape = tier_channels(plan, {pick.tier for pick in picks}, width)
    dots = base.mark_point(size=DOT_SIZE, opacity=1, filled=True, stroke=LIGHT.paper, strokeWidth=1)
    dots = dots.encode(color=color, shape=shape, description="spoken:N")
    names = [
        base.mark_text(fontSize=11, align=side.align, baseline=side.baseline, dx=side.dx, dy=side.dy, aria=False)
        .encode(text="name:N")
        .transform_filter(f"datum.side === {number}")
        for number, side in enumerate(SIDES)
        if any(row["side"] == number for row in rows)
    ]
    return layered(dots, *names, width=width, height=HEIGHT)


def _title(language: Language, axis: int) -> dict[str, Any]:
    title = language.text("Cost") if axis == 0 else metric_name("engagements", language)
    extent = {"minExtent": AXIS_WIDTH - 24} if axis == 1 else {}
    return {**extent, "title": title, "grid": True, "ticks": False, "domain": False, "labelPadding": 8}


def _worth_row(pick: Pick, currency: str, language: Language) -> dict[str, Any]:
    engagements = pick.metrics["engagements"] / 1000
    cost = language.money(pick.cost, currency, whole=True)
    facts = language.text("{cost} for {engagements} engagements", cost=cost, engagements=language.count(engagements))
    who = short_name(f"{pick.creator} {format_offer(pick)}".strip())
    return {
        "name": short_name(pick.creator, LABEL_LENGTH),
        "tier": short_name(pick.tier),
        "cost": pick.cost / 100,
        "engagements": engagements,
        "spoken": f"{who} ({short_name(pick.tier)}): {facts}",
        "side": -1,
    }


def _with_labels(
    rows: list[dict[str, Any]], domains: Sequence[tuple[float, float]], width: int
) -> list[dict[str, Any]]:
    """Give the most telling rows a name: `side` is a number of `SIDES`, or -1."""
    plot_width = width - AXIS_WIDTH
    dots = [
        (
            _position(row["cost"], domains[0]) * plot_width,
            (1 - _position(row["engagements"], domains[1])) * HEIGHT,
        )
        for row in rows
    ]
    most = 12 if is_wide(width) else 5
    names = [row["name"] for row in rows]
    for number, side in place_labels(
        dots, names, _most_telling(rows), width=plot_width, height=HEIGHT, most=most
    ).items():
        rows[number]["side"] = SIDES.index(side)
    return rows


def _position(value: float, domain: tuple[float, float]) -> float:
    """Return where a value lies on a logarithmic scale, from 0 to 1."""
    return log(value / domain[0]) / log(domain[1] / domain[0])


def _most_telling(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Return the rows by turns: the dearest, those that bring most, the best and the worst value for the money."""
    numbers = range(len(rows))

    def value(number: int) -> float:
        ratio: float = rows[number]["engagements"] / rows[number]["cost"]
        return ratio

    orders = (
        sorted(numbers, key=lambda number: -rows[number]["cost"]),
        sorted(numbers, key=lambda number: -rows[number]["engagements"]),
        sorted(numbers, key=value, reverse=True),
        sorted(numbers, key=value),
    )
    return list(dict.fromkeys(number for number in chain.from_iterable(zip_longest(*orders)) if number is not None))
