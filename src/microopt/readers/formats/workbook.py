"""A workbook, opened by calamine (the extra `excel`) in a process of its own with limits of memory and time.

A library that aborts, panics or does not end then ends its process alone, and the file is a damaged one. The process
is a fresh one rather than a fork, since pandas and Arrow have threads by now; with nothing to import but calamine it
starts in ten milliseconds, while the parts of the workbook are being checked.
"""

from __future__ import annotations

import marshal
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import IO, Any

from microopt.errors import RosterError
from microopt.quantities.size_limits import (
    WORKBOOK_BASE_MEMORY,
    WORKBOOK_BASE_SECONDS,
    WORKBOOK_BYTES_PER_SECOND,
    WORKBOOK_MEMORY_RATIO,
)
from microopt.readers.formats import calamine_process
from microopt.readers.formats.raw_bytes import unreadable_file
from microopt.readers.formats.workbook_guard import CheckedWorkbook, check_workbook

Cell = int | float | str | bool
PATIENCE = 5  # times the processor time that the process may take, as the machine may be busy
OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)


class Workbook:
    """An open workbook.

    Parameters
    ----------
    path
        As the user wrote it.
    process
        Runs `calamine_process`.
    checked
        What is read.

    Attributes
    ----------
    sheet_names
        In the order of the workbook.
    hidden
        The names of hidden sheets.
    """

    def __init__(self, path: str, process: subprocess.Popen[bytes], checked: CheckedWorkbook) -> None:
        self._path = path
        self._process = process
        self._checked = checked
        self._memory = WORKBOOK_BASE_MEMORY + WORKBOOK_MEMORY_RATIO * checked.unpacked
        limits = marshal.dumps((self._memory, allowed_seconds(checked.unpacked), len(checked.content)))
        names, hidden = self._exchange(limits, checked.content)
        self.sheet_names: list[str] = names
        self.hidden = frozenset[str](hidden)

    def read_cells(self, sheet: str, most_rows: int | None = None) -> list[list[Cell]]:
        """Return the cells of a sheet from A1 on; dates and times are texts.

        Raises
        ------
        RosterError
            If calamine cannot read it.
        """
        rows: list[list[Cell]] = self._exchange(marshal.dumps((sheet, most_rows)))
        return rows

    def hidden_rows(self, sheet: str) -> list[int]:
        """Return the numbers of the hidden rows of a sheet."""
        parts, number = self._checked.sheet_parts, self.sheet_names.index(sheet)
        return self._checked.hidden_rows.get(parts[number], []) if number < len(parts) else []

    def _exchange(self, *messages: bytes) -> Any:
        """Send messages and return the answer."""
        requests, answers = _pipes(self._process)
        try:
            for message in messages:
                requests.write(message)
            requests.flush()
            size = int.from_bytes(answers.read(calamine_process.SIZE_BYTES))
            if size > self._memory:  # something else wrote to it
                raise self._ended_error()
            is_done, value = marshal.loads(answers.read(size))  # noqa: S302 (no other process can write to it)
        except (OSError, EOFError, ValueError, TypeError):  # it has ended before or within its answer
            raise self._ended_error() from None
        if not is_done:
            raise _damaged_error(self._path, value)
        return value

    def _ended_error(self) -> RosterError:
        status = self._process.wait()
        if status == calamine_process.NO_LIBRARY:
            fix = "install it again with: pip install --force-reinstall python-calamine"
            return RosterError(
                "python-calamine, which reads workbooks, cannot be loaded", fix=fix, code="extra-missing"
            )
        resource = "time" if status in OUT_OF_TIME else "memory"
        return _damaged_error(self._path, f"it takes far more {resource} than its size explains")


@contextmanager
def open_workbook(path: str, stored: bytes, max_unpacked: int) -> Iterator[Workbook]:
    """Check a workbook and open it.

    Raises
    ------
    RosterError
        If it is not a workbook, takes too much memory or time, or the library is missing.
    """
    process = _start_process(path)
    timer = None
    try:
        checked = check_workbook(path, stored, max_unpacked)
        timer = Timer(PATIENCE * allowed_seconds(checked.unpacked), process.kill)
        timer.daemon = True
        timer.start()
        yield Workbook(path, process, checked)
    finally:
        if timer is not None:
            timer.cancel()
        process.kill()
        process.wait()
        for pipe in _pipes(process):
            with suppress(OSError):  # what it has not taken is of no use
                pipe.close()


def allowed_seconds(unpacked: int) -> int:
    """Return the processor time that a workbook may take."""
    return WORKBOOK_BASE_SECONDS + unpacked // WORKBOOK_BYTES_PER_SECOND


def _start_process(path: str) -> subprocess.Popen[bytes]:
    spec = find_spec("python_calamine")
    if spec is None or spec.origin is None:
        fix = "install it with: pip install 'microopt[excel]'"
        raise RosterError("reading workbooks needs python-calamine", fix=fix, code="extra-missing")
    library = str(Path(spec.origin).parents[1])
    command = [sys.executable, "-I", "-S", str(calamine_process.__file__), library]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    try:
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing, bufsize=1 << 16)
    except OSError as error:
        message = f"{path} cannot be read: no process for it could be started: {error.strerror}"
        raise unreadable_file("file-unreadable", message, "end other programs, or export it as .csv") from None


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None and process.stdout is not None
    return process.stdin, process.stdout


def _damaged_error(path: str, reason: str) -> RosterError:
    fix = "save it again as .xlsx, or export it as .csv"
    return unreadable_file("file-damaged", f"{path} cannot be read as a workbook: {reason}", fix)
