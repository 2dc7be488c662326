"""One burst beside a plan over waves, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.over_time.result import TimingComparison
from microopt.rendering.markdown import markdown_table
from microopt.rendering.sanitize import escape_markdown, plain_lines
from microopt.rendering.wording.over_time import (
    case_words,
    over_time_head,
    over_time_sentences,
    remark_heading,
    timing_lines,
)
from microopt.rendering.wording.plan_figures import TOTALS_HEADINGS, format_total

FIGURES = ("creators", "cost", "engagements", "conversions")


def over_time_markdown(comparison: TimingComparison) -> str:
    """Return the comparison as Markdown: the answer first, then a table."""
    title = escape_markdown(comparison.plan.campaign.name or "Campaign plan")
    headings = ("Plan", "Posts", *(TOTALS_HEADINGS[name][0] for name in FIGURES), remark_heading(comparison))
    blocks = [
        f"# {title}: one burst or over time",
        "  \n".join(escape_markdown(sentence) for _, sentence in over_time_head(comparison)),
        markdown_table(headings, _rows(comparison), right_from=1),
        escape_markdown(case_words(comparison)),
    ]
    sentences = [sentence for _, sentence in over_time_sentences(comparison)]
    blocks += ["\n".join(f"- {escape_markdown(sentence)}" for sentence in sentences)] if sentences else []
    return plain_lines("\n\n".join(blocks)) + "\n"


def _rows(comparison: TimingComparison) -> Iterator[tuple[str, ...]]:
    currency = comparison.plan.roster.currency
    for line in timing_lines(comparison):
        figures = (format_total(name, line.plan.totals, currency) for name in FIGURES)
        yield escape_markdown(line.name), f"{line.plan.posts:,}", *figures, escape_markdown(line.share)
