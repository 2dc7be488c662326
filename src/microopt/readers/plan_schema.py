"""The schema that a plan file names -> whether it is this version's, a newer one's, or no plan's."""

from __future__ import annotations

import re

from microopt.errors import UsageError

SCHEMA = "microopt.plan/1"
FIX = "give a plan written with -o plan.json"
NUMBERED = re.compile(r"microopt\.plan/([1-9][0-9]{0,8})")


def check_schema(schema: object, path: str) -> None:
    """See that a plan's schema is the one that is read here.

    Raises
    ------
    UsageError
        If it is of a newer microopt, or of no plan.
    """
    if is_newer(schema):
        message = f"{path} was written by a newer microopt: its schema is {schema}, and this one reads {SCHEMA}"
        raise UsageError(message, fix="update microopt: pip install --upgrade microopt", code="plan-newer")
    if schema != SCHEMA:
        raise no_plan(path, f"its schema is {schema!r}")


def is_newer(schema: object) -> bool:
    """Whether a schema is that of plans to come."""
    named = NUMBERED.fullmatch(schema) if isinstance(schema, str) else None
    return named is not None and int(named[1]) > int(SCHEMA.rpartition("/")[2])


def no_plan(path: str, why: str) -> UsageError:
    """Return the error of a file that is no plan."""
    return UsageError(f"{path} is not a plan of microopt: {why}", fix=FIX, code="plan-unreadable")
