"""CBC as a process of its own: run to its end, its limit or an interrupt; nothing of it is left running."""

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
from microopt.solver.backends.process_guards import defer_signals
from microopt.solver.result import Limit, SolveLimits

GRACE = 5.0  # seconds a solver may take beyond its limit before it is killed


def run(command: list[str], solution: str, log: str, limits: SolveLimits) -> Limit | None:
    """Run CBC; where it dies without its preprocessing, as it does on a few small programs, run it with it.

    Raises
    ------
    BackendError
        If it dies of that too.
    """
    start = perf_counter()
    try:
        return _run(command, log, limits)
    except BackendError:
        if "-preprocess" not in command:
            raise
        Path(solution).unlink(missing_ok=True)  # what a dead process has written is not what the next one says
        return _run(*_again(command, limits, perf_counter() - start, log))


def _again(command: list[str], limits: SolveLimits, spent: float, log: str) -> tuple[list[str], str, SolveLimits]:
    """Return what is run after a death, in the time that is left."""
    at = command.index("-preprocess")
    command = command[:at] + command[at + 2 :]
    if limits.seconds is None:
        return command, log, limits
    left = max(0.0, limits.seconds - spent)
    at = command.index("-sec") + 1
    return [*command[:at], f"{max(left, 0.01):.3f}", *command[at + 1 :]], log, replace(limits, seconds=left)


def _run(command: list[str], log: str, limits: SolveLimits) -> Limit | None:
    """Run CBC to its end, its limit, or an interrupt; return what cut it short."""
    process, timer, late = None, None, threading.Event()
    try:
        with (
            Path(log).open("wb") as sink,
            defer_signals(),
        ):  # an interrupt within Popen would leave a process that nobody knows
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True
            )
            timer = _timed(process, late, limits.seconds)
        process.wait()
    except KeyboardInterrupt:
        _interrupt(process)
        return Limit.INTERRUPT
    finally:
        with defer_signals():
            if process is not None and process.returncode is None:  # deaf to an interrupt, or interrupted again
                _kill(process)
                process.wait()
            if timer is not None:
                timer.cancel()
    if late.is_set():
        return Limit.TIME
    if process.returncode != 0:
        tail = Path(log).read_text(encoding="utf-8", errors="replace")[-300:].strip()
        tail = f": {' '.join(tail.split())}" if tail else ""
        fix = "try --solver highs, or report this with the roster"
        raise BackendError(f"CBC {_end_of(process.returncode)}{tail}", fix=fix, code="solver-failed")
    return None


def _end_of(code: int) -> str:
    return f"ended with code {code}" if code > 0 else f"was killed by {signal.Signals(-code).name}"


def _timed(process: subprocess.Popen[bytes], late: threading.Event, seconds: float | None) -> threading.Timer | None:
    """Return what kills CBC some time after its limit, running: `Popen.wait` with a timeout would poll, 50 ms late."""
    if seconds is None:
        return None
    timer = threading.Timer(min(seconds + GRACE, threading.TIMEOUT_MAX), _end, (process, late))
    timer.daemon = True
    timer.start()
    return timer


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    _kill(process)


def _interrupt(process: subprocess.Popen[bytes] | None) -> None:
    """Ask CBC to write the best it has, for as long as it may take, or until a second Ctrl-C."""
    if process is None or process.poll() is not None:
        return  # it was not begun, or ended while Popen.wait gave it a moment after Ctrl-C
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt, ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
        process.wait(2.0)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):  # it has just ended
            os.killpg(process.pid, signal.SIGKILL)
