"""What a nightly run leaves behind: the plan in place, the last one in its history, all of it in the store."""

from __future__ import annotations

from pathlib import Path

from microopt.cli.night import Night
from microopt.cli.output import write_plan
from microopt.cli.past import keep_last
from microopt.cli.tonight import CameIn
from microopt.plan import Plan
from microopt.readers.plan_document import PlanFile


def keep(night: Night, read: CameIn, plan: Plan, same: PlanFile | None) -> None:
    """Write what a run is asked to, in an order that leaves a good plan in place whenever the run dies.

    The last plan is kept before it is replaced; the store comes last, and the next run heals it: a plan in place that
    it does not have is added then.

    Parameters
    ----------
    same
        The plan that was made from the same already: what there is of it stays as it is.

    Raises
    ------
    OutputError
        If something cannot be written.
    """
    targets = night.targets
    if same is not None:
        targets = tuple(path for path in targets if not Path(path).is_file())
    elif any(_same_file(path, night.plan) for path in targets):
        keep_last(night.plan, Path(night.plan).read_text(encoding="utf-8"), read.last.document)
    write_plan(plan, targets)


def _same_file(path: str, other: str) -> bool:
    return other != "-" and Path(path).exists() and Path(path).samefile(other)
