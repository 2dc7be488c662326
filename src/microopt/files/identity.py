"""Which file a path means, however it is written: by its real path, and by the number that a file system gives it."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from msgspec import Struct


class FileIdentity(Struct, frozen=True, kw_only=True):
    """A file, existing or future.

    Attributes
    ----------
    name
        As the user wrote it.
    real_path
        Absolute and without symbolic links; empty where it is not known.
    number
        Of its device and of itself on it, which all hard links share; None where there is no file yet.
    """

    name: str
    real_path: str
    number: tuple[int, int] | None

    def is_same(self, other: FileIdentity) -> bool:
        """Whether both are one file."""
        if self.real_path and self.real_path == other.real_path:
            return True
        same_number = self.number is not None and self.number == other.number
        return same_number and self._has_number_still() and other._has_number_still()

    def _has_number_still(self) -> bool:
        """Whether the number is still the file's: one that was replaced may have left it to a new file."""
        return not self.real_path or identify(self.real_path).number == self.number

    def is_same_target(self, other: FileIdentity) -> bool:
        """Whether both are one file, or would be on a disk that does not distinguish `plan.json` and `Plan.json`."""
        return self.is_same(other) or _fold(self.real_path) == _fold(other.real_path)


def identify(path: str) -> FileIdentity:
    """Return which file a path means."""
    try:
        return FileIdentity(name=path, real_path=os.path.realpath(path), number=_number(Path(path).stat()))
    except (OSError, ValueError):  # there is none, or the name has a NUL
        return FileIdentity(name=path, real_path=_real_path(path), number=None)


def identify_open(path: str, descriptor: int, *, is_named: bool = True) -> FileIdentity:
    """Return which file is open; one that is not named, such as standard input, is known by its number alone."""
    return FileIdentity(name=path, real_path=_real_path(path) if is_named else "", number=_number(os.fstat(descriptor)))


def _number(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _real_path(path: str) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return ""


def _fold(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
