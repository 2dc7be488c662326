"""What studies return -> text or bytes; pure, no solver, nothing printed here.

`FORMATS` names the formats of a plan that are printed, `FILES` those that only files hold, `SUFFIXES` which one a file
name means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from microopt.alternative import Alternatives
from microopt.budget_frontier import Frontier
from microopt.comparison import Comparison
from microopt.errors import UsageError
from microopt.explanation import Explanation
from microopt.front import Front
from microopt.outlook import Outlook
from microopt.plan import Plan
from microopt.plan_comparison import PlanComparison

FORMATS = ("table", "json", "csv", "markdown")
FILES = ("xlsx", "png", "svg", "table.svg")
SUFFIXES = {
    ".json": "json", ".csv": "csv", ".md": "markdown", ".markdown": "markdown", ".txt": "table", ".xlsx": "xlsx",
    ".table.svg": "table.svg", ".svg": "svg", ".png": "png",
}  # fmt: skip
EXTRAS = {"xlsx": ("xlsxwriter",), "png": ("altair", "vl_convert"), "svg": ("altair", "vl_convert")}


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
    return _writer(
        "a plan is", name, json="plan_json", csv="plan_csv", markdown="plan_markdown", table="plan_table",
        xlsx="plan_xlsx", png="plan_pictures.plan_png", svg="plan_pictures.plan_svg",
        **{"table.svg": "plan_pictures.plan_table_svg"},
    )  # fmt: skip


def outlook_renderer(name: str) -> Callable[[Outlook], str]:
    """Return the function that writes a forecast; see `plan_renderer`."""
    data = {"json": "outlook_data.outlook_json", "csv": "outlook_data.outlook_csv"}
    return _writer("a forecast is", name, **data, table="outlook_table")


def comparison_renderer(name: str) -> Callable[[Comparison], str]:
    """Return the function that writes a comparison; see `plan_renderer`."""
    return _writer("a comparison is", name, json="comparison_json", table="comparison_table")


def plan_comparison_renderer(name: str) -> Callable[[PlanComparison], str]:
    """Return the function that writes two plans side by side; see `plan_renderer`."""
    return _writer("a comparison is", name, json="plan_comparison_json", table="plan_comparison_table")


def alternatives_renderer(name: str) -> Callable[[Alternatives], str]:
    """Return the function that writes alternatives; see `plan_renderer`."""
    return _writer("alternatives are", name, json="alternatives_json", table="alternatives_table")


def front_renderer(name: str) -> Callable[[Front], str]:
    """Return the function that writes a trade-off; see `plan_renderer`."""
    data = {"json": "front_data.front_json", "csv": "front_data.front_csv"}
    return _writer("a trade-off is", name, **data, table="front_table")


def frontier_renderer(name: str) -> Callable[[Frontier], str | bytes]:
    """Return the function that writes a frontier; see `plan_renderer`."""
    data = {"json": "frontier_data.frontier_json", "csv": "frontier_data.frontier_csv"}
    return _writer("a frontier is", name, **data, table="frontier_table", xlsx="plan_xlsx.frontier_xlsx")


def explanation_renderer(name: str) -> Callable[[Explanation], str]:
    """Return the function that writes an explanation; see `plan_renderer`."""
    return _writer("an explanation is", name, json="explanation_json", table="explanation_table")


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
    demand(f"writing {name}", EXTRAS.get(name, ()))
    module, _, function = homes[name].partition(".")
    write = getattr(import_module(f"microopt.renderers.{module}"), function or module)
    if name != "table":
        return write  # type: ignore[no-any-return]
    from microopt.renderers.screen import Screen

    return lambda found: str(write(found, Screen(width=120)))


def demand(what: str, libraries: Sequence[str]) -> None:
    """See that the libraries are there which the extra `report` brings.

    Raises
    ------
    UsageError
        If one is not installed.
    """
    if any(find_spec(library) is None for library in libraries):
        fix = "install it with: pip install 'microopt[report]'"
        raise UsageError(f"{what} needs {' and '.join(libraries)}", fix=fix, code="extra-missing")


def format_of(path: str) -> str:
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
