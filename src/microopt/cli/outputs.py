"""Write a plan to files, each in the format of its suffix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from microopt.plan.plan import Plan
from microopt.rendering import format_of, plan_renderer, ready
from microopt.storage.atomic_write import check_writable, write_files

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
        check_writable(path, sources)


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
    write_files({path: known.get(name) or plan_renderer(name)(plan) for path, name in formats.items()})
