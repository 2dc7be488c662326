"""Read the plans of a folder and of its `history`: other files are skipped, unreadable plans become warnings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import Any

import msgspec

from microopt.errors import UsageError
from microopt.files.reading import note_input, read_file
from microopt.plan.file_name import FOLDER, format_timestamp, parse_history_file_name
from microopt.readers.plan_file import SCHEMA, PlanFile, is_newer_schema, parse_plan

SCHEMA_FAMILY = SCHEMA.rpartition("/")[0].encode()  # of plans of this microopt and of newer ones
HEAD_BYTES = 200  # in which a plan says that it is one


class FoundPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan, and when it was made as far as its file tells: a first plan does not record it."""

    file: PlanFile
    made_at: str | None = None


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    schema: Any = None


def read_plan_folder(folder: Path) -> tuple[tuple[FoundPlan, ...], tuple[str, ...]]:
    """Return the plans of a folder, and warnings of those that are broken or of a newer microopt.

    Raises
    ------
    UsageError
        If the folder cannot be read.
    """
    found, broken = [], []
    for file in _files(folder):
        try:
            data = read_file(str(file), is_input=False, may_wait=False)
            if _is_plan(data, file):
                note_input(str(file))
                found.append(FoundPlan(file=parse_plan(data, str(file)), made_at=_file_time(file)))
        except OSError as error:
            broken.append(f"{file} cannot be read: {error.strerror}")
        except UsageError as error:
            broken.append(error.message)
    return tuple(found), tuple(broken)


def chain_of(path: Path, found: tuple[FoundPlan, ...]) -> tuple[FoundPlan, ...]:
    """Return the plans that are linked with one by what each was made from; all of them if it is none of these."""
    chain = {seal for plan in found if Path(plan.file.path) == path for seal in _links(plan)}
    if not chain:
        return found
    size = 0
    while size < len(chain):
        size = len(chain)
        chain.update(seal for plan in found if chain & _links(plan) for seal in _links(plan))
    return tuple(plan for plan in found if chain & _links(plan))


def _links(plan: FoundPlan) -> set[str]:
    """Return the seals of a plan and of the one that it was made from."""
    return {seal for seal in (plan.file.seal, plan.file.previous) if seal}


def _files(folder: Path) -> Iterator[Path]:
    try:
        for place in (folder, folder / FOLDER):
            if place.is_dir():
                yield from sorted(file for file in place.glob("*.json") if not file.name.startswith("."))
    except OSError as error:
        message = f"folder {folder} cannot be read: {error.strerror}"
        fix = f"check its permissions: ls -ld {quote(str(folder))}"
        raise UsageError(message, fix=fix, code="file-unreadable") from None


def _is_plan(data: bytes, file: Path) -> bool:
    """Whether a file is a plan, or is meant to be one: another JSON file is not, nor is a diagnosis."""
    try:
        head = msgspec.json.decode(data, type=_Head)
    except msgspec.ValidationError:  # JSON, and no object
        return False
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        named_so = file.parent.name == FOLDER and parse_history_file_name(file.name) is not None
        return named_so or SCHEMA_FAMILY in data[:HEAD_BYTES]
    return bool(head.schema == SCHEMA or is_newer_schema(head.schema))


def _file_time(file: Path) -> str | None:
    stated = parse_history_file_name(file.name)
    try:
        return stated or format_timestamp(datetime.fromtimestamp(file.stat().st_mtime, UTC))
    except (ValueError, OverflowError):  # no calendar has the time of the file
        return None
