"""Get the bytes of a roster from a file, a gzip file or standard input, and their SHA-256."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from shlex import quote
from stat import S_ISREG
from typing import TypeVar

import numpy as np

from microopt.errors import Fault, RosterError
from microopt.files.reading import STANDARD_INPUT, read_file, read_standard_input, source_name
from microopt.readers.nearby_files import suggest_nearby_file
from microopt.readers.options import MAX_RATIO, UNPACKED_WITHOUT_RATIO

T = TypeVar("T")


CHUNK = 1 << 20  # bytes
FIRST_CHUNK = 1 << 10  # bytes of each member of a gzip file, which can have thousands of a few bytes
LARGE_FILE = 4 << 20  # bytes from which a second core is worthwhile
COUNTED_AT_ONCE = 1 << 18  # bytes, few enough to stay in the cache
GZIP = b"\x1f\x8b"


def run_in_background(work: Callable[[], T], size: int, large: int) -> Callable[[], T]:
    """Start `work` in a thread if `size` is at least `large`; return a function that waits for its result.

    Hashing and grouping release Python's lock, so that a second core can do them. Errors of `work` are raised to the
    caller that waits. Smaller work is done only when the result is asked for.
    """
    if size < large:
        return work
    executor = ThreadPoolExecutor(1)
    future = executor.submit(work)
    executor.shutdown(wait=False)
    return future.result


def read_unpacked_bytes(path: str, max_unpacked: int) -> tuple[bytes, Callable[[], str]]:
    """Return the unpacked bytes, and a function that returns the SHA-256 of the stored bytes.

    Parameters
    ----------
    path
        A file, or `-` for standard input. Gzip is recognized by its first bytes.
    max_unpacked
        Bytes that a compressed file may unpack to.

    Raises
    ------
    RosterError
        If there is no such file, it cannot be read or unpacked, is empty, or unpacks to more than `max_unpacked`.
    """
    stored = read_stored_bytes(path)
    digest = run_in_background(lambda: sha256(stored).hexdigest(), len(stored), LARGE_FILE)
    data = _unpack(path, stored, max_unpacked) if stored[:2] == GZIP else stored
    if not data or data.isspace():
        fix = "export it again, with a header such as creator,followers,fee and one row per creator"
        raise unreadable_file("file-empty", f"{source_name(path)} is empty", fix)
    return data, digest


def read_stored_bytes(path: str, *, may_wait: bool = True) -> bytes:
    """Return the bytes of a file or of standard input as they are stored.

    Parameters
    ----------
    may_wait
        Whether a pipe is waited for: one that was named is, and one that was found in a folder is not.

    Raises
    ------
    RosterError
        If there is no such file, or it cannot be read.
    """
    try:
        return read_standard_input() if path == STANDARD_INPUT else read_file(path, may_wait=may_wait)
    except FileNotFoundError:
        fix = f"check the path (it is looked up from {Path.cwd()}), or create an example with microopt init"
        fix = suggest_nearby_file(path) or fix
        raise unreadable_file("file-missing", f"there is no file {path}", fix) from None
    except IsADirectoryError:
        fix = f"name the file in it, such as {Path(path) / 'roster.csv'}"
        raise unreadable_file("file-folder", f"{path} is a folder", fix) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        fix = f"check its permissions: ls -l {quote(path)}"
        if path == STANDARD_INPUT:
            fix = "pipe a list into microopt, such as microopt check - < roster.csv, or name its file"
        raise unreadable_file("file-unreadable", f"{source_name(path)} cannot be read: {reason}", fix) from None


def count_byte(data: bytes, mark: bytes, start: int = 0) -> int:
    """Return `data.count(mark, start)`, ten times as fast where there are many marks."""
    characters = np.frombuffer(data, dtype=np.uint8, offset=start)
    parts = (characters[at : at + COUNTED_AT_ONCE] for at in range(0, len(characters), COUNTED_AT_ONCE))
    return sum(int(np.count_nonzero(part == ord(mark))) for part in parts)


def file_stamp(path: str) -> tuple[int, ...] | None:
    """Return values that change when a regular file is written to; None for other files, which are readable once."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns) if S_ISREG(status.st_mode) else None


def _unpack(path: str, stored: bytes, max_unpacked: int) -> bytes:
    """Unpack gzip in chunks, so that a decompression bomb is refused before it fills the memory."""
    parts, size = [], 0
    try:
        for part in _unpack_chunks(stored):
            parts.append(part)
            size += len(part)
            check_unpacked_size(path, len(stored), size, max_unpacked)
    except (zlib.error, EOFError):
        fix = f"download it again, or test it with: gzip -t {quote(path)}"
        if path == STANDARD_INPUT:
            fix = "download it again, or name its file in place of -, such as roster.csv.gz"
        raise unreadable_file("file-damaged", f"{source_name(path)} is a damaged gzip file", fix) from None
    return b"".join(parts)


def _unpack_chunks(stored: bytes) -> Iterator[bytes]:
    """Yield the contents of the members of a gzip file, at most `CHUNK` bytes at a time."""
    position = 0
    while stored[position : position + 2] == GZIP:
        unpacker, size = zlib.decompressobj(wbits=31), FIRST_CHUNK
        while not unpacker.eof:
            packed = unpacker.unconsumed_tail
            if not packed:
                packed = stored[position : position + size]
                position += len(packed)
                size = min(2 * size, CHUNK)
            part = unpacker.decompress(packed, CHUNK)
            if not part and not packed and not unpacker.eof:
                raise EOFError
            yield part
        position -= len(unpacker.unused_data)
    if stored[position:].strip(b"\0"):
        raise EOFError  # what follows is not gzip, such as half of another file


def check_unpacked_size(path: str, packed: int, unpacked: int, max_unpacked: int) -> None:
    """Refuse a file that unpacks to too much.

    Raises
    ------
    RosterError
        If it is more than `max_unpacked` bytes, or more than `UNPACKED_WITHOUT_RATIO` bytes and more than
        `MAX_RATIO` times the packed size.
    """
    if unpacked > max_unpacked or (unpacked > UNPACKED_WITHOUT_RATIO and unpacked > MAX_RATIO * packed):
        sizes = f"over {unpacked / 1e6:,.0f} MB from {packed / 1e6:,.1f} MB"
        message = f"{source_name(path)} unpacks to {sizes}: it is not read"
        fix = "if you trust it, unpack it and give the .csv, or raise --max-unpacked"
        raise unreadable_file("file-bomb", message, fix)


def unreadable_file(code: str, message: str, fix: str) -> RosterError:
    """Return the error of a file that cannot be read at all, with that one fault."""
    return RosterError(message, fix=fix, faults=[Fault(code=code, message=message, fix=fix)])
