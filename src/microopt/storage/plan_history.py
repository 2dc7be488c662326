"""Keep a copy of the plan that a run is about to replace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote

from microopt.errors import OutputError
from microopt.plan.file_name import FOLDER, SEAL_CHARACTERS, history_file_name
from microopt.plan.seal import SealedPlan
from microopt.storage.atomic_write import write_files
from microopt.storage.targets import write_error
from microopt.storage.temporary_files import remove_stale_files

TEMPORARY_PREFIX = r"\.[\dT-]+Z-[0-9a-f]+\.json\."  # how the names of an archived plan's temporary files begin


def archive_plan(target: str, text: str, plan: SealedPlan) -> Path:
    """Copy a plan to the folder `history` next to it, completely or not at all, unless it is there already.

    It is a copy, not a link, so that editing the plan in place does not change its history.

    Parameters
    ----------
    target
        The file of the plan, which is about to be replaced.
    text
        The contents of that file.
    plan
        The same plan, decoded.

    Returns
    -------
    Path
        The copy; its name has the time of the plan, in UTC, and the first characters of its seal.

    Raises
    ------
    OutputError
        If it cannot be copied; then the plan must not be replaced.
    """
    file = Path(target).absolute()
    folder, mark = file.parent / FOLDER, plan.seal[:SEAL_CHARACTERS]
    try:
        folder.mkdir(exist_ok=True)
        existing = next(folder.glob(f"*Z-{mark}.json"), None)
        if existing is not None:
            return existing
        copy = folder / history_file_name(plan.seal, plan_time(file, plan))
    except FileExistsError:
        fix = f"move it away: mv {quote(str(folder))} {quote(f'{folder}.old')}"
        raise OutputError(f"cannot keep a copy of {target}: {folder} is not a folder", fix=fix) from None
    except OSError as error:
        raise write_error(str(folder), error) from None
    write_files({str(copy): text})
    return copy


def remove_stale_archives(targets: Sequence[str]) -> None:
    """Remove temporary files that killed runs left in the history; call it while the targets are locked.

    Raises
    ------
    OutputError
        If one cannot be removed.
    """
    for folder in {Path(target).absolute().parent / FOLDER for target in targets}:
        if folder.is_dir():
            remove_stale_files(folder, TEMPORARY_PREFIX)


def plan_time(file: Path, plan: SealedPlan) -> datetime:
    """Return the time of a plan: its own, or else when its file was written, or else now."""
    if plan.plan.replan is not None:
        try:
            return datetime.fromisoformat(plan.plan.replan.made_at).astimezone(UTC)
        except (ValueError, OverflowError):  # not a time that microopt writes
            pass
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.exists() else datetime.now(UTC)
    except (ValueError, OverflowError):  # no calendar has the time of the file
        return datetime.now(UTC)
