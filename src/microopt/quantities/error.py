"""An error with all its faults, as JSON: `microopt.error/1`."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from microopt.errors import MicrooptError

SCHEMA: Literal["microopt.error/1"] = "microopt.error/1"


class FaultDocument(Struct, frozen=True, kw_only=True):
    """One thing wrong, with its place."""

    row: int | None
    column: str | None
    value: str | None
    code: str
    message: str
    fix: str


class ErrorDocument(Struct, frozen=True, kw_only=True):
    """What went wrong."""

    schema: Literal["microopt.error/1"]
    code: str
    message: str
    fix: str
    faults: list[FaultDocument]


def error_document(error: MicrooptError) -> ErrorDocument:
    """Return an error as its document."""
    faults = [
        FaultDocument(row=f.row, column=f.column, value=f.value, code=f.code, message=f.message, fix=f.fix)
        for f in error.faults
    ]
    return ErrorDocument(schema=SCHEMA, code=error.code, message=error.message, fix=error.fix, faults=faults)
