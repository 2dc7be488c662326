"""The store of a nightly run: opened before the work, so that one that cannot be used is told at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from microopt.campaign.progress import ResultRow
from microopt.cli.exit_codes import Exit
from microopt.cli.replan_request import ReplanOptions
from microopt.errors import OutputError
from microopt.plan.document.plan import PlanDocument
from microopt.plan.file_name import iso
from microopt.readers.plan_document import PlanFile
from microopt.rendering.data.json import text_of
from microopt.storage.atomic_write import check_writable
from microopt.storage.database.store import Store, open_store
from microopt.storage.plan_history import plan_time


def check_memory(night: ReplanOptions) -> None:
    """See before the work that the store and the log may be where they are asked for.

    Raises
    ------
    OutputError
        If there is no such folder, or the file is one that the run reads or replaces.
    """
    memory = [path for path in (night.store, night.log) if path is not None]
    for path in memory:
        check_writable(path, (night.plan, *night.sources))
    named = [Path(path).absolute() for path in (*night.targets, *memory)]
    for place, file in enumerate(named):
        if file in named[:place]:
            path = (*night.targets, *memory)[place]
            raise OutputError(f"{path} is asked for twice, as two different files", fix="name another file")


@contextmanager
def remembering(night: ReplanOptions) -> Iterator[Store | None]:
    """Open the store that a run is asked to fill; a dry run has none.

    Raises
    ------
    OutputError
        If the file is no store, or cannot be opened.
    """
    if night.store is None or night.dry_run:
        yield None
        return
    with open_store(night.store, wait=night.wait) as store:
        yield store


def backfill_store(store: Store | None, file: PlanFile, daily: tuple[ResultRow, ...] = ()) -> None:
    """Add a plan that stands already, where the run that made it was killed before it could, or had no store.

    Do it before the plan is replaced: the store then lacks none that is in the history.
    """
    if store is not None:
        place = Path(file.path).absolute()
        store.add_plan(file.document, text_of(file.document), at=iso(plan_time(place, file.document)), daily=daily)


def store_run(
    store: Store | None, plan: PlanDocument, daily: tuple[ResultRow, ...], exit_code: Exit, seconds: float
) -> None:
    """Add what a run made, once its files are written."""
    if store is not None:
        at = "" if plan.replan is None else plan.replan.on
        store.add_plan(plan, text_of(plan), at=at, daily=daily, exit_code=int(exit_code), seconds=seconds)
