"""A simulation for a person: the answer, the totals, the chances, who carries the risk, and histograms."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.simulation.result import Distribution, Histogram, RiskShare, Simulation
from microopt.quantities.parse_and_format import format_money
from microopt.rendering.terminal.column_chart import column_chart
from microopt.rendering.terminal.screen import ACCENT, Screen, bar, cell, first_fitting, message_lines
from microopt.rendering.terminal.table import Column, figure, table
from microopt.rendering.wording.plan_figures import study_headings
from microopt.rendering.wording.simulation import (
    DECLINED_HEADING,
    DECLINED_LEGEND,
    RISK_LEGEND,
    TOTALS_LEGEND,
    ChanceRow,
    chance_rows,
    figure_name,
    format_edge,
    format_share,
    histogram_title,
    outside_sentence,
    risk_sentence,
    risk_title,
    simulation_head,
    simulation_sentences,
    total_cells,
)

WIDE = 100  # columns of a screen that shows every figure
SHOWN = 10  # creators who carry most of the risk
BAR_WIDTH = 20
NAME_WIDTH = 20


def simulation_table(simulation: Simulation, screen: Screen) -> str:
    """Return a simulation as text."""
    parts: list[RenderableType] = [
        *message_lines(simulation_head(simulation)),
        "",
        _heading(simulation, screen),
        *_totals(simulation, screen),
        "",
        *_chances(simulation, screen),
        "",
        *_risk(simulation, screen),
    ]
    for shown in simulation.histograms:
        parts += ["", *_histogram(simulation, shown, screen)]
    if sentences := list(simulation_sentences(simulation)):
        parts += ["", *message_lines(sentences)]
    return screen.render(*parts)


def _heading(simulation: Simulation, screen: Screen) -> Text:
    campaign, roster = simulation.campaign, simulation.roster
    budget = "no budget" if campaign.budget is None else f"budget {format_money(campaign.budget, roster.currency)}"
    facts = (budget, f"goal {campaign.goal.name}", f"{simulation.totals.creators:,} creators in the plan")
    return first_fitting(study_headings(campaign, roster.source.path, *facts), screen)


def _totals(simulation: Simulation, screen: Screen) -> Iterator[RenderableType]:
    rows = [(spread, total_cells(simulation, spread)) for spread in simulation.distributions]

    def column(heading: str, key: str, *, priority: int = 0) -> Column[tuple[Distribution, dict[str, str]]]:
        return figure(heading, lambda row: row[1][key], priority=priority)

    columns: list[Column[tuple[Distribution, dict[str, str]]]] = [
        Column("Total", lambda row: figure_name(row[0].measure), min_width=10, max_width=NAME_WIDTH),
        column("In plan", "planned"),
        column("Mean", "mean", priority=2),
        column("Worst tenth", "worst_tenth"),
        column("Low (P10)", "p10"),
        column("Median", "p50", priority=1),
        column("High (P90)", "p90"),
    ]
    own = set(simulation.goal_measures)
    yield from table(columns, rows, screen, style=lambda row: "bold" if row[0].measure in own else "")
    yield cell(TOTALS_LEGEND, "dim")


def _chances(simulation: Simulation, screen: Screen) -> Iterator[RenderableType]:
    columns: list[Column[ChanceRow]] = [
        Column("How often it holds", lambda row: row.label, min_width=NAME_WIDTH, wrap=True),
        figure("Chance", lambda row: row.chance),
        Column("", lambda row: Text(bar(row.share, BAR_WIDTH), ACCENT), priority=2),
        figure("95% sure", lambda row: row.interval, from_width=WIDE),
        Column("As planned", lambda row: row.planned, priority=1),
    ]
    rows = list(chance_rows(simulation))
    if rows:
        yield from table(columns, rows, screen, group=lambda row: row.group)


def _risk(simulation: Simulation, screen: Screen) -> Iterator[RenderableType]:
    yield cell(risk_title(simulation), "bold")
    if sentence := risk_sentence(simulation):
        yield cell(sentence)
    columns: list[Column[RiskShare]] = [
        Column("Creator", lambda each: each.creator, min_width=NAME_WIDTH),
        Column("Tier", lambda each: each.tier, min_width=4, max_width=8, priority=2),
        figure("Of result", lambda each: format_share(each.expected)),
        figure("Of risk", lambda each: format_share(each.shortfall), legend=RISK_LEGEND),
        Column("", lambda each: Text(bar(float(each.shortfall or 0), BAR_WIDTH), ACCENT), priority=3),
    ]
    if simulation.can_decline:
        columns.append(
            figure(DECLINED_HEADING, lambda each: format_share(each.declined), priority=1, legend=DECLINED_LEGEND)
        )
    yield from table(columns, simulation.risk[:SHOWN], screen)
    if len(simulation.risk) > SHOWN:
        yield Text(f"… and {len(simulation.risk) - SHOWN:,} more: add -o simulation.json for all of them.", style="dim")


def _histogram(simulation: Simulation, shown: Histogram, screen: Screen) -> Iterator[RenderableType]:
    yield cell(histogram_title(shown.measure), "bold")
    currency = simulation.roster.currency
    labels = [format_edge(shown.measure, edge, currency) for edge in shown.edges]
    yield Text(column_chart(shown.counts, labels, width=screen.width))
    if sentence := outside_sentence(shown, simulation.draws, currency):
        yield cell(sentence, "dim")
