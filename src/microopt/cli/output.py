"""Write results to files: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from types import MappingProxyType

from microopt.errors import OutputError
from microopt.plan import Plan
from microopt.renderers import format_of, plan_renderer, ready

NOTHING: Mapping[str, str | bytes] = MappingProxyType({})


def check_targets(paths: Sequence[str], sources: Sequence[str | None]) -> None:
    """See before the work that each target's format is known, its folder is there, and it is none of the sources.

    Raises
    ------
    UsageError, OutputError
        If a target cannot be written.
    """
    for path in paths:
        ready(format_of(path))
        folder = Path(path).absolute().parent
        try:
            there, taken = folder.is_dir(), Path(path).is_dir()
        except OSError as error:  # such as a name that is too long
            raise _unwritable(path, error) from None
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


def write_plan(plan: Plan, paths: Sequence[str], known: Mapping[str, str | bytes] = NOTHING) -> None:
    """Write the plan to each path in the format of its suffix: to all of them, or to none.

    Parameters
    ----------
    known
        By format: the content, where it is more than the plan's alone.

    Raises
    ------
    OutputError
        If a file cannot be written; what stood there before is untouched.
    """
    formats = {path: format_of(path) for path in paths}
    write_all({path: known.get(name) or plan_renderer(name)(plan) for path, name in formats.items()})


def write_all(contents: Mapping[str, str | bytes]) -> None:
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
                raise _unwritable(path, error) from None
        for path, temporary in staged.items():
            try:
                Path(temporary).replace(path)
            except OSError as error:
                raise _unwritable(path, error) from None
    finally:
        for temporary in staged.values():
            Path(temporary).unlink(missing_ok=True)


def _stage(target: Path, content: str | bytes) -> str:
    """Write the content beside its target, and return where."""
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    folder, prefix = target.absolute().parent, f".{target.name[:100]}."
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


def _unwritable(path: str, error: OSError) -> OutputError:
    fix = "choose a folder that you may write to, with room on its disk"
    return OutputError(f"cannot write {path}: {error.strerror}", fix=fix)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
