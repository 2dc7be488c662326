"""Write files completely or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from errno import EBADF, EINVAL, ENOTSUP
from pathlib import Path
from shlex import quote

from microopt.errors import OutputError


def check_writable(path: str, sources: Sequence[str | None] = ()) -> None:
    """Check, before the work, that a file can be written: its folder exists, and it is not one of the sources.

    Raises
    ------
    OutputError
        If it cannot.
    """
    folder = Path(path).absolute().parent
    try:
        has_folder, is_folder = folder.is_dir(), Path(path).is_dir()
    except OSError as error:  # such as a name that is too long
        raise write_error(path, error) from None
    if not has_folder:
        fix = f"make it with: mkdir -p {quote(str(folder))}"
        raise OutputError(f"cannot write {path}: there is no folder {folder}", fix=fix)
    if is_folder:
        fix = f"name a file in it, such as {Path(path) / 'plan.json'}"
        raise OutputError(f"cannot write {path}: it is a folder", fix=fix)
    if any(source and _is_same_file(path, source) for source in sources):
        fix = "name another file, such as -o plan-2.json"
        raise OutputError(f"cannot write {path}: it is one of the inputs", fix=fix)


def _is_same_file(path: str, source: str) -> bool:
    try:
        return Path(path).samefile(source)
    except OSError:  # one of the two does not exist
        return False


def write_files(contents: Mapping[str, str | bytes]) -> None:
    """Write each content to a temporary file, then replace all the files.

    Raises
    ------
    OutputError
        If one cannot be written; it keeps its old content.
    """
    staged: dict[str, str] = {}
    try:
        for path, content in contents.items():
            with _translate_errors(path):
                staged[path] = _stage(Path(path), content)
        for path, temporary in staged.items():
            with _translate_errors(path):
                Path(temporary).replace(path)
        for folder in {Path(path).absolute().parent for path in staged}:
            _sync_folder(folder)
    finally:
        for temporary in staged.values():
            Path(temporary).unlink(missing_ok=True)


@contextmanager
def _translate_errors(path: str) -> Iterator[None]:
    """Raise errors of the file system as `OutputError`."""
    try:
        yield
    except OSError as error:
        raise write_error(path, error) from None


def _stage(target: Path, content: str | bytes) -> str:
    """Write the content to a temporary file next to its target, and return the file's path."""
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    folder, prefix = target.absolute().parent, f"{_temporary_prefix(target)}{os.getpid()}-"
    with tempfile.NamedTemporaryFile("wb", dir=folder, prefix=prefix, delete=False) as file:
        try:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(mode)
        except BaseException:
            Path(file.name).unlink()
            raise
        return file.name


def _temporary_prefix(target: Path) -> str:
    """Return how the names of a target's temporary files begin; the id of the writing process follows."""
    return f".{target.name[:100]}."


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


def remove_stale_temp_files(paths: Sequence[str]) -> None:
    """Remove the temporary files that killed runs left next to these targets; call it while the targets are locked."""
    for path in paths:
        target = Path(path).absolute()
        remove_stale_files(target.parent, re.escape(_temporary_prefix(target)))


def remove_stale_files(folder: Path, prefix: str) -> None:
    """Remove the temporary files of ended processes from a folder; `prefix` is a pattern of how their names begin."""
    pattern = re.compile(rf"{prefix}(\d+)-[a-z0-9_]{{8}}")
    try:
        files = [(file, match) for file in folder.iterdir() if (match := pattern.fullmatch(file.name))]
        for file, match in files:
            if not _is_running(int(match[1])):
                file.unlink(missing_ok=True)
    except OSError as error:
        raise write_error(str(folder), error) from None


def _is_running(pid: int) -> bool:
    """Whether another process has this id; the current one has no temporary files at this point."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # it is another user's
        return True
    return True


def write_error(path: str, error: OSError) -> OutputError:
    """Return the error of a file that cannot be written."""
    fix = f"use a folder that you can write to and a disk with free space, such as ~/{Path(path).name}"
    return OutputError(f"cannot write {path}: {error.strerror}", fix=fix)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
