"""Write files completely or not at all; of several files, all or none."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from errno import EBADF, EINVAL, ENOTSUP
from pathlib import Path
from stat import S_ISVTX

from microopt.errors import OutputError
from microopt.signals import defer_signals
from microopt.storage.targets import claim_targets, write_error
from microopt.storage.temporary_files import remove_old_temp_files, temporary_prefix

AT_ONCE = 1 << 16  # characters


class _Replacement:
    """A file that is to be replaced: its new content, and its old one until all the others are replaced too."""

    def __init__(self, path: str, target: Path) -> None:
        self.path, self.target = path, target
        self.is_new = not target.exists()
        self._staged: Path | None = None
        self._backup: Path | None = None
        self._replaced = False

    def stage(self, content: str | bytes) -> None:
        """Write the new content next to the target."""
        mode = 0o666 & ~_umask() if self.is_new else self.target.stat().st_mode & 0o777
        handle, self._staged = _make_temporary(self.target)
        with os.fdopen(handle, "wb") as file:
            file.writelines(_encoded(content))
            file.flush()
            os.fsync(handle)
        self._staged.chmod(mode)

    def keep_old(self) -> None:
        """Keep the old content under a second name: as a hard link, or as a copy where there can be none."""
        if self.is_new:
            return
        handle, self._backup = _make_temporary(self.target)
        os.close(handle)
        if _can_remove_link(self.target):
            self._backup.unlink()  # a link needs the name
            with suppress(OSError):  # a file of another user, or a file system without links
                self._backup.hardlink_to(self.target)
                return
        shutil.copy2(self.target, self._backup)

    def replace(self) -> None:
        """Put the new content in place."""
        assert self._staged is not None
        self._staged.replace(self.target)
        self._replaced = True

    def restore(self) -> None:
        """Put back what was there before."""
        if self._replaced and self.is_new:
            self.target.unlink(missing_ok=True)
        elif self._replaced and self._backup is not None:
            self._backup.replace(self.target)

    def leave_backup(self) -> str:
        """Leave the old content under its second name, and say where it is."""
        backup, self._backup = self._backup, None
        return self.path if backup is None else f"{self.path} (its old content is in {backup})"

    def remove_temporary_files(self) -> None:
        """Remove what is left of both; what cannot be removed is left to a later run."""
        for file in (self._staged, self._backup):
            if file is not None:
                with suppress(OSError):
                    file.unlink()


def write_files(contents: Mapping[str, str | bytes], *, replaces: Sequence[str] = ()) -> None:
    """Write each content to a temporary file, then replace all the files; a symbolic link stays one.

    Until the last file is replaced, the others can be restored. A run that is killed in between leaves some of them
    new and some of them old, each complete.

    Parameters
    ----------
    replaces
        Inputs of the command that it replaces on purpose, such as the last plan.

    Raises
    ------
    OutputError
        If one cannot be written, or is an input: all keep their old content. If one of them could not be restored, the
        message says so.
    """
    files = [_Replacement(path, target) for path, target in claim_targets(contents, replaces).items()]
    with defer_signals():  # which end the program at once, and would leave some files old and temporary ones behind
        try:
            for file in files:
                remove_old_temp_files(file.target)
                with _translate_errors(file.path):
                    file.stage(contents[file.path])
            _replace_all(files)
        finally:
            for file in files:
                file.remove_temporary_files()


def _replace_all(files: Sequence[_Replacement]) -> None:
    for file in files[:-1]:  # the last one cannot fail after it is replaced
        with _translate_errors(file.path):
            file.keep_old()
    try:
        for file in files:
            with _translate_errors(file.path):
                file.replace()
    except BaseException as error:
        _restore_all(files, error)
        raise
    for folder in {file.target.parent for file in files}:
        _sync_folder(folder)


def _restore_all(files: Sequence[_Replacement], cause: BaseException) -> None:
    """Restore what was replaced before an error.

    Raises
    ------
    OutputError
        If a file cannot be restored.
    """
    lost = []
    for file in files:
        try:
            file.restore()
        except OSError:
            lost.append(file.leave_backup())
    if lost:
        folders = shlex.join(dict.fromkeys(str(file.target.parent) for file in files))
        message = f"{cause}; already replaced, and not restored: {', '.join(lost)}"
        raise OutputError(message, fix=f"allow writing with chmod u+w {folders}, then run the command again") from cause


@contextmanager
def _translate_errors(path: str) -> Iterator[None]:
    """Raise errors of the file system as `OutputError`."""
    try:
        yield
    except OSError as error:
        raise write_error(path, error) from None


def _can_remove_link(target: Path) -> bool:
    """Whether a second name of a file can be removed again: in a sticky folder, only its owner's can."""
    return not target.parent.stat().st_mode & S_ISVTX or target.stat().st_uid == os.geteuid()


def _make_temporary(target: Path) -> tuple[int, Path]:
    """Make a file next to a target, and return it open and its path."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=temporary_prefix(target))
    return handle, Path(name)


def _sync_folder(folder: Path) -> None:
    """Write a folder's names to the disk, so that a power cut does not bring the old file back."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # a folder can be writable but not readable
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (EINVAL, EBADF, ENOTSUP):  # some network file systems cannot sync
            raise write_error(str(folder), error) from None
    finally:
        os.close(handle)


def _encoded(content: str | bytes) -> Iterator[bytes]:
    """Yield content in UTF-8 piece by piece: a copy of a large file takes longer than to encode it."""
    if isinstance(content, bytes):
        yield content
        return
    for start in range(0, len(content), AT_ONCE):
        yield content[start : start + AT_ONCE].encode("utf-8", "replace")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
