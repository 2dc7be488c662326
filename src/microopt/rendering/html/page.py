"""A report as one HTML page that needs no network: figures, charts, a table to sort, a slider over budgets."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from msgspec.structs import asdict

from microopt.analysis.report import Report
from microopt.plan.plan import Plan
from microopt.plan.seal import seal_plan
from microopt.rendering.charts.charts import frontier_chart, mix_chart, worth_chart
from microopt.rendering.charts.palette import BLUE, DARK, LIGHT, MEASURES, Ink
from microopt.rendering.charts.vega_bundle import vega_bundle
from microopt.rendering.html.budget_slider import budget_view
from microopt.rendering.sanitize import plain_text, valid_utf8
from microopt.rendering.wording import plan_figures as figures
from microopt.rendering.wording import replan as progress
from microopt.rendering.wording import report as wording

PAGE = "report.html.j2"
SCRIPTS = ("charts.js", "table.js", "budgets.js")


def plan_html(plan: Plan) -> str:
    """Return the page of a plan alone, without other budgets and ranges."""
    sealed = seal_plan(plan)
    return report_html(Report(plan=plan, seal=sealed.seal, microopt=sealed.microopt))


def report_html(report: Report) -> str:
    """Return the page."""
    charts = _charts(report)
    budgets = None if report.frontier is None else budget_view(report.plan, report.frontier)
    style = f"{_colours('', LIGHT)}@media screen and (prefers-color-scheme:dark){{{_colours('dark', DARK)}}}"
    style += _asset("report.css")
    scripts = [vega_bundle(), *map(_asset, SCRIPTS)] if charts else [*map(_asset, SCRIPTS)]
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
            pacing=progress.reportable_pacing(report.plan),
            plain=plain_text,
            budgets=budgets,
            charts=sorted(charts),
            **trusted,
            policy=_policy(style, scripts),
            data=_json({"charts": charts, "budgets": budgets}),
        )
    )
    return valid_utf8(page)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("microopt.rendering.html"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _asset(name: str) -> str:
    return files("microopt.rendering.html").joinpath("templates", name).read_text(encoding="utf-8")


def _charts(report: Report) -> dict[str, Any]:
    """Return the charts' specifications by name; none of an empty plan."""
    if not report.plan.picks:
        return {}
    charts = {"mix": mix_chart(report.plan), "worth": worth_chart(report.plan)}
    frontier = report.frontier
    if frontier is not None and sum(point.totals is not None for point in frontier.points) > 1:
        charts["frontier"] = frontier_chart(frontier, report.plan.campaign.budget)
    return {name: _for_page(chart.to_dict(validate=False)) for name, chart in charts.items()}


def _for_page(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a chart as wide as its place, on the page's own ground."""
    config = {**spec["config"], "background": "transparent"}
    inner = [{key: value for key, value in layer.items() if key != "width"} for layer in spec["layer"]]
    return {**spec, "layer": inner, "width": "container", "config": config}


def _json(value: Mapping[str, Any]) -> Markup:
    """Return JSON that no text in it can end: as data within a script element."""
    text = json.dumps(value, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 (the three characters that mean anything in HTML are escaped)


def _policy(style: str, scripts: list[str]) -> str:
    """Return the page's own rule: nothing is loaded, and nothing runs or styles but what is in the page as it is."""
    ours = " ".join(_hash(script) for script in scripts)
    return f"default-src 'none'; script-src {ours}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _colours(scheme: str, ink: Ink) -> str:
    names = {**asdict(ink), "blue": BLUE, "orange": MEASURES[1], "green": MEASURES[2]}
    listed = "".join(f"--{name}:{colour};" for name, colour in names.items())
    return f":root{{color-scheme:{scheme or 'light'};{listed}}}"
