"""A plan file -> what another plan takes over from it: its ideals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from microopt.campaign.campaign import Ideal
from microopt.errors import UsageError
from microopt.readers.plan_schema import FIX, check_schema, no_plan

BALANCED = {"engagements", "conversions"}


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    schema: Any = None


class _PlanFile(msgspec.Struct, frozen=True, kw_only=True):
    ideals: dict[str, float] = {}
    ideal_bounds: dict[str, float] = {}


def read_ideals(path: str) -> tuple[Ideal, ...]:
    """Return the ideals that a plan was measured by, in thousandths as it counted them.

    Raises
    ------
    UsageError
        If the file is missing, is of a newer microopt, is no plan, or its goal was not the balanced one.
    """
    try:
        data = Path(path).read_bytes()
        check_schema(msgspec.json.decode(data, type=_Head).schema, path)
        plan = msgspec.json.decode(data, type=_PlanFile)
    except OSError as error:
        raise UsageError(f"plan file {path} cannot be read: {error.strerror}", fix=FIX, code="file-missing") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise no_plan(path, str(error)) from None
    if plan.ideals.keys() != BALANCED or plan.ideal_bounds.keys() != BALANCED or not _sound(plan):
        fix = "give a plan of the balanced goal"
        raise UsageError(f"plan file {path} records no ideals", fix=fix, code="ideals-missing")
    return tuple(
        Ideal(metric=metric, total=round(total * 1000), bound=round(plan.ideal_bounds[metric] * 1000))
        for metric, total in plan.ideals.items()
    )


def _sound(plan: _PlanFile) -> bool:
    return all(0 <= total <= plan.ideal_bounds[metric] < 2**53 for metric, total in plan.ideals.items())
