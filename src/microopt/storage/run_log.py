"""A log of runs as JSON lines: one run, one line."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Mapping, Sequence
from errno import EBUSY
from typing import Any, ClassVar

from msgspec import Struct

from microopt.errors import MicrooptError, OutputError
from microopt.plan.codec import json_object, schema_id
from microopt.plan.difference import Difference
from microopt.plan.expectations import UnmetExpectation
from microopt.plan.plan import Totals
from microopt.plan.seal import SealedPlan
from microopt.quantities.units import Seconds
from microopt.storage.regular_file import open_regular, write_all
from microopt.storage.targets import claim_targets, write_error

PATIENCE = 30.0  # seconds to wait for other runs, each of which takes a moment
POLL_SECONDS = 0.01
SCHEMA = "run"
BEGINNING = f'{{"schema": "{schema_id(SCHEMA).partition("/")[0]}/'.encode()  # of every log


def append_entry(path: str, entry: Mapping[str, Any]) -> None:
    """Append an entry to a log: one line, flushed to the disk, or nothing.

    Runs that write at the same time take turns, and a line that a killed run left unfinished is ended first. A file
    that is no log is refused: a run that fails early has not read all its inputs, and cannot tell that it is one.

    Raises
    ------
    OutputError
        If the log cannot be written, or the file holds something else; it is unchanged.
    """
    target = claim_targets([path])[path]
    line = json.dumps(entry, ensure_ascii=True).encode() + b"\n"
    try:
        handle = open_regular(target, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW)
        try:
            _take_turn(handle)
            _require_log(path, handle)
            _append_whole(handle, (b"\n" if _ends_mid_line(handle) else b"") + line)
        finally:
            os.close(handle)
    except OSError as error:
        raise write_error(path, error) from None


def check_log(path: str) -> None:
    """Check before a run that its log, if there is one already, is a log.

    Raises
    ------
    OutputError
        If it holds something else, or cannot be opened.
    """
    try:
        handle = open_regular(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    except OSError as error:
        raise write_error(path, error) from None
    try:
        _require_log(path, handle)
    finally:
        os.close(handle)


def _take_turn(handle: int) -> None:
    """Lock the log until it is closed; who holds it for long is no run that writes a line."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise OSError(EBUSY, f"another program has locked it for {PATIENCE:.0f} seconds") from None
            time.sleep(POLL_SECONDS)
        else:
            return


def _require_log(path: str, handle: int) -> None:
    """Refuse a file that does not begin as a log does; a new file, or the torn first line of one, may be continued."""
    found = os.pread(handle, len(BEGINNING), 0)
    if not BEGINNING.startswith(found):
        fix = "name another file, such as runs.jsonl, or move this one away"
        raise OutputError(f"cannot write {path}: it is not a log of runs", fix=fix)


def _append_whole(handle: int, content: bytes) -> None:
    """Append a content completely, or shorten the log to what it was: a full disk takes a part of a line."""
    size = os.fstat(handle).st_size
    try:
        write_all(handle, content)
        os.fsync(handle)
    except BaseException:
        os.ftruncate(handle, size)
        raise


def _ends_mid_line(handle: int) -> bool:
    size = os.fstat(handle).st_size
    return size > 0 and os.pread(handle, 1, size - 1) != b"\n"


class RunError(Struct, frozen=True, kw_only=True):
    """Why a run failed."""

    code: str
    message: str


class RunLogEntry(Struct, frozen=True, kw_only=True):
    """A run, as one line of the log.

    Attributes
    ----------
    at
        When it began, as ISO 8601 in UTC.
    command
        The command as it was given.
    plan
        The file of the plan.
    seal, previous
        The seals of the plan and of the one before, None without a plan.
    status
        The plan's status; of a run without a plan such as `infeasible`.
    exit
        The exit code.
    totals, gain
        As in the plan; None without one.
    added, dropped
        Creators by name.
    unmet
        Expectations that the plan does not meet, in sentences.
    unchanged
        Whether nothing was new, and the plan was left as it is.
    """

    at: str
    command: str
    plan: str | None
    seal: str | None
    previous: str | None
    status: str | None
    exit: int
    seconds: Seconds
    totals: Totals | None
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    gain: Difference | None
    notes: tuple[str, ...]
    unmet: tuple[str, ...]
    unchanged: bool
    error: RunError | None

    schema_name: ClassVar[str] = SCHEMA


def build_entry(
    sealed: SealedPlan | None,
    *,
    at: str,
    command: str,
    path: str | None,
    exit_code: int,
    seconds: float,
    unmet: Sequence[UnmetExpectation] = (),
    unchanged: bool = False,
    status: str | None = None,
    error: MicrooptError | None = None,
) -> dict[str, Any]:
    """Return the JSON object of a run.

    Parameters
    ----------
    sealed
        The plan that it made, None where there is none.
    path
        The file of the plan.
    unmet
        Expectations that the plan does not meet.
    error
        What made the run fail.
    """
    plan = None if sealed is None else sealed.plan
    step = None if plan is None else plan.replan
    switches = () if step is None else step.switches
    entry = RunLogEntry(
        at=at,
        command=command,
        plan=path,
        seal=None if sealed is None else sealed.seal,
        previous=None if sealed is None else sealed.previous,
        status=status if plan is None else plan.status,
        exit=int(exit_code),
        seconds=seconds,
        totals=None if plan is None else plan.totals,
        added=tuple(item.creator for item in switches if item.added),
        dropped=tuple(item.creator for item in switches if not item.added),
        gain=None if step is None else step.gain,
        notes=() if step is None else step.notes,
        unmet=tuple(item.message for item in unmet),
        unchanged=unchanged,
        error=None if error is None else RunError(code=error.code, message=error.message),
    )
    return json_object(entry)
