"""Draw Vega-Lite charts in a process of their own, which can start while a plan is still sought.

The engine of vl-convert takes half a second to start, and holds every thread of its process while it draws.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from microopt.errors import OutputError
from microopt.rendering.charts import vega_process

FIX = "run it again; if it fails again, write a format without charts, such as -o plan.xlsx or -o plan.json"
EXIT_SECONDS = 2.0


class VegaProcess:
    """A process that draws one chart after the other.

    Raises
    ------
    OutputError
        If it cannot be started.
    """

    def __init__(self) -> None:
        command = [sys.executable, str(vega_process.__file__)]
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        try:
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing)
        except OSError as error:
            raise _failure(f"no process for it could be started: {error.strerror}") from None
        self._asker = ThreadPoolExecutor(
            max_workers=1
        )  # one chart at a time: a pipe that is full would wait for itself

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def draw(self, spec: str) -> Future[str]:
        """Return the SVG of a chart as soon as it is drawn, or the `OutputError` of one that cannot be."""
        return self._asker.submit(self._ask, spec)

    def _ask(self, spec: str) -> str:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        try:
            stdin.write(spec.encode("utf-8") + b"\n")
            stdin.flush()
            line = stdout.readline()
        except OSError:
            line = b""
        if not line:
            raise _failure("its process ended")
        answer: dict[str, str] = json.loads(line)
        if "error" in answer:
            raise _failure(answer["error"])
        return answer["svg"]

    def close(self) -> None:
        """End the process; what it draws by then is lost."""
        self._process.kill()
        self._process.communicate(timeout=EXIT_SECONDS)
        self._asker.shutdown(wait=False, cancel_futures=True)


def _failure(reason: str) -> OutputError:
    return OutputError(f"a chart cannot be drawn: {reason}", fix=FIX, code="chart-failed")


class _Shared:
    """The one process that all charts of a run are drawn by."""

    def __init__(self, start: Callable[[], VegaProcess]) -> None:
        self._start, self._lock = start, Lock()
        self._process: VegaProcess | None = None

    def find(self) -> VegaProcess:
        """Return the process, which is started where there is none that runs."""
        with self._lock:
            if self._process is None or not self._process.is_alive:
                self._process = self._start()
                atexit.register(self._process.close)
            return self._process


find_vega_process = _Shared(VegaProcess).find
