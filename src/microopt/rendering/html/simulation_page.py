"""A simulation as one HTML page that needs no network and no scripts: the answer, histograms, and tables."""

from __future__ import annotations

from altair.utils.schemapi import debug_mode
from markupsafe import Markup
from msgspec import Struct

from microopt.analysis.simulation.result import Histogram, Simulation
from microopt.files.reading import source_name
from microopt.rendering.charts.drawing import ENGLISH, NARROW, WIDE
from microopt.rendering.charts.histogram_chart import histogram_chart
from microopt.rendering.charts.svg import page_svg, start_drawing
from microopt.rendering.html.content_policy import content_policy
from microopt.rendering.html.environment import find_template
from microopt.rendering.html.style import page_style
from microopt.rendering.sanitize import valid_utf8
from microopt.rendering.wording.simulation import (
    DECLINED_LEGEND,
    RISK_LEGEND,
    TOTALS,
    TOTALS_LEGEND,
    chance_rows,
    figure_name,
    format_share,
    histogram_title,
    outside_sentence,
    risk_sentence,
    risk_title,
    simulation_head,
    simulation_sentences,
    simulation_title,
    total_cells,
)

PAGE = "simulation.html.j2"
FIGURES_BELOW = "The figures are in the tables of this page."


class _Chart(Struct, frozen=True, kw_only=True):
    """A histogram as it stands in the page."""

    title: str
    svg: Markup
    outside: str


def simulation_html(simulation: Simulation) -> str:
    """Return the page."""
    stated = simulation.campaign.report
    style = page_style(simulation_title(simulation), stated.accent)
    (_, answer), *sentences = simulation_head(simulation)
    page = find_template(PAGE, ENGLISH.code).render(
        title=simulation_title(simulation),
        answer=answer,
        sentences=[*sentences, *simulation_sentences(simulation, hints=False)],
        source=source_name(simulation.roster.source.path),
        charts=_charts(simulation),
        total_headings=[*TOTALS.values()],
        totals=[
            (figure_name(spread.measure), [total_cells(simulation, spread)[key] for key in TOTALS])
            for spread in simulation.distributions
        ],
        totals_legend=TOTALS_LEGEND,
        chances=[*chance_rows(simulation)],
        risk_title=risk_title(simulation),
        risk_sentence=risk_sentence(simulation),
        risk=[
            (each.creator, each.tier, [format_share(share) for share in (each.expected, each.shortfall, each.declined)])
            for each in simulation.risk
        ],
        risk_legend=f"{RISK_LEGEND} {DECLINED_LEGEND}",
        style=Markup(style),  # noqa: S704 (ours)
        policy=content_policy(style, []),
    )
    return valid_utf8(page)


def _charts(simulation: Simulation) -> list[_Chart]:
    """Return the histograms, each drawn as wide as a screen and as wide as a phone."""
    with debug_mode(False):  # no user wrote them
        drawings = [
            (shown, [start_drawing(histogram_chart(simulation, shown, width=width)) for width in (WIDE, NARROW)])
            for shown in simulation.histograms
        ]
    return [
        _Chart(
            title=histogram_title(shown.measure),
            svg=_both(number, shown, [drawing.result() for drawing in drawn]),
            outside=outside_sentence(shown, simulation.draws, simulation.roster.currency),
        )
        for number, (shown, drawn) in enumerate(drawings, 1)
    ]


def _both(number: int, shown: Histogram, drawn: list[str]) -> Markup:
    title = histogram_title(shown.measure)
    names = [("large", f"histogram-{'i' * number}-large"), ("small", f"histogram-{'i' * number}-small")]
    parts = [
        f'<div class="{size}">{page_svg(svg, name, title=title, description=FIGURES_BELOW)}</div>'
        for (size, name), svg in zip(names, drawn, strict=True)
    ]
    return Markup("".join(parts))  # noqa: S704 (an element tree that was written out)
