"""A report as one HTML page that needs no network: figures, charts, a table to sort, a slider over budgets."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from msgspec.structs import asdict

from microopt.analysis.frontier.result import Frontier, FrontierPoint
from microopt.analysis.report.result import Report
from microopt.plan.plan import Plan, Totals
from microopt.plan.seal import seal_plan
from microopt.quantities.parse_and_format import format_money
from microopt.rendering.charts.charts import frontier_chart, mix_chart, worth_chart
from microopt.rendering.charts.palette import BLUE, DARK, LIGHT, MEASURES, Ink
from microopt.rendering.charts.vega_bundle import vega_bundle
from microopt.rendering.sanitize import plain_text, valid_utf8
from microopt.rendering.wording import costs
from microopt.rendering.wording import plan_figures as figures
from microopt.rendering.wording import replan as progress
from microopt.rendering.wording import report as wording
from microopt.rendering.wording.frontier import STATUS_WORDS, balanced_budgets_note, unspent_sentence
from microopt.rendering.wording.near_optimum import NEGLIGIBLE_PERCENT, is_point_near_optimum
from microopt.rendering.wording.plan_figures import METRIC_HEADINGS, format_metric, format_share
from microopt.rendering.wording.report import format_relative_change
from microopt.rendering.wording.rules import rule_rows

PAGE = "report.html.j2"
LICENSES = "chart_licenses.txt"  # of the packages in the bundle of vl-convert
SCRIPTS = ("charts.js", "table.js", "budgets.js")
BUDGET_METRICS = ("reach", "engagements", "conversions")


def plan_html(plan: Plan) -> str:
    """Return the page of a plan alone, without other budgets and ranges."""
    sealed = seal_plan(plan)
    return report_html(Report(plan=plan, seal=sealed.seal, microopt=sealed.microopt))


def report_html(report: Report) -> str:
    """Return the page."""
    charts = _charts(report)
    budgets = None if report.frontier is None else budget_view(report.plan, report.frontier)
    dark = f"@media screen and (prefers-color-scheme:dark){{{_color_variables('dark', DARK)}}}"
    style = _color_variables("light", LIGHT) + dark + _template_text("report.css")
    scripts = [*([_licensed_bundle()] if charts else []), *map(_template_text, SCRIPTS)]
    trusted = {"style": Markup(style), "scripts": [*map(Markup, scripts)]}  # noqa: S704 (ours, and vl-convert's)
    page = (
        _environment()
        .get_template(PAGE)
        .render(
            report=report,
            plan=report.plan,
            wording=wording,
            progress=progress,
            figures=figures,
            costs=[costs.cost_cells(report.plan, line) for line in costs.cost_lines(report.plan)],
            rules=[*rule_rows(report.plan)],
            pacing=progress.reportable_pacing(report.plan),
            plain=plain_text,
            budgets=budgets,
            charts=sorted(charts),
            **trusted,
            policy=_content_policy(style, scripts),
            data=_json({"charts": charts, "budgets": budgets}),
        )
    )
    return valid_utf8(page)


def _licensed_bundle() -> str:
    """Return the code that draws charts, under the notices that its licenses ask whoever passes it on to keep."""
    return f"/*!\n{_template_text(LICENSES)}*/\n{vega_bundle()}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("microopt.rendering.html"),
        autoescape=select_autoescape(default=True),
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _finalize(value: object) -> object:
    """Return what a template places, plain if it is text: what is trusted is `Markup`."""
    return plain_text(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _template_text(name: str) -> str:
    return files("microopt.rendering.html").joinpath("templates", name).read_text(encoding="utf-8")


def _charts(report: Report) -> dict[str, Any]:
    """Return the specification of each chart by its name; an empty plan has none."""
    if not report.plan.picks:
        return {}
    charts = {"mix": mix_chart(report.plan), "worth": worth_chart(report.plan)}
    frontier = report.frontier
    if frontier is not None and sum(point.totals is not None for point in frontier.points) > 1:
        charts["frontier"] = frontier_chart(frontier, report.plan.campaign.budget)
    return {name: _fit_to_page(chart.to_dict(validate=False)) for name, chart in charts.items()}


def _fit_to_page(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a chart that is as wide as its place and shows the background of the page."""
    config = {**spec["config"], "background": "transparent"}
    inner = [{key: value for key, value in layer.items() if key != "width"} for layer in spec["layer"]]
    return {**spec, "layer": inner, "width": "container", "config": config}


