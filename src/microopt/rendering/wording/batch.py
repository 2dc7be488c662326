"""The sentences of a batch: how many campaigns ended how, and what is to be done about the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from microopt.inflight.batch.result import BatchEntry, BatchSummary, CampaignRun
from microopt.quantities.parse_and_format import format_money, format_percent, join_words
from microopt.rendering.wording.full_stop import end_sentence

# How a campaign ended, in the order in which they are counted.
RUNS = {
    CampaignRun.PLANNED: "planned",
    CampaignRun.REPLANNED: "replanned",
    CampaignRun.UNCHANGED: "unchanged",
    CampaignRun.STOPPED: "stopped early",
    CampaignRun.INFEASIBLE: "not possible",
    CampaignRun.NO_PLAN: "without a plan",
    CampaignRun.FAILED: "failed",
    CampaignRun.CRASHED: "crashed",
    CampaignRun.NOT_RUN: "not run",
}
FAST = 100.0  # seconds below which tenths are shown


def batch_head(summary: BatchSummary) -> Iterator[str]:
    """Yield how many campaigns there are, how they ended, and how long that took."""
    total = len(summary.campaigns)
    counts = [f"{summary.count(run):,} {word}" for run, word in RUNS.items() if summary.count(run)]
    campaigns = "1 campaign" if total == 1 else f"{total:,} campaigns"
    yield f"{campaigns} in {summary.source}: {join_words(counts)}."
    at_once = "" if summary.jobs == 1 else f", {summary.jobs} at once"
    yield f"Done in {format_seconds(summary.seconds)}{at_once}; exit code {summary.exit}."
    if summary.dry_run:
        yield "Dry run: no plan was written."


def batch_problems(summary: BatchSummary) -> Iterator[str]:
    """Yield what is to be done about campaigns, in the order of their names, a paragraph each."""
    for entry in summary.campaigns:
        if entry.message:
            kept = _what_stays(entry, summary)
            fix = f" Fix: {end_sentence(entry.fix)}" if entry.fix else ""
            yield f"{entry.name} (exit code {entry.exit}): {end_sentence(entry.message)}{kept}{fix}"
        for unmet in entry.unmet:
            yield f"{entry.name} (exit code {entry.exit}): {end_sentence(unmet)}"
        if entry.run is CampaignRun.STOPPED:
            yield f"{entry.name} (exit code {entry.exit}): stopped early; the best plan until then is in {entry.plan}."
    if waiting := summary.count(CampaignRun.NOT_RUN):
        yield f"Interrupted: {waiting:,} not run. The same command goes on from here."


def batch_notes(summary: BatchSummary) -> Iterator[str]:
    """Yield what the folder holds besides campaigns, and where to find what was assumed."""
    yield from (f"Note: {end_sentence(note)}" for note in summary.notes)
    if again := [entry.name for entry in summary.campaigns if entry.attempts > 1 and entry.has_plan]:
        yield f"Note: a second attempt was needed for {join_words(again)}, whose first process ended."
    if assumed := sum(len(entry.notes) for entry in summary.campaigns):
        notes = "1 note" if assumed == 1 else f"{assumed:,} notes"
        yield f"{notes} on what was assumed for single campaigns: --format json."


def describe_proof(entry: BatchEntry) -> str:
    """Return how good a plan is known to be: `proven`, `within 0.3%`."""
    if entry.gap is None:
        return ""
    return "proven" if entry.status == "optimal" else f"within {format_percent(entry.gap)}"


def describe_changes(entry: BatchEntry) -> str:
    """Return how many creators were added and dropped: `+3 -2`."""
    parts = [f"+{entry.added}"] if entry.added else []
    return " ".join([*parts, *([f"-{entry.dropped}"] if entry.dropped else [])])


def describe_spend(entry: BatchEntry) -> str:
    """Return what a plan costs."""
    return "" if entry.spend is None else format_money(entry.spend, entry.currency)


def format_seconds(seconds: float) -> str:
    """Return a time as `0.42 s`, `4.2 s` or `312 s`."""
    return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s" if seconds < FAST else f"{seconds:,.0f} s"


def _what_stays(entry: BatchEntry, summary: BatchSummary) -> str:
    """Return a sentence on the last plan of a campaign that has no new one."""
    if summary.dry_run or entry.has_plan or not Path(entry.plan).is_file():
        return ""
    return " The last plan stays in place."
