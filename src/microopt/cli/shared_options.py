"""Plan's options on other commands: a study asks the same campaign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any

from microopt.cli.commands.plan import plan

OWN = ("context", "roster", "repair", "cross_check", "price_rules", "format", "output", "expect")  # of plan alone

ANY_PLAN = ("max_unpacked", "time_limit", "gap", "solver", "quiet", "verbose")  # of use whatever the plan is


def with_plan_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command with plan's options behind its first two parameters: the context, and what it is asked of.

    It reads them from the context.
    """
    own = list(signature(command, eval_str=True).parameters.values())
    known = {parameter.name for parameter in own}
    shared = [
        parameter
        for name, parameter in signature(plan, eval_str=True).parameters.items()
        if name not in OWN and name not in known
    ]
    merged = [*own[:2], *shared, *own[2:]]

    @wraps(command)
    def run(**given: Any) -> None:
        command(**{name: given[name] for name in known})

    run.__signature__ = Signature(sorted(merged, key=_has_default))  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in merged}
    return run


def campaign_flags(params: Mapping[str, Any]) -> list[str]:
    """Return the flags that are given of those which say what is planned, and of which roster."""
    return [
        f"--{name.replace('_', '-')}"
        for name, parameter in signature(plan, eval_str=True).parameters.items()
        if name not in (*OWN, *ANY_PLAN) and params.get(name, parameter.default) not in (parameter.default, None, ())
    ]


def _has_default(parameter: Parameter) -> bool:
    return parameter.default is not Parameter.empty
