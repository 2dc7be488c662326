"""A plan as pictures for slides and messages: the chart of its mix under what it finds."""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePath

from microopt.files.reading import source_name
from microopt.plan.plan import Plan
from microopt.rendering.charts.drawing import short_name
from microopt.rendering.charts.mix_chart import mix_chart, tiers_by_spend
from microopt.rendering.charts.picture import Frame, Texts, framed_picture
from microopt.rendering.charts.svg import draw_svg
from microopt.rendering.language.language import Language, find_language
from microopt.rendering.sanitize import plain_text, valid_utf8
from microopt.rendering.story.findings import mix_finding

SCALE = 2  # pixels a point: as dense screens show it
WIDE_SIZE, SQUARE_SIZE = (960, 540), (600, 600)  # points: a slide, and a post
LEAST_TIER_HEIGHT = 54  # points in which three bars and their labels can be read


def plan_svg(plan: Plan) -> str:
    """Return the chart of the plan's mix as SVG in the shape of a slide."""
    return _mix_picture(plan, *WIDE_SIZE)


def plan_square_svg(plan: Plan) -> str:
    """Return the chart of the plan's mix as a square SVG."""
    return _mix_picture(plan, *SQUARE_SIZE)


def plan_png(plan: Plan) -> bytes:
    """Return the chart of the plan's mix as PNG in the shape of a slide."""
    return _png(plan_svg(plan))


def plan_square_png(plan: Plan) -> bytes:
    """Return the chart of the plan's mix as a square PNG."""
    return _png(plan_square_svg(plan))


def _png(svg: str) -> bytes:
    drawn: bytes = import_module("vl_convert").svg_to_png(svg, scale=SCALE)
    return drawn


def _mix_picture(plan: Plan, width: int, height: int) -> str:
    language = find_language(plan.campaign.report.language)
    frame = Frame(width=width, height=height, texts=_texts(plan, language, left_out=0))
    most = max(1, frame.chart_height // LEAST_TIER_HEIGHT)
    tiers = tiers_by_spend(plan, most)
    if len(tiers) < len(plan.mix):
        texts = _texts(plan, language, left_out=len(plan.mix) - len(tiers))
        frame = Frame(width=width, height=height, texts=texts)
    chart = mix_chart(plan, language, width=frame.chart_width, height=frame.chart_height, tiers=tiers)
    return valid_utf8(framed_picture(frame, draw_svg(chart)))


def _texts(plan: Plan, language: Language, left_out: int) -> Texts:
    name, what = short_name(plan.campaign.name or ""), language.text("Spend, engagements and conversions by tier")
    if left_out:
        less = language.plural(
            "{count} tier with less spend is left out", "{count} tiers with less spend are left out", left_out
        )
        what = f"{what} ({less})"
    path = plan.roster.source.path
    source = plain_text(source_name(path) if path == "-" else PurePath(path).name)
    forecast = language.text("Forecast by microopt from {source}", source=source)
    return Texts(
        title=plain_text(mix_finding(plan, language)),
        subtitle=f"{name} · {what}" if name.strip() else what,
        footer=" · ".join(filter(None, (_day(plan, language), forecast))),
    )


def _day(plan: Plan, language: Language) -> str:
    """Return the date that the campaign file states for a report, else the period of the campaign, else nothing."""
    campaign = plan.campaign
    if campaign.report.date is not None:
        return language.day(campaign.report.date)
    if campaign.starts is not None and campaign.ends is not None:
        return language.period(campaign.starts, campaign.ends)
    return ""
