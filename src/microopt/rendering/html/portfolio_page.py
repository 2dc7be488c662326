"""Several campaigns planned together, as one HTML page that needs no network and no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from altair.utils.schemapi import debug_mode
from markupsafe import Markup
from msgspec import Struct

from microopt.analysis.report.portfolio_report import PortfolioReport
from microopt.plan.plan import RuleUse
from microopt.plan.portfolio import PortfolioPlan
from microopt.rendering.charts.drawing import NARROW, WIDE
from microopt.rendering.charts.shares_chart import shares_chart, shown_outcomes
from microopt.rendering.charts.svg import page_svg, start_drawing
from microopt.rendering.html.content_policy import content_policy
from microopt.rendering.html.environment import find_template
from microopt.rendering.html.style import page_style
from microopt.rendering.language.language import ENGLISH, Language, find_language
from microopt.rendering.sanitize import valid_utf8
from microopt.rendering.story.rule_words import allowed_words, limit_words, used_words
from microopt.rendering.wording.one_by_one import one_by_one_head, one_by_one_headings, one_by_one_lines
from microopt.rendering.wording.portfolio import (
    campaign_headings,
    campaign_lines,
    legends,
    mean_share,
    mean_words,
    method,
    money_facts,
    portfolio_head,
    portfolio_title,
    remarks,
    worth_legend,
)
from microopt.rendering.wording.shared_creators import creator_limits, creator_reason, price_cell

PAGE = "portfolio.html.j2"
MOST_CREATORS = 200  # on the page; the workbook has all
TEXTS = ("goal",)  # columns that are no figures
NO_EMPTY_CELLS = "@media screen and (max-width:52rem){#campaigns td:empty{display:none}}"  # where rows are cards
SIZES = {"large": WIDE, "small": NARROW}


class _Tile(Struct, frozen=True, kw_only=True):
    """A figure at the top of the page."""

    name: str
    value: str
    note: str = ""


def portfolio_html(plan: PortfolioPlan) -> str:
    """Return the page of a portfolio alone, without links to the pages of its campaigns."""
    return portfolio_report_html(PortfolioReport(plan=plan))


def portfolio_report_html(report: PortfolioReport) -> str:
    """Return the page."""
    language = find_language(report.language)
    style = page_style(portfolio_title(report.plan, language), report.accent) + NO_EMPTY_CELLS
    page = find_template(PAGE, language.code).render(
        **_content(report, language),
        style=Markup(style),  # noqa: S704 (ours)
        policy=content_policy(style, []),
    )
    return valid_utf8(page)


def _content(report: PortfolioReport, language: Language) -> dict[str, Any]:
    """Return what the template lays out."""
    plan = report.plan
    (_, answer), *statements = portfolio_head(plan, language)
    statements += [("fact", sentence) for sentence in money_facts(plan, language)]
    headings = campaign_headings(plan, language)
    return {
        "title": portfolio_title(plan, language),
        "english": Markup("") if language.code.startswith(ENGLISH) else Markup(' lang="en"'),
        "answer": answer,
        "statements": statements,
        "remarks": [*remarks(plan, language)],
        "tiles": [*_tiles(plan, language)],
        "headings": headings,
        "texts": TEXTS,
        "lines": [(line, page_address(report.pages.get(line.name, ""))) for line in campaign_lines(plan, language)],
        "legends": [*legends(plan, language)],
        "worth_legend": [*worth_legend(plan, language)],
        "chart": _chart(plan, language),
        "not_in_chart": len(plan.planned) - len(shown_outcomes(plan)),
        "compared": [*one_by_one_head(plan, language)],
        "compared_headings": one_by_one_headings(plan, language),
        "compared_lines": [*one_by_one_lines(plan, language)],
        "creators": [
            (
                each.creator,
                creator_reason(each, plan, language),
                creator_limits(each, language),
                price_cell(each, language),
            )
            for each in plan.creators[:MOST_CREATORS]
        ],
        "more_creators": max(0, len(plan.creators) - MOST_CREATORS),
        "rules": [_rule(rule, plan.currency, language) for rule in plan.rules],
        "method": [*method(plan, language)],
        "provenance": [*_provenance(plan)],
    }


def page_address(path: str) -> str:
    """Return the address of a page by its path, empty for none: a file of this disk, whatever its name holds."""
    if not path:
        return ""
    address = quote(path.replace("\\", "/"), safe="/", errors="replace")
    return (
        f"file://{address}" if address.startswith("/") and not address.startswith("//") else f"./{address.lstrip('/')}"
    )


def _tiles(plan: PortfolioPlan, language: Language) -> Iterator[_Tile]:
    text = language.text
    budget = "" if plan.budget is None else language.money(plan.budget, plan.currency, whole=True)
    of_budget = text("of {budget}", budget=budget) if budget else ""
    yield _Tile(name=text("Spend"), value=language.money(plan.spend, plan.currency, whole=True), note=of_budget)
    missing = len(plan.campaigns) - len(plan.planned)
    note = language.plural("{count} has no plan", "{count} have no plan", missing) if missing else ""
    yield _Tile(name=text("Campaigns"), value=language.number(len(plan.planned)), note=note)
    yield _Tile(name=text("Creators"), value=language.number(plan.booked_creators))
    share = mean_share(plan.planned)
    if share is not None:
        yield _Tile(name=text("Of their best alone"), value=language.share(share), note=mean_words(plan, language))


def _rule(rule: RuleUse, currency: str, language: Language) -> tuple[str, str, str, str]:
    limit = limit_words(rule, currency, language)
    return rule.label, used_words(rule, currency, language), allowed_words(rule, currency, language), limit


def _chart(plan: PortfolioPlan, language: Language) -> Markup:
    """Return the chart, as wide as a screen and as wide as a phone; nothing if no campaign has a share."""
    if not shown_outcomes(plan):
        return Markup("")
    title = language.text("What each campaign reaches of the best that it could reach alone")
    described = language.text("The figures are in the table that follows.")
    with debug_mode(False):  # no user wrote them
        drawings = [(size, start_drawing(shares_chart(plan, language, width=width))) for size, width in SIZES.items()]
    parts = [
        f'<div class="{size}">{page_svg(drawn.result(), f"shares-{size}", title=title, description=described)}</div>'
        for size, drawn in drawings
    ]
    return Markup("".join(parts))  # noqa: S704 (an element tree that was written out)


def _provenance(plan: PortfolioPlan) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of how the portfolio was proven, and the seals of the campaigns' plan files."""
    proof = plan.proof
    yield "Solver", f"{proof.backend} {proof.version}"
    yield "Proven by" if proof.status == "optimal" else "Bound by", proof.proven_by
    if proof.program:
        yield "Program, SHA-256", proof.program
    yield from ((f"Seal of {each.name}", each.seal) for each in plan.planned if each.seal)
