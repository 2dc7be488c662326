"""Search a plan, and render what takes long while there is time: of `microopt plan`, and of each of a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from microopt.cli.outputs import attachment_formats, render_attachments
from microopt.cli.signals import check_stop, interruptible
from microopt.plan.diagnosis import Diagnosis
from microopt.planning.time_budget import TimeBudget

if TYPE_CHECKING:
    from microopt.campaign.campaign import Campaign
    from microopt.cli.load import Inputs
    from microopt.plan.plan import Plan
    from microopt.solver.result import SolveLimits


def run_search(
    search: Callable[..., Plan | Diagnosis],
    inputs: Inputs,
    files: Sequence[str],
    limits: SolveLimits,
    *,
    spread: bool = False,
) -> tuple[Plan | Diagnosis, Mapping[str, str | bytes]]:
    """Return the plan, and by format the content of the files that need more than the plan.

    Parameters
    ----------
    search
        Makes a plan of a roster and a campaign, as `optimize` does.
    files
        Those that are to be written.
    spread
        Whether the plan says how much its two largest creators bring.
    """
    formats = attachment_formats(files)
    if formats and (logo := inputs.campaign.report.logo):
        from microopt.readers.logo import read_logo

        read_logo(logo)  # before the work: a faulty one would cost the plan
    time = TimeBudget(limits)
    with interruptible():
        check_stop()
        result = search(
            inputs.roster,
            inputs.campaign,
            limits=time.limits,
            solver=inputs.solver,
            campaign_sha256=inputs.campaign_sha256,
        )
        if spread and not isinstance(result, Diagnosis):
            result = _with_spread(result, inputs, time)
        if not formats or isinstance(result, Diagnosis):
            return result, {}
        return result, render_attachments(result, inputs.roster, formats, time.remaining_limits(), inputs.solver)


def _with_spread(plan: Plan, inputs: Inputs, time: TimeBudget) -> Plan:
    """Return the plan with how much its two largest creators bring, and what a cap would cost."""
    from msgspec.structs import replace

    from microopt.planning.optimize import optimize
    from microopt.planning.spread import find_spread

    def make_plan(campaign: Campaign) -> Plan | Diagnosis | None:
        if time.exhausted:
            return None
        return optimize(inputs.roster, campaign, limits=time.remaining_limits(), solver=inputs.solver)

    return replace(plan, spread=find_spread(plan, make_plan))
