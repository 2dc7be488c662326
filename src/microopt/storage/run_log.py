"""A log of runs as JSON lines: one run, one line."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from microopt.errors import MicrooptError
from microopt.plan.document.plan import PlanDocument
from microopt.plan.expectations import Unmet
from microopt.storage.atomic_write import check_writable, write_error


def append(path: str, entry: Mapping[str, Any]) -> None:
    """Add an entry to a log: one line in one write, brought to the disk.

    Runs that write at once take turns, and a line that a killed run left torn is ended first.

    Raises
    ------
    OutputError
        If the log cannot be written.
    """
    check_writable(path)
    line = json.dumps(entry, ensure_ascii=True).encode() + b"\n"
    try:
        with Path(path).open("ab+", buffering=0) as log:
            fcntl.flock(log, fcntl.LOCK_EX)
            log.write((b"\n" if _torn(log.fileno()) else b"") + line)
            os.fsync(log.fileno())
    except OSError as error:
        raise write_error(path, error) from None


def _torn(handle: int) -> bool:
    size = os.fstat(handle).st_size
    return size > 0 and os.pread(handle, 1, size - 1) != b"\n"


def entry_of(
    plan: PlanDocument | None,
    *,
    at: str,
    command: str,
    path: str | None,
    exit_code: int,
    seconds: float,
    unmet: Sequence[Unmet] = (),
    unchanged: bool = False,
    status: str | None = None,
    error: MicrooptError | None = None,
) -> dict[str, Any]:
    """Return the entry of a run.

    Parameters
    ----------
    plan
        What it made, or None where there is no plan: what would be told of it is null.
    at
        When it began, as ISO 8601 in UTC.
    command
        As it was given.
    path
        The file of the plan.
    unmet
        Expectations that the plan does not meet.
    unchanged
        Whether nothing was new, and the plan was left as it is.
    status
        Of a run without a plan, such as `infeasible`.
    error
        What a run failed of.
    """
    step = None if plan is None else plan.replan
    return {
        "at": at,
        "command": command,
        "plan": path,
        "seal": None if plan is None else plan.seal,
        "previous": None if plan is None else plan.previous,
        "status": status if plan is None else plan.status,
        "exit": int(exit_code),
        "seconds": round(seconds, 3),
        **_figures(plan),
        "came": [] if step is None else [one.creator for one in step.switches if one.came],
        "left": [] if step is None else [one.creator for one in step.switches if not one.came],
        "gain": None if step is None or step.gain is None else step.gain.objective,
        "notes": [] if step is None else list(step.notes),
        "unmet": [one.told for one in unmet],
        "unchanged": unchanged,
        "error": None if error is None else {"code": error.code, "message": error.message},
    }


def _figures(plan: PlanDocument | None) -> dict[str, Any]:
    if plan is None:
        return dict.fromkeys(("creators", "spend", "engagements", "conversions"))
    totals = plan.totals
    return {
        "creators": totals.creators,
        "spend": plan.spend,
        "engagements": totals.engagements,
        "conversions": totals.conversions,
    }
