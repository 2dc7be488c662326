"""A plan as HTML for notebooks: the answer, the picks, the mix and charts, in the colors of the notebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from microopt.errors import OutputError
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import Plan, Totals
from microopt.quantities.parse_and_format import format_money, format_percent
from microopt.rendering import missing_modules
from microopt.rendering.sanitize import plain_text
from microopt.rendering.wording.costs import cost_cells, cost_lines
from microopt.rendering.wording.plan_figures import (
    capitalize_sentence,
    cost_heading,
    format_budget,
    format_cost_per,
    format_offer,
)
from microopt.rendering.wording.plan_head import format_metric_with_range, plan_head
from microopt.rendering.wording.plan_sentences import plan_sentences
from microopt.rendering.wording.waves import (
    count_creators_and_posts,
    creators_in_waves,
    picks_by_creator,
    post_names,
    wave_marks,
    wave_totals,
)

SHOWN = 50
CELL_STYLE = "border-bottom:1px solid rgba(128,128,128,.35);padding:.25em .6em;white-space:nowrap"
TEXT_STYLE = f"{CELL_STYLE};text-align:left;max-width:18em;overflow:hidden;text-overflow:ellipsis"
NUMBER_STYLE = f"{CELL_STYLE};text-align:right"
TABLE_STYLE = "border-collapse:collapse;margin:.5em 0;font-size:.9em"
SHARED_METRICS = ("engagements", "conversions")


def plan_notebook(plan: Plan) -> str:
    """Return the plan as HTML in the colors of the notebook, light or dark; charts need the extra `report`."""
    title = plan.campaign.name or "Campaign plan"
    parts = [
        f'<div style="font-weight:bold;font-size:1.15em">{_text(title)}</div>',
        *(f"<div>{_text(sentence)}</div>" for _, sentence in plan_head(plan)),
        f"<div>{_text(f'{format_budget(plan)} · goal {plan.campaign.goal.name}')}</div>",
        _picks(plan),
    ]
    if (rows := len(picks_by_creator(plan))) > SHOWN:
        parts.append(f"<div>… and {rows - SHOWN:,} more: plan.to_frame() has them all.</div>")
    lines = [cost_cells(plan, line) for line in cost_lines(plan)]
    parts += [_table(["Cost", "", "of spend"], lines, left=1)] if lines else []
    parts += [*_waves(plan), _mix(plan), *_charts(plan), *_warnings(plan)]
    return "\n".join(["<div>", *parts, "</div>"])


def _charts(plan: Plan) -> Iterator[str]:
    """Yield the charts where they can be drawn, or else what went wrong: the rest of the plan is worth reading."""
    if not plan.picks or missing_modules("svg"):
        return
    from microopt.rendering.charts.notebook_charts import notebook_charts

    try:
        yield from notebook_charts(plan)
    except OutputError as error:
        yield f"<div>{_text(capitalize_sentence(error.message))}</div>"


def _warnings(plan: Plan) -> Iterator[str]:
    """Yield what makes the plan less certain, as a list."""
    sentences = [sentence for kind, sentence in plan_sentences(plan, hints=False) if kind in ("warning", "caveat")]
    if sentences:
        items = "".join(f"<li>{_text(sentence)}</li>" for sentence in sentences)
        yield f'<ul style="margin:.5em 0">{items}</ul>'


def _text(text: str) -> str:
    return escape(plain_text(text))


def _picks(plan: Plan) -> str:
    names = ["Creator", "Deliverable", "Platform", "Tier", "Niche"]
    rows = []
    for pick in picks_by_creator(plan)[:SHOWN]:
        totals = Totals(creators=1, spend=pick.cost, metrics=pick.metrics)
        words = (pick.creator, format_offer(pick), pick.platform, pick.tier, ", ".join(pick.niche))
        rows.append((*words, *_figures(plan, totals, pick.likely)))
    rows.append((count_creators_and_posts(plan), "", "", "", "", *_figures(plan, plan.totals, plan.likely)))
    figures = [cost_heading(plan), "Reach", "Engagements", "Conversions", "CPE", "CPA"]
    return _table([*names, *figures], rows, left=len(names))


def _waves(plan: Plan) -> Iterator[str]:
    """Yield what the first creators post in which wave, and the totals of each wave, if the plan has a calendar."""
    if plan.by_wave and plan.picks:
        names, creators = post_names(plan.picks), creators_in_waves(plan)[:SHOWN]
        rows = [
            (creator.creator, *(wave_marks(picks, names) for picks in creator.waves), f"{creator.posts:,}")
            for creator in creators
        ]
        totals = [(label, *cells, posts) for label, cells, posts in wave_totals(plan)]
        yield _table(["By wave", *(_text(wave.wave) for wave in plan.by_wave), "Posts"], [*rows, *totals], left=1)


def _figures(plan: Plan, totals: Totals, likely: Mapping[str, LikelyRange]) -> tuple[str, ...]:
    currency, metrics = plan.roster.currency, totals.metrics
    return (
        format_money(totals.spend, currency),
        *(format_metric_with_range(name, metrics[name], likely) for name in ("reach", *SHARED_METRICS)),
        *(format_cost_per(totals, name, currency) for name in SHARED_METRICS),
    )


def _mix(plan: Plan) -> str:
    rows = []
    for tier, totals in plan.mix.items():
        parts = [
            (totals.spend, plan.totals.spend),
            *((totals.metrics[n], plan.totals.metrics[n]) for n in SHARED_METRICS),
        ]
        shares = [format_percent(part / total) if total else "0%" for part, total in parts]
        rows.append((tier, f"{totals.creators:,}", *shares))
    return _table(["Mix", "Creators", "Spend", "Engagements", "Conversions"], rows, left=1)


def _table(names: Sequence[str], rows: Iterable[Sequence[str]], *, left: int) -> str:
    """Return a table whose first `left` columns are texts, each isolated in its reading direction."""
    styles = [TEXT_STYLE if column < left else NUMBER_STYLE for column in range(len(names))]
    head = "".join(f'<th style="{style}">{name}</th>' for style, name in zip(styles, names, strict=True))
    lines = [
        "".join(f'<td style="{style}"><bdi>{_text(cell)}</bdi></td>' for style, cell in zip(styles, row, strict=True))
        for row in rows
    ]
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table style="{TABLE_STYLE}">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>'
