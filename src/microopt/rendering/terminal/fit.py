"""The fit of niches as a table, with the lines of a campaign file that say the same."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from microopt.campaign.fit_settings import format_share
from microopt.campaign.flag_values import toml_key
from microopt.forecast.brief_words import NicheWords
from microopt.forecast.fit import FitTable
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.terminal.table import Column, figure, table


def fit_parts(fit: FitTable | None, screen: Screen) -> Iterator[RenderableType | str]:
    """Yield how well each niche suits the campaign; what is learned from a brief comes with lines to paste."""
    if fit is None:
        return
    is_learned = any(row.words for row in fit.niches)
    yield ""
    title = "Fit of each niche" + ("" if fit.counts else ", learned from your brief: not used yet")
    yield cell(title, "bold")
    columns: list[Column[NicheWords]] = [
        Column("Niche", lambda row: row.niche, min_width=8, wrap=True),
        figure("Creators", lambda row: f"{row.creators:,}"),
        figure("Fit", lambda row: format_share(row.fit)),
    ]
    if is_learned:
        columns.append(Column("Words of your brief", lambda row: ", ".join(row.words), min_width=12, wrap=True))
    yield from table(columns, fit.niches, screen)
    yield cell(
        f"Fit multiplies engagements and conversions. Creators without a niche: {format_share(fit.other)}.", "dim"
    )
    if not fit.counts:
        yield cell("To use it, add use = true to [fit]. To change it, put this in place of your [fit]:")
        yield from (cell(line, "bold") for line in fit_lines(fit))


def fit_lines(fit: FitTable) -> Iterator[str]:
    """Yield the lines of a campaign file that mean this table; niches with the fit of others need no line."""
    yield "[fit]"
    yield f"other = {format_share(fit.other)}"
    yield "[fit.niches]"
    yield from (f"{toml_key(row.niche)} = {format_share(row.fit)}" for row in fit.niches if row.fit != fit.other)
