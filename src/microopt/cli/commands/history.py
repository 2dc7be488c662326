"""`microopt history`: a campaign's plans over time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from microopt.campaign.options import option
from microopt.cli.command import Take, command
from microopt.cli.options import OUTPUT, OutputOptions
from microopt.errors import UsageError

if TYPE_CHECKING:
    from microopt.readers.plan_folder import FoundPlan


@command
def history(
    *,
    plans: Annotated[str, option(metavar="PLANS", help="A folder of plans, a plan in it, or the file of --store.")],
    last: Annotated[
        int | None,
        option("--last", panel=OUTPUT, metavar="N", minimum=1, help="Show only the last N plans."),
    ] = None,
    output: Annotated[
        OutputOptions,
        Take(
            choices={"format": ("table", "json", "csv", "markdown")},
            help={
                "format": "How to print the history.",
                "output": "Also write to a file: .json, .csv, .md, .txt. Repeatable.",
            },
        ),
    ],
) -> None:
    """Show a campaign's plans from the first to the last: what each one changed, and what that gained.

    Examples:

    microopt history .

    microopt history campaign.db --last 7

    microopt history plan.json --format csv -o history.csv
    """
    from microopt.cli.results import ResultWriter
    from microopt.inflight.history.build import build_history
    from microopt.rendering import history_renderer
    from microopt.rendering.terminal.history import history_table

    writer = ResultWriter(output, (plans,), history_renderer, history_table)
    files, warnings = _find_plans(plans)
    result = build_history(plans, files, last=last, warnings=warnings)
    if not result.entries:
        why = f": {result.warnings[0]}" if result.warnings else ""
        fix = "give a folder with plans, a plan file, or the file of --store"
        raise UsageError(f"no plan was found in {plans}{why}", fix=fix, code="history-empty")
    writer.write(result)


def _find_plans(source: str) -> tuple[tuple[FoundPlan, ...], tuple[str, ...]]:
    """Return the plans of a folder or of a store, and warnings about those that are broken."""
    from microopt.readers.nearby_files import suggest_nearby_file
    from microopt.readers.plan_folder import chain_of, read_plan_folder
    from microopt.storage.database.store import is_store

    path = Path(source)
    try:
        if path.is_dir():
            return read_plan_folder(path)
        if not is_store(source):
            found, warnings = read_plan_folder(path.parent)
            return chain_of(path, found), warnings
    except (OSError, ValueError) as error:
        message = getattr(error, "strerror", None) or str(error)
        fix = suggest_nearby_file(source) or "give a folder with plans, a plan file, or the file of --store"
        raise UsageError(f"{source} cannot be read: {message}", fix=fix, code="file-missing") from None
    return _read_store(source)


def _read_store(source: str) -> tuple[tuple[FoundPlan, ...], tuple[str, ...]]:
    from microopt.readers.plan_file import parse_plan
    from microopt.readers.plan_folder import FoundPlan
    from microopt.storage.database.store import open_store

    files, warnings = [], []
    with open_store(source, create=False) as store:
        for name, made_at, document in store.plans():
            try:
                files.append(FoundPlan(file=parse_plan(document, name), made_at=made_at))
            except UsageError as error:
                warnings.append(error.message)
    return tuple(files), tuple(warnings)
