"""An error with all its faults, as a JSON object."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from microopt.errors import Fault, MicrooptError


class ErrorReport(Struct, frozen=True, kw_only=True):
    """What went wrong: the error, and every fault behind it."""

    code: str
    message: str
    fix: str
    faults: tuple[Fault, ...]

    schema_name: ClassVar[str] = "error"


def error_report(error: MicrooptError) -> ErrorReport:
    """Return what an error says."""
    return ErrorReport(code=error.code, message=error.message, fix=error.fix, faults=error.faults)
