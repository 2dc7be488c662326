"""What studies return -> text or bytes; pure, no solver, nothing printed here.

`FORMATS` names the formats of a plan that are printed, `FILES` those that only files hold, `SUFFIXES` which one a file
name means.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from microopt.analysis.alternatives import Alternatives
from microopt.analysis.explain.explain import Explanation
from microopt.analysis.forecast_table import ForecastTable
from microopt.analysis.frontier.result import Frontier
from microopt.analysis.plan_diff.result import PlanComparison
from microopt.analysis.report import Report
from microopt.analysis.tiers.compare import Comparison
from microopt.analysis.tradeoff.pareto import ParetoFront
from microopt.errors import OutputError, UsageError
from microopt.inflight.history.result import History
from microopt.plan.plan import Plan

FORMATS = ("table", "json", "csv", "markdown", "line", "html")
FILES = ("xlsx", "png", "svg", "table.svg")
SUFFIXES = {
    ".json": "json",
    ".csv": "csv",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "table",
    ".html": "html",
    ".htm": "html",
    ".xlsx": "xlsx",
    ".table.svg": "table.svg",
    ".svg": "svg",
    ".png": "png",
}
# By format: the extra, and the modules it brings.
NEEDS = {
    "html": ("report", ("altair", "jinja2", "vl_convert")),
    "xlsx": ("report", ("xlsxwriter",)),
    "png": ("report", ("altair", "vl_convert")),
    "svg": ("report", ("altair", "vl_convert")),
    "chart": ("report", ("altair",)),
}


def plan_renderer(name: str) -> Callable[[Plan], str | bytes]:
    """Return the function that writes a plan in this format; a table is plain text of 120 columns.

    Raises
    ------
    UsageError
        If there is no such format, or what writes it is not installed.
    """
    if name not in (*FORMATS, *FILES):
        known = ", ".join((*FORMATS, *FILES))
        raise UsageError(f"there is no format {name!r}", fix=f"known are {known}", code="format-unknown")
    require_extra(name)
    data = {
        "json": "data.json:object_json",
        "csv": "data.csv:plan_csv",
        "markdown": "markdown:plan_markdown",
        "line": "terminal.plan_line:plan_line",
        "html": "html.page:plan_html",
    }
    pictures = {name: f"charts.images:plan_{name.replace('.', '_')}" for name in ("png", "svg", "table.svg")}
    return _writer(
        "a plan is", name, **data, **pictures, xlsx="workbook.workbook:plan_xlsx", table="terminal.plan:plan_table"
    )


def report_renderer(name: str) -> Callable[[Report], str | bytes]:
    """Return the function that writes a report; see `plan_renderer`."""
    require_extra(name)
    return _writer("a report is", name, html="html.page:report_html", xlsx="workbook.workbook:report_xlsx")


def outlook_renderer(name: str) -> Callable[[ForecastTable], str]:
    """Return the function that writes a forecast; see `plan_renderer`."""
    data = {"json": "data.json:object_json", "csv": "data.csv:forecast_csv"}
    return _writer("a forecast is", name, **data, table="terminal.forecast:forecast_table")


def comparison_renderer(name: str) -> Callable[[Comparison], str]:
    """Return the function that writes a comparison; see `plan_renderer`."""
    return _writer("a comparison is", name, json="data.json:object_json", table="terminal.tiers:tiers_table")


def plan_comparison_renderer(name: str) -> Callable[[PlanComparison], str]:
    """Return the function that writes two plans side by side; see `plan_renderer`."""
    return _writer(
        "a comparison is",
        name,
        json="data.json:object_json",
        table="terminal.plan_diff:plan_diff_table",
    )


def alternatives_renderer(name: str) -> Callable[[Alternatives], str]:
    """Return the function that writes alternatives; see `plan_renderer`."""
    return _writer(
        "alternatives are",
        name,
        json="data.json:object_json",
        table="terminal.alternatives:alternatives_table",
    )


def front_renderer(name: str) -> Callable[[ParetoFront], str]:
    """Return the function that writes a trade-off; see `plan_renderer`."""
    data = {"json": "data.json:object_json", "csv": "data.csv:tradeoff_csv"}
    return _writer("a trade-off is", name, **data, table="terminal.tradeoff:tradeoff_table")


def frontier_renderer(name: str) -> Callable[[Frontier], str | bytes]:
    """Return the function that writes a frontier; see `plan_renderer`."""
    require_extra(name)
    data = {"json": "data.json:object_json", "csv": "data.csv:frontier_csv"}
    return _writer(
        "a frontier is", name, **data, table="terminal.frontier:frontier_table", xlsx="workbook.workbook:frontier_xlsx"
    )


def explanation_renderer(name: str) -> Callable[[Explanation], str]:
    """Return the function that writes an explanation; see `plan_renderer`."""
    return _writer(
        "an explanation is",
        name,
        json="data.json:object_json",
        table="terminal.explain:explanation_table",
    )


def history_renderer(name: str) -> Callable[[History], str]:
    """Return the function that writes a history; see `plan_renderer`."""
    data = {
        "json": "data.json:object_json",
        "csv": "data.csv:history_csv",
        "markdown": "markdown:history_markdown",
    }
    return _writer("a history is", name, **data, table="terminal.history:history_table")


def _writer(what: str, name: str, **homes: str) -> Callable[[Any], Any]:
    """Return the function that writes in a format, imported when it is asked for.

    Parameters
    ----------
    homes
        By format: the module, and the function where that has another name.

    Raises
    ------
    UsageError
        If there is no such format, or what writes it is not installed.
    """
    if name not in homes:
        endings = [suffix for suffix, format in SUFFIXES.items() if format in homes]
        fix = f"end the file's name in {', '.join(endings[:-1])} or {endings[-1]}"
        raise UsageError(f"{what} not written as {name}", fix=fix, code="format-unknown")
    module, _, function = homes[name].partition(":")
    write = getattr(import_module(f"microopt.rendering.{module}"), function)
    if name != "table":
        return write  # type: ignore[no-any-return]
    from microopt.rendering.terminal.screen import Screen

    return lambda found: str(write(found, Screen(width=120)))


def require_extra(name: str) -> None:
    """See that what a format needs is installed, without loading it.

    Raises
    ------
    OutputError
        If it is not; the fix names the extra.
    """
    extra, modules = NEEDS.get(name, ("", ()))
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        fix = f"install it: pip install 'microopt[{extra}]'"
        raise OutputError(f"writing {name} needs {' and '.join(missing)}", fix=fix, code="extra-missing")


def format_from_path(path: str) -> str:
    """Return the format that a file's suffix means.

    Raises
    ------
    UsageError
        If no format has that suffix.
    """
    for suffix, name in SUFFIXES.items():
        if path.casefold().endswith(suffix):
            return name
    message = f"cannot tell the format of {path}"
    raise UsageError(message, fix=f"end its name in {', '.join(SUFFIXES)}", code="format-unknown")
