"""What `microopt history` does once its flags are read: find the plans, put them in order, write, show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from microopt.cli.exit_codes import Exit
from microopt.cli.outputs import check_targets
from microopt.cli.showing import show
from microopt.errors import UsageError
from microopt.inflight.history.build import build_history
from microopt.readers.plan_document import plan_of
from microopt.readers.plan_folder import FoundPlan, plans_of
from microopt.rendering import format_of, history_renderer
from microopt.rendering.terminal.history import history_table
from microopt.storage.atomic_write import write_files
from microopt.storage.database.store import is_store, open_store

Plans = tuple[tuple[FoundPlan, ...], tuple[str, ...]]


def run(source: str, last: int | None, format: str, output: Sequence[str], quiet: bool, out: TextIO) -> Exit:
    """Find the plans, write and show their history, and return the exit code.

    Raises
    ------
    UsageError, OutputError
        If there is no plan to be found, or a target cannot be written.
    """
    check_targets(output, (source,))
    renderers = {path: history_renderer(format_of(path)) for path in output}
    plans, broken = _found(source)
    found = build_history(source, plans, last=last, warnings=broken)
    if not found.nights:
        why = f": {found.warnings[0]}" if found.warnings else ""
        fix = "name the folder of a plan, a plan, or the file that --store keeps them in"
        raise UsageError(f"there is no plan in {source}{why}", fix=fix, code="history-empty")
    write_files({path: render(found) for path, render in renderers.items()})
    if not quiet:
        show(found, format, out, renderer=history_renderer, table=history_table)
    return Exit.OK


def _found(source: str) -> Plans:
    place = Path(source)
    try:
        if place.is_dir():
            return plans_of(place)
        if not is_store(source):
            return plans_of(place.parent)
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or str(error)
        fix = "give a folder, a plan, or the file of --store"
        raise UsageError(f"{source} cannot be read: {told}", fix=fix, code="file-missing") from None
    return _kept(source)


def _kept(source: str) -> Plans:
    """Return the plans of a store, and warnings of those that are broken."""
    found, broken = [], []
    with open_store(source, create=False) as store:
        for name, at, text in store.plans():
            try:
                found.append(FoundPlan(file=plan_of(text.encode("utf-8", "replace"), name), on=at))
            except UsageError as error:
                broken.append(error.message)
    return tuple(found), tuple(broken)
