"""Get the bytes of a roster: a file, gzip, standard input; and tell which bytes they were."""

from __future__ import annotations

import gzip
import sys
import zlib
from hashlib import sha256
from pathlib import Path

from microopt.errors import Fault, RosterError


def read_bytes(path: str) -> tuple[bytes, str]:
    """Return the unpacked bytes and the SHA-256 of the bytes as they lie there.

    Parameters
    ----------
    path
        A file, or `-` for standard input. Gzip is recognised by its first bytes.

    Raises
    ------
    RosterError
        If there is no such file, or it cannot be read or unpacked, or is empty.
    """
    stored = _stored(path)
    digest = sha256(stored).hexdigest()
    unpacked = _unpacked(path, stored) if stored[:2] == b"\x1f\x8b" else stored
    if not unpacked.strip():
        raise _unreadable(
            "file-empty", f"{path} is empty", "export the roster again: a header row and a row per creator"
        )
    return unpacked, digest


def _stored(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        fix = f"check the path (it is looked up from {Path.cwd()}), or make an example with: microopt init"
        raise _unreadable("file-missing", f"there is no file {path}", fix) from None
    except IsADirectoryError:
        raise _unreadable("file-folder", f"{path} is a folder", "name the roster file in it") from None
    except OSError as error:
        raise _unreadable(
            "file-unreadable", f"{path} cannot be read: {error.strerror}", "check its permissions"
        ) from None


def _unpacked(path: str, stored: bytes) -> bytes:
    try:
        return gzip.decompress(stored)
    except (OSError, EOFError, zlib.error):
        raise _unreadable("file-damaged", f"{path} is a damaged gzip file", "compress or download it again") from None


def _unreadable(code: str, message: str, fix: str) -> RosterError:
    return RosterError(message, fix=fix, faults=[Fault(code=code, message=message, fix=fix)])
