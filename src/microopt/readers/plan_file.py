"""A plan file -> what another plan takes over from it: its ideals."""

from __future__ import annotations

from pathlib import Path

import msgspec

from microopt.campaign import Ideal
from microopt.errors import UsageError

SCHEMA = "microopt.plan/1"
BALANCED = {"engagements", "conversions"}


class _PlanFile(msgspec.Struct, frozen=True, kw_only=True):
    schema: str
    ideals: dict[str, float] = {}
    ideal_bounds: dict[str, float] = {}


def read_ideals(path: str) -> tuple[Ideal, ...]:
    """Return the ideals that a plan was measured by, in thousandths as it counted them.

    Raises
    ------
    UsageError
        If the file is missing, is no plan, or its goal was not the balanced one.
    """
    try:
        plan = msgspec.json.decode(Path(path).read_bytes(), type=_PlanFile)
    except OSError as error:
        fix = "give a plan written with -o plan.json"
        raise UsageError(f"plan file {path} cannot be read: {error.strerror}", fix=fix, code="file-missing") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _no_plan(path, str(error)) from None
    if plan.schema != SCHEMA:
        raise _no_plan(path, f"its schema is {plan.schema!r}")
    if plan.ideals.keys() != BALANCED or plan.ideal_bounds.keys() != BALANCED or not _sound(plan):
        fix = "give a plan of the balanced goal"
        raise UsageError(f"plan file {path} records no ideals", fix=fix, code="ideals-missing")
    return tuple(
        Ideal(metric=metric, total=round(total * 1000), bound=round(plan.ideal_bounds[metric] * 1000))
        for metric, total in plan.ideals.items()
    )


def _sound(plan: _PlanFile) -> bool:
    return all(0 <= total <= plan.ideal_bounds[metric] < 2**53 for metric, total in plan.ideals.items())


def _no_plan(path: str, why: str) -> UsageError:
    fix = "give a plan written with -o plan.json"
    return UsageError(f"{path} is not a plan of microopt: {why}", fix=fix, code="plan-unreadable")
