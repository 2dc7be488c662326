"""What a log is told of a run, whichever way it ends."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from time import perf_counter

from microopt.cli.error_boundary import CODES
from microopt.cli.exit_codes import Exit
from microopt.cli.replan_request import ReplanOptions
from microopt.errors import MicrooptError
from microopt.plan.document.plan import PlanDocument
from microopt.plan.expectations import Unmet
from microopt.storage.run_log import append, entry_of


class RunRecord:
    """How a run ended, as far as it is known."""

    def __init__(self) -> None:
        self._start = perf_counter()
        self.plan: PlanDocument | None = None
        self.exit: Exit = Exit.BUG
        self.status: str | None = None
        self.unmet: tuple[Unmet, ...] = ()
        self.unchanged = False
        self.error: MicrooptError | None = None

    @property
    def seconds(self) -> float:
        """How long the run has taken so far."""
        return perf_counter() - self._start

    def ends(
        self,
        code: Exit,
        *,
        plan: PlanDocument | None = None,
        status: str | None = None,
        unmet: Sequence[Unmet] = (),
        unchanged: bool = False,
    ) -> Exit:
        """Note how the run ended, and return its exit code."""
        self.plan, self.exit, self.status, self.unmet, self.unchanged = plan, code, status, tuple(unmet), unchanged
        return code


@contextmanager
def run_log_entry(night: ReplanOptions) -> Iterator[RunRecord]:
    """Add a line to the log at the end of a run, also of one that fails; a dry run writes none."""
    told, at = RunRecord(), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    try:
        yield told
    except MicrooptError as error:
        told.error, told.exit = error, CODES.get(type(error), Exit.BUG)
        raise
    except KeyboardInterrupt:
        told.status, told.exit = "interrupted", Exit.INTERRUPTED
        raise
    finally:
        if night.log is not None and not night.dry_run:
            path = next(iter(night.targets), night.plan)
            entry = entry_of(
                told.plan,
                at=at,
                command=shlex.join(["microopt", *sys.argv[1:]]),
                path=path,
                exit_code=told.exit,
                seconds=told.seconds,
                unmet=told.unmet,
                unchanged=told.unchanged,
                status=told.status,
                error=told.error,
            )
            append(night.log, entry)
