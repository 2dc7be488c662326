"""Write results to files: whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from errno import EBADF, EINVAL, ENOTSUP
from pathlib import Path
from shlex import quote

from microopt.errors import OutputError


def check_writable(path: str, sources: Sequence[str | None] = ()) -> None:
    """See before the work that a file, of whatever format, may be put there: its folder is, and it is no source.

    Raises
    ------
    OutputError
        If it may not.
    """
    folder = Path(path).absolute().parent
    try:
        there, taken = folder.is_dir(), Path(path).is_dir()
    except OSError as error:  # such as a name that is too long
        raise write_error(path, error) from None
    if not there:
        fix = f"make it with: mkdir -p {quote(str(folder))}"
        raise OutputError(f"cannot write {path}: there is no folder {folder}", fix=fix)
    if taken:
        raise OutputError(f"cannot write {path}: it is a folder", fix="name a file in it")
    if any(source and _same(path, source) for source in sources):
        raise OutputError(f"cannot write {path}: the plan is made from it", fix="name another file")


def _same(path: str, source: str) -> bool:
    try:
        return Path(path).samefile(source)
    except OSError:  # one of the two is not there
        return False


def write_files(contents: Mapping[str, str | bytes]) -> None:
    """Replace each file by its content once all of them are on the disk.

    Raises
    ------
    OutputError
        If one cannot be written; what stood there before is untouched.
    """
    staged: dict[str, str] = {}
    try:
        for path, content in contents.items():
            try:
                staged[path] = _stage(Path(path), content)
            except OSError as error:
                raise write_error(path, error) from None
        for path, temporary in staged.items():
            try:
                Path(temporary).replace(path)
            except OSError as error:
                raise write_error(path, error) from None
        for folder in {Path(path).absolute().parent for path in staged}:
            _keep_names(folder)
    finally:
        for temporary in staged.values():
            Path(temporary).unlink(missing_ok=True)


def _stage(target: Path, content: str | bytes) -> str:
    """Write the content beside its target, and return where."""
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    folder, prefix = target.absolute().parent, f"{_before_pid(target)}{os.getpid()}-"
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


def _before_pid(target: Path) -> str:
    """Return how the names of a target's temporary files begin: the writer's process id follows."""
    return f".{target.name[:100]}."


def _keep_names(folder: Path) -> None:
    """Bring a folder's names to the disk, so that a power cut does not bring the old file back."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # a folder may be written to and not be read
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (EINVAL, EBADF, ENOTSUP):  # some network folders have no such promise to give
            raise write_error(str(folder), error) from None
    finally:
        os.close(handle)


def remove_stale_temp_files(paths: Sequence[str]) -> None:
    """Remove what killed runs left beside these targets: temporary files of a process that is no more.

    Call it while the targets are locked.
    """
    for path in paths:
        target = Path(path).absolute()
        remove_stale_files(target.parent, re.escape(_before_pid(target)))


def remove_stale_files(folder: Path, begins: str) -> None:
    """Remove temporary files of processes that are no more, whose names begin as a pattern says, from a folder."""
    ours = re.compile(rf"{begins}(\d+)-[a-z0-9_]{{8}}")
    try:
        found = [(file, match) for file in folder.iterdir() if (match := ours.fullmatch(file.name))]
        for file, match in found:
            if not _lives(int(match[1])):
                file.unlink(missing_ok=True)
    except OSError as error:
        raise write_error(str(folder), error) from None


def _lives(pid: int) -> bool:
    """Whether another process of this number is there: this one has no temporary files while it sweeps."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # it is there, and another user's
        return True
    return True


def write_error(path: str, error: OSError) -> OutputError:
    """Return the error of a file that cannot be written."""
    fix = "choose a folder that you may write to, with room on its disk"
    return OutputError(f"cannot write {path}: {error.strerror}", fix=fix)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
