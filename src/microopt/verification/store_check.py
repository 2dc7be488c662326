"""Check a store: the file, the links of its rows, and the plan, the seal and the figures of each run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from shlex import quote
from typing import ClassVar

from msgspec import Struct

from microopt.errors import OutputError, UsageError
from microopt.readers.nearby_files import suggest_nearby_file
from microopt.readers.plan_file import parse_plan
from microopt.storage.database.schema import VERSION
from microopt.storage.database.store import Store, open_store

MAX_PROBLEMS = 1000


class StoreProblem(Struct, frozen=True, kw_only=True):
    """Something that is wrong with a store.

    Attributes
    ----------
    message
        What, in a sentence.
    run
        The number of the run that it is about, None if it is about the file.
    """

    message: str
    run: int | None = None


class StoreCheck(Struct, frozen=True, kw_only=True):
    """The result of checking a store.

    Attributes
    ----------
    store
        The path of the file.
    version, current_version
        The version of its tables, None if the file cannot be opened, and that of the tables that this microopt writes.
    runs
        How many runs were read.
    problems
        What is wrong, at most `MAX_PROBLEMS`.
    fix
        What to do about it.
    """

    store: str
    version: int | None = None
    current_version: int = VERSION
    runs: int = 0
    problems: tuple[StoreProblem, ...] = ()
    fix: str = ""

    schema_name: ClassVar[str] = "store_check"
    computed: ClassVar[tuple[str, ...]] = ("sound",)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check_store(path: str, *, wait: float = 60.0) -> StoreCheck:
    """Return what is wrong with a store, which is only read.

    Parameters
    ----------
    wait
        Seconds to wait while a run writes to it.

    Raises
    ------
    UsageError
        If there is no such file.
    OutputError
        If the file is not a store, was written by a later version, is in use, or cannot be read.
    """
    _require_file(path)
    try:
        store = open_store(path, wait=wait, create=False)
    except OutputError as error:
        if error.code != "store-damaged":
            raise
        return StoreCheck(store=path, problems=(StoreProblem(message=error.message),), fix=error.fix)
    with store:
        runs: list[int] = []
        problems = tuple(islice(_find_problems(store, runs), MAX_PROBLEMS))
        fix = _fix(path) if problems else ""
        return StoreCheck(store=path, version=store.version(), runs=len(runs), problems=problems, fix=fix)


def _require_file(path: str) -> None:
    try:
        Path(path).stat()
    except FileNotFoundError:
        fix = suggest_nearby_file(path) or "give the file of --store: microopt store check campaign.db"
        raise UsageError(f"there is no file {path}", fix=fix, code="file-missing") from None
    except (OSError, ValueError):  # a name that no file can have: opening it says why
        pass


def _fix(path: str) -> str:
    aside = quote(f"{path}.damaged")
    return (
        "restore a backup, or move it away so that the next run creates a new one "
        f"(the plans are in history/ as well): mv {quote(path)} {aside}"
    )


def _find_problems(store: Store, runs: list[int]) -> Iterator[StoreProblem]:
    """Yield what is wrong; a file that SQLite cannot read on ends with that. The number of each run goes to `runs`."""
    try:
        for message in store.damage():
            yield StoreProblem(message=message)
        for name, at, document in store.plans():
            run = int(name.removeprefix("run "))
            runs.append(run)
            if at is None:
                yield StoreProblem(message=f"{name} has no valid time", run=run)
            for message in _problems_of_plan(store, name, run, document):
                yield StoreProblem(message=message, run=run)
    except OutputError as error:
        if error.code != "store-damaged":
            raise
        yield StoreProblem(message=error.message)


def _problems_of_plan(store: Store, name: str, run: int, document: bytes) -> Iterator[str]:
    """Yield what is wrong with the plan of a run, and where the tables say something else."""
    if not document:
        yield f"{name} has no plan"
        return
    try:
        plan = parse_plan(document, name)
    except UsageError as error:
        yield error.message
        return
    if plan.sealed:
        yield from store.changed_rows(run, plan)
    else:
        yield f"the plan of {name} was changed after it was written: its seal does not match"
