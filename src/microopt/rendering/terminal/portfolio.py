"""Several campaigns planned together, for a person: the answer, what each campaign gets, and who gets whom."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from microopt.plan.portfolio import PortfolioPlan, SharedCreator
from microopt.rendering.terminal.screen import WARNING, Screen, first_fitting, message_lines
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.one_by_one import OneByOneLine, one_by_one_head, one_by_one_headings, one_by_one_lines
from microopt.rendering.wording.portfolio import (
    FAIR,
    CampaignLine,
    campaign_headings,
    campaign_lines,
    portfolio_head,
    portfolio_sentences,
    portfolio_title,
    rule_cells,
)
from microopt.rendering.wording.shared_creators import creator_limits, creator_reason, price_cell

SHOWN = 10  # creators
WIDE, WIDEST = 90, 110
NAME_WIDTH = 14  # characters of a name that are shown while another column can go
REASON_WIDTH = 24  # of the sentence beside a creator
# Columns that leave a narrow screen, the first to go with the highest number.
PRIORITIES = {"budget": 9, "own": 8, "alone": 7, "goal": 6, "value": 5, "weight": 4, "posts": 3, "creators": 2}
WIDE_ONLY = dict.fromkeys(("goal", "alone", "budget"), WIDEST)
SHORT = {"own": "Own", "share": "Of best", "lost": "Loses", "alone": "Alone"}
TEXTS = ("goal",)


def portfolio_table(plan: PortfolioPlan, screen: Screen) -> str:
    """Return the portfolio as text."""
    compared = [("fact" if number else "main fact", each) for number, each in enumerate(one_by_one_head(plan))]
    parts: list[RenderableType] = [*message_lines([*compared, *portfolio_head(plan)]), "", _title(plan, screen)]
    parts += _campaigns(plan, screen)
    for part in (_one_by_one(plan, screen), _creators(plan, screen), _rules(plan, screen)):
        if lines := [*part]:
            parts += ["", *lines]
    sentences = list(message_lines(portfolio_sentences(plan)))
    return screen.render(*parts, *([""] if sentences else []), *sentences)


def _title(plan: PortfolioPlan, screen: Screen) -> Text:
    """Return the line that names the portfolio."""
    name, count = portfolio_title(plan), f"{len(plan.campaigns):,} campaign{'' if len(plan.campaigns) == 1 else 's'}"
    goal = "goal fair" if plan.goal == FAIR else ""
    long = " · ".join(filter(None, (name, count, f"money in {plan.currency}", goal)))
    return first_fitting((long, f"{name} · {count}", name), screen)


def _campaigns(plan: PortfolioPlan, screen: Screen) -> Iterator[RenderableType]:
    columns: list[Column[CampaignLine]] = [Column("Campaign", lambda line: line.name, min_width=NAME_WIDTH)]
    columns += [_column(key, heading) for key, heading in campaign_headings(plan).items()]
    return table(columns, list(campaign_lines(plan)), screen, wide=WIDE, style=_style)


def _column(key: str, heading: str) -> Column[CampaignLine]:
    def text(line: CampaignLine) -> str:
        return line.cells.get(key, "" if line.is_total or not line.is_planned else "-")

    priority, from_width = PRIORITIES.get(key, 0), WIDE_ONLY.get(key, 0)
    if key in TEXTS:
        return Column(heading, text, min_width=11, max_width=16, priority=priority, from_width=from_width)
    return figure(heading, text, short_heading=SHORT.get(key, ""), priority=priority, from_width=from_width)


def _style(line: CampaignLine) -> str:
    return "bold" if line.is_total else "" if line.is_planned else WARNING


def _one_by_one(plan: PortfolioPlan, screen: Screen) -> Iterator[RenderableType]:
    lines = list(one_by_one_lines(plan))
    if not lines:
        return
    together, *orders = one_by_one_headings(plan)
    columns: list[Column[OneByOneLine]] = [
        Column("Of its best alone", lambda line: line.name, min_width=NAME_WIDTH),
        figure(together, lambda line: line.together),
        *(_order_column(place, heading) for place, heading in enumerate(orders)),
    ]
    yield from table(columns, lines, screen, style=lambda line: "bold" if line.is_total else "")


def _order_column(place: int, heading: str) -> Column[OneByOneLine]:
    return figure(heading, lambda line: line.orders[place])


def _creators(plan: PortfolioPlan, screen: Screen) -> Iterator[RenderableType]:
    """Yield who gets whom, those with the highest price first."""
    if not plan.creators:
        return
    priced = any(shared.price for shared in plan.creators)
    columns: list[Column[SharedCreator]] = [
        Column("Creator", lambda shared: shared.creator, min_width=NAME_WIDTH, max_width=28),
        Column("Who gets them", lambda shared: _reason(shared, plan), min_width=REASON_WIDTH, share=4, wrap=True),
    ]
    if priced:
        columns.append(figure("One more", price_cell))
    shown = plan.creators[:SHOWN]
    yield from table(columns, shown, screen)
    if rest := len(plan.creators) - len(shown):
        yield Text(f"… and {rest:,} more: add -o portfolio.xlsx for all of them.", style="dim")


def _reason(shared: SharedCreator, plan: PortfolioPlan) -> str:
    return " ".join(filter(None, (creator_reason(shared, plan), creator_limits(shared))))


def _rules(plan: PortfolioPlan, screen: Screen) -> Iterator[RenderableType]:
    if not plan.rules:
        return
    rows = [rule_cells(rule, plan.currency) for rule in plan.rules]
    columns: list[Column[tuple[str, str, str, str]]] = [
        Column("Rule of the house", lambda row: row[0], min_width=NAME_WIDTH, share=2),
        figure("Used", lambda row: row[1]),
        figure("Allowed", lambda row: row[2]),
        Column("", lambda row: row[3], min_width=5, priority=1),
    ]
    yield from table(columns, rows, screen)
