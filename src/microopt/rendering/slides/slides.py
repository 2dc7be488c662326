"""A plan as slides: what it brings, where the money goes, the creators, other budgets, how sure it is.

With a calendar, one more shows who posts when.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from pptx.util import Inches

from microopt.analysis.report.result import Report, report_of_plan
from microopt.files.reading import source_name
from microopt.plan.plan import Plan
from microopt.rendering.charts.palette import LIGHT, MEASURES
from microopt.rendering.language.language import Language, find_language
from microopt.rendering.slides.deck import BODY_TOP, MARGIN, WIDTH, Deck, Slide
from microopt.rendering.slides.logo_picture import logo_picture
from microopt.rendering.story.budget_steps import BudgetStep, budget_steps, flat_sentence, relative_change
from microopt.rendering.story.cover import cover
from microopt.rendering.story.creators import CreatorRow, creator_rows
from microopt.rendering.story.figures import result_figure, write_result
from microopt.rendering.story.findings import budget_finding, mix_finding, ranges_finding, worth_finding
from microopt.rendering.story.metric_names import metric_name, metric_names
from microopt.rendering.story.tier_money import shows_tier_money
from microopt.rendering.story.tiles import Tile, likely_totals
from microopt.rendering.story.waves import report_by_creator

SHOWN_CREATORS = 13  # rows that fit on a slide, above the sum
SHOWN_STEPS = 5  # sentences beside a chart
STEP_LINES, STEP_CHARACTERS = 20, 38  # that fit beside a chart
LOGO_HEIGHT, MOST_LOGO_WIDTH = Inches(0.6), Inches(3)
METRICS = ("engagements", "conversions")


def plan_pptx(plan: Plan) -> bytes:
    """Return the slides of a plan alone, without other budgets."""
    return report_pptx(report_of_plan(plan))


def report_pptx(report: Report) -> bytes:
    """Return the slides of a report as a PowerPoint file."""
    language = find_language(report.edition.language)
    plan = report.plan
    title = plan.campaign.name or language.text("Campaign plan")
    deck = Deck(title, plan.campaign.report, _footer(report, language))
    _cover(deck, report, language)
    _mix(deck, report, language)
    if plan.by_wave and plan.picks:
        from microopt.rendering.slides.waves_slide import write_waves_slide

        write_waves_slide(deck, report, language)
    _creators(deck, report, language)
    if report.frontier is not None:
        _budgets(deck, report, language)
    _certainty(deck, report, language)
    return deck.to_bytes()


def _footer(report: Report, language: Language) -> str:
    """Return the date that the campaign states, and for the team the list that the figures rest on."""
    parts = [report.plan.campaign.name or language.text("Campaign plan")]
    if report.edition.is_internal:
        source = source_name(report.plan.roster.source.path)
        parts = [language.text("Forecast by microopt from {source}", source=source)]
    if day := report.plan.campaign.report.date:
        parts.insert(0, language.day(day))
    return " · ".join(parts)


def _cover(deck: Deck, report: Report, language: Language) -> None:
    told = cover(report, language)
    slide = deck.slide("")
    top = round(Inches(0.55))
    if report.logo is not None:
        slide.picture(logo_picture(report.logo), MARGIN, top, height=LOGO_HEIGHT, most_width=MOST_LOGO_WIDTH)
        top += LOGO_HEIGHT + Inches(0.2)
    if told.eyebrow:
        slide.write(" · ".join(told.eyebrow), MARGIN, top, WIDTH - 2 * MARGIN, Inches(0.4), size=14, color=LIGHT.soft)
    slide.rule(MARGIN, Inches(1.95), Inches(1.2))
    slide.write(told.sentence, MARGIN, Inches(2.15), WIDTH - 2 * MARGIN, Inches(1.7), size=30, bold=True)
    width = round((WIDTH - 2 * MARGIN) / max(1, len(told.tiles)))
    for number, tile in enumerate(told.tiles):
        _tile(slide, tile, MARGIN + number * width, width - Inches(0.2), language)
    rest = " ".join(filter(None, (told.proof, *told.bad_luck, told.earns, told.gain)))
    slide.write(rest, MARGIN, Inches(6.05), WIDTH - 2 * MARGIN, Inches(0.85), size=13, color=LIGHT.soft)


def _tile(slide: Slide, tile: Tile, left: int, width: int, language: Language) -> None:
    slide.write(tile.name, left, Inches(4.05), width, Inches(0.3), size=13, color=LIGHT.soft)
    slide.write(tile.value, left, Inches(4.35), width, Inches(0.6), size=32, bold=True)
    likely = language.text("likely {low} to {high}", low=tile.low, high=tile.high) if tile.low else ""
    note = "\n".join(filter(None, (likely, tile.note)))
    slide.write(note, left, Inches(5.0), width, Inches(0.6), size=12, color=LIGHT.soft)


def _mix(deck: Deck, report: Report, language: Language) -> None:
    plan, has_money = report.plan, shows_tier_money(report)
    slide = deck.slide(mix_finding(plan, language) if has_money else language.text("Results by tier"))
    if not plan.picks:
        return
    first = 0 if has_money else 1  # of the measures, the spend being the first
    names = [language.text("Spend"), *(metric_name(name, language) for name in METRICS)][first:]
    shares = [_tier_shares(plan, tier)[first:] for tier in plan.mix]
    series = [(name, [row[number] for row in shares]) for number, name in enumerate(names)]
    slide.chart("bars", list(plan.mix), series, colors=MEASURES[first:], width=Inches(6.4))
    header = (language.text("Tier"), language.text("Creators"), *names)
    rows = [
        (tier, language.number(totals.creators), *(map(language.percent, row)))
        for (tier, totals), row in zip(plan.mix.items(), shares, strict=True)
    ]
    widths = (0.75, 0.95, *(1.08, 1.43, 1.29)[first:])
    slide.table(header, rows, widths, left=MARGIN + Inches(6.6), top=BODY_TOP + Inches(0.4), size=11)


def _tier_shares(plan: Plan, tier: str) -> list[float]:
    """Return a tier's share of the spend, the engagements and the conversions."""
    own, whole = plan.mix[tier], plan.totals
    pairs = [(own.spend, whole.spend), *((own.metrics[name], whole.metrics[name]) for name in METRICS)]
    return [part / total if total else 0.0 for part, total in pairs]


