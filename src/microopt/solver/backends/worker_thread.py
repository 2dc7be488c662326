"""Work in a thread beside the main one: Ctrl-C reaches it, and work that does not end is left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import perf_counter

from microopt.solver.backends.process_guards import defer_signals
from microopt.solver.result import Limit

GRACE = 5.0  # seconds that work may take beyond its limit, and again after it was told to end


class WorkerHung(Exception):  # noqa: N818 (what has happened, not what is wrong)
    """Work that does not end though it was told to; its thread goes on, and nothing it uses may be touched.

    Attributes
    ----------
    limit
        Why it was told to end.
    """

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit)
        self.limit = limit


def run_in_thread(work: Callable[[], object], cancel: Callable[[], object], seconds: float | None) -> Limit | None:
    """Do work, and return what cut it short.

    Parameters
    ----------
    cancel
        Asks the work to end: called `GRACE` after its limit, and at Ctrl-C.
    seconds
        Its limit, or None.

    Raises
    ------
    Hung
        If it goes on `GRACE` after that, or at a second Ctrl-C.
    Exception
        What the work raises.
    """
    run = _Run(work, cancel, seconds)
    thread = threading.Thread(target=run.body, daemon=True)
    try:
        with defer_signals():
            thread.start()
    except KeyboardInterrupt:
        if thread.ident is None:  # it was not begun
            return Limit.INTERRUPT
        run.stop(Limit.INTERRUPT)
    while True:
        try:
            while not run.over:  # not Thread.join: an interrupted join takes a running thread for ended
                run.wait()
                run.look()
            break
        except KeyboardInterrupt:
            with defer_signals():
                run.stop(Limit.INTERRUPT)
    if run.failed is not None:
        raise run.failed
    return run.limit


class _Run:
    def __init__(self, work: Callable[[], object], cancel: Callable[[], object], seconds: float | None) -> None:
        self.work, self.cancel = work, cancel
        self.over, self.end = False, SimpleQueue[None]()
        self.failed: Exception | None = None
        self.limit: Limit | None = None
        self.deadline = None if seconds is None else perf_counter() + seconds + GRACE

    def body(self) -> None:
        try:
            self.work()
        except Exception as error:
            self.failed = error
        finally:
            self.over = True
            self.end.put(None)

    def wait(self) -> None:
        """Wait for the end, a moment: not for an event, which Ctrl-C can leave with a lock that it does not hold."""
        with suppress(Empty):
            self.end.get(timeout=0.05)

    def look(self) -> None:
        """Tell the work to end where its time is over."""
        if self.deadline is not None and perf_counter() > self.deadline and not self.over:
            self.stop(Limit.TIME)

    def stop(self, limit: Limit) -> None:
        """Tell the work to end, or leave it behind where it was told before."""
        before, self.limit = self.limit, self.limit or limit
        if before is Limit.INTERRUPT or (before is not None and limit is before):
            raise WorkerHung(before)
        self.limit = limit
        self.deadline = perf_counter() + GRACE
        self.cancel()