def _json(value: Mapping[str, Any]) -> Markup:
    """Return JSON for a script element, which no text in it can close."""
    text = json.dumps(value, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 (the three characters that mean anything in HTML are escaped)


def _content_policy(style: str, scripts: list[str]) -> str:
    """Return the content security policy: nothing is loaded, and only the page's own scripts and style apply."""
    script_hashes = " ".join(_source_hash(script) for script in scripts)
    sources = f"script-src {script_hashes}; style-src {_source_hash(style)}"
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _source_hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _color_variables(scheme: str, ink: Ink) -> str:
    colors = {**asdict(ink), "blue": BLUE, "orange": MEASURES[1], "green": MEASURES[2]}
    variables = "".join(f"--{name}:{color};" for name, color in colors.items())
    return f":root{{color-scheme:{scheme};{variables}}}"


def budget_view(plan: Plan, frontier: Frontier) -> dict[str, Any]:
    """Return what the slider shows: the plan of each budget in words, and which of them is the plan's own.

    The creators of a budget are numbers of `names`: those who are added to the plan's own, those kept, those dropped.
    """
    own = next(number for number, point in enumerate(frontier.points) if point.budget == plan.campaign.budget)
    names = list(dict.fromkeys(name for point in frontier.points for name in point.creators))
    numbers = {name: number for number, name in enumerate(names)}
    own_creators = set(frontier.points[own].creators)
    points = []
    for point in frontier.points:
        view = {"budget": point.budget / 100, "money": format_money(point.budget, frontier.roster.currency)}
        creators = set(point.creators)
        points.append(
            {
                **view,
                **_budget_plan(plan, frontier, point),
                "new": [numbers[name] for name in point.creators if name not in own_creators],
                "kept": [numbers[name] for name in point.creators if name in own_creators],
                "gone": sorted(numbers[name] for name in own_creators - creators) if point.totals else [],
            }
        )
    names = [plain_text(name) for name in names]
    note, unspent = balanced_budgets_note(frontier, plan.campaign.budget), plain_text(unspent_sentence(frontier))
    return {"own": own, "names": names, "points": points, "note": note, "unspent": unspent}


def _budget_plan(plan: Plan, frontier: Frontier, point: FrontierPoint) -> dict[str, Any]:
    """Return the figures and the mix of a budget's plan, or why there is none."""
    if point.totals is None:
        return {"status": STATUS_WORDS[point.status], "figures": [], "mix": []}
    late = "the best found in the time allowed, not proven best"
    unproven = f"proven best to within {NEGLIGIBLE_PERCENT}" if is_point_near_optimum(point) else late
    return {
        "status": "" if point.status == "optimal" else unproven,
        "figures": _budget_figures(plan.totals, point.totals, frontier.roster.currency),
        "mix": [_tier_row(tier, point, point.totals, frontier.roster.currency) for tier in frontier.tiers],
    }


def _budget_figures(own: Totals, totals: Totals, currency: str) -> list[tuple[str, str, str]]:
    """Return (name, figure, difference to the plan) of a budget."""

    def change(amount: int, own_amount: int) -> str:
        return format_relative_change(Fraction(amount - own_amount, own_amount)) if own_amount else ""

    creators = totals.creators - own.creators
    spend = format_money(totals.spend, currency, whole_units=True)
    rows = [
        ("Spend", spend, change(totals.spend, own.spend)),
        ("Creators", f"{totals.creators:,}", "same" if not creators else f"{creators:+,}".replace("-", "−")),
    ]
    for name in BUDGET_METRICS:
        amount = totals.metrics[name]
        rows.append((METRIC_HEADINGS[name], format_metric(name, amount), change(amount, own.metrics[name])))
    return rows


def _tier_row(tier: str, point: FrontierPoint, totals: Totals, currency: str) -> tuple[str, str, str, str, float]:
    """Return (tier, creators, spend, share of the spend, that share as a number)."""
    in_tier = point.mix.get(tier)
    if in_tier is None:
        return plain_text(tier), "-", "-", "-", 0.0
    share = in_tier.spend / totals.spend if totals.spend else 0.0
    spend = format_money(in_tier.spend, currency, whole_units=True)
    return plain_text(tier), f"{in_tier.creators:,}", spend, format_share(in_tier.spend, totals.spend), share
