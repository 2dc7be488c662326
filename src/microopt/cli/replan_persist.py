"""What a nightly run leaves behind: the plan in place, the last one in its history, all of it in the store."""

from __future__ import annotations

from pathlib import Path

from microopt.cli.exit_codes import Exit
from microopt.cli.outputs import write_plan
from microopt.cli.remembering import backfill_store, store_run
from microopt.cli.replan_inputs import ReplanInputs
from microopt.cli.replan_request import ReplanOptions
from microopt.errors import OutputError, UsageError
from microopt.plan.document.plan import plan_document
from microopt.plan.plan import Plan
from microopt.readers.plan_document import PlanFile, read_plan
from microopt.storage.database.store import Store
from microopt.storage.plan_history import archive_plan


def persist_run(
    night: ReplanOptions,
    read: ReplanInputs,
    plan: Plan,
    same: PlanFile | None,
    store: Store | None,
    *,
    exit_code: Exit,
    seconds: float,
) -> None:
    """Write what a run is asked to, in an order that leaves a good plan in place whenever the run dies.

    Plans that are replaced are kept in their history before, the last plan also in the store; the new one comes into
    the store last, and if a run dies before that, the next one adds it.

    Parameters
    ----------
    same
        The plan that was made from the same already: what there is of it stays as it is.
    exit_code, seconds
        How the run ends and how long it took, for the store.

    Raises
    ------
    OutputError
        If something cannot be written.
    """
    if same is not read.last:
        backfill_store(store, read.last)
    targets = tuple(path for path in night.targets if same is None or not _same_file(path, same.path))
    for path in targets:
        if _same_file(path, night.plan):
            _refuse_change(read.last)
        _keep_what_stands(path)
    write_plan(plan, targets)
    if same is not None:
        backfill_store(store, same, read.daily)
    else:
        store_run(store, plan_document(plan), read.daily, exit_code, seconds)


def _keep_what_stands(path: str) -> None:
    """Keep the plan that is about to be replaced, if it is one."""
    if path.endswith(".json") and Path(path).is_file():
        try:
            there = read_plan(path)
        except UsageError:  # it is no plan
            return
        archive_plan(path, there.text, there.document)


def _refuse_change(last: PlanFile) -> None:
    """Refuse to replace a plan that is not the one that was read: another command wrote it meanwhile."""
    if Path(last.path).read_bytes() != last.text.encode("utf-8"):
        message = f"{last.path} was replaced by another command while its plan was made anew"
        raise OutputError(message, fix="run it again: it goes on from the plan that is there now", code="plan-changed")


def _same_file(path: str, other: str) -> bool:
    return other != "-" and Path(path).exists() and Path(path).samefile(other)
