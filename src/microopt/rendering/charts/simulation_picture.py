"""A simulation as a picture for slides and messages: the histogram of the goal's first total under the answer."""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePath

from microopt.analysis.simulation.result import Simulation
from microopt.files.reading import source_name
from microopt.rendering.charts.drawing import short_name
from microopt.rendering.charts.histogram_chart import histogram_chart
from microopt.rendering.charts.images import SCALE, WIDE_SIZE
from microopt.rendering.charts.picture import Frame, Texts, framed_picture
from microopt.rendering.charts.svg import draw_svg
from microopt.rendering.sanitize import plain_text, valid_utf8
from microopt.rendering.wording.simulation import figure_name, range_sentence

CHART_MARGIN = 60  # points of a chart that are not its plot: the axis below


def simulation_svg(simulation: Simulation) -> str:
    """Return the histogram of the first total that the goal is about as SVG in the shape of a slide."""
    width, height = WIDE_SIZE
    frame = Frame(width=width, height=height, texts=_texts(simulation))
    shown = simulation.histograms[0]
    chart = histogram_chart(simulation, shown, width=frame.chart_width, height=frame.chart_height - CHART_MARGIN)
    return valid_utf8(framed_picture(frame, draw_svg(chart)))


def simulation_png(simulation: Simulation) -> bytes:
    """Return the histogram as PNG in the shape of a slide."""
    drawn: bytes = import_module("vl_convert").svg_to_png(simulation_svg(simulation), scale=SCALE)
    return drawn


def _texts(simulation: Simulation) -> Texts:
    measure = simulation.goal_measures[0]
    name = short_name(simulation.campaign.name or "")
    what = f"{figure_name(measure)} in {simulation.draws:,} simulated outcomes; full color: about 8 of 10 of them"
    path = simulation.roster.source.path
    source = plain_text(source_name(path) if path == "-" else PurePath(path).name)
    return Texts(
        title=plain_text(range_sentence(simulation, [measure])),
        subtitle=f"{name} · {what}" if name.strip() else what,
        footer=f"Simulated by microopt from {source} (seed {simulation.seed})",
    )
