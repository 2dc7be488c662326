"""Several campaigns planned together, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from microopt.plan.portfolio import PortfolioPlan
from microopt.rendering.markdown import markdown_table
from microopt.rendering.sanitize import escape_markdown, plain_lines
from microopt.rendering.wording.one_by_one import one_by_one_head, one_by_one_headings, one_by_one_lines
from microopt.rendering.wording.portfolio import (
    campaign_headings,
    campaign_lines,
    portfolio_head,
    portfolio_sentences,
    portfolio_title,
    rule_cells,
)
from microopt.rendering.wording.shared_creators import creator_limits, creator_reason, price_cell

MOST_CREATORS = 100


def portfolio_markdown(plan: PortfolioPlan) -> str:
    """Return the portfolio as Markdown: the answer first, then campaigns, creators, rules, and sentences."""
    head = [*one_by_one_head(plan), *(sentence for _, sentence in portfolio_head(plan))]
    blocks = [
        f"# {escape_markdown(portfolio_title(plan))}",
        "  \n".join(map(escape_markdown, head)),
        _campaigns(plan),
        *_one_by_one(plan),
        *_creators(plan),
        *_rules(plan),
    ]
    sentences = [sentence for _, sentence in portfolio_sentences(plan)]
    blocks += ["\n".join(f"- {escape_markdown(sentence)}" for sentence in sentences)] if sentences else []
    return plain_lines("\n\n".join(blocks)) + "\n"


def _campaigns(plan: PortfolioPlan) -> str:
    headings = campaign_headings(plan)
    rows = []
    for line in campaign_lines(plan):
        name = escape_markdown(line.name)
        cells = (escape_markdown(line.cells.get(key, "")) for key in headings)
        rows.append((f"**{name}**" if line.is_total else name, *cells))
    return markdown_table(("Campaign", *headings.values()), rows, right_from=2)


def _one_by_one(plan: PortfolioPlan) -> Iterator[str]:
    if rows := [(line.name, line.together, *line.orders) for line in one_by_one_lines(plan)]:
        headings = map(escape_markdown, one_by_one_headings(plan))
        yield markdown_table(("Of its best alone", *headings), _escaped(rows), right_from=1)


def _creators(plan: PortfolioPlan) -> Iterator[str]:
    rows = [
        (shared.creator, creator_reason(shared, plan), creator_limits(shared), price_cell(shared))
        for shared in plan.creators[:MOST_CREATORS]
    ]
    if rows:
        yield "## Who gets whom"
        yield markdown_table(("Creator", "Who gets them", "", "One more"), _escaped(rows), right_from=3)
    if (rest := len(plan.creators) - len(rows)) > 0:
        yield f"… and {rest:,} more: add -o portfolio.xlsx for all of them."


def _rules(plan: PortfolioPlan) -> Iterator[str]:
    if plan.rules:
        rows = [rule_cells(rule, plan.currency) for rule in plan.rules]
        yield markdown_table(("Rule of the house", "Used", "Allowed", ""), _escaped(rows), right_from=1)


def _escaped(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    return (tuple(map(escape_markdown, row)) for row in rows)
