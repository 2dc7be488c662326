"""Where the time of one `microopt plan` goes: `python -m benchmarks.stages STAGES.json ARGUMENTS OF MICROOPT...`.

Each stage is named by functions, looked up where they are called. What a stage takes is without the other stages that
it calls. A function that is not there any more is an error, not a stage of no seconds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from functools import reduce, wraps
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

IMPORTS = ("microopt.cli.results", "microopt.rendering.data.json", "microopt.solver.backends.cbc")
STAGES: dict[str, tuple[str, ...]] = {
    "reading": ("microopt.cli.load:read_roster",),
    "preparing": ("microopt.planning.optimize:build_problem",),
    "forecasting": ("microopt.planning.build_problem:forecast",),
    "formulating": (
        "microopt.planning.optimize:build_objective",
        "microopt.planning.optimize:metric_objective",
        "microopt.planning.optimize:formulate",
    ),
    "prices and pruning": ("microopt.planning.optimize:solve", "microopt.planning.problem_run:solve_cheapest"),
    "backend": ("microopt.solver.backends.cbc:Cbc.relax", "microopt.solver.backends.cbc:Cbc.solve"),
    "assembling, auditing": ("microopt.planning.optimize:build_plan", "microopt.planning.optimize:fingerprint"),
    "writing": ("microopt.cli.outputs:write_plan",),
}
IMPORTING, REST = "importing", "all else"


class Stages:
    """The seconds of each stage, without those of stages that it calls."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys((IMPORTING, *STAGES), 0.0)
        self._within: list[float] = []  # of each stage that is under way, what its callees took

    def timed(self, stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that also adds its time to a stage."""

        @wraps(call)
        def clocked(*args: Any, **named: Any) -> Any:
            start = perf_counter()
            self._within.append(0.0)
            try:
                return call(*args, **named)
            finally:
                took = perf_counter() - start
                self.seconds[stage] += took - self._within.pop()
                if self._within:
                    self._within[-1] += took

        return clocked

    def wrap(self) -> None:
        """Put a clock around every function of every stage.

        Raises
        ------
        LookupError
            If one is not where it was.
        """
        for stage, places in STAGES.items():
            for place in places:
                owner, name = locate(place)
                setattr(owner, name, self.timed(stage, getattr(owner, name)))


def locate(place: str) -> tuple[Any, str]:
    """Return the module or class that holds a function, and the function's name there.

    Raises
    ------
    LookupError
        If it is not there.
    """
    module, _, path = place.partition(":")
    *outer, name = path.split(".")
    try:
        owner = reduce(getattr, outer, import_module(module))
        getattr(owner, name)
    except (ImportError, AttributeError) as error:
        raise LookupError(f"benchmarks/stages.py times {place}, which is not there: {error}") from None
    return owner, name


def main(out: str, arguments: Sequence[str]) -> None:
    """Run microopt with clocks and write the seconds of every stage."""
    stages, start = Stages(), perf_counter()
    stages.timed(IMPORTING, lambda: [import_module(name) for name in IMPORTS])()
    stages.wrap()
    from microopt.__main__ import run as microopt

    sys.argv = ["microopt", *arguments]
    try:
        microopt()
    finally:
        took = perf_counter() - start
        seconds = {**stages.seconds, REST: took - sum(stages.seconds.values())}
        Path(out).write_text(json.dumps(seconds), encoding="utf-8")


if __name__ == "__main__":
    sys.modules["pyarrow"] = None  # type: ignore[assignment]  # as after a plain `pip install .`
    main(sys.argv[1], sys.argv[2:])
