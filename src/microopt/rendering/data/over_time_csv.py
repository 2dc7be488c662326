"""One burst beside a plan over waves, as CSV: a row for each plan."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.over_time.result import TimingCase, TimingComparison
from microopt.campaign.metrics import METRICS
from microopt.plan.plan import Plan
from microopt.rendering.data.csv_text import csv_text, text_cell

COLUMNS = (
    *("timing", "waves", "status", "posts", "creators", "spend", *METRICS),
    *("value", "bound", "share_of_plan", "rules_left", "reasons"),
)


def over_time_csv(comparison: TimingComparison) -> str:
    """Return one row per plan, that of the campaign first; several names in one cell are separated by bars."""
    cases = (*comparison.bursts, *comparison.others)
    plan = comparison.plan
    waves = [wave.wave for wave in plan.by_wave]
    own = [*_texts("plan", waves, plan.status), *_figures(plan), "1.000000", *(text_cell(""), text_cell(""))]
    return csv_text(COLUMNS, [own, *([*_cells(case)] for case in cases)])


def _cells(case: TimingCase) -> Iterator[str]:
    yield from _texts(case.timing.value, case.waves, case.status)
    yield from _figures(case.plan)
    yield "" if case.share_of_plan is None else f"{float(case.share_of_plan):.6f}"
    yield text_cell("|".join(case.rules_left))
    yield text_cell("|".join(case.reasons))


def _texts(timing: str, waves: Iterator[str] | list[str] | tuple[str, ...], status: str) -> Iterator[str]:
    yield from (text_cell(timing), text_cell("|".join(waves)), text_cell(status))


def _figures(plan: Plan | None) -> Iterator[str]:
    if plan is None:
        yield from [""] * (len(METRICS) + 5)
        return
    yield from (str(plan.posts), str(plan.totals.creators), f"{plan.totals.spend / 100:.2f}")
    yield from (f"{plan.totals.metrics[name] / 1000:.3f}" for name in METRICS)
    yield from (f"{float(value):.6f}" for value in (plan.proof.objective, plan.proof.bound))
