"""A trade-off for a person: a table of points, what each step gives up, and a picture."""

from __future__ import annotations

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.tradeoff.pareto import ParetoFront, ParetoPoint
from microopt.quantities.parse_and_format import print_count, print_floor_percent, print_money
from microopt.rendering.terminal.line_chart import HEIGHT, MARKED, WIDEST, line_chart
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.terminal.tiers import STYLES, WIDE, figures_table
from microopt.rendering.wording.tradeoff import front_sentences, legend, print_amount, print_weights, step_words

LEAST_ROOM = 5  # columns of a point's number and its marks
LEAST_STEP = 8  # and of a step's name
UNPROVEN = "~"
NAMES = {
    "impressions": "Views",
    "reach": "Gross reach",
    "clicks": "Clicks",
    "engagements": "Engagements",
    "conversions": "Conversions",
}
NARROW = {
    "Gross reach": "Gross\nreach",
    "Engagements": "Engage-\nments",
    "Conversions": "Conver-\nsions",
    "Creators": "Crea-\ntors",
    "Of best": "Of\nbest",
}


def front_table(front: ParetoFront, screen: Screen) -> str:
    """Return the trade-off as text."""
    parts: list[RenderableType] = [_head(front), "", _points(front, screen), cell(legend(front), "dim"), ""]
    if len(front.points) > 1:
        parts += [_chart(front, screen), "", _steps(front, screen), ""]
    told = (cell(sentence, STYLES.get(kind, "")) for kind, sentence in front_sentences(front))
    return screen.render(*parts, *told)


def _head(front: ParetoFront) -> Text:
    campaign, roster = front.campaign, front.roster
    budget = "no budget" if campaign.budget is None else f"budget {print_money(campaign.budget, roster.currency)}"
    parts = [
        campaign.name or "",
        roster.source.path if roster.source.path != "-" else "standard input",
        f"{roster.creators:,} creators",
        budget,
        f"{front.metrics[0]} against {front.metrics[1]}",
    ]
    return cell(" · ".join(part for part in parts if part), "bold")


def _points(front: ParetoFront, screen: Screen) -> RenderableType:
    names = [name for metric in front.metrics for name in (NAMES[metric], "Of best")]
    reach = [] if "reach" in front.metrics else [NAMES["reach"]]
    names += [*reach, "Creators", "Spend", "Weights"]
    if screen.width < WIDE:
        names = [NARROW.get(name, name) for name in names]
    rows = [(_label(front, number), _figures(front, point), "") for number, point in enumerate(front.points)]
    return figures_table("Point", names, rows, screen, least_room=LEAST_ROOM)


def _label(front: ParetoFront, number: int) -> str:
    mark = f" {MARKED}" if number == front.balanced and len(front.points) > 1 else ""
    return f"{'' if front.points[number].status == 'optimal' else UNPROVEN}{number + 1}{mark}"


def _figures(front: ParetoFront, point: ParetoPoint) -> list[str]:
    totals, figures = point.totals, []
    for metric in front.metrics:
        share = front.share(point, metric)
        figures += [print_amount(totals.metrics[metric]), "-" if share is None else print_floor_percent(float(share))]
    if "reach" not in front.metrics:
        figures.append(print_count(totals.metrics["reach"] / 1000))
    spend = print_money(totals.spend, front.roster.currency, whole=True)
    return [*figures, f"{totals.creators:,}", spend, print_weights(point.weights)]


def _chart(front: ParetoFront, screen: Screen) -> Text:
    ys, xs = ([point.totals.metrics[metric] / 1000 for point in front.points] for metric in front.metrics)
    names = [NAMES[metric] for metric in front.metrics]
    marks = () if front.balanced is None else (front.balanced,)
    width = min(screen.width, WIDEST)
    return Text(line_chart(xs, ys, width=width, height=HEIGHT, x_label=names[1], y_label=names[0], marks=marks))


def _steps(front: ParetoFront, screen: Screen) -> RenderableType:
    rows = [(f"{at} to {at + 1}", step_words(front, at), "") for at in range(1, len(front.points))]
    return figures_table("From", ["gives up", "for", "that is", "creators"], rows, screen, least_room=LEAST_STEP)
