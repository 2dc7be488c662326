"""Do work of native code in a thread of its own, so that Ctrl-C and a time limit reach the main thread meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import perf_counter

from microopt.signals import defer_signals
from microopt.solver.result import Limit

PATIENCE = 0.1  # seconds that work may take beyond its limit before it is canceled: its own clock can be seconds late
GRACE = 1.0  # seconds that it may take after that


class WorkerHung(Exception):  # noqa: N818 (it names what happened, not what is wrong)
    """Work that does not end although it was canceled; its thread goes on, and nothing that it uses may be touched.

    Attributes
    ----------
    limit
        Why it was canceled.
    """

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit)
        self.limit = limit


def run_in_thread(work: Callable[[], object], cancel: Callable[[], object], seconds: float | None) -> Limit | None:
    """Do work, and return what cut it short.

    Parameters
    ----------
    cancel
        Cancels the work: called `PATIENCE` seconds after its limit, and at Ctrl-C.
    seconds
        Time limit of the work, or None.

    Raises
    ------
    WorkerHung
        If the work goes on for `GRACE` seconds after that, or at a second Ctrl-C.
    Exception
        Any exception of the work itself.
    """
    run = _Run(work, cancel, seconds)
    thread = threading.Thread(target=run.body, daemon=True)
    try:
        with defer_signals():
            thread.start()
    except KeyboardInterrupt:
        if thread.ident is None:  # it has not started
            return Limit.INTERRUPT
        run.stop(Limit.INTERRUPT)
    while True:
        try:
            while not run.is_over:  # not Thread.join: after an interrupted join a running thread counts as ended
                run.wait()
                run.check_deadline()
            break
        except KeyboardInterrupt:
            with defer_signals():
                run.stop(Limit.INTERRUPT)
    if run.error is not None:
        raise run.error
    return run.limit


class _Run:
    def __init__(self, work: Callable[[], object], cancel: Callable[[], object], seconds: float | None) -> None:
        self.work, self.cancel = work, cancel
        self.is_over, self.end = False, SimpleQueue[None]()
        self.error: BaseException | None = None
        self.limit: Limit | None = None
        self.deadline = None if seconds is None else perf_counter() + seconds + PATIENCE

    def body(self) -> None:
        try:
            self.work()
        except BaseException as error:  # whatever it is, it is raised where its end is waited for
            self.error = error
        finally:
            self.is_over = True
            self.end.put(None)

    def wait(self) -> None:
        """Wait a moment for the end; not for an event, which Ctrl-C can leave with a lock that it does not hold."""
        with suppress(Empty):
            self.end.get(timeout=0.05)

    def check_deadline(self) -> None:
        """Cancel the work if its time is over."""
        if self.deadline is not None and perf_counter() > self.deadline and not self.is_over:
            self.stop(Limit.TIME)

    def stop(self, limit: Limit) -> None:
        """Cancel the work, or abandon it if it was canceled before."""
        previous, self.limit = self.limit, self.limit or limit
        if previous is Limit.INTERRUPT or (previous is not None and limit is previous):
            raise WorkerHung(previous)
        self.limit = limit
        self.deadline = perf_counter() + GRACE
        self.cancel()
