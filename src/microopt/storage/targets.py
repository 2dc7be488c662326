"""Check that files can be written: a regular file or a new one, in a folder, none an input and none named twice."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from errno import ENAMETOOLONG
from pathlib import Path
from shlex import quote

from microopt.errors import OutputError
from microopt.files.identity import FileIdentity, identify
from microopt.files.reading import STANDARD_INPUT
from microopt.files.record import current_record

KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFLNK: "a symbolic link"}
DEVICE = "a device"


def check_targets(paths: Sequence[str], sources: Iterable[str | None] = (), replaces: Iterable[str] = ()) -> None:
    """Check, before the work, that files can be written, and note them: the command then cannot read them.

    Parameters
    ----------
    sources
        Files that the command is going to read.
    replaces
        Sources that it replaces on purpose, such as the last plan.

    Raises
    ------
    OutputError
        If one cannot be written, is a source, or is named twice.
    """
    for path in paths:
        check_writable(path)
    reserve_targets(paths)
    refuse_inputs(paths, sources, replaces)


def reserve_targets(paths: Iterable[str]) -> None:
    """Note files that the command is to write.

    Raises
    ------
    OutputError
        If two of them are one file.
    """
    current_record().add_targets(map(identify, paths))


def refuse_inputs(paths: Iterable[str], sources: Iterable[str | None], replaces: Iterable[str] = ()) -> None:
    """Check that files to be written are not read; the parameters are those of `check_targets`.

    Raises
    ------
    OutputError
        If one is.
    """
    current_record().refuse_inputs(map(identify, paths), _identify_all(sources), _identify_all(replaces))


def claim_targets(paths: Iterable[str], replaces: Iterable[str] = ()) -> dict[str, Path]:
    """Check files again right before they are written, and return the real path of each: a link stays a link.

    Parameters
    ----------
    replaces
        Inputs that the command replaces on purpose, such as the last plan.

    Raises
    ------
    OutputError
        If one cannot be written, was read, or was written already.
    """
    real_paths = {path: check_writable(path) for path in paths}
    current_record().claim([identify(path) for path in real_paths], _identify_all(replaces))
    return real_paths


def check_writable(path: str) -> Path:
    """Check that a file can be written, and return its real path.

    Raises
    ------
    OutputError
        If it is a dash, its folder does not exist, or it exists and is not a regular file.
    """
    if path == STANDARD_INPUT:
        fix = "name a file, such as runs.jsonl or plan.json; ./- is a file of that name"
        raise OutputError("cannot write -: a dash means standard input", fix=fix)
    target = Path(path)
    try:
        _require_folder(path, target)
        require_regular(path)
        real_path = Path(os.path.realpath(path))
        if target.is_symlink():
            _require_folder(path, real_path)
            require_regular(path, real_path)
    except (OSError, ValueError) as error:  # such as a name that is too long
        raise write_error(path, error) from None
    return real_path


def require_regular(path: str, place: Path | None = None, *, follow: bool = True) -> None:
    """Refuse what exists and is not a regular file: writing to a pipe can hang, and a device keeps nothing.

    Parameters
    ----------
    path
        As the user wrote it.
    place
        What to look at instead.
    follow
        Whether a symbolic link is taken for the file that it leads to, or refused.

    Raises
    ------
    OutputError
        If it is a folder, a pipe, a device or a socket.
    OSError
        If that cannot be found out.
    """
    try:
        mode = (place or Path(path)).stat(follow_symlinks=follow).st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        fix = f"name a file in it, such as {Path(path) / 'plan.json'}"
        raise OutputError(f"cannot write {path}: it is a folder", fix=fix)
    if not stat.S_ISREG(mode):
        kind = KINDS.get(stat.S_IFMT(mode), DEVICE)
        fix = (
            "name another file, such as plan-2.json"
            if kind == DEVICE
            else f"name another file, or remove it: rm {quote(path)}"
        )
        raise OutputError(f"cannot write {path}: it is {kind}, not a regular file", fix=fix)


def write_error(path: str, error: OSError | ValueError) -> OutputError:
    """Return the error of a file that cannot be written."""
    reason = getattr(error, "strerror", None) or str(error)
    fix = f"use a folder that you can write to and a disk with free space, such as ~/{Path(path).name}"
    if getattr(error, "errno", None) == ENAMETOOLONG:
        fix = "use a shorter name, such as plan.json"
    return OutputError(f"cannot write {path}: {reason}", fix=fix)


def _require_folder(path: str, target: Path) -> None:
    folder = target.absolute().parent
    if not folder.is_dir():
        fix = f"make it with: mkdir -p {quote(str(folder))}"
        raise OutputError(f"cannot write {path}: there is no folder {folder}", fix=fix)


def _identify_all(paths: Iterable[str | None]) -> list[FileIdentity]:
    return [identify(path) for path in paths if path and path != STANDARD_INPUT]
