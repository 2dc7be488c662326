"""Standard output that says when it cannot be written, and standard error that never stops a run.

Everything that a command prints goes through these two streams, also what Typer and rich print themselves.
"""

from __future__ import annotations

import io
import os
import sys
from errno import EBADF
from typing import TextIO

from microopt.cli.printed_text import printed_text
from microopt.errors import UnreportedError

STDIN, STDOUT, STDERR = 0, 1, 2


def guard_standard_streams() -> None:
    """Replace the standard streams of this process by streams that check what they write.

    A descriptor that the caller has closed (`>&-`) is opened on the null device first: the next file that is opened
    would be given its number, and be written into by whatever prints. Standard output is opened for reading alone, so
    that printing to it is the error that it was.
    """
    for number, mode in ((STDIN, os.O_RDONLY), (STDOUT, os.O_RDONLY), (STDERR, os.O_WRONLY)):
        if not _is_open(number):
            os.dup2(os.open(os.devnull, mode), number)
    sys.stdout = CheckedOutput.over(STDOUT, sys.stdout)
    sys.stderr = LenientError.over(STDERR, sys.stderr)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


class _Stream(io.TextIOWrapper):
    """A text stream over a descriptor, with a buffer of its own: an unbuffered stream drops what does not fit."""

    @classmethod
    def over(cls, number: int, like: TextIO | None) -> _Stream:
        """Return a stream over a descriptor that encodes like the one it replaces, which is None if it was closed."""
        return cls(
            io.BufferedWriter(io.FileIO(number, "w", closefd=False)),
            encoding="utf-8" if like is None else like.encoding,
            errors="backslashreplace" if like is None else like.errors,
            line_buffering=like is not None and bool(like.line_buffering),
        )

    def write(self, text: str, /) -> int:
        """Write text of any origin."""
        return self.write_unchecked(printed_text(text))

    def write_unchecked(self, text: str, /) -> int:
        """Write `printed_text`."""
        try:
            return super().write(text)
        except OSError as error:
            self._abandon(error)
            return len(text)

    def flush(self) -> None:
        """Pass on what is still in the buffer."""
        try:
            super().flush()
        except OSError as error:
            self._abandon(error)

    def _abandon(self, error: OSError) -> None:  # noqa: ARG002 (for those that tell it)
        """Send what is in the buffer, and all that follows, nowhere; the flush at the end of the process included."""
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, self.fileno())
        os.close(null)


class CheckedOutput(_Stream):
    """Standard output: what cannot be written is an error, unless its reader has left, as in `microopt ... | head`."""

    def _abandon(self, error: OSError) -> None:
        super()._abandon(error)
        if isinstance(error, BrokenPipeError):
            return
        reason = "it is closed" if error.errno == EBADF else error.strerror
        fix = "send the output to a place that has room for it, such as > plan.txt; files of -o are complete"
        raise UnreportedError(f"cannot write to standard output: {reason}", fix=fix) from None


class LenientError(_Stream):
    """Standard error: where it cannot be written, nobody can be told, and the exit code still says how it ended."""
