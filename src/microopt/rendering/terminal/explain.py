"""An explanation for a person: a table of all picks, or a paragraph for each creator asked about."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from microopt.analysis.explain.result import CreatorExplanation, Explanation
from microopt.quantities.parse_and_format import format_money, format_names
from microopt.rendering.terminal.screen import Screen, cell, first_fitting, message_lines, notes_and_warnings
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.explain import (
    creator_details,
    creator_head,
    describe_missing_plan,
    everyone_head,
    explanation_legend,
    format_fee_change,
    format_going_rate,
    format_quote,
    format_walk_away,
)
from microopt.rendering.wording.explain_effect import format_change
from microopt.rendering.wording.explained_posts import ExplainedPosts, explained_posts
from microopt.rendering.wording.plan_figures import count_creators, study_headings

WIDE = 100  # columns from which it is shown who would replace a creator
ALL_NAMES_FROM = 120  # columns from which everyone who would replace a creator is named
MOST_NAMES = 2  # on narrower screens
NAME_WIDTH = 20  # characters of a creator's name that are shown while another column can go
INDENT = (0, 0, 0, 2)
_Row = tuple[CreatorExplanation, ExplainedPosts]


def explanation_table(explanation: Explanation, screen: Screen) -> str:
    """Return the explanation as text."""
    parts: list[RenderableType] = []
    if explanation.everyone:
        parts += [
            *message_lines(everyone_head(explanation)),
            "",
            _heading(explanation, screen),
            *_offers(explanation, screen),
        ]
    else:
        for creator in explanation.creators:
            parts += [*_paragraph(explanation, creator), ""]
        parts.append(_heading(explanation, screen))
    parts += [cell(sentence, "dim") for sentence in explanation_legend(explanation)]
    return screen.render(*parts, *notes_and_warnings((), explanation.warnings))


def _heading(explanation: Explanation, screen: Screen) -> Text:
    campaign, roster, totals = explanation.campaign, explanation.roster, explanation.totals
    spend = format_money(totals.spend, roster.currency, whole_units=True)
    facts = (f"{count_creators(totals.creators)} for {spend}", f"goal {campaign.goal.name}")
    return first_fitting(study_headings(campaign, roster.source.path, *facts), screen)


def _paragraph(explanation: Explanation, creator: CreatorExplanation) -> Iterator[RenderableType]:
    """Yield what is known about one creator, the most important first."""
    yield from message_lines(creator_head(explanation, creator))
    details = message_lines(creator_details(creator, explanation.roster.currency))
    yield from (Padding(line, INDENT) for line in details)


def _offers(explanation: Explanation, screen: Screen) -> Iterator[RenderableType]:
    """Yield a line for each pick: its quote, the going rate, the walk-away fee, and the plan without it."""
    currency = explanation.roster.currency
    rows = [(creator, posts) for creator in explanation.creators for posts in explained_posts(creator)]

    def replacements(row: _Row) -> str:
        change = row[0].change
        if change is None:
            return describe_missing_plan(row[0])
        most = len(change.added) if screen.width >= ALL_NAMES_FROM else MOST_NAMES
        return format_names(change.added, most) or "nobody"

    columns: list[Column[_Row]] = [
        Column("Creator", _name, min_width=NAME_WIDTH, share=2),
        Column("Post", _offer_name, min_width=8, priority=3),
        figure("Quote", lambda row: format_quote(row[1].offer, currency)),
        figure(
            "Going rate", lambda row: format_going_rate(row[1].offer, currency), short_heading="Going\nrate", priority=1
        ),
        figure("Worth up to", lambda row: format_walk_away(row[1].offer, currency), short_heading="Worth\nup to"),
        figure("Room", lambda row: format_fee_change(row[1].offer), priority=2),
        figure("Without them", lambda row: format_change(row[0]), short_heading="Without\nthem"),
        Column("Who would be added", replacements, min_width=24, share=3, wrap=True, from_width=WIDE),
    ]
    return table(columns, rows, screen, wide=WIDE)


def _name(row: _Row) -> str:
    creator, _ = row
    return f"{creator.creator} *" if creator.required_by else creator.creator


def _offer_name(row: _Row) -> str:
    _, posts = row
    return posts.short_name
