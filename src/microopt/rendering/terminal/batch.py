"""How the campaigns of a batch ended, as a table for a person and as lines for a log."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from microopt.inflight.batch.result import BatchEntry, BatchSummary, CampaignRun
from microopt.rendering.sanitize import plain_text
from microopt.rendering.terminal.screen import BAD, WARNING, Screen, cell
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.batch import (
    RUNS,
    batch_head,
    batch_notes,
    batch_problems,
    describe_changes,
    describe_proof,
    describe_spend,
    format_seconds,
)

WIDE, MIN_NAME_WIDTH, MAX_NAME_WIDTH = 72, 12, 32
STYLES = {
    CampaignRun.STOPPED: WARNING,
    CampaignRun.NOT_RUN: WARNING,
    **dict.fromkeys((CampaignRun.INFEASIBLE, CampaignRun.NO_PLAN, CampaignRun.FAILED, CampaignRun.CRASHED), BAD),
}


def batch_table(summary: BatchSummary, screen: Screen) -> str:
    """Return how the campaigns ended: a line each, then what is to be done about some of them."""
    columns: list[Column[BatchEntry]] = [
        Column("Campaign", lambda entry: entry.name, min_width=MIN_NAME_WIDTH, max_width=MAX_NAME_WIDTH),
        Column("Result", _result),
        figure("Creators", _creators, priority=1),
        figure("Spend", describe_spend),
        Column("Changes", describe_changes, priority=3),
        Column("Proof", describe_proof, priority=2),
        figure("Time", lambda entry: format_seconds(entry.seconds) if entry.seconds else "", priority=4),
    ]
    first, *others = batch_head(summary)
    parts: list[RenderableType] = [cell(first, "bold"), *map(cell, others), ""]
    parts += table(columns, summary.campaigns, screen, wide=WIDE)
    for paragraphs in (batch_problems(summary), batch_notes(summary)):
        if lines := list(paragraphs):
            parts += ["", *map(cell, lines)]
    return screen.render(*parts)


def batch_line(summary: BatchSummary) -> str:
    """Return a line for each campaign, and one for all."""
    lines = [entry_line(entry) for entry in summary.campaigns]
    return "".join(f"{line}\n" for line in (*lines, plain_text(" ".join(batch_head(summary)))))


def entry_line(entry: BatchEntry) -> str:
    """Return a campaign in one line: `glow · replanned · exit 0 · 14 creators · $19,965 · proven · +1 -1 · 0.4 s`."""
    return plain_text(" · ".join(filter(None, _parts(entry))))


def problems(summary: BatchSummary) -> Iterator[str]:
    """Yield what is to be done about campaigns, a line each."""
    return map(plain_text, batch_problems(summary))


def _parts(entry: BatchEntry) -> Iterator[str]:
    yield entry.name
    yield RUNS[entry.run]
    yield f"exit {entry.exit}"
    if entry.creators is not None:
        yield f"{entry.creators:,} creators" if entry.creators != 1 else "1 creator"
    yield describe_spend(entry)
    yield describe_proof(entry)
    yield describe_changes(entry)
    yield format_seconds(entry.seconds) if entry.seconds else ""
    yield entry.message


def _result(entry: BatchEntry) -> Text:
    mark = f" ({entry.exit})" if entry.exit and entry.run is not CampaignRun.NOT_RUN else ""
    return Text(RUNS[entry.run] + mark, STYLES.get(entry.run, ""))


def _creators(entry: BatchEntry) -> str:
    return "" if entry.creators is None else f"{entry.creators:,}"
