"""The program of the process that opens a workbook with calamine, within limits of memory and time; see `workbook`.

It is run by its path and imports nothing but calamine and a little of the standard library, so that it starts in ten
milliseconds. It reads its limits and the workbook from standard input and answers with the names of all sheets and of
the hidden ones; then it reads requests, each for the first rows of a sheet or for all, and answers each with their
cells from A1 on. Before an answer stands its size in eight bytes: `marshal` reads bytes four times as fast as a file.
"""

from __future__ import annotations

import io
import marshal
import os
import resource
import sys
from typing import Any, BinaryIO

SIZE_BYTES = 8
NO_LIBRARY = 3  # the exit status where calamine is installed and cannot be imported


def main(library: str) -> None:
    """Serve one workbook; `library` is the folder in which calamine is installed."""
    sys.path.append(library)
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        sys.exit(NO_LIBRARY)
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    memory, seconds, size = _receive(requests)
    _set_limits(memory, seconds)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(requests.read(size)))
        hidden = [sheet.name for sheet in book.sheets_metadata if not str(sheet.visible).endswith("Visible")]
        _send(answers, True, (list(book.sheet_names), hidden))
        while request := _receive(requests):
            _send(answers, True, _read_cells(book, *request))
    except MemoryError:
        raise  # without an answer, as the library ends where it cannot allocate
    except BaseException as error:  # a panic of calamine is not an Exception
        _send(answers, False, (str(error) or type(error).__name__)[:300])


def _set_limits(memory: int, seconds: int) -> None:
    for kind, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (OSError, ValueError):
            continue  # macOS has no limit of addresses: the checks of the parts and the time limit remain


def _receive(requests: BinaryIO) -> Any:
    """Return the next message of the process that started this one, or None at their end."""
    try:
        return marshal.load(requests)  # noqa: S302 (no other process can write to it)
    except EOFError:
        return None


def _read_cells(book: Any, name: str, most_rows: int | None) -> list[list[Any]]:
    rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=most_rows)
    return rows


def _send(answers: BinaryIO, is_done: bool, value: Any) -> None:
    """Send an answer; dates and times, which marshal does not know, as text."""
    try:
        packed = marshal.dumps((is_done, value))
    except ValueError:
        value = [[cell if isinstance(cell, int | float | str) else str(cell) for cell in row] for row in value]
        packed = marshal.dumps((is_done, value))
    answers.write(len(packed).to_bytes(SIZE_BYTES))
    answers.write(packed)
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
