"""A report as one HTML page that needs no network and no scripts: a story in figures, charts and tables.

What it says is in `microopt.rendering.story`, in which order in `templates/report.html.j2`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from msgspec.structs import replace

from microopt.analysis.report.result import Report, report_of_plan
from microopt.plan.plan import Plan
from microopt.rendering.html import audit, creators, fallbacks, mix, progress, ranges
from microopt.rendering.html.budgets import budget_view, next_steps
from microopt.rendering.html.content_policy import content_policy, script_data
from microopt.rendering.html.environment import find_template, template_text
from microopt.rendering.html.page_charts import page_charts
from microopt.rendering.html.style import page_style
from microopt.rendering.language.language import ENGLISH, Language, find_language
from microopt.rendering.sanitize import plain_text, valid_utf8
from microopt.rendering.story.budget_steps import flat_sentence
from microopt.rendering.story.cover import cover
from microopt.rendering.story.creators import creator_rows, usual_fee_source
from microopt.rendering.story.decisions import decisions
from microopt.rendering.story.disclosure import disclosure
from microopt.rendering.story.earnings import describe_declines
from microopt.rendering.story.findings import budget_finding, mix_finding, ranges_finding, worth_finding
from microopt.rendering.story.fit import fit_sentence
from microopt.rendering.story.moved import moved_sentences
from microopt.rendering.story.rule_words import told_rules
from microopt.rendering.story.switches import switch_gain, switches_sentence, told_gain
from microopt.rendering.story.tier_money import shows_tier_money
from microopt.rendering.story.verdict import verdict
from microopt.rendering.wording.replan import reportable_pacing
from microopt.rendering.wording.report import has_final_results, provenance_rows
from microopt.rendering.wording.rules import RuleRow
from microopt.rendering.wording.rules_of_waves import shown_rules

PAGE = "report.html.j2"
SCRIPTS = ("page.js", "creators.js", "budgets.js")


def plan_html(plan: Plan) -> str:
    """Return the page of a plan alone, without other budgets and ranges."""
    return report_html(report_of_plan(plan))


def report_html(report: Report) -> str:
    """Return the page."""
    language = find_language(report.edition.language)
    stated = report.plan.campaign.report
    footer = " · ".join(filter(None, (stated.client, report.plan.campaign.name)))
    style, scripts = page_style(footer, stated.accent), [*map(template_text, SCRIPTS)]
    trusted = {"style": Markup(style), "scripts": [*map(Markup, scripts)]}  # noqa: S704 (ours)
    page = find_template(PAGE, language.code).render(
        **_content(report, language), **trusted, policy=content_policy(style, scripts)
    )
    return valid_utf8(page)


def _content(report: Report, language: Language) -> dict[str, Any]:
    """Return what the templates lay out."""
    plan = report.plan
    rows = creator_rows(report, language)
    wave_names = [plain_text(wave.wave) for wave in plan.by_wave]
    facets = creators.facets(rows, [*map(plain_text, plan.mix)], language, wave_names)
    budgets = budget_view(report, language)
    scripted = {
        "language": language.locale.language + (f"-{language.locale.territory}" if language.locale.territory else ""),
        "currency": plan.roster.currency,
        "texts": _script_texts(language),
        "creators": creators.script_data(report, rows, facets, language),
        "budgets": budgets,
    }
    return {
        "report": report,
        "plan": plan,
        "english": Markup("") if language.code.startswith(ENGLISH) else Markup(' lang="en"'),
        "logo": _logo_address(report),
        "cover": cover(report, language),
        "cautions": [*audit.cautions(report, language)],
        "decisions": decisions(report, language),
        "verdict": verdict(plan, language),
        **_progress(report, language),
        "findings": _findings(report, language),
        "charts": page_charts(report, language),
        "tiers": [*mix.tier_rows(plan, language)],
        "tier_money": shows_tier_money(report),
        "costs": [*mix.cost_rows(plan, language)],
        **_waves(report, language),
        "columns": creators.columns(report, language),
        "rows": [(row, creators.profile_address(row), creators.cells(row, language)) for row in rows],
        "facets": facets,
        "totals": creators.total_cells(plan, language),
        "budgets": budgets,
        "steps": next_steps(report, language),
        "banded": report.frontier is not None and any(point.likely for point in report.frontier.points),
        "flat": flat_sentence(report, language),
        "ranges": [] if report.ranges is None else [*ranges.range_rows(plan, report.ranges, language)],
        "declines": describe_declines(plan, language),
        "fallbacks": fallbacks.fallback_rows(report, language),
        "usual_fee_source": usual_fee_source(report, language),
        "has_final": report.ranges is not None and has_final_results(report.ranges),
        "rules": _rules(report, language),
        "disclosure": disclosure(plan, language),
        "notes": audit.notes(report),
        "fit": "" if report.edition.is_internal else fit_sentence(plan, language),
        "provenance": provenance_rows(report),
        "data": script_data(scripted),
    }


def _progress(report: Report, language: Language) -> dict[str, Any]:
    """Return what the part on results and on the last plan shows."""
    plan, fees = report.plan, report.edition.fees
    pacing = reportable_pacing(plan)
    return {
        "pacing": None if pacing is None else progress.pacing_table(plan, pacing, language, fees=fees),
        "contracts": None if pacing is None else progress.contracts_table(pacing, language),
        "switched": "" if plan.replan is None else switches_sentence(plan.replan, language),
        "gain_sentence": "" if plan.replan is None else told_gain(plan.replan, language),
        "switch_gain": switch_gain,
        "moved": [*moved_sentences(plan, language)] if fees else [],  # an amount may be one fee
    }


def _waves(report: Report, language: Language) -> dict[str, Any]:
    """Return what the part on waves shows; nothing without a calendar."""
    if not report.plan.by_wave or not report.plan.picks:
        return {"waves": []}
    from microopt.rendering.charts.drawing import NARROW
    from microopt.rendering.charts.waves_chart import letters_in_chart, shown_in_chart
    from microopt.rendering.story.waves import wave_columns, wave_lines, wave_sums, waves_finding

    return {
        "waves": wave_lines(report.plan, language),
        "wave_columns": wave_columns(report, language),
        "wave_sums": wave_sums(report.plan, language),
        "waves_finding": waves_finding(report.plan, language),
        "letters": letters_in_chart(report.plan),
        "letters_on_phones": letters_in_chart(report.plan, width=NARROW),
        "not_in_chart": shown_in_chart(report.plan)[1],
    }


def _findings(report: Report, language: Language) -> Mapping[str, str]:
    """Return the titles of the parts, each saying what is to be seen in it."""
    return {
        "mix": mix_finding(report.plan, language),
        "worth": worth_finding(report.plan, language),
        "budgets": budget_finding(report, language),
        "ranges": ranges_finding(report, language),
    }


def _rules(report: Report, language: Language) -> list[RuleRow]:
    """Return the rules; in an edition without fees, not what is spent on creators they name: it may be one fee."""
    rows = [*told_rules(report.plan, language)]
    if report.edition.fees:
        return rows
    shown = [each.use for each in shown_rules(report.plan)]
    spent = {rule.label for rule in shown if rule.money or rule.share}
    rules = len(shown)  # the rows below are of creators whom the campaign names
    return [
        replace(row, used="") if number >= rules or (row.written or row.label) in spent else row
        for number, row in enumerate(rows)
    ]


def _script_texts(language: Language) -> Mapping[str, str]:
    """Return what the scripts write, with places that they fill."""
    _ = language.catalogue.ugettext
    return {
        "shown": _("{shown} of {all} creators shown"),
        "copied": _("{rows} rows copied"),
        "file": f"{_('creators')}.csv",
        "own": _("this plan"),
        "added": _("new: {names}"),
        "dropped": _("no longer in it: {names}"),
    }


def _logo_address(report: Report) -> str:
    """Return the logo as an address that has it all, or an empty text."""
    logo = report.logo
    return "" if logo is None else f"data:{logo.media_type};base64,{b64encode(logo.data).decode()}"
