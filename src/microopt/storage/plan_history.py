"""The plan that a run is about to replace, kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from microopt.plan.file_name import FOLDER, SEAL_CHARACTERS, history_file_name
from microopt.plan.seal import SealedPlan
from microopt.storage.atomic_write import remove_stale_files, write_error, write_files

TEMPORARY = r"\.[\dT-]+Z-[0-9a-f]+\.json\."  # how the names of a kept plan's temporary files begin


def archive_plan(target: str, text: str, plan: SealedPlan) -> Path:
    """Copy a plan to the folder `history` beside it, whole or not at all; nothing is done where it is there already.

    It is a copy, not a link: who edits the plan in place would edit its past.

    Parameters
    ----------
    target
        The file that holds the plan, and that is about to be replaced.
    text
        What it holds.
    plan
        The same.

    Returns
    -------
    Path
        Where it is kept: the name tells when it was made, in UTC, and how its seal begins.

    Raises
    ------
    OutputError
        If it cannot be kept; the plan must not be replaced then.
    """
    file = Path(target).absolute()
    folder, mark = file.parent / FOLDER, plan.seal[:SEAL_CHARACTERS]
    try:
        folder.mkdir(exist_ok=True)
        there = next(folder.glob(f"*Z-{mark}.json"), None)
        if there is not None:
            return there
        kept = folder / history_file_name(plan.seal, plan_time(file, plan))
    except OSError as error:
        raise write_error(str(folder), error) from None
    write_files({str(kept): text})
    return kept


def remove_stale_archives(targets: Sequence[str]) -> None:
    """Remove what runs that were killed while they kept a plan left in the history; call it while targets are locked.

    Raises
    ------
    OutputError
        If it cannot be removed.
    """
    for folder in {Path(target).absolute().parent / FOLDER for target in targets}:
        if folder.is_dir():
            remove_stale_files(folder, TEMPORARY)


def plan_time(file: Path, plan: SealedPlan) -> datetime:
    """Return when a plan was made: what it says itself, else when its file was written, else now."""
    if plan.plan.replan is not None:
        try:
            return datetime.fromisoformat(plan.plan.replan.made_at).astimezone(UTC)
        except ValueError:  # a time that no run of ours writes
            pass
    return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.exists() else datetime.now(UTC)
