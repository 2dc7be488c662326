"""The sheet Method: the proof, where the plan comes from, and its caveats."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.plan.plan import Plan
from microopt.plan.seal import seal_plan
from microopt.quantities.parse_and_format import format_count
from microopt.rendering.wording.plan_figures import (
    DISCLOSURE,
    format_budget,
    source_name,
)
from microopt.rendering.wording.plan_sentences import plan_sentences
from microopt.rendering.workbook.book import GREY, ROW_STYLE, WorkbookWriter

FRONTIER_HINT = "microopt report plan.json -o plan.xlsx writes this workbook with a sheet Frontier"
KIND_NAMES = {
    "proof": "Proof",
    "doubt": "Proof",
    "warning": "Warning",
    "fact": "Of the plan",
    "caveat": "Note",
    "note": "Note",
}


def write_method(book: WorkbookWriter, plan: Plan) -> None:
    """Write the sheet."""
    sheet = book.sheet("Method")
    sheet.widths([24, 118])
    sheet.title(0, "How this plan was made, and how far it can be trusted")
    for row, (name, sentence) in enumerate(_statements(plan), 1):
        style = {**ROW_STYLE, "valign": "top"}
        sheet.page.set_row(row, 4 + 14 * (1 + len(sentence) // 130))
        sheet.text(row, 0, name, font_color=GREY, **style)
        sheet.text(row, 1, sentence, text_wrap=True, **style)
    sheet.page.repeat_rows(0)


def _statements(plan: Plan) -> Iterator[tuple[str, str]]:
    for kind, sentence in plan_sentences(plan, hints=False):
        yield KIND_NAMES[kind], sentence
    yield "Before posting", DISCLOSURE
    yield "Goal", f"{plan.campaign.goal.name}, {format_budget(plan)}"
    proof, roster = plan.proof, plan.roster
    yield "Value by the goal", f"{float(proof.objective):.6g}; no plan can pass {float(proof.bound):.6g}"
    yield "Roster", source_name(roster.source.path)
    yield "Roster, SHA-256", roster.source.sha256
    yield "Roster, size", f"{roster.offers:,} offers of {roster.creators:,} creators, {roster.filtered:,} filtered out"
    if plan.campaign_sha256:
        yield "Campaign file, SHA-256", plan.campaign_sha256
    sealed = seal_plan(plan)
    yield "Seal", f"{sealed.seal}: of the same plan as JSON (-o plan.json), which microopt verify checks"
    yield "Made by", f"microopt {sealed.microopt}, solver {proof.backend} {proof.version}; bound by {proof.proven_by}"
    yield "What more budget buys", FRONTIER_HINT
    yield (
        "Reach",
        f"{format_count(plan.totals.metrics['reach'] / 1000)}: people who see several creators count each time",
    )
