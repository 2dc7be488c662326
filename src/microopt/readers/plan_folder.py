"""A folder -> the plans in it and in its `history`; other files are passed over, plans that cannot be read are told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from microopt.errors import UsageError
from microopt.plan.file_name import FOLDER, iso, made_of_name
from microopt.readers.plan_document import PlanFile, plan_of
from microopt.readers.plan_schema import SCHEMA, is_newer

BEGINS = SCHEMA.rpartition("/")[0].encode()  # of this microopt's plans, and of those of a newer one
HEAD = 200  # bytes in which a plan says that it is one


class FoundPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan, and when it was made as far as its place tells: a first plan does not say so itself."""

    file: PlanFile
    on: str | None = None


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    schema: Any = None
    diagnosis: msgspec.Raw = msgspec.Raw()


def plans_of(folder: Path) -> tuple[tuple[FoundPlan, ...], tuple[str, ...]]:
    """Return the plans of a folder, and warnings of those that are broken or of a newer microopt.

    Raises
    ------
    UsageError
        If the folder cannot be read.
    """
    found, broken = [], []
    for file in _files(folder):
        try:
            data = file.read_bytes()
            if _is_plan(data, file):
                found.append(FoundPlan(file=plan_of(data, str(file)), on=_made(file)))
        except OSError as error:
            broken.append(f"{file} cannot be read: {error.strerror}")
        except UsageError as error:
            broken.append(error.message)
    return tuple(found), tuple(broken)


def _files(folder: Path) -> Iterator[Path]:
    try:
        for place in (folder, folder / FOLDER):
            if place.is_dir():
                yield from sorted(file for file in place.glob("*.json") if not file.name.startswith("."))
    except OSError as error:
        message = f"folder {folder} cannot be read: {error.strerror}"
        raise UsageError(message, fix="check its permissions", code="file-unreadable") from None


def _is_plan(data: bytes, file: Path) -> bool:
    """Whether a file is a plan, or is meant to be one: another JSON file is not, nor is a diagnosis."""
    try:
        head = msgspec.json.decode(data, type=_Head)
    except msgspec.ValidationError:  # JSON, and no object
        return False
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        kept = file.parent.name == FOLDER and made_of_name(file.name) is not None
        return kept or BEGINS in data[:HEAD]
    return (head.schema == SCHEMA or is_newer(head.schema)) and not bytes(head.diagnosis)


def _made(file: Path) -> str:
    return made_of_name(file.name) or iso(datetime.fromtimestamp(file.stat().st_mtime, UTC))
