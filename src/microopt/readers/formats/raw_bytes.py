"""Get the bytes of a roster: a file, gzip, standard input; and tell which bytes they were.

Do one thing beside another: hashing and grouping leave Python's lock, so that a second core can do them.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import TypeVar

from microopt.errors import Fault, RosterError
from microopt.readers.options import MAX_RATIO, UNPACKED_WITHOUT_RATIO

T = TypeVar("T")


def run_in_background(work: Callable[[], T], size: int, large: int) -> Callable[[], T]:
    """Begin `work` in a thread where `size` is `large` or more; return what waits for its result.

    What it raises is raised by the one who waits; smaller work is done at the asking.
    """
    if size < large:
        return work
    with_one = ThreadPoolExecutor(1)
    begun = with_one.submit(work)
    with_one.shutdown(wait=False)
    return begun.result


CHUNK = 1 << 20
LARGE_FILE = 4 << 20  # bytes from which a second core is worth its while
GZIP = b"\x1f\x8b"


def read_unpacked_bytes(path: str, max_unpacked: int) -> tuple[bytes, Callable[[], str]]:
    """Return the unpacked bytes, and what gives the SHA-256 of the bytes as they lie there.

    Parameters
    ----------
    path
        A file, or `-` for standard input. Gzip is recognised by its first bytes.
    max_unpacked
        Bytes that a packed file may unpack to.

    Raises
    ------
    RosterError
        If there is no such file, it cannot be read or unpacked, is empty, or unpacks to more than it may.
    """
    stored = read_stored_bytes(path)
    digest = run_in_background(lambda: sha256(stored).hexdigest(), len(stored), LARGE_FILE)
    data = _unpacked(path, stored, max_unpacked) if stored[:2] == GZIP else stored
    if not data or data.isspace():
        raise unreadable_file("file-empty", f"{path} is empty", "export it again: a header row and a row per creator")
    return data, digest


def read_stored_bytes(path: str) -> bytes:
    """Return a file's bytes as they lie there.

    Raises
    ------
    RosterError
        If there is no such file, or it cannot be read.
    """
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        fix = f"check the path (it is looked up from {Path.cwd()}), or make an example with: microopt init"
        raise unreadable_file("file-missing", f"there is no file {path}", fix) from None
    except IsADirectoryError:
        raise unreadable_file("file-folder", f"{path} is a folder", "name the roster file in it") from None
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise unreadable_file(
            "file-unreadable", f"{path} cannot be read: {told}", "check the path and its permissions"
        ) from None


def file_stamp(path: str) -> tuple[int, ...] | None:
    """Return what changes when a regular file is written to, or None for anything else, which can be read only once."""
    try:
        facts = Path(path).stat()
    except (OSError, ValueError):
        return None
    return (facts.st_ino, facts.st_size, facts.st_mtime_ns) if S_ISREG(facts.st_mode) else None


def _unpacked(path: str, stored: bytes, max_unpacked: int) -> bytes:
    """Unpack gzip piece by piece, so that a bomb is refused before it fills the memory."""
    parts, size = [], 0
    try:
        for part in _pieces(stored):
            parts.append(part)
            size += len(part)
            check_unpacked_size(path, len(stored), size, max_unpacked)
    except (zlib.error, EOFError):
        raise unreadable_file(
            "file-damaged", f"{path} is a damaged gzip file", "compress or download it again"
        ) from None
    return b"".join(parts)


def _pieces(stored: bytes) -> Iterator[bytes]:
    """Yield what the members of a gzip file hold, at most `CHUNK` bytes at a time."""
    at = 0
    while stored[at : at + 2] == GZIP:
        unpacker = zlib.decompressobj(wbits=31)
        while not unpacker.eof:
            given = unpacker.unconsumed_tail
            if not given:
                given = stored[at : at + CHUNK]
                at += len(given)
            part = unpacker.decompress(given, CHUNK)
            if not part and not given and not unpacker.eof:
                raise EOFError
            yield part
        at -= len(unpacker.unused_data)
    if stored[at:].strip(b"\0"):
        raise EOFError  # something follows that is no gzip: half of another file


def check_unpacked_size(path: str, packed: int, unpacked: int, max_unpacked: int) -> None:
    """Refuse what unpacks to more than it may.

    Raises
    ------
    RosterError
        If it is more than `max_unpacked` bytes, or, beyond 64 MB, more than 200 times what it was packed.
    """
    if unpacked > max_unpacked or (unpacked > UNPACKED_WITHOUT_RATIO and unpacked > MAX_RATIO * packed):
        message = f"{path} unpacks to over {unpacked / 1e6:,.0f} MB from {packed / 1e6:,.1f} MB: it is not read"
        fix = "unpack it yourself if you trust it, and give the CSV"
        raise unreadable_file("file-bomb", message, fix)


def unreadable_file(code: str, message: str, fix: str) -> RosterError:
    """Return the error of a file that cannot be read at all."""
    return RosterError(message, fix=fix, faults=[Fault(code=code, message=message, fix=fix)])
