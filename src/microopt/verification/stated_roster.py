"""The roster that a plan states, if the plan may have it read: a plan can come from a stranger, and names any path.

A roster that is given on the command line is read wherever it is. One that only the plan states is read from the folder
of the plan, from the current folder, and from folders below these, but not from hidden ones. What it is a symbolic link
to must be there as well.
"""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import NamedTuple

from microopt.errors import RosterError, UsageError
from microopt.readers.plan_file import PlanFile

GLOB_MARKS = "*?["


def find_roster(file: PlanFile, given: str | None) -> str:
    """Return where the roster of a plan is.

    Parameters
    ----------
    given
        The path that the user gives; by default the one that the plan states, first from the folder of the plan, then
        from the current folder.

    Raises
    ------
    RosterError, UsageError
        If none is given, and there is no file where the plan says, it is neither in the folder of the plan nor in the
        current one, or it came from standard input.
    """
    stated = file.plan.roster.source.path
    if not given and stated == "-":
        message = f"the roster of {file.path} came from standard input"
        raise UsageError(message, fix="give it with --roster FILE", code="roster-missing")
    return _find_stated(file, stated, given, ROSTER)


def find_posts(file: PlanFile, given: str | None) -> str | None:
    """Return where the file of past posts of a plan is, as `find_roster` finds its roster; None if it has none.

    Parameters
    ----------
    given
        The path that the user gives; by default the one that the plan states.

    Raises
    ------
    RosterError, UsageError
        As `find_roster` does.
    """
    stated = file.plan.campaign.posts
    return given if given is not None or stated is None else _find_stated(file, stated, None, POSTS)


class _Stated(NamedTuple):
    """What the sentences on a file that a plan states call it."""

    noun: str
    name: str


ROSTER, POSTS = _Stated("roster", "roster"), _Stated("file of posts", "posts")


def _find_stated(file: PlanFile, stated: str, given: str | None, kind: _Stated) -> str:
    if given:
        return given
    folder = Path() if file.path == "-" else Path(file.path).parent
    path = str(folder / stated) if _matches(folder / stated) else stated
    matches = _matches(Path(path))
    if not matches:
        message = f"the {kind.noun} of {file.path} is not at {path}"
        raise RosterError(message, fix=f"give its path with --{kind.name} FILE", code="file-missing")
    if not all(_is_below(match, folder) or _is_below(match, Path()) for match in matches):
        message = f"{file.path} names a {kind.noun} outside its folder, {path}, which is not read unless you give it"
        fix = f"if it is the right one, add --{kind.name} {quote(path)}"
        raise UsageError(message, fix=fix, code=f"{kind.name}-outside")
    return path


def _matches(path: Path) -> list[Path]:
    """Return the files and folders that a path or a pattern names; none for what cannot be a path."""
    try:
        if path.is_file() or path.is_dir():
            return [path]
        is_pattern = any(mark in path.name for mark in GLOB_MARKS)
        if is_pattern and "**" not in path.name and "\0" not in str(path):  # ** would walk through the whole disk
            return list(path.parent.glob(path.name))
    except (OSError, ValueError):  # it is too long, or the pattern has no meaning
        pass
    return []


def _is_below(path: Path, folder: Path) -> bool:
    """Whether a file is really in a folder or below it, and not hidden there."""
    try:
        inner = path.resolve().relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # it is elsewhere, or a link to itself
        return False
    return not any(part.startswith(".") for part in inner.parts)
