"""A plan file -> the object as it stands, and its document: strictly decoded, what is wrong named by its place."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec

from microopt.campaign.campaign import Campaign
from microopt.errors import CampaignError, UsageError
from microopt.plan.campaign_document import campaign_of_document
from microopt.plan.document.plan import PlanDocument
from microopt.plan.seal import seal_of
from microopt.readers.plan_schema import FIX, check_schema, no_plan


class PlanFile(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as it was read.

    Attributes
    ----------
    path
        Of its file; `-` is standard input.
    object
        The JSON object, with every key that the file has.
    document
        The same, each value of the type that it must have.
    text
        All of the file, where it was read from one.
    """

    path: str
    object: dict[str, Any]
    document: PlanDocument
    text: str = ""

    @property
    def sealed(self) -> bool:
        """Whether the seal is that of the file: it was not altered after it was written."""
        return seal_of(self.object) == self.document.seal


def read_plan(path: str) -> PlanFile:
    """Return a plan as its file has it; `-` is standard input.

    Raises
    ------
    UsageError
        If there is no such file, it is of a newer microopt, or it is no plan: not JSON, of another schema, or with a
        field that is missing or of another type; the message names the place.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"plan file {path} cannot be read: {told}", fix=FIX, code="file-missing") from None
    return plan_of(data, path)


def plan_of(data: bytes, path: str) -> PlanFile:
    """Return a plan as the bytes of its file have it.

    Raises
    ------
    UsageError
        If they are no plan; see `read_plan`.
    """
    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite
        )
    except (ValueError, RecursionError) as error:  # JSON's own errors, and those of UTF-8, are ValueErrors
        raise no_plan(path, f"it is not JSON: {error}") from None
    check_schema(value.get("schema") if isinstance(value, dict) else None, path)
    if "diagnosis" in value:
        raise no_plan(path, "it says why there is none")
    try:
        document = msgspec.convert(value, PlanDocument)
    except (msgspec.ValidationError, OverflowError) as error:
        raise no_plan(path, _placed(str(error), value)) from None
    return PlanFile(path=path, object=value, document=document, text=data.decode("utf-8"))


def campaign_of_plan(file: PlanFile) -> Campaign:
    """Return the campaign that a plan was made for.

    Raises
    ------
    UsageError
        If it says what no campaign can.
    """
    try:
        return campaign_of_document(file.document.campaign)
    except CampaignError as error:
        fix = f"see what is false: microopt verify {file.path}"
        raise UsageError(f"{file.path} does not hold: {error.message}", fix=fix, code="plan-false") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose keys are all different: of two, each reader would take another."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key!r} is given twice in one object")
        found[key] = value
    return found


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text[:40]} is out of range")
    return number


def _placed(told: str, value: dict[str, Any]) -> str:
    """Return an error of a decoder with its place as a plan's places are written: `picks[3].fee`."""
    what, _, path = told.replace("`", "'").partition(" - at '$")
    missing = re.fullmatch(r"Object missing required field '(\w+)'", what)
    place = path.rstrip("'").lstrip(".")
    while "[...]" in place:
        head, _, tail = place.partition("[...]")
        place = f"{head}{_first_wrong(value, head, what)}{tail}"
    if missing:
        return f"{'.'.join(filter(None, (place, missing[1])))} is missing"
    return f"{place or 'the whole of it'}: {what[:1].lower() + what[1:]}"


def _first_wrong(value: dict[str, Any], head: str, what: str) -> str:
    """Return the index or key of the first member of a list or table for which the same is said."""
    steps = re.findall(r"[^.\[\]]+", head)
    for key, alone in _alone(value, steps):
        try:
            msgspec.convert(alone, PlanDocument)
        except (msgspec.ValidationError, OverflowError) as error:
            if str(error).replace("`", "'").startswith(what):
                return key
    return "[?]"


def _alone(value: Any, steps: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield the object with only one member of the list or table at a path, for each of these."""
    if steps:
        key: Any = steps[0]
        inner = value[key] if isinstance(value, Mapping) else value[int(key)]
        for name, member in _alone(inner, steps[1:]):
            if isinstance(value, Mapping):
                yield name, {**value, key: member}
            else:
                yield name, [*value[: int(key)], member, *value[int(key) + 1 :]]
    elif isinstance(value, Mapping):
        yield from ((f".{key}", {key: member}) for key, member in value.items())
    else:
        yield from ((f"[{i}]", [member]) for i, member in enumerate(value))
