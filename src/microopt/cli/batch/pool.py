"""The workers of a batch: who gets which campaign, and what becomes of one whose worker ends."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

from msgspec.structs import replace

from microopt.cli.batch.worker import Lifeline, Worker, wait
from microopt.cli.exit_codes import Exit
from microopt.errors import ResourceError
from microopt.inflight.batch.folder import FolderCampaign
from microopt.inflight.batch.result import BatchEntry, CampaignRun
from microopt.signals import SIGNALS

TICK = 1.0  # seconds between two reports while nothing ends
Work = Callable[[FolderCampaign], BatchEntry]
Report = Callable[[int, Sequence[str], BatchEntry | None], None]


class Pool:
    """Plans campaigns in processes of their own, so many at once.

    A campaign whose process ends, as one that is killed because memory is short, is planned again once nothing else
    runs, and given up if that ends too. At a signal the running campaigns end with their best plans, and no further
    one begins; at a second signal all ends at once.

    Parameters
    ----------
    work
        Plans a campaign; called in a process that was forked from this one.
    most
        How many campaigns to plan at once.
    report
        Called with the number of campaigns that are done, the names of those that run, and the one that just ended.
    """

    def __init__(self, work: Work, most: int, report: Report) -> None:
        self.stopped = False
        self._work, self._most, self._report = work, most, report
        self._workers: list[Worker[FolderCampaign, BatchEntry]] = []
        self._done: dict[str, BatchEntry] = {}

    def run(self, campaigns: Sequence[FolderCampaign]) -> tuple[BatchEntry, ...]:
        """Return how each campaign ended, in their order.

        Raises
        ------
        ResourceError
            If the system starts no process at all.
        """
        self._lifeline = Lifeline()
        try:
            with self._signals_stop():
                again: list[tuple[FolderCampaign, int]] = []
                self._work_off(list(campaigns), self._most, lambda *ended: again.append(ended))
                for campaign, _ in sorted(again, key=lambda ended: ended[0].name):
                    self._dismiss()  # what the others hold in memory may be what it lacked
                    self._work_off([campaign], 1, self._give_up)
                self._dismiss()
        finally:
            self._lifeline.close()
        return tuple(self._done.get(campaign.name, _not_run(campaign)) for campaign in campaigns)

    def _work_off(self, waiting: list[FolderCampaign], most: int, ended: Callable[[FolderCampaign, int], None]) -> None:
        """Have campaigns planned; `ended` is called with each whose worker ended, and how that did."""
        attempts = 2 if ended == self._give_up else 1
        while True:
            self._hand_out(waiting, most)
            busy = {worker.connection: worker for worker in self._workers if worker.task is not None}
            if not busy:
                return
            ready = wait(list(busy), TICK)
            self._tell(None)
            for connection in ready:
                assert isinstance(connection, Connection)
                worker = busy[connection]
                campaign = worker.task
                assert campaign is not None
                try:
                    entry = replace(worker.take(), attempts=attempts)
                except (EOFError, OSError):
                    ended(campaign, self._bury(worker))
                else:
                    self._done[campaign.name] = entry
                    self._tell(entry)

    def _hand_out(self, waiting: list[FolderCampaign], most: int) -> None:
        """Give each worker that waits a campaign, and begin further workers where there are more campaigns."""
        while waiting and not self.stopped:
            worker = next((worker for worker in self._workers if worker.task is None), None)
            if worker is None and len(self._workers) < most:
                worker = self._begin()
            if worker is None:
                return
            campaign = self._choose(waiting, worker)
            if worker.give(campaign):
                waiting.remove(campaign)
            else:
                self._bury(worker)

    def _begin(self) -> Worker[FolderCampaign, BatchEntry] | None:
        """Begin a worker; None where the system allows no more, and others are there to do the work."""
        try:
            worker = Worker(self._work, self._lifeline, [worker.connection for worker in self._workers])
        except OSError as error:
            if self._workers:
                return None
            fix = "end other programs, or raise the limits that these show: ulimit -u; ulimit -v"
            message = f"the system starts no process for a campaign: {error.strerror}"
            raise ResourceError(message, fix=fix, code="processes") from None
        self._workers.append(worker)
        return worker

    def _choose(self, waiting: Sequence[FolderCampaign], worker: Worker[FolderCampaign, BatchEntry]) -> FolderCampaign:
        """Return the next campaign, first one whose list the worker has read, then one whose list no other has."""
        last = worker.last
        others = {each.last.roster for each in self._workers if each is not worker and each.last is not None}
        own = (each for each in waiting if last is not None and each.roster is not None and each.roster == last.roster)
        free = (each for each in waiting if each.roster not in others)
        return next(own, None) or next(free, None) or waiting[0]

    def _bury(self, worker: Worker[FolderCampaign, BatchEntry]) -> int:
        """Forget a worker that has ended, and return how it did."""
        self._workers.remove(worker)
        return worker.end()

    def _dismiss(self) -> None:
        """Let all workers end; none has a task."""
        while self._workers:
            self._bury(self._workers[-1])

    def _give_up(self, campaign: FolderCampaign, status: int) -> None:
        entry = _crashed(campaign, status)
        self._done[campaign.name] = entry
        self._tell(entry)

    def _tell(self, entry: BatchEntry | None) -> None:
        running = [worker.task.name for worker in self._workers if worker.task is not None]
        self._report(len(self._done), running, entry)

    @contextmanager
    def _signals_stop(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._stop) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: object) -> None:  # noqa: ARG002 (what a handler is given)
        """Have the running campaigns end with their best plans; at a second signal, end them and this process."""
        how = signal.SIGKILL if self.stopped else signal.SIGINT
        is_second, self.stopped = self.stopped, True
        for worker in self._workers:
            with suppress(ProcessLookupError):
                worker.send_signal(how)
        if is_second:
            try:
                os.write(sys.stderr.fileno(), b"Interrupted.\n")
            finally:
                os._exit(Exit.INTERRUPTED)


def _not_run(campaign: FolderCampaign) -> BatchEntry:
    return BatchEntry(
        name=campaign.name,
        run=CampaignRun.NOT_RUN,
        exit=int(Exit.INTERRUPTED),
        plan=campaign.plan,
        roster=campaign.roster,
        attempts=0,
    )


def _crashed(campaign: FolderCampaign, status: int) -> BatchEntry:
    """Return how a campaign ended whose worker ended a second time."""
    is_killed = status == -signal.SIGKILL
    message = f"its process {_describe_end(status)}, and did so again when nothing else ran"
    fix = "run it alone with microopt replan plan.json, and report this with its files"
    if is_killed:
        message += ": the system does this where memory is short"
        fix = 'use a machine with more memory, or consider fewer creators: where = ["followers >= 5k"]'
    return BatchEntry(
        name=campaign.name,
        run=CampaignRun.CRASHED,
        exit=int(Exit.NO_PLAN if is_killed else Exit.BUG),
        plan=campaign.plan,
        roster=campaign.roster,
        attempts=2,
        code="killed" if is_killed else "crashed",
        message=message,
        fix=fix,
    )


def _describe_end(status: int) -> str:
    if status >= 0:
        return f"ended with code {status}"
    with suppress(ValueError):  # a signal without a name
        return f"was ended by {signal.Signals(-status).name}"
    return f"was ended by signal {-status}"
