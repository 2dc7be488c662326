"""Plan, Diagnosis, summary or faults -> text; pure, no solver, nothing printed here.

`FORMATS` names the formats of a plan, `SUFFIXES` which one a file name means.
"""

from __future__ import annotations

from collections.abc import Callable

from microopt.comparison import Comparison
from microopt.errors import UsageError
from microopt.front import Front
from microopt.outlook import Outlook
from microopt.plan import Plan

FORMATS = ("table", "json", "csv", "markdown")
SUFFIXES = {".json": "json", ".csv": "csv", ".md": "markdown", ".markdown": "markdown", ".txt": "table"}


def plan_renderer(name: str) -> Callable[[Plan], str]:
    """Return the function that writes a plan in this format; a table is plain text of 120 columns.

    Raises
    ------
    UsageError
        If there is no such format.
    """
    if name == "json":
        from microopt.renderers.plan_json import plan_json

        return plan_json
    if name == "csv":
        from microopt.renderers.plan_csv import plan_csv

        return plan_csv
    if name == "markdown":
        from microopt.renderers.plan_markdown import plan_markdown

        return plan_markdown
    if name == "table":
        from microopt.renderers.plan_table import plan_table
        from microopt.renderers.screen import Screen

        return lambda plan: plan_table(plan, Screen(width=120))
    raise UsageError(f"there is no format {name!r}", fix=f"known are {', '.join(FORMATS)}", code="format-unknown")


def outlook_renderer(name: str) -> Callable[[Outlook], str]:
    """Return the function that writes a forecast in this format; a table is plain text of 120 columns.

    Raises
    ------
    UsageError
        If there is no such format.
    """
    from microopt.renderers.outlook_data import outlook_csv, outlook_json
    from microopt.renderers.outlook_table import outlook_table
    from microopt.renderers.screen import Screen

    known: dict[str, Callable[[Outlook], str]] = {
        "json": outlook_json,
        "csv": outlook_csv,
        "table": lambda outlook: outlook_table(outlook, Screen(width=120)),
    }
    if name not in known:
        fix = "end the file's name in .json, .csv or .txt"
        raise UsageError(f"a forecast is not written as {name}", fix=fix, code="format-unknown")
    return known[name]


def comparison_renderer(name: str) -> Callable[[Comparison], str]:
    """Return the function that writes a comparison in this format; a table is plain text of 120 columns.

    Raises
    ------
    UsageError
        If there is no such format.
    """
    if name == "json":
        from microopt.renderers.comparison_json import comparison_json

        return comparison_json
    if name == "table":
        from microopt.renderers.comparison_table import comparison_table
        from microopt.renderers.screen import Screen

        return lambda comparison: comparison_table(comparison, Screen(width=120))
    fix = "end the file's name in .json or .txt"
    raise UsageError(f"a comparison is not written as {name}", fix=fix, code="format-unknown")


def front_renderer(name: str) -> Callable[[Front], str]:
    """Return the function that writes a trade-off in this format; a table is plain text of 120 columns.

    Raises
    ------
    UsageError
        If there is no such format.
    """
    from microopt.renderers.front_data import front_csv, front_json
    from microopt.renderers.front_table import front_table
    from microopt.renderers.screen import Screen

    known: dict[str, Callable[[Front], str]] = {
        "json": front_json,
        "csv": front_csv,
        "table": lambda front: front_table(front, Screen(width=120)),
    }
    if name not in known:
        fix = "end the file's name in .json, .csv or .txt"
        raise UsageError(f"a trade-off is not written as {name}", fix=fix, code="format-unknown")
    return known[name]


def format_of(path: str) -> str:
    """Return the format that a file's suffix means.

    Raises
    ------
    UsageError
        If no format has that suffix.
    """
    suffix = "." + path.rpartition(".")[2].casefold() if "." in path else ""
    if suffix not in SUFFIXES:
        message = f"cannot tell the format of {path}"
        raise UsageError(message, fix=f"end its name in {', '.join(SUFFIXES)}", code="format-unknown")
    return SUFFIXES[suffix]
