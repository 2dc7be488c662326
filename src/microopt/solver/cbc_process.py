"""CBC as a process of its own: run to its end, its limit or an interrupt, and its log and status line read."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from math import isfinite
from pathlib import Path

from microopt.errors import BackendError
from microopt.solver.answer import Limit, Limits

GRACE = 5.0  # seconds a solver may take beyond its limit before it is killed


def run(command: list[str], log: str, limits: Limits) -> Limit | None:
    """Run CBC; where it dies without its preprocessing, as it does on a few small programs, run it with it."""
    try:
        return _run(command, log, limits)
    except BackendError:
        if "-preprocess" not in command:
            raise
        at = command.index("-preprocess")
        return _run(command[:at] + command[at + 2 :], log, limits)


def _run(command: list[str], log: str, limits: Limits) -> Limit | None:
    """Run CBC to its end, its limit, or an interrupt; return what cut it short."""
    with Path(log).open("wb") as sink:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True)
        limit = _wait(process, None if limits.seconds is None else limits.seconds + GRACE)
    if limit is None and process.returncode != 0:
        tail = Path(log).read_text(encoding="utf-8", errors="replace")[-300:].strip()
        fix = "try --solver highs, or report this with the roster"
        raise BackendError(f"CBC ended with code {process.returncode}: {tail}", fix=fix, code="solver-failed")
    return limit


def _wait(process: subprocess.Popen[bytes], seconds: float | None) -> Limit | None:
    """Wait for CBC; return what cut it short. `Popen.wait` with a timeout would poll, 50 ms late: a timer kills."""
    late = threading.Event()
    timer = threading.Timer(seconds or 0.0, _end, (process, late))
    timer.daemon = True
    if seconds is not None:
        timer.start()
    try:
        process.wait()
    except KeyboardInterrupt:
        _interrupt(process)
        return Limit.INTERRUPT
    finally:
        timer.cancel()
    return Limit.TIME if late.is_set() else None


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    _kill(process)


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Ask CBC to write the best it has; kill it if it takes too long, or at a second Ctrl-C."""
    if process.poll() is not None:
        return  # it ended while Popen.wait gave it a moment after Ctrl-C
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(2.0)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        _kill(process)
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def cut_short(status: str) -> Limit:
    """Return the limit that a status line names."""
    return Limit.NODES if "iterations" in status or "nodes" in status else Limit.TIME


def objective_value(status: str) -> float | None:
    """Return the objective that a status line tells."""
    found = re.search(r"objective value\s+(\S+)", status)
    return float(found[1]) if found else None


def logged_bound(log: str) -> float | None:
    """Return the bound that CBC logs when it is cut short."""
    text = Path(log).read_text(encoding="utf-8", errors="replace")
    found = re.findall(r"^Upper bound:\s+(\S+)", text, re.MULTILINE)
    return float(found[-1]) if found and isfinite(float(found[-1])) else None
