"""The plan that a run is about to replace, kept beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from microopt.cli.output import unwritable, write_all
from microopt.document.plan import PlanDocument

FOLDER = "history"
SEAL_SHOWN = 12  # characters of a seal in a file's name


def keep_last(target: str, text: str, plan: PlanDocument) -> Path:
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
    folder, mark = file.parent / FOLDER, plan.seal[:SEAL_SHOWN]
    try:
        folder.mkdir(exist_ok=True)
        there = next(folder.glob(f"*Z-{mark}.json"), None)
        if there is not None:
            return there
        kept = folder / f"{_made(file, plan):%Y-%m-%dT%H%M%SZ}-{mark}.json"
    except OSError as error:
        raise unwritable(str(folder), error) from None
    write_all({str(kept): text})
    return kept


def made_of_name(name: str) -> str | None:
    """Return when a kept plan was made, as ISO 8601 in UTC, or None where the name is none that `keep_last` gives."""
    try:
        made = datetime.strptime(name.partition("Z-")[0], "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return iso(made)


def iso(made: datetime) -> str:
    """Return a time as plans tell it: ISO 8601 in UTC, to the second."""
    return f"{made.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def made_of_file(file: Path) -> str:
    """Return when a file was last written."""
    return iso(datetime.fromtimestamp(file.stat().st_mtime, UTC))


def _made(file: Path, plan: PlanDocument) -> datetime:
    """Return when a plan was made: what it says itself, else when its file was written."""
    if plan.replan is not None:
        try:
            return datetime.fromisoformat(plan.replan.on).astimezone(UTC)
        except ValueError:  # a time that no run of ours writes
            pass
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)
