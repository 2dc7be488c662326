"""Read a plan file: the plan, strictly decoded with the place of each error, and its JSON object unchanged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from math import isfinite
from shlex import quote
from typing import Any

from microopt.campaign.campaign import Ideal
from microopt.campaign.goals import BALANCED_METRICS
from microopt.campaign.metrics import METRICS, TARGET_METRICS
from microopt.campaign.validation import invalid_ideals, invalid_values
from microopt.errors import UsageError
from microopt.files.reading import STANDARD_INPUT, read_file, read_standard_input, source_name
from microopt.plan.codec import CODEC
from microopt.plan.plan import Plan
from microopt.plan.seal import PlanMetadata, SealedPlan
from microopt.quantities.currencies import ISO_CODES
from microopt.quantities.kinds import DecodeError
from microopt.quantities.nesting import is_nested_too_deep
from microopt.readers.file_kinds import PLAN, TABLES, name_kind
from microopt.readers.nearby_files import suggest_nearby_file

SCHEMA = "microopt.plan/1"
DIAGNOSIS_SCHEMA = "microopt.diagnosis/1"
PORTFOLIO_SCHEMA = "microopt.portfolio/1"
FIX = "give a plan written with -o plan.json"
NUMBERED_SCHEMA = re.compile(r"microopt\.plan/([1-9][0-9]{0,8})")
TOO_DEEP = "its JSON is nested too deep"


class PlanFile(SealedPlan, frozen=True, kw_only=True):
    """A plan as it was read.

    Attributes
    ----------
    path
        The path of its file; `-` is standard input.
    text
        All of the file, where it was read from one.
    """

    path: str
    text: str = ""


class FalsePlanError(UsageError):
    """A plan that its roster or its campaign contradicts.

    Parameters
    ----------
    path
        The file of the plan.
    reason
        What is false, in a sentence.
    """

    def __init__(self, path: str, reason: str) -> None:
        fix = f"see what is false: microopt verify {quote(path)}"
        super().__init__(f"{source_name(path)} is not valid: {reason}", fix=fix, code="plan-false")
        self.path, self.reason = path, reason


class InvalidPlanError(FalsePlanError):
    """A file that has the form of a plan and states something impossible.

    Parameters
    ----------
    place
        Where in the plan's object: `campaign.rules[0]`.
    reason
        What is impossible, in a sentence.
    path, object
        The file, and all of it.
    """

    def __init__(self, place: str, reason: str, path: str, object: dict[str, Any]) -> None:
        super().__init__(path, reason)
        self.place, self.object = place, object


def read_plan(path: str, *, is_input: bool = True) -> PlanFile:
    """Return a plan as its file has it; `-` is standard input.

    Parameters
    ----------
    is_input
        Whether the result of the command depends on it: then it cannot be written.

    Raises
    ------
    UsageError
        If there is no such file, it is of a newer microopt, or it is not a plan: not JSON, of another schema, or with a
        field that is missing or of another type; the message names the place.
    InvalidPlanError
        If it says what no plan can.
    """
    return parse_plan(_read_bytes(path, is_input=is_input), path)


def parse_plan(data: bytes, path: str) -> PlanFile:
    """Return a plan as the bytes of its file have it.

    Raises
    ------
    UsageError
        If they are not a plan; see `read_plan`.
    """
    value = _parse_object(data, path)
    try:
        CODEC.decode(value, PlanMetadata)
        plan = CODEC.decode(value, Plan)
    except DecodeError as error:
        if error.invalid:
            raise InvalidPlanError(error.place, error.message, path, value) from None
        raise _not_a_plan(path, str(error)) from None
    names = METRICS if plan.campaign.target_audience is None else (*METRICS, *TARGET_METRICS)
    for place in _missing_metrics(value, names):
        raise _not_a_plan(path, f"{place} is missing")
    for place, reason in invalid_values(plan.campaign):
        raise InvalidPlanError(f"campaign.{place}", reason, path, value)
    if plan.roster.currency not in ISO_CODES:
        raise InvalidPlanError("roster.currency", f"there is no currency {plan.roster.currency!r}", path, value)
    return PlanFile(path=path, object=value, plan=plan, text=data.decode("utf-8"))


def _missing_metrics(value: Any, names: Sequence[str], place: str = "") -> Iterator[str]:
    """Yield the place of each metric of these names that is missing in a pick, a total or a difference."""
    if isinstance(value, list):
        for number, part in enumerate(value):
            yield from _missing_metrics(part, names, f"{place}[{number}]")
    elif isinstance(value, dict):
        for key, part in value.items():
            inner = f"{place}.{key}" if place else key
            if key == "metrics" and isinstance(part, dict):
                yield from (f"{inner}.{name}" for name in names if name not in part)
            elif isinstance(part, dict | list):
                yield from _missing_metrics(part, names, inner)


def read_ideals(path: str) -> tuple[Ideal, ...]:
    """Return the ideals that a plan was measured by, in thousandths as it counted them.

    Raises
    ------
    UsageError
        If the file is missing, is of a newer microopt, is not a plan, or its goal was not the balanced one.
    """
    value = _parse_object(_read_bytes(path), path)
    try:
        ideals = CODEC.kind(tuple[Ideal, ...]).decode(value.get("ideals"))
    except DecodeError as error:
        raise _not_a_plan(path, str(error.within("ideals"))) from None
    if any(invalid_ideals("ideals", ideals, BALANCED_METRICS)):
        fix = "give a plan that was made with --goal balanced"
        raise UsageError(f"{source_name(path)} records no ideals", fix=fix, code="ideals-missing")
    return tuple(ideals)


def is_newer_schema(schema: object) -> bool:
    """Whether a schema is that of plans of a later version."""
    named = NUMBERED_SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
    return named is not None and int(named[1]) > int(SCHEMA.rpartition("/")[2])


def _read_bytes(path: str, *, is_input: bool = True) -> bytes:
    try:
        return read_standard_input() if path == STANDARD_INPUT else read_file(path, is_input=is_input)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"{source_name(path)} cannot be read as a plan: {reason}"
        raise UsageError(message, fix=suggest_nearby_file(path) or FIX, code="file-missing") from None


def _parse_object(data: bytes, path: str) -> dict[str, Any]:
    """Return the JSON object of a file, once it says that it is a plan of this version."""
    try:
        value = json.loads(
            data.decode("utf-8-sig"),  # some editors put a byte order mark before the text
            object_pairs_hook=_unique_keys,
            parse_constant=_refuse_constant,
            parse_float=_finite_number,
            parse_int=_whole_number,
        )
    except RecursionError:
        raise _not_a_plan(path, TOO_DEEP) from None
    except ValueError as error:  # JSON's own errors, and those of UTF-8
        raise _another_kind(path, data, error) from None
    if is_nested_too_deep(value):
        raise _not_a_plan(path, TOO_DEEP)
    schema = value.get("schema") if isinstance(value, dict) else None
    if is_newer_schema(schema):
        schemas = f"its schema is {schema}, and this one reads {SCHEMA}"
        message = f"{source_name(path)} was written by a newer microopt: {schemas}"
        raise UsageError(message, fix="update microopt: pip install --upgrade microopt", code="plan-newer")
    if schema == DIAGNOSIS_SCHEMA:
        raise _not_a_plan(path, "it says why there is no plan")
    if schema == PORTFOLIO_SCHEMA:
        raise _portfolio(path)
    if schema != SCHEMA:
        raise _not_a_plan(path, f"its schema is {schema!r}")
    return dict(value)


def _not_a_plan(path: str, reason: str) -> UsageError:
    return UsageError(f"{source_name(path)} is not a plan of microopt: {reason}", fix=FIX, code="plan-unreadable")


def _portfolio(path: str) -> UsageError:
    """Return the error of the results of a portfolio, whose campaigns have plan files of their own."""
    message = f"{source_name(path)} is a portfolio, not the plan of one campaign"
    fix = "give the plan of a campaign; microopt portfolio agency.toml --plans 'plans/{name}.json' writes them"
    return UsageError(message, fix=fix, code="plan-unreadable")


def _another_kind(path: str, data: bytes, error: Exception) -> UsageError:
    """Return the error of a file that is not JSON: it says what the file is, or where its JSON is damaged."""
    kind = name_kind(data)
    if kind in TABLES and path != "-":
        fix = f"make a plan of it first: microopt plan {quote(path)} --budget AMOUNT -o plan.json"
        return UsageError(f"{path} is not a plan of microopt: it is {kind}", fix=fix, code="plan-unreadable")
    if not data.strip():
        return _not_a_plan(path, "it is empty")
    is_json = kind in ("JSON", PLAN) or data.lstrip()[:1] in (b"{", b"[")
    return _not_a_plan(path, f"its JSON is damaged: {error}" if is_json else f"it is {kind or 'not JSON'}")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose keys are all different: of two, each reader would take another."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key!r} is given twice in one object")
        found[key] = value
    return found


def _refuse_constant(text: str) -> float:
    raise ValueError(f"{text} is not a number")


def _finite_number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise _range_error(text)
    return number


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:  # it has thousands of digits
        raise _range_error(text) from None


def _range_error(text: str) -> ValueError:
    return ValueError(f"{text[:40]} is out of range")