def _creators(deck: Deck, report: Report, language: Language) -> None:
    report = report_by_creator(report)
    rows = creator_rows(report, language)
    count = language.plural("{count} creator", "{count} creators", report.plan.totals.creators)
    slide = deck.slide(worth_finding(report.plan, language) if report.edition.fees else count)
    text = language.text
    header = [text("Creator"), text("Platform"), text("Tier"), text("Deliverable"), text("Followers")]
    widths = [2.9, 1.3, 1.1, 1.9, 1.2]
    if report.edition.fees:
        header.append(language.text("Cost"))
        widths.append(1.2)
    header += [metric_name(name, language) for name in METRICS]
    widths += [1.35, 1.35]
    shown = rows if len(rows) <= SHOWN_CREATORS + 1 else rows[:SHOWN_CREATORS]
    cells = [_creator_cells(row, report) for row in shown]
    if len(shown) < len(rows):
        cells.append(_others(rows[len(shown) :], report, language))
    cells.append(_total(report, language))
    slide.table(header, cells, widths, texts=4, size=11, total=True)


def _creator_cells(row: CreatorRow, report: Report) -> list[str]:
    cells = [row.name, row.platform, row.tier, row.offer, row.followers_text]
    cells += [row.cost_text] if report.edition.fees else []
    return [*cells, *(row.results[name].text for name in METRICS)]


def _others(rows: Sequence[CreatorRow], report: Report, language: Language) -> list[str]:
    """Return the sums of the creators that do not fit."""
    cost = sum(pick.cost for pick in report.plan.picks[-len(rows) :])
    cells = [language.plural("{count} more", "{count} more", len(rows)), "", "", "", ""]
    cells += [language.money(cost, report.plan.roster.currency, whole=True)] if report.edition.fees else []
    results = (sum(row.results[name].amount for row in rows) for name in METRICS)
    return [*cells, *(write_result(language, name, amount) for name, amount in zip(METRICS, results, strict=True))]


def _total(report: Report, language: Language) -> list[str]:
    plan = report.plan
    cells = [language.text("Total"), "", "", "", ""]
    cells += [language.money(plan.totals.spend, plan.roster.currency, whole=True)] if report.edition.fees else []
    return [*cells, *(result_figure(language, name, plan.totals.metrics[name]).text for name in METRICS)]


