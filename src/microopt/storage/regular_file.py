"""Open files that are nothing but files: a pipe, a device or a folder is refused, and never waited for."""

from __future__ import annotations

import os
import stat
from errno import EINVAL, ELOOP


def open_regular(path: str | os.PathLike[str], flags: int, mode: int = 0o666, *, folder: int | None = None) -> int:
    """Open a file, and return its descriptor.

    Parameters
    ----------
    flags, mode
        As of `os.open`; with `os.O_NOFOLLOW` a symbolic link is refused.
    folder
        The descriptor of the folder in which the path begins.

    Raises
    ------
    OSError
        If it cannot be opened, or is not a regular file; the text of the error says which.
    """
    try:  # without waiting: a pipe would wait for its other end
        handle = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY, mode, dir_fd=folder)
    except OSError as error:
        if error.errno == ELOOP and flags & os.O_NOFOLLOW:
            raise OSError(ELOOP, "it is a symbolic link", os.fspath(path)) from None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(EINVAL, "it is not a regular file", os.fspath(path))
    return handle


def write_all(handle: int, content: bytes) -> None:
    """Write a content completely: a disk that fills up takes a part of it first, without an error.

    Raises
    ------
    OSError
        If it cannot be written; a part of it may have been.
    """
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]
