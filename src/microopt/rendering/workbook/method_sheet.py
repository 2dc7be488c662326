"""The sheet Method: how the plan was made, how far it can be trusted, and by which files it can be checked."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.report.result import Report
from microopt.files.reading import source_name
from microopt.plan.plan import Plan
from microopt.rendering.language.language import ENGLISH, Language
from microopt.rendering.story.disclosure import disclosure
from microopt.rendering.wording.industry_estimates import industry_estimates
from microopt.rendering.wording.plan_figures import format_budget, score_rows
from microopt.rendering.wording.plan_head import repair_warning
from microopt.rendering.wording.plan_sentences import plan_sentences, soft_rules
from microopt.rendering.workbook.book import GREY, ROW_STYLE, WorkbookWriter, row_height

WIDTH = 118
CLIENT_KINDS = ("proof", "doubt", "fact")  # the others are remarks on the list


def write_method(book: WorkbookWriter, report: Report) -> None:
    """Write the sheet."""
    text = book.text
    sheet = book.sheet(text("Method"))
    sheet.widths([24, WIDTH])
    sheet.title(0, text("How this plan was made, and how far it can be trusted"))
    statements = [
        *_sentences(report, book.language),
        *_disclosure(report, book.language),
        *_audit(report, book.language),
    ]
    style = {**ROW_STYLE, "valign": "top"}
    for row, (name, sentence) in enumerate(statements, 1):
        sheet.text(row, 0, name, font_color=GREY, **style)
        sheet.text(row, 1, sentence, text_wrap=True, **style)
        if (height := row_height([(sentence, WIDTH)])) is not None:
            sheet.page.set_row(row, height)
    sheet.page.repeat_rows(0)


def _sentences(report: Report, language: Language) -> Iterator[tuple[str, str]]:
    """Yield what is to be said of the plan; a client reads no remarks on the list of creators."""
    names = {
        "proof": language.text("Proof"),
        "doubt": language.text("Proof"),
        "warning": language.text("Warning"),
        "fact": language.text("Of the plan"),
        "caveat": language.text("Note"),
        "note": language.text("Note"),
    }
    plan, sentences = report.plan, plan_sentences(report.plan, hints=False)
    if not report.edition.is_internal:
        kept = [(kind, sentence) for kind, sentence in sentences if kind in CLIENT_KINDS]
        estimates = [("caveat", each) for each in industry_estimates(plan.assumed, "the creator list")]
        sentences = iter([*repair_warning(plan), *soft_rules(plan), *kept, *estimates])
    yield from ((names[kind], sentence) for kind, sentence in sentences)
    if not language.code.startswith(ENGLISH):
        yield language.text("Note"), language.text("What comes from the plan file is in English here.")
    yield language.text("Reach"), language.text("People who follow two creators are counted twice.")


def _disclosure(report: Report, language: Language) -> Iterator[tuple[str, str]]:
    """Yield how posts are labelled, with who says so."""
    told = disclosure(report.plan, language)
    yield language.text("Before posting"), " ".join(filter(None, (told.general, told.others)))
    for rule in told.rules:
        sources = "; ".join(f"{source.title}, {source.url}" for source in rule.sources)
        yield rule.country, " ".join([", ".join(rule.labels) + ":", rule.place, *rule.notes, f"({sources})"])


def _audit(report: Report, language: Language) -> Iterator[tuple[str, str]]:
    """Yield by which files the plan can be made again and checked."""
    plan, text = report.plan, language.text
    proof, roster = plan.proof, plan.roster
    yield text("Goal"), f"{plan.campaign.goal.name}, {format_budget(plan)}"
    yield from score_rows(plan)
    yield text("Roster"), source_name(roster.source.path)
    yield text("Roster, SHA-256"), roster.source.sha256
    yield text("Roster, size"), _size(plan, language)
    if plan.campaign_sha256:
        yield text("Campaign file, SHA-256"), plan.campaign_sha256
    yield (
        text("Seal"),
        text("{seal}: of the same plan as JSON (-o plan.json), which microopt verify checks", seal=report.seal),
    )
    made = text(
        "microopt {version}, solver {solver}", version=report.microopt, solver=f"{proof.backend} {proof.version}"
    )
    yield text("Made by"), f"{made}; bound by {proof.proven_by}"
    if report.frontier is None and plan.campaign.budget is not None and report.edition.is_internal:
        hint = text(
            "microopt report plan.json -o plan.xlsx writes this workbook with a sheet {sheet}", sheet=text("Budgets")
        )
        yield text("What more budget buys"), hint


def _size(plan: Plan, language: Language) -> str:
    number, roster = language.number, plan.roster
    return language.text(
        "{offers} offers of {creators} creators, {filtered} filtered out",
        offers=number(roster.offers),
        creators=number(roster.creators),
        filtered=number(roster.filtered),
    )