def _budgets(deck: Deck, report: Report, language: Language) -> None:
    """Show what other budgets bring, or in one sentence why there is nothing to show."""
    slide = deck.slide(budget_finding(report, language))
    width = WIDTH - 2 * MARGIN
    if nothing := _why_no_budgets(report, language):
        slide.write(nothing, MARGIN, BODY_TOP, width, Inches(1), size=18)
        return
    note = language.text("Compared with this plan, which is 100%")
    slide.write(note, MARGIN, BODY_TOP - Inches(0.05), width, Inches(0.3), size=12, color=LIGHT.soft)
    budgets, series = _budget_lines(report, language)
    place = {"top": BODY_TOP + Inches(0.25), "width": Inches(7.6), "height": Inches(4.8)}
    colors = [color for name, color in zip(METRICS, MEASURES[1:], strict=True) if report.plan.totals.metrics[name]]
    slide.chart("lines", budgets, series, colors=colors, **place)
    left = MARGIN + Inches(7.9)
    steps = "\n".join(_largest_steps(report, language))
    slide.write(steps, left, BODY_TOP + Inches(0.3), WIDTH - MARGIN - left, Inches(4.7), size=12)


def _why_no_budgets(report: Report, language: Language) -> str:
    """Return why there is no chart of budgets, empty if there is one."""
    assert report.frontier is not None
    if sum(point.totals is not None for point in report.frontier.points) == 1:
        return language.text("No other budget has a plan.")
    return flat_sentence(report, language)


def _budget_lines(report: Report, language: Language) -> tuple[list[str], list[tuple[str, list[float]]]]:
    """Return the budgets, and what each brings of each result as a share of what this plan does."""
    assert report.frontier is not None
    own, currency = report.plan.totals, report.plan.roster.currency
    totals = {point.budget: point.totals for point in report.frontier.points if point.totals is not None}
    titles = metric_names(language)
    series = [
        (titles[name], [each.metrics[name] / own.metrics[name] for each in totals.values()])
        for name in METRICS
        if own.metrics[name]
    ]
    return [language.money(budget, currency, whole=True) for budget in totals], series


def _largest_steps(report: Report, language: Language) -> list[str]:
    """Return what happens at the budgets where results change most, as far as it fits, the lowest budget first."""
    budgets = budget_steps(report, language)
    steps, sizes = [step for step in budgets if step.totals is not None and step.changes], {}
    for before, step in pairwise(budgets):
        if before.totals is not None and step.totals is not None:
            parts = (relative_change(step.totals, before.totals, name) or Fraction(0) for name in METRICS)
            sizes[step.budget] = max(map(abs, parts))
    kept: list[BudgetStep] = []
    lines = 0
    for step in sorted(steps, key=lambda step: sizes.get(step.budget, Fraction(0)), reverse=True)[:SHOWN_STEPS]:
        lines += -(-len(step.sentence) // STEP_CHARACTERS)
        if not kept or lines <= STEP_LINES:
            kept.append(step)
    return [step.sentence for step in steps if step in kept]


def _certainty(deck: Deck, report: Report, language: Language) -> None:
    slide = deck.slide(ranges_finding(report, language))
    rows = list(_range_rows(report, language))
    if rows:
        header = (language.text("Result"), language.text("Low"), language.text("Expected"), language.text("High"))
        slide.table(header, rows, (3.0, 1.8, 1.8, 1.8))
    notes = [
        language.text("Low to high is the 80% likely range: eight of ten outcomes lie within it."),
        cover(report, language).proof,
        language.text("Every post must say that it is advertising, where it is seen first and in plain words."),
        language.text(
            "These slides can be edited and prove nothing; the plan file with the seal {seal} can be checked.",
            seal=report.seal[:16],
        ),
    ]
    top = BODY_TOP + Inches(0.3) * (len(rows) + 2)
    told = "\n".join(filter(None, notes))
    slide.write(told, MARGIN, top, WIDTH - 2 * MARGIN, Inches(3), size=14, color=LIGHT.soft)


def _range_rows(report: Report, language: Language) -> Iterator[tuple[str, str, str, str]]:
    """Yield the likely range of each total that has one."""
    likely = likely_totals(report)
    for name, title in metric_names(language).items():
        figure = result_figure(language, name, report.plan.totals.metrics[name], likely.get(name))
        if name in likely and figure.high is not None:
            yield title, figure.low_text, figure.text, figure.high_text
