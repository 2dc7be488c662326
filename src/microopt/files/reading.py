"""The one door through which files of the user are read; what is read is noted as an input of the running command."""

from __future__ import annotations

import sys
from errno import EBADF, EINVAL
from io import BufferedReader, UnsupportedOperation
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from microopt.files.identity import identify, identify_open
from microopt.files.record import current_record

STANDARD_INPUT = "-"  # in place of the path of a file


def source_name(path: str) -> str:
    """Return what a sentence calls the file of a path."""
    return "standard input" if path == STANDARD_INPUT else path


def read_file(path: str, *, is_input: bool = True, may_wait: bool = True, most: int = -1) -> bytes:
    """Return the bytes of a file or of a named pipe.

    Parameters
    ----------
    is_input
        Whether the result depends on it: it must then not be written. A file that is looked at because it is about to
        be replaced is not an input.
    may_wait
        Whether a pipe is waited for: one that was named is, and one that was found in a folder is not.
    most
        Bytes after which the rest is not read; by default, all of it is.

    Raises
    ------
    OSError, ValueError
        If it cannot be read; the caller knows what it was to be.
    OutputError
        If it is one of the files that the command is to write.
    """
    if not may_wait:
        refuse_endless(path)
    with Path(path).open("rb") as stream:
        if is_input:
            current_record().add_input(identify_open(path, stream.fileno()))
            stream.peek(1)  # waits for a pipe
            current_record().clock.note_byte()
        return stream.read(most)


def refuse_endless(path: str) -> None:
    """Refuse a pipe, which may never end, and a device, some of which never do.

    Raises
    ------
    OSError
        If it is one, or is not there.
    """
    mode = Path(path).stat().st_mode
    if not S_ISREG(mode) and not S_ISDIR(mode):  # a folder has an error of its own
        raise OSError(EINVAL, "it is not a regular file")


def read_standard_input() -> bytes:
    """Return what comes from standard input.

    Raises
    ------
    OSError
        If it is closed, or was read already.
    OutputError
        If it comes from one of the files that the command is to write.
    """
    if sys.stdin is None:
        raise OSError(EBADF, "it is closed")
    current_record().take_standard_input()
    try:
        descriptor = sys.stdin.fileno()
    except UnsupportedOperation:  # text that a test or a notebook gives in its place
        return sys.stdin.buffer.read()
    current_record().add_input(identify_open(source_name(STANDARD_INPUT), descriptor, is_named=False))
    if isinstance(sys.stdin.buffer, BufferedReader):
        sys.stdin.buffer.peek(1)  # waits for a pipe
    current_record().clock.note_byte()
    return sys.stdin.buffer.read()


def note_input(path: str) -> None:
    """Note a file as an input that is read in another way, such as a database.

    Raises
    ------
    OutputError
        If it is one of the files that the command is to write.
    """
    current_record().add_input(identify(path))
