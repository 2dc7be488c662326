"""Write results to files: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from microopt.errors import OutputError
from microopt.plan import Plan
from microopt.renderers import format_of, plan_renderer


def check_targets(paths: Sequence[str]) -> None:
    """See before the work that each target's format is known and its folder is there.

    Raises
    ------
    UsageError, OutputError
        If a target cannot be written.
    """
    for path in paths:
        format_of(path)
        folder = Path(path).absolute().parent
        if not folder.is_dir():
            raise OutputError(
                f"cannot write {path}: there is no folder {folder}", fix=f"make it with: mkdir -p {folder}"
            )
        if Path(path).is_dir():
            raise OutputError(f"cannot write {path}: it is a folder", fix="name a file in it")


def write_plan(plan: Plan, paths: Sequence[str]) -> None:
    """Write the plan to each path in the format of its suffix.

    Raises
    ------
    OutputError
        If a file cannot be written; what stood there before is untouched.
    """
    texts = {path: plan_renderer(format_of(path))(plan) for path in paths}
    for path, text in texts.items():
        write_whole(path, text)


def write_whole(path: str, text: str) -> None:
    """Replace a file by this text in one step.

    Raises
    ------
    OutputError
        If it cannot be written; what stood there before is untouched.
    """
    target = Path(path)
    temporary = None
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        with tempfile.NamedTemporaryFile(
            "wb", dir=target.absolute().parent, prefix=f".{target.name}.", delete=False
        ) as file:
            temporary = file.name
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
    except OSError as error:
        fix = "choose a folder that you may write to, with room on its disk"
        raise OutputError(f"cannot write {path}: {error.strerror}", fix=fix) from None
    finally:
        if temporary and Path(temporary).exists():
            Path(temporary).unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
