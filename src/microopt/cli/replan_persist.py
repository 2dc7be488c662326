"""What a nightly run leaves behind, however it ends: plans in place and in their history, the store, the log."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from time import perf_counter
from typing import Any

from microopt.campaign.progress import ResultRow
from microopt.cli.console import write
from microopt.cli.error_boundary import exit_code_of_error
from microopt.cli.exit_codes import Exit
from microopt.cli.outputs import write_plan
from microopt.cli.replan_inputs import ReplanInputs
from microopt.cli.replan_options import ReplanOptions
from microopt.errors import MicrooptError, OutputError, UnreportedError, UsageError
from microopt.files.reading import read_file
from microopt.plan.expectations import UnmetExpectation
from microopt.plan.file_name import format_timestamp
from microopt.plan.seal import SealedPlan
from microopt.readers.plan_file import InvalidPlanError, PlanFile, read_plan
from microopt.rendering.data.json import json_text
from microopt.storage.database.store import SIDE_FILES, Store, open_store
from microopt.storage.locks import lock_path
from microopt.storage.plan_history import archive_plan, plan_time
from microopt.storage.run_log import append_entry, build_entry, check_log
from microopt.storage.targets import check_writable, refuse_inputs, reserve_targets


def check_store_and_log(options: ReplanOptions) -> None:
    """Check before the work that the store and the log can be written where they are asked for.

    Raises
    ------
    OutputError
        If there is no such folder, or the file is one that the run reads or replaces, or the log is no log.
    """
    paths = [path for path in (options.store, options.log) if path is not None]
    for path in paths:
        check_writable(path)
    locked = [Path(os.path.realpath(path)) for path in (*options.targets, *filter(None, [options.store]))]
    side_files = [options.store + ending for ending in SIDE_FILES] if options.store is not None else []
    run_files = [*map(str, map(lock_path, locked)), *side_files]
    reserve_targets((*options.targets, *paths, *run_files))
    refuse_inputs((*paths, *run_files), (options.plan, *options.sources))
    if options.log is not None:
        check_log(options.log)


@contextmanager
def open_run_store(options: ReplanOptions) -> Iterator[Store | None]:
    """Open the store that a run fills; a dry run has none.

    Raises
    ------
    OutputError
        If the file is not a store, or cannot be opened.
    """
    if options.store is None or options.dry_run:
        yield None
        return
    with open_store(options.store, wait=options.wait) as store:
        yield store


def persist_run(
    options: ReplanOptions,
    inputs: ReplanInputs,
    sealed: SealedPlan,
    existing: PlanFile | None,
    store: Store | None,
    record: RunRecord,
    *,
    exit_code: Exit,
    attachments: Mapping[str, str | bytes],
) -> None:
    """Write what a run is asked to write, in an order that leaves a good plan in place whenever the run dies.

    Plans that are to be replaced are first archived in their history, the last plan also in the store. The new plan is
    added to the store last; if a run dies before that, the next one adds it.

    Parameters
    ----------
    existing
        The plan that was made from the same inputs already, if any: its files stay as they are.
    record
        What is noted of the run: from the moment in which the plan is in place, that it is.
    exit_code
        How the run ends, for the store.
    attachments
        By format: the content, where it is more than the plan's alone.

    Raises
    ------
    OutputError
        If something cannot be written.
    """
    if existing is not inputs.last:
        backfill_store(store, inputs.last)
    targets = files_to_replace(options, existing)
    for path in targets:
        if is_same_file(path, options.plan):
            refuse_change(inputs.last)
            archive_plan(path, inputs.last.text, inputs.last)
        else:
            archive_replaced(path)
    write_plan(sealed.plan, targets, {**attachments, "json": json_text(sealed.object)}, replaces=(options.plan,))
    record.plan, record.unchanged = sealed, existing is not None
    if existing is not None:
        backfill_store(store, existing, inputs.daily)
    else:
        store_run(store, sealed, inputs.daily, exit_code, record.seconds)


def files_to_replace(options: ReplanOptions, existing: PlanFile | None) -> tuple[str, ...]:
    """Return the targets of a run without the plan that the same inputs gave already, which stays as it is."""
    return tuple(path for path in options.targets if existing is None or not is_same_file(path, existing.path))


def archive_replaced(path: str) -> None:
    """Archive the file that is about to be replaced, if it is a plan.

    Raises
    ------
    UsageError, OutputError
        If it is a plan that is not valid, or cannot be copied.
    """
    if path.endswith(".json") and Path(path).is_file():
        try:
            replaced = read_plan(path, is_input=False)
        except InvalidPlanError:  # a plan all the same, perhaps its only copy: it must not be lost
            raise
        except UsageError:  # it is not a plan
            return
        archive_plan(path, replaced.text, replaced)


def refuse_change(last: PlanFile) -> None:
    """Refuse to replace a plan that is not the one that was read: another command wrote it meanwhile.

    Raises
    ------
    OutputError
        If it is another one.
    """
    if read_file(last.path, is_input=False) != last.text.encode("utf-8"):
        message = f"another command replaced {last.path} during this run"
        fix = f"run it again, so that it starts from the new plan: microopt replan {quote(last.path)}"
        raise OutputError(message, fix=fix, code="plan-changed")


def is_same_file(path: str, second: str) -> bool:
    """Whether a file that is to be written is there, and is the second one; `-` is standard input."""
    return second != "-" and Path(path).exists() and Path(path).samefile(second)


def backfill_store(store: Store | None, file: PlanFile, daily: tuple[ResultRow, ...] = ()) -> None:
    """Add an earlier plan to the store, where the run that made it was killed before it could, or had no store.

    Called before the plan is replaced: the store then lacks no plan that is in the history.
    """
    if store is not None:
        made_at = format_timestamp(plan_time(Path(file.path).absolute(), file))
        store.add_plan(file, json_text(file.object), at=made_at, daily=daily)


def store_run(
    store: Store | None, plan: SealedPlan, daily: tuple[ResultRow, ...], exit_code: Exit, seconds: float
) -> None:
    """Add what a run made, once its files are written."""
    if store is not None:
        at = "" if plan.plan.replan is None else plan.plan.replan.made_at
        store.add_plan(plan, json_text(plan.object), at=at, daily=daily, exit_code=int(exit_code), seconds=seconds)


class RunRecord:
    """How a run ended, as far as is known."""

    def __init__(self) -> None:
        self._start = perf_counter()
        self.plan: SealedPlan | None = None
        self.exit: Exit = Exit.BUG
        self.status: str | None = None
        self.unmet: tuple[UnmetExpectation, ...] = ()
        self.unchanged = False
        self.error: MicrooptError | None = None

    @property
    def seconds(self) -> float:
        """How long the run has taken so far."""
        return perf_counter() - self._start

    def finish(
        self,
        code: Exit,
        *,
        plan: SealedPlan | None = None,
        status: str | None = None,
        unmet: Sequence[UnmetExpectation] = (),
        unchanged: bool = False,
    ) -> None:
        """Note how the run ended."""
        self.plan, self.exit, self.status, self.unmet, self.unchanged = plan, code, status, tuple(unmet), unchanged

    def fail(self, error: BaseException) -> None:
        """Note what made the run fail; what it had done until then stays noted."""
        if isinstance(error, MicrooptError):
            self.error, self.exit = error, exit_code_of_error(error)
        elif isinstance(error, KeyboardInterrupt):
            self.status, self.exit = "interrupted", Exit.INTERRUPTED
        else:
            self.exit = Exit.BUG


@contextmanager
def run_log_entry(options: ReplanOptions) -> Iterator[RunRecord]:
    """Add a line to the log at the end of a run, also of one that fails; a dry run writes none.

    Raises
    ------
    UnreportedError
        If the line cannot be written. Of a run that has failed its own error is raised, and this one only printed.
    """
    record, at = RunRecord(), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    try:
        yield record
    except BaseException as error:
        record.fail(error)
        try:
            _append(options, record, at)
        except UnreportedError as second:
            write(sys.stderr, f"Note: {second.message}.\n")
        raise
    _append(options, record, at)


def _append(options: ReplanOptions, record: RunRecord, at: str) -> None:
    if options.log is None or options.dry_run:
        return
    try:
        append_entry(options.log, _log_entry(options, record, at))
    except OutputError as error:
        done = "the run has no line in it; what it has written is complete"
        raise UnreportedError(f"{error.message}: {done}", fix=error.fix) from None


def _log_entry(options: ReplanOptions, record: RunRecord, at: str) -> dict[str, Any]:
    return build_entry(
        record.plan,
        at=at,
        command=shlex.join(["microopt", *sys.argv[1:]]),
        path=next(iter(options.targets), options.plan),
        exit_code=record.exit,
        seconds=record.seconds,
        unmet=record.unmet,
        unchanged=record.unchanged,
        status=record.status,
        error=record.error,
    )
