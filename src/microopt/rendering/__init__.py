"""Results as text or bytes: what renders which result in which format. Nothing here computes, prints or writes files.

`OUTPUT_FORMATS` is the registry. To add a format, write one module with a function per kind of result, and one line
here; see docs/adding.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from microopt.errors import OutputError, UsageError
from microopt.quantities.parse_and_format import join_words

if TYPE_CHECKING:
    from microopt.analysis.alternatives import Alternatives
    from microopt.analysis.explain.result import Explanation
    from microopt.analysis.forecast_table import ForecastTable
    from microopt.analysis.frontier.result import Frontier
    from microopt.analysis.over_time.result import TimingComparison
    from microopt.analysis.plan_b.result import PlanB
    from microopt.analysis.plan_diff.result import PlanComparison
    from microopt.analysis.report.portfolio_report import PortfolioReport
    from microopt.analysis.report.result import Report
    from microopt.analysis.simulation.result import Simulation
    from microopt.analysis.tiers.compare import Comparison
    from microopt.analysis.tradeoff.pareto import ParetoFront
    from microopt.analysis.tradeoff.risk_front import RiskFront
    from microopt.inflight.batch.result import BatchSummary
    from microopt.inflight.history.result import History
    from microopt.inflight.outreach.result import OutreachList
    from microopt.plan.plan import Plan
    from microopt.plan.portfolio import PortfolioPlan

Result = TypeVar("Result")
RenderersByFormat = Callable[[str], Callable[[Result], str | bytes]]

TABLE_WIDTH = 120  # columns of a table that is written to a file
# By kind of result: how a message begins that names a format in which it is not written.
RESULT_KINDS = {
    "plan": "a plan is",
    "report": "a report is",
    "forecast": "a forecast is",
    "frontier": "a frontier is",
    "tradeoff": "a trade-off is",
    "risk_front": "a trade-off is",
    "tiers": "a comparison is",
    "over_time": "a comparison is",
    "plan_diff": "a comparison is",
    "alternatives": "alternatives are",
    "explanation": "an explanation is",
    "history": "a history is",
    "plan_b": "a plan B is",
    "outreach": "an outreach list is",
    "simulation": "a simulation is",
    "batch": "a summary of a batch is",
    "portfolio": "a portfolio is",
    "portfolio_report": "a portfolio is",
}
REPORTS = ("report", "portfolio_report")  # which show more than their plans, in some of the formats


class OutputFormat(Struct, frozen=True, kw_only=True):
    """An output format.

    Attributes
    ----------
    suffixes
        Ends of the file names that mean the format, in lower case.
    renderers
        By kind of result (see `RESULT_KINDS`): the module within this package and the function, `module:function`.
        A module is imported when its format is asked for.
    in_files_only
        Whether the format is written to files, but not printed.
    requires
        Modules that the extra installs.
    extra
        The extra of microopt that does.
    needs_browser
        Whether a browser of the Chromium family must be installed.
    adds_nothing
        Whether a report of a plan says in it what the plan alone says.
    """

    name: str
    suffixes: tuple[str, ...] = ()
    renderers: dict[str, str]
    in_files_only: bool = False
    requires: tuple[str, ...] = ()
    extra: str = "report"
    needs_browser: bool = False
    adds_nothing: bool = False


def _tables() -> dict[str, str]:
    modules = {"explanation": "explain"}  # the others are named after their kind of result
    kinds = [kind for kind in RESULT_KINDS if kind not in REPORTS]
    return {kind: f"terminal.{modules.get(kind, kind)}:{kind}_table" for kind in kinds}


CSV_KINDS = ("plan", "forecast", "frontier", "tradeoff", "risk_front", "history")  # in `data.csv`
OUTREACH_CSV = "outreach.csv"  # whom to ask by a plan, where `.csv` alone stands for its picks
OUTPUT_FORMATS = (
    OutputFormat(name="table", suffixes=(".txt",), renderers=_tables()),
    OutputFormat(
        name="json",
        suffixes=(".json",),
        renderers={kind: "data.json:object_json" for kind in RESULT_KINDS if kind not in REPORTS},
    ),
    OutputFormat(
        name=OUTREACH_CSV,
        suffixes=(OUTREACH_CSV,),
        renderers={"plan": "data.outreach_csv:plan_outreach_file", "outreach": "data.outreach_csv:outreach_file"},
        in_files_only=True,
    ),
    OutputFormat(
        name="csv",
        suffixes=(".csv",),
        renderers={kind: f"data.csv:{kind}_csv" for kind in CSV_KINDS}
        | {
            "simulation": "data.simulation_csv:simulation_csv",
            "plan_b": "data.plan_b_csv:plan_b_csv",
            "over_time": "data.over_time_csv:over_time_csv",
            "outreach": "data.outreach_csv:outreach_csv",
        },
    ),
    OutputFormat(
        name="markdown",
        suffixes=(".md", ".markdown"),
        renderers={
            "plan": "markdown:plan_markdown",
            "history": "markdown:history_markdown",
            "plan_b": "plan_b_markdown:plan_b_markdown",
            "over_time": "over_time_markdown:over_time_markdown",
            "simulation": "simulation_markdown:simulation_markdown",
            "portfolio": "portfolio_markdown:portfolio_markdown",
        },
    ),
    OutputFormat(name="line", renderers={"plan": "terminal.plan_line:plan_line", "batch": "terminal.batch:batch_line"}),
    OutputFormat(
        name="html",
        suffixes=(".html", ".htm"),
        renderers={
            "plan": "html.page:plan_html",
            "report": "html.page:report_html",
            "simulation": "html.simulation_page:simulation_html",
            "portfolio": "html.portfolio_page:portfolio_html",
            "portfolio_report": "html.portfolio_page:portfolio_report_html",
        },
        requires=("altair", "babel", "jinja2", "vl_convert"),
    ),
    OutputFormat(
        name="pdf",
        suffixes=(".pdf",),
        renderers={"plan": "html.pdf:plan_pdf", "report": "html.pdf:report_pdf"},
        in_files_only=True,
        requires=("altair", "babel", "jinja2", "vl_convert"),
        needs_browser=True,
    ),
    OutputFormat(
        name="pptx",
        suffixes=(".pptx",),
        renderers={"plan": "slides.slides:plan_pptx", "report": "slides.slides:report_pptx"},
        in_files_only=True,
        requires=("babel", "pptx", "vl_convert"),
    ),
    OutputFormat(
        name="xlsx",
        suffixes=(".xlsx",),
        renderers={kind: f"workbook.workbook:{kind}_xlsx" for kind in ("plan", "report", "frontier")}
        | {
            "simulation": "workbook.simulation_workbook:simulation_xlsx",
            "portfolio": "workbook.portfolio_workbook:portfolio_xlsx",
            "portfolio_report": "workbook.portfolio_workbook:portfolio_report_xlsx",
        },
        in_files_only=True,
        requires=("babel", "xlsxwriter"),
    ),
    OutputFormat(
        name="ics",
        suffixes=(".ics",),
        renderers={"plan": "data.ics:plan_ics", "report": "data.ics:report_ics"},
        in_files_only=True,
        requires=("babel", "icalendar"),
        extra="calendar",
        adds_nothing=True,
    ),
    OutputFormat(
        name="square.png",
        suffixes=(".square.png",),
        renderers={"plan": "charts.images:plan_square_png"},
        in_files_only=True,
        requires=("altair", "babel", "vl_convert"),
    ),
    OutputFormat(
        name="png",
        suffixes=(".png",),
        renderers={"plan": "charts.images:plan_png", "simulation": "charts.simulation_picture:simulation_png"},
        in_files_only=True,
        requires=("altair", "babel", "vl_convert"),
    ),
    OutputFormat(
        name="table.svg",
        suffixes=(".table.svg",),
        renderers={"plan": "charts.table_picture:plan_table_svg"},
        in_files_only=True,
    ),
    OutputFormat(
        name="square.svg",
        suffixes=(".square.svg",),
        renderers={"plan": "charts.images:plan_square_svg"},
        in_files_only=True,
        requires=("altair", "babel", "vl_convert"),
    ),
    OutputFormat(
        name="svg",
        suffixes=(".svg",),
        renderers={"plan": "charts.images:plan_svg", "simulation": "charts.simulation_picture:simulation_svg"},
        in_files_only=True,
        requires=("altair", "babel", "vl_convert"),
    ),
)
FORMATS = tuple(format.name for format in OUTPUT_FORMATS if not format.in_files_only)
SUFFIXES = {suffix: format.name for format in OUTPUT_FORMATS for suffix in format.suffixes}
# Formats that show more than the plan: likely ranges, other budgets, profiles.
REPORT_FORMATS = tuple(
    format.name for format in OUTPUT_FORMATS if "report" in format.renderers and not format.adds_nothing
)
DATED_FORMAT = "ics"  # whose plan needs a calendar
# By format, and for charts in a notebook: the modules that it needs.
REQUIRED_MODULES = {**{format.name: format.requires for format in OUTPUT_FORMATS}, "chart": ("altair",)}


def _renderers(kind: str) -> RenderersByFormat[Any]:
    """Return the function that finds how a kind of result is rendered in the format of a given name.

    A table that it renders is plain text of 120 columns. It raises `UsageError` for a format in which such results are
    not written, and `OutputError` if what the format needs is not installed.
    """

    def find_renderer(name: str) -> Callable[[Any], str | bytes]:
        module, _, function = require_renderer(kind, name).partition(":")
        render: Callable[..., str | bytes] = getattr(import_module(f"microopt.rendering.{module}"), function)
        if name != "table":
            return render
        from microopt.rendering.terminal.screen import Screen

        return lambda result: render(result, Screen(width=TABLE_WIDTH))

    return find_renderer


plan_renderer: RenderersByFormat[Plan] = _renderers("plan")
report_renderer: RenderersByFormat[Report] = _renderers("report")
forecast_renderer: RenderersByFormat[ForecastTable] = _renderers("forecast")
frontier_renderer: RenderersByFormat[Frontier] = _renderers("frontier")
tradeoff_renderer: RenderersByFormat[ParetoFront] = _renderers("tradeoff")
risk_front_renderer: RenderersByFormat[RiskFront] = _renderers("risk_front")
tiers_renderer: RenderersByFormat[Comparison] = _renderers("tiers")
over_time_renderer: RenderersByFormat[TimingComparison] = _renderers("over_time")
plan_diff_renderer: RenderersByFormat[PlanComparison] = _renderers("plan_diff")
alternatives_renderer: RenderersByFormat[Alternatives] = _renderers("alternatives")
explanation_renderer: RenderersByFormat[Explanation] = _renderers("explanation")
history_renderer: RenderersByFormat[History] = _renderers("history")
plan_b_renderer: RenderersByFormat[PlanB] = _renderers("plan_b")
outreach_renderer: RenderersByFormat[OutreachList] = _renderers("outreach")
portfolio_renderer: RenderersByFormat[PortfolioPlan] = _renderers("portfolio")
batch_renderer: RenderersByFormat[BatchSummary] = _renderers("batch")
simulation_renderer: RenderersByFormat[Simulation] = _renderers("simulation")


def portfolio_report_renderer(name: str) -> Callable[[PortfolioReport], str | bytes]:
    """Return the function that renders a portfolio with the plans of its campaigns, as `_renderers` says.

    Formats that show no more than the portfolio itself render that.
    """
    kinds = next((format.renderers for format in OUTPUT_FORMATS if format.name == name), {})
    if "portfolio_report" in kinds:
        return _renderers("portfolio_report")(name)
    render = portfolio_renderer(name)
    return lambda report: render(report.plan)


def require_renderer(kind: str, name: str) -> str:
    """Check that a kind of result can be written in a format, and return the renderer's place, without loading it.

    Raises
    ------
    UsageError
        If such results are not written in this format.
    OutputError
        If what the format needs is not installed.
    """
    places = {format.name: format.renderers[kind] for format in OUTPUT_FORMATS if kind in format.renderers}
    if name not in places:
        raise _unsupported_ending(kind, name, list(places))
    require_extra(name)
    return places[name]


def _unsupported_ending(kind: str, name: str, supported: list[str]) -> UsageError:
    if kind == "plan":
        fix = f"use one of: {', '.join(supported)}"
        return UsageError(f"there is no format {name!r}", fix=fix, code="format-unknown")
    suffixes = [suffix for suffix, format in SUFFIXES.items() if format in supported]
    fix = f"end the file's name in {join_words(suffixes, 'or')}"
    return UsageError(f"{RESULT_KINDS[kind]} not written as {name}", fix=fix, code="format-unknown")


def missing_modules(name: str) -> list[str]:
    """Return the modules that a format needs and that are not installed."""
    return [module for module in REQUIRED_MODULES.get(name, ()) if find_spec(module) is None]


def require_extra(name: str) -> None:
    """Check that what a format needs is installed, without loading it.

    Raises
    ------
    OutputError
        If it is not; the fix names the extra, or the browser.
    """
    if missing := missing_modules(name):
        extra = next((format.extra for format in OUTPUT_FORMATS if format.name == name), "report")
        fix = f"install it: pip install 'microopt[{extra}]'"
        raise OutputError(f"writing {name} needs {' and '.join(missing)}", fix=fix, code="extra-missing")
    if any(format.name == name and format.needs_browser for format in OUTPUT_FORMATS):
        from microopt.rendering.html.browser import require_browser

        require_browser()


def format_from_path(path: str, kind: str | None = None) -> str:
    """Return the format that a file's suffix means.

    Parameters
    ----------
    kind
        The kind of result that is written, whose formats a refusal names; None for those of all kinds.

    Raises
    ------
    UsageError
        If no format has that suffix.
    """
    for suffix, name in SUFFIXES.items():
        if path.casefold().endswith(suffix):
            return name
    message = f"cannot tell the format of {path}"
    raise UsageError(message, fix=f"end its name in {', '.join(_suffixes_of(kind))}", code="format-unknown")


def _suffixes_of(kind: str | None) -> Iterator[str]:
    for suffix, name in SUFFIXES.items():
        if kind is None or any(format.name == name and kind in format.renderers for format in OUTPUT_FORMATS):
            yield suffix
