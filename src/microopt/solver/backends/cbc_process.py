"""A process of CBC: it runs to its end, its limit or an interrupt, and nothing of it is left running."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from time import perf_counter

from msgspec.structs import replace

from microopt.errors import BackendError
from microopt.signals import defer_signals
from microopt.solver.backends.solver_folder import SolverFolder
from microopt.solver.result import Limit, SolveLimits

PATIENCE = 0.1  # seconds that CBC may take beyond its limit before it is interrupted: its own clock can be seconds late
GRACE = 1.0  # seconds after which it is killed if it ignores that


def run_cbc(
    command: list[str], solution: str, log: str, limits: SolveLimits, folder: SolverFolder | None = None
) -> Limit | None:
    """Run CBC, and return what cut it short; if it crashes without its preprocessing, run it again with it.

    It crashes without its preprocessing on a few small programs.

    Parameters
    ----------
    folder
        What ends CBC if this process is killed.

    Raises
    ------
    BackendError
        If it crashes again.
    """
    start = perf_counter()
    try:
        return _run_process(command, log, limits, folder)
    except BackendError:
        if "-preprocess" not in command:
            raise
        Path(solution).unlink(missing_ok=True)  # the second process must not inherit the file of the first
        return _run_process(*_retry_command(command, limits, perf_counter() - start, log), folder)


def _retry_command(
    command: list[str], limits: SolveLimits, spent: float, log: str
) -> tuple[list[str], str, SolveLimits]:
    """Return what to run after a crash, within the remaining time."""
    position = command.index("-preprocess")
    command = command[:position] + command[position + 2 :]
    if limits.seconds is None:
        return command, log, limits
    seconds = max(0.0, limits.seconds - spent)
    position = command.index("-sec") + 1
    command = [*command[:position], f"{max(seconds, 0.01):.3f}", *command[position + 1 :]]
    return command, log, replace(limits, seconds=seconds)


def _run_process(command: list[str], log: str, limits: SolveLimits, folder: SolverFolder | None) -> Limit | None:
    """Run CBC to its end, its limit, or an interrupt; return what cut it short."""
    process, timer, late = None, None, threading.Event()
    try:
        # an interrupt within Popen would leave a process that nobody knows of
        with Path(log).open("wb") as sink, defer_signals():
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True
            )
            if folder is not None:
                folder.guard(process)
            timer = _start_kill_timer(process, late, limits.seconds)
        process.wait()
    except KeyboardInterrupt:
        _interrupt(process)
        return Limit.INTERRUPT
    finally:
        with defer_signals():
            if process is not None and process.returncode is None:  # it ignores the interrupt, or a second one came
                _kill(process)
                process.wait()
            if folder is not None and process is not None:
                folder.release(process)
            if timer is not None:
                timer.cancel()
    if late.is_set():
        return Limit.TIME
    if process.returncode != 0:
        tail = Path(log).read_text(encoding="utf-8", errors="replace")[-300:].strip()
        tail = f": {' '.join(tail.split())}" if tail else ""
        fix = "try --solver highs, or report this with the roster"
        raise BackendError(f"CBC {_describe_exit(process.returncode)}{tail}", fix=fix, code="solver-failed")
    return None


def _describe_exit(code: int) -> str:
    if code > 0:
        return f"ended with code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:  # a real-time signal, most of which have no name
        return f"was killed by signal {-code}"


def _start_kill_timer(
    process: subprocess.Popen[bytes], late: threading.Event, seconds: float | None
) -> threading.Timer | None:
    """Start and return a timer that stops CBC after its limit: `Popen.wait` with a timeout would poll, 50 ms late."""
    if seconds is None:
        return None
    timer = threading.Timer(min(seconds + PATIENCE, threading.TIMEOUT_MAX), _stop_late, (process, late))
    timer.daemon = True
    timer.start()
    return timer


def _stop_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    """Have CBC write its incumbent and end, or kill it."""
    late.set()
    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGINT)
        process.wait(GRACE)
    _kill(process)


def _interrupt(process: subprocess.Popen[bytes] | None) -> None:
    """Have CBC write its incumbent, and wait two seconds at most, or until a second Ctrl-C."""
    if process is None or process.poll() is not None:
        return  # it has not started, or it ended in the moment that Popen.wait gives it after Ctrl-C
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt, ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
        process.wait(2.0)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):  # it has just ended
            os.killpg(process.pid, signal.SIGKILL)
