"""What becomes of a plan where creators decline, as CSV: a row for each case."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.plan_b.result import DeclineCase, PlanB
from microopt.campaign.metrics import METRICS
from microopt.rendering.data.csv_text import csv_text, text_cell

COLUMNS = (
    *("declined", "keeps_rest", "status", "booked", "dropped", "cost_change", "goal_change", "goal_change_share"),
    *(f"{name}_change" for name in METRICS),
)


def plan_b_csv(result: PlanB) -> str:
    """Return one row per case, with a header; several names in one cell are separated by bars."""
    cases = [*result.cases, *([] if result.freely is None else [result.freely])]
    return csv_text(COLUMNS, ([*_cells(case)] for case in cases))


def _cells(case: DeclineCase) -> Iterator[str]:
    change = case.change
    yield text_cell("|".join(case.declined))
    yield "yes" if case.keeps_rest else "no"
    yield text_cell(case.status)
    if change is None:
        yield from [""] * (len(COLUMNS) - 3)
        return
    yield text_cell("|".join(change.added))
    yield text_cell("|".join(change.dropped))
    yield f"{change.spend / 100:.2f}"
    yield f"{float(change.objective):.6f}"
    yield "" if change.share is None else f"{float(change.share):.6f}"
    yield from (f"{change.metrics[name] / 1000:.3f}" for name in METRICS)
