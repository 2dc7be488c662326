"""The first plan of a campaign of a batch: lock, read, plan, write, store."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from microopt.campaign.inputs import CampaignInput
from microopt.cli.load import RosterReader, load_inputs
from microopt.cli.options import CampaignOptions
from microopt.cli.outputs import check_dates, check_targets, write_plan
from microopt.cli.past_waves import past_waves
from microopt.cli.plan_search import run_search
from microopt.cli.progress import Progress
from microopt.cli.replan_options import ReplanOptions
from microopt.cli.replan_persist import RunRecord, open_run_store
from microopt.cli.replan_run import ReplanOutcome
from microopt.cli.results import exit_code_for, exit_code_of_diagnosis
from microopt.errors import UsageError
from microopt.plan.diagnosis import Diagnosis
from microopt.plan.expectations import parse_expectation, stated_amounts, unmet_expectations
from microopt.plan.seal import SealedPlan, seal_plan
from microopt.planning.optimize import optimize
from microopt.rendering.data.json import json_text
from microopt.storage.locks import exclusive_lock
from microopt.storage.temporary_files import remove_stale_temp_files


def make_first_plan(
    options: ReplanOptions, record: RunRecord, progress: Progress, read: RosterReader
) -> ReplanOutcome | None:
    """Plan a campaign from its file and its list, and write the plan; None if another run has written one meanwhile.

    Parameters
    ----------
    options
        Those of the nights that follow.
    record
        Takes how the run ends.
    read
        Reads the list.

    Raises
    ------
    MicrooptError
        If an input is wrong, a file cannot be written or the solver fails.
    """
    expectations = tuple(map(parse_expectation, options.expect))
    replaced = (options.plan,)  # which is not there yet, and an input of the nights that follow
    check_targets(options.targets, options.sources, replaces=replaced)
    locked = () if options.dry_run else (*options.targets, *filter(None, [options.store]))
    with exclusive_lock(locked, options.wait, progress.report):
        if Path(options.plan).exists():
            return None
        if not options.dry_run:
            remove_stale_temp_files(options.targets)
        result = _search(options, progress, read)
        if isinstance(result, Diagnosis):
            code = exit_code_of_diagnosis(result)
            record.finish(code, status=result.status)
            return ReplanOutcome(result=result, existing=None, code=code)
        sealed, contents = result
        failures = unmet_expectations(sealed.plan, expectations)
        code = exit_code_for(sealed.plan, options.solve.accepted_gap, failures)
        if not options.dry_run:
            with open_run_store(options) as store:
                write_plan(sealed.plan, options.targets, contents, replaces=replaced)
                record.plan = sealed
                if store is not None:
                    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
                    store.add_plan(sealed, json_text(sealed.object), at=at, exit_code=int(code), seconds=record.seconds)
    record.finish(code, plan=sealed, unmet=failures)
    return ReplanOutcome(result=sealed, existing=None, code=code, unmet=failures)


def _search(
    options: ReplanOptions, progress: Progress, read: RosterReader
) -> Diagnosis | tuple[SealedPlan, dict[str, str | bytes]]:
    """Return the sealed plan with the content of files that hold more than it, or why there is none."""
    if options.roster is None:
        fix = "name its list: --roster creators.csv"
        raise UsageError(f"{options.plan} has no list of creators", fix=fix, code="roster-missing")
    campaign = CampaignOptions(campaign_file=options.campaign_file, settings=CampaignInput(), reading=options.reading)
    amounts = stated_amounts(list(map(parse_expectation, options.expect)))
    inputs = load_inputs(options.roster, campaign, options.solve, progress, amounts, read)
    check_dates(options.targets, inputs.campaign)
    if warning := past_waves(inputs.campaign):
        progress.note(warning)
    limits = options.solve.limits(progress.report)
    result, attachments = run_search(optimize, inputs, options.targets, limits)
    if isinstance(result, Diagnosis):
        return result
    sealed = seal_plan(result)
    return sealed, {**attachments, "json": json_text(sealed.object)}
