"""A simulation as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.simulation.result import Simulation
from microopt.rendering.markdown import markdown_table
from microopt.rendering.sanitize import escape_markdown, plain_lines
from microopt.rendering.wording.simulation import (
    DECLINED_HEADING,
    DECLINED_LEGEND,
    RISK_LEGEND,
    TOTALS,
    TOTALS_LEGEND,
    chance_rows,
    figure_name,
    format_share,
    risk_sentence,
    risk_title,
    simulation_head,
    simulation_sentences,
    simulation_title,
    total_cells,
)


def simulation_markdown(simulation: Simulation) -> str:
    """Return a simulation as Markdown: the answer first, then totals, chances, and who carries the risk."""
    blocks = [
        f"# {escape_markdown(simulation_title(simulation))}",
        "  \n".join(escape_markdown(sentence) for _, sentence in simulation_head(simulation)),
        _totals(simulation),
        escape_markdown(TOTALS_LEGEND),
        *_chances(simulation),
        *_risk(simulation),
    ]
    sentences = [sentence for _, sentence in simulation_sentences(simulation)]
    blocks += ["\n".join(f"- {escape_markdown(sentence)}" for sentence in sentences)] if sentences else []
    return plain_lines("\n\n".join(blocks)) + "\n"


def _totals(simulation: Simulation) -> str:
    rows = []
    for spread in simulation.distributions:
        cells = total_cells(simulation, spread)
        rows.append((escape_markdown(figure_name(spread.measure)), *(cells[key] for key in TOTALS)))
    return markdown_table(("Total", *TOTALS.values()), rows, right_from=1)


def _chances(simulation: Simulation) -> Iterator[str]:
    rows = [
        (row.group, escape_markdown(row.label), row.chance, row.interval, row.planned)
        for row in chance_rows(simulation)
    ]
    if rows:
        yield "## How often it holds"
        yield markdown_table(("", "What", "Chance", "95% sure", "As planned"), rows, right_from=2)


def _risk(simulation: Simulation) -> Iterator[str]:
    yield f"## {escape_markdown(risk_title(simulation))}"
    if sentence := risk_sentence(simulation):
        yield escape_markdown(sentence)
    rows = (
        (
            escape_markdown(each.creator),
            escape_markdown(each.tier),
            *map(format_share, (each.expected, each.shortfall, each.declined)),
        )
        for each in simulation.risk
    )
    yield markdown_table(("Creator", "Tier", "Of result", "Of risk", DECLINED_HEADING), rows, right_from=2)
    yield escape_markdown(f"{RISK_LEGEND} {DECLINED_LEGEND}")
