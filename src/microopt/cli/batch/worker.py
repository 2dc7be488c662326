"""A worker of a batch: a process that was forked once everything was imported, and plans one campaign after another.

It is a session of its own, so that Ctrl-C reaches its parent alone, which passes it on. What it prints goes nowhere:
what there is to say is in what it returns. It ends when its parent does, even if that is killed.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
import warnings
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, Pipe, wait
from typing import Generic, TypeVar

from microopt.cli.signals import stop_at_next_search
from microopt.signals import SIGNALS

Task = TypeVar("Task")
Answer = TypeVar("Answer")
ENDED, BROKEN = 0, 70  # exit codes of a worker; nobody but its parent sees them

__all__ = ["Lifeline", "Worker", "wait"]


class Lifeline:
    """A pipe that only the parent can write to: its end is that of the parent."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()

    def close(self) -> None:
        """Close both ends: who waits for the end of the parent ends now."""
        os.close(self.reading)
        os.close(self.writing)

    def follow(self) -> None:
        """End this process as soon as the parent has ended, however that was."""
        os.close(self.writing)
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        while True:
            try:
                if not os.read(self.reading, 1):
                    os._exit(BROKEN)
            except InterruptedError:
                continue


class Worker(Generic[Task, Answer]):
    """A worker as its parent sees it.

    Parameters
    ----------
    work
        What it does with a task; an exception ends it.
    lifeline
        That of its parent.
    others
        Connections of the parent to other workers, which it must not keep open.

    Attributes
    ----------
    task
        What it is doing, None while it waits.

    Raises
    ------
    OSError
        If the system starts no further process.
    """

    def __init__(self, work: Callable[[Task], Answer], lifeline: Lifeline, others: Sequence[Connection]) -> None:
        self.task: Task | None = None
        self.last: Task | None = None
        self.connection, inner = Pipe()
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # until either side knows what to do at one
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of forks with threads, of which there are none
                self.pid = os.fork()
            if not self.pid:
                _serve(work, inner, lifeline, [*others, self.connection])
        except BaseException:
            self.connection.close()
            raise
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            inner.close()

    def give(self, task: Task) -> bool:
        """Hand a task over; whether the worker is there to take it."""
        try:
            self.connection.send(task)
        except OSError:
            return False
        self.task = self.last = task
        return True

    def take(self) -> Answer:
        """Return what the worker made of its task.

        Raises
        ------
        EOFError, OSError
            If it ended before.
        """
        answer: Answer = self.connection.recv()
        self.task = None
        return answer

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal; it has not been waited for, so that its number is still its own."""
        os.kill(self.pid, number)

    def end(self) -> int:
        """Let it end, and return how it did: its exit code, or the number of the signal that ended it below 0."""
        self.connection.close()
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)


def _serve(
    work: Callable[[Task], Answer], connection: Connection, lifeline: Lifeline, others: Sequence[Connection]
) -> None:
    """Take tasks until the parent closes the connection, and end the process."""
    code = BROKEN
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(null, number)
        stop_at_next_search()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        for other in others:
            other.close()
        lifeline.follow()
        while True:
            try:
                task = connection.recv()
            except EOFError:
                code = ENDED
                break
            connection.send(work(task))
            gc.collect()
    finally:
        os._exit(code)
