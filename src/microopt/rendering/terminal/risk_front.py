"""The trade-off between mean and worst outcomes for a person: the answer, a table of plans, and a chart."""

from __future__ import annotations

from rich.console import RenderableType
from rich.text import Text

from microopt.analysis.tradeoff.risk_front import RiskFront
from microopt.quantities.parse_and_format import format_money, format_percent
from microopt.rendering.terminal.line_chart import HEIGHT, WIDEST, line_chart
from microopt.rendering.terminal.screen import Screen, first_fitting, message_lines
from microopt.rendering.terminal.table import Column, figure, table, totals_columns
from microopt.rendering.wording.plan_figures import format_total, format_value, study_headings
from microopt.rendering.wording.risk_front import risk_front_head, risk_front_sentences
from microopt.rendering.wording.worst_share import share_words

UNPROVEN = "~"
MIN_POINT_WIDTH = 5


def risk_front_table(front: RiskFront, screen: Screen) -> str:
    """Return the trade-off as text."""
    parts: list[RenderableType] = [*message_lines(risk_front_head(front)), "", _heading(front, screen)]
    parts += list(table(_columns(front), range(len(front.points)), screen))
    if len(front.points) > 1:
        parts += ["", _chart(front, screen)]
    if sentences := list(risk_front_sentences(front)):
        parts += ["", *message_lines(sentences)]
    return screen.render(*parts)


def _heading(front: RiskFront, screen: Screen) -> Text:
    campaign, roster = front.campaign, front.roster
    budget = "no budget" if campaign.budget is None else f"budget {format_money(campaign.budget, roster.currency)}"
    facts = (
        f"{roster.creators:,} creators",
        budget,
        f"mean{_score(front)} against the worst {share_words(front.share)}",
    )
    return first_fitting(study_headings(campaign, roster.source.path, *facts), screen)


def _columns(front: RiskFront) -> list[Column[int]]:
    points, goal, currency = front.points, front.campaign.goal, front.roster.currency

    def change(number: int, name: str) -> str:
        first, own = getattr(points[0], name), getattr(points[number], name)
        return "-" if not number or not first else format_percent(float((own - first) / abs(first)))

    def label(number: int) -> str:
        return f"{'' if points[number].status == 'optimal' else UNPROVEN}{number + 1}"

    return [
        Column("Point", label, min_width=MIN_POINT_WIDTH),
        figure("Mean", lambda number: format_value(points[number].mean, goal, currency)),
        figure("Change", lambda number: change(number, "mean"), priority=1),
        figure(f"Worst {share_words(front.share)}", lambda number: format_value(points[number].worst, goal, currency)),
        figure("Change", lambda number: change(number, "worst"), priority=1),
        figure("Other draws", lambda number: format_value(points[number].fresh, goal, currency)),
        *totals_columns(["creators", "engagements", "conversions"], lambda number: points[number].totals, currency),
        figure("Spend", lambda number: format_total("cost", points[number].totals, currency)),
        figure("Added", lambda number: f"{len(points[number].added):,}", priority=1),
    ]


def _score(front: RiskFront) -> str:
    """Return the unit of a balanced goal, which no other goal needs: its figures say what they count."""
    return " score" if front.campaign.goal.name == "balanced" else ""


def _chart(front: RiskFront, screen: Screen) -> Text:
    means, worst = ([float(getattr(point, name)) for point in front.points] for name in ("mean", "worst"))
    width, label = min(screen.width, WIDEST), f"Worst {share_words(front.share)}{_score(front)}"
    return Text(line_chart(worst, means, width=width, height=HEIGHT, x_label=label, y_label=f"Mean{_score(front)}"))
