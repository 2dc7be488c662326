"""Alternatives as tables for a person: plan by plan with who is exchanged, then who is in how many of them."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from microopt.analysis.alternatives import Alternatives, CreatorFrequency
from microopt.campaign.campaign import Goal
from microopt.campaign.goals import LEAST_COST
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import print_count, print_money, print_names
from microopt.rendering.terminal.bars import bar
from microopt.rendering.terminal.screen import Screen, cell
from microopt.rendering.terminal.tiers import STYLES, head_of
from microopt.rendering.wording.alternatives import EVERYWHERE, alternatives_sentences, changes, everywhere, of_best
from microopt.rendering.wording.plan_figures import cost_per, print_conversions
from microopt.rendering.wording.tiers import print_value, value_name

SHOWN = 20  # creators who are in some of the plans
WIDEST = 110
LEAST_BAR = 64  # columns of a screen that has room for bars
BAR = 28  # columns of a bar and what stands beside it
BESIDE_NAME = 22  # columns of tier and number of plans
INDENT = 6  # columns before who is exchanged
SEEN = ("balanced", "engagement", "conversions", LEAST_COST)  # goals whose figures stand in the table anyway


def alternatives_table(found: Alternatives, screen: Screen) -> str:
    """Return alternatives as text."""
    parts: list[RenderableType] = [head_of(found.best), "", *_plans(found, screen)]
    if found.plans:
        parts += ["", *_creators(found, screen)]
    told = (cell(sentence, STYLES.get(kind, "")) for kind, sentence in alternatives_sentences(found))
    return screen.render(*parts, "", *told)


def _plans(found: Alternatives, screen: Screen) -> Iterator[RenderableType]:
    """Yield a line of figures for each plan, and below it who comes instead of whom."""
    goal = found.best.campaign.goal
    rows = [
        ["Best", *_figures(found.best, goal, screen), _mark(found.best) + ("-" if goal.name == LEAST_COST else "100%")]
    ]
    rows += [
        [str(number), *_figures(one.plan, goal, screen), _mark(one.plan) + of_best(one, found.best)]
        for number, one in enumerate(found.plans, 1)
    ]
    lines = _lines([["Plan", *_names(goal, screen)], *rows], screen)
    yield Text(lines[0], style="bold")
    yield Text(lines[1], style="bold cyan")
    for line, one in zip(lines[2:], found.plans, strict=True):
        yield cell(line)
        yield Padding(cell(changes(one), "dim"), (0, 0, 0, INDENT))
    yield Text(_meaning(goal), style="dim")


def _lines(rows: list[list[str]], screen: Screen) -> list[str]:
    """Return rows as lines, the first column to the left, all others to the right; what does not fit goes, not half."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    gap = 2 if sum(widths) + 2 * (len(widths) - 1) <= screen.width else 1
    while sum(widths) + gap * (len(widths) - 1) > screen.width and len(widths) > 2:
        widths.pop(-2)
        rows = [[*row[:-2], row[-1]] for row in rows]
    return [
        (" " * gap).join(
            [row[0].ljust(widths[0]), *(text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]


def _names(goal: Goal, screen: Screen) -> list[str]:
    found = ["Creators", "Cost", "Engagements", "Conversions"]
    if screen.width >= WIDEST:
        found[2:2] = ["Gross reach", "Views"]
        found += ["CPE", "CPA"]
    if goal.name not in SEEN:
        found.append(value_name(goal))
    return [*found, "More" if goal.name == LEAST_COST else "Of best"]


def _figures(plan: Plan, goal: Goal, screen: Screen) -> list[str]:
    totals, currency = plan.totals, plan.roster.currency
    figures = [
        f"{totals.creators:,}",
        print_money(totals.spend, currency, whole=True),
        print_count(totals.metrics["engagements"] / 1000),
        print_conversions(totals.metrics["conversions"]),
    ]
    if screen.width >= WIDEST:
        figures[2:2] = [print_count(totals.metrics[name] / 1000) for name in ("reach", "impressions")]
        figures += [cost_per(totals, name, currency) for name in ("engagements", "conversions")]
    if goal.name not in SEEN:
        figures.append(print_value(plan.proof.objective, goal, currency))
    return figures


def _mark(plan: Plan) -> str:
    return "" if plan.proof.status == "optimal" else "~"


def _meaning(goal: Goal) -> str:
    if goal.name == LEAST_COST:
        return "More: what a plan costs beyond the best, which meets the targets for the least."
    what = "engagements and conversions, as the balanced goal adds them" if goal.name == "balanced" else "the goal"
    return f"Of best: what a plan brings of {what}, by what the best plan brings."


def _creators(found: Alternatives, screen: Screen) -> Iterator[RenderableType]:
    """Yield who is in every plan, in a line, and a table of who is in some."""
    always = everywhere(found)
    who = print_names([one.creator for one in always], EVERYWHERE) if always else "nobody"
    yield Text.assemble((f"In every plan ({len(always):,}): ", "bold"), cell(who))
    some = [one for one in found.creators if len(one.plans) <= len(found.plans)]
    if some:
        yield from ("", _table(some[:SHOWN], len(found.plans) + 1, screen))
    if len(some) > SHOWN:
        more = f"… and {len(some) - SHOWN:,} more: --format json, or -o alternatives.json, has them all"
        yield Text(more, style="dim")


def _table(creators: list[CreatorFrequency], whole: int, screen: Screen) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    room = screen.width - BESIDE_NAME - (BAR if screen.width >= LEAST_BAR else 0)
    table.add_column("In some plans", no_wrap=True, overflow="ellipsis", max_width=max(12, room))
    table.add_column("Tier", no_wrap=True, overflow="ellipsis", max_width=8)
    table.add_column("Plans", no_wrap=True, justify="right")
    if screen.width >= LEAST_BAR:
        table.add_column("", no_wrap=True)
    for one in creators:
        here = Text(bar(len(one.plans) / whole, 12), style="cyan")
        label = "" if one.plans[0] == 0 else " not in the best"
        bars = [here.append(label, "dim")] if screen.width >= LEAST_BAR else []
        table.add_row(cell(one.creator), cell(one.tier), f"{len(one.plans):,} of {whole:,}", *bars)
    return table
