"""The cache of the code that draws charts: a page runs what is read from here, so only what this user wrote is read.

A file is named after the SHA-256 of its content, which a damaged or half written file does not have. That alone would
not keep out another user, who can compute one too: the folder and the file must also belong to this user and be closed
to the writing of others, and for a version in `KNOWN_SHA256` the content must be the one that this version makes.
Whoever can write as this user can change microopt itself; a cache cannot defend against that.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EPERM
from hashlib import sha256
from pathlib import Path

from microopt.storage.regular_file import open_regular, write_all

KNOWN_SHA256 = {"1.9.0.post1": "3425bd951a44d478d0505c6b5d1e8d57656b6e9a4da7bfe88a718ce61d76e572"}
MAX_BYTES = 20_000_000  # of a bundle, which has about one million
STALE_SECONDS = 3600.0  # age from which a temporary file belongs to a run that was killed
TEMPORARY = re.compile(r"\.vega-[0-9a-f]{16}|tmp[a-z0-9_]{8}")  # the second one of microopt before it checked contents
UNCHECKED = re.compile(r"vega-[^-]+\.js")  # without a digest: the same


def read_bundle(version: str) -> str | None:
    """Return the code that was kept for a version of vl-convert, or None if there is none that can be trusted."""
    try:
        with _open_folder() as folder:
            return _read_trusted(folder, version)
    except OSError:  # no cache, or not ours: it is made anew
        return None


def write_bundle(version: str, code: bytes) -> None:
    """Keep the code of a version; where it cannot be kept, nothing of it is left."""
    digest = sha256(code).hexdigest()
    if digest != KNOWN_SHA256.get(version, digest):
        return  # it would not be read
    with suppress(OSError), _open_folder(create=True) as folder:  # a full disk: the next page makes it again
        _remove_stale(folder)
        _write_whole(folder, f"vega-{version}-{digest}.js", code)


def _cache_folder() -> Path | None:
    """Return the folder, or None for a user without a home."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return Path(base if base.startswith("/") else Path.home() / ".cache") / "microopt"
    except RuntimeError:  # neither $HOME nor an entry in the list of users
        return None


@contextmanager
def _open_folder(*, create: bool = False) -> Iterator[int]:
    """Open the folder, if it is this user's and nobody else may write to it."""
    path = _cache_folder()
    if path is None:
        raise FileNotFoundError
    if create:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _require_own(handle)
        if create:
            os.fchmod(handle, 0o700)
        yield handle
    finally:
        os.close(handle)


def _require_own(handle: int) -> None:
    status = os.fstat(handle)
    if status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise OSError(EPERM, "others may write to it")


def _read_trusted(folder: int, version: str) -> str | None:
    pattern = re.compile(rf"vega-{re.escape(version)}-({KNOWN_SHA256.get(version, '[0-9a-f]{64}')})\.js")
    for match in filter(None, map(pattern.fullmatch, os.listdir(folder))):
        with suppress(OSError):  # another user's, a pipe, a link: the next one
            content = _read_own(folder, match[0])
            if sha256(content).hexdigest() == match[1]:
                return content.decode()
    return None


def _read_own(folder: int, name: str) -> bytes:
    handle = open_regular(name, os.O_RDONLY | os.O_NOFOLLOW, folder=folder)
    with os.fdopen(handle, "rb") as file:
        _require_own(handle)
        return file.read(MAX_BYTES)


def _write_whole(folder: int, name: str, content: bytes) -> None:
    temporary = f".vega-{secrets.token_hex(8)}"
    handle = open_regular(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, folder=folder)
    try:
        try:
            write_all(handle, content)
        finally:
            os.close(handle)
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(temporary, dir_fd=folder)
        raise


def _remove_stale(folder: int) -> None:
    """Remove what killed runs left, and what was written before contents were checked."""
    for name in os.listdir(folder):
        if UNCHECKED.fullmatch(name) or (TEMPORARY.fullmatch(name) and _is_stale(folder, name)):
            with suppress(FileNotFoundError):  # another run was faster
                os.unlink(name, dir_fd=folder)


def _is_stale(folder: int, name: str) -> bool:
    return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime < time.time() - STALE_SECONDS
