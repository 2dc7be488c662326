"""Plans and histories as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from microopt.files.reading import source_name
from microopt.inflight.history.result import History, HistoryEntry
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import Plan, Totals
from microopt.plan.wave_pacing import WavePacing
from microopt.quantities.parse_and_format import format_money, format_percent
from microopt.rendering.moved_in_english import moved_in_english
from microopt.rendering.sanitize import escape_markdown, plain_lines
from microopt.rendering.wording.costs import cost_cells, cost_lines
from microopt.rendering.wording.fallbacks import FALLBACKS_HEADINGS, fallback_notes, fallback_rows
from microopt.rendering.wording.history import (
    HISTORY_TOTALS,
    entry_lines,
    format_gain,
    format_time,
    history_notes,
    history_title,
)
from microopt.rendering.wording.plan_figures import (
    DISCLOSURE,
    TOTALS_HEADINGS,
    cost_heading,
    format_budget,
    format_cost_per,
    format_offer,
    format_total,
)
from microopt.rendering.wording.plan_head import format_metric_with_range, plan_head
from microopt.rendering.wording.plan_sentences import plan_sentences
from microopt.rendering.wording.replan import (
    CREATOR_METRICS,
    CREATOR_STAGES,
    PACING_HEADINGS,
    commitments_sentence,
    creator_pacing_cells,
    format_day,
    format_switch_gain,
    gain_sentence,
    pacing_rows,
    reportable_pacing,
    switches_sentence,
)
from microopt.rendering.wording.rules import WITHOUT_RULE, RuleRow, rule_rows
from microopt.rendering.wording.suspicion import fee_sentences
from microopt.rendering.wording.wave_pacing import wave_cells, wave_headings
from microopt.rendering.wording.waves import (
    count_creators_and_posts,
    creators_in_waves,
    picks_by_creator,
    post_names,
    wave_marks,
    wave_totals,
)

LIKELY_RANGES = "In parentheses: the 80% likely range, which holds four outcomes in five."


def plan_markdown(plan: Plan) -> str:
    """Return the plan as Markdown: the answer first, then picks, mix, rules, and sentences."""
    roster = plan.roster
    title = plan.campaign.name or "Campaign plan"
    source = source_name(roster.source.path)
    facts = f"{escape_markdown(source)}: {roster.creators:,} creators, {format_budget(plan)}"
    blocks = [
        f"# {escape_markdown(title)}",
        "  \n".join(escape_markdown(sentence) for _, sentence in _head(plan)),
        f"{facts}, goal {escape_markdown(plan.campaign.goal.name)}.",
        *_progress(plan),
        _picks(plan),
        *_costs(plan),
        *_waves(plan),
        markdown_table(("Mix", "Creators", "Spend", "Engagements", "Conversions"), _mix(plan), right_from=1),
    ]
    if rules := list(rule_rows(plan)):
        blocks.append(_rules(rules))
    blocks += _fallbacks(plan)
    sentences = [sentence for _, sentence in plan_sentences(plan, hints=False, after_head=True)]
    if plan.likely:
        sentences.append(LIKELY_RANGES)
    blocks.append("\n".join(f"- {escape_markdown(sentence)}" for sentence in sentences))
    blocks.append(DISCLOSURE)
    return plain_lines("\n\n".join(blocks)) + "\n"


def _fallbacks(plan: Plan) -> Iterator[str]:
    """Yield whom to ask where somebody declines, if the plan says it."""
    if rows := [tuple(map(escape_markdown, row)) for row in fallback_rows(plan)]:
        yield markdown_table(FALLBACKS_HEADINGS, rows, right_from=2)
        yield " ".join(map(escape_markdown, fallback_notes(plan)))


def _head(plan: Plan) -> Iterator[tuple[str, str]]:
    yield from plan_head(plan)
    yield from fee_sentences(plan.suspicions, hints=False)


def _progress(plan: Plan) -> Iterator[str]:
    """Yield what changed since the last plan, and the pacing of a running campaign."""
    if plan.replan is not None:
        yield f"## {switches_sentence(plan.replan)}"
        rows = [
            (
                "added" if switch.added else "dropped",
                escape_markdown(switch.creator),
                escape_markdown("; ".join(switch.causes)),
                format_switch_gain(switch),
            )
            for switch in plan.replan.switches
        ]
        if rows:
            yield markdown_table(("", "Creator", "Because", "Gain"), rows, right_from=3)
        sentences = [
            *filter(None, [gain_sentence(plan)]),
            *moved_in_english(plan),
            *(f"{n}." for n in plan.replan.notes),
        ]
        yield from (escape_markdown(sentence) for sentence in sentences)
    pacing = reportable_pacing(plan)
    if pacing is not None:
        yield markdown_table((format_day(pacing), *PACING_HEADINGS[1:]), pacing_rows(plan, pacing), right_from=1)
        yield escape_markdown(commitments_sentence(plan, pacing))
        yield from wave_pacing_blocks(pacing.waves, plan.roster.currency)
        if pacing.creators:
            header = [f"{name} {stage}" for name in CREATOR_METRICS for stage in CREATOR_STAGES]
            contracts = (
                (escape_markdown(creator.creator), creator.state.value, *creator_pacing_cells(creator))
                for creator in pacing.creators
            )
            yield markdown_table(("Under contract", "", *header), contracts, right_from=2)


def _rules(rules: list[RuleRow]) -> str:
    priced = any(rule.without for rule in rules)
    header = ("Rule", "Used", "Allowed", "", *([WITHOUT_RULE] if priced else []))
    rows = (
        (rule.label, rule.used, rule.allowed, rule.room or "", *([rule.without] if priced else [])) for rule in rules
    )
    return markdown_table(header, (tuple(map(escape_markdown, row)) for row in rows), right_from=len(header))


def _picks(plan: Plan) -> str:
    header = (
        "Tier",
        "Creator",
        "Deliverable",
        "Platform",
        "Niche",
        cost_heading(plan),
        "Gross reach",
        "Engagements",
        "Conversions",
        "CPE",
        "CPA",
    )
    rows = []
    for pick in picks_by_creator(plan):
        words = (pick.tier, pick.creator, format_offer(pick), pick.platform, ", ".join(pick.niche))
        fee = ("~" if pick.fee_estimated else "") + format_money(pick.cost, plan.roster.currency)
        rows.append(
            (
                *map(escape_markdown, words),
                fee,
                *_figures(plan, Totals(creators=1, spend=pick.cost, metrics=pick.metrics), pick.likely),
            )
        )
    spend = format_money(plan.totals.spend, plan.roster.currency)
    rows.append(
        (
            "**Total**",
            count_creators_and_posts(plan),
            "",
            "",
            "",
            spend,
            *_figures(plan, plan.totals, plan.likely),
        )
    )
    return markdown_table(header, rows, right_from=5)


def _costs(plan: Plan) -> Iterator[str]:
    """Yield what the plan pays for, where it is not fees alone."""
    lines = [cost_cells(plan, line) for line in cost_lines(plan)]
    if lines:
        yield markdown_table(("Cost", "", "of spend"), lines, right_from=1)


def _waves(plan: Plan) -> Iterator[str]:
    """Yield what each creator posts in which wave, and the totals of each wave, if the plan has a calendar."""
    if plan.by_wave and plan.picks:
        names = post_names(plan.picks)
        rows = [
            (creator.creator, *(wave_marks(picks, names) for picks in creator.waves), f"{creator.posts:,}")
            for creator in creators_in_waves(plan)
        ]
        totals = [(f"**{label}**", *cells, posts) for label, cells, posts in wave_totals(plan)]
        header = ("By wave", *(escape_markdown(wave.wave) for wave in plan.by_wave), "Posts")
        yield markdown_table(header, [*(tuple(map(escape_markdown, row)) for row in rows), *totals], right_from=1)


def _figures(plan: Plan, totals: Totals, likely: Mapping[str, LikelyRange]) -> tuple[str, ...]:
    metrics, currency = totals.metrics, plan.roster.currency
    return (
        *(format_metric_with_range(name, metrics[name], likely) for name in ("reach", "engagements", "conversions")),
        format_cost_per(totals, "engagements", currency),
        format_cost_per(totals, "conversions", currency),
    )


def _mix(plan: Plan) -> list[tuple[str, ...]]:
    rows = []
    for tier, totals in plan.mix.items():
        parts = [(totals.spend, plan.totals.spend)]
        parts += [(totals.metrics[name], plan.totals.metrics[name]) for name in ("engagements", "conversions")]
        shares = [format_percent(part / total) if total else "0%" for part, total in parts]
        rows.append((escape_markdown(tier), f"{totals.creators:,}", *shares))
    return rows


def markdown_table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, right_from: int) -> str:
    """Return a table of cells that are safe in Markdown; columns from `right_from` on are right-justified."""
    rule = ["---" if number < right_from else "--:" for number in range(len(header))]
    lines = [header, rule, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def wave_pacing_blocks(waves: Sequence[WavePacing], currency: str) -> Iterator[str]:
    """Yield a table of what each wave was planned to bring and has brought, once there are results of any."""
    if any(wave.to_date for wave in waves):
        rows = (tuple(map(escape_markdown, wave_cells(wave, waves, currency))) for wave in waves)
        yield markdown_table(wave_headings(waves), rows, right_from=1)


def history_markdown(history: History) -> str:
    """Return the history as a Markdown table, and the changes of each plan as a list."""
    header = ("When (UTC)", *(TOTALS_HEADINGS[name][0] for name in HISTORY_TOTALS), "Gain")
    rows = (tuple(map(escape_markdown, _history_cells(entry))) for entry in history.entries)
    blocks = [f"# {escape_markdown(history_title(history))}", markdown_table(header, rows, right_from=1)]
    blocks += [*wave_pacing_blocks(history.entries[-1].waves, history.entries[-1].currency)] if history.entries else []
    for entry in history.entries:
        changes = "\n".join(f"- {_history_item(line)}" for line in entry_lines(entry))
        blocks += [f"## {escape_markdown(format_time(entry))}\n\n{changes}"] if changes else []
    notes = "\n".join(f"- {escape_markdown(note)}" for _, note in history_notes(history))
    return plain_lines("\n\n".join([*blocks, notes] if notes else blocks)) + "\n"


def _history_cells(entry: HistoryEntry) -> Iterator[str]:
    yield format_time(entry)
    yield from (format_total(name, entry.totals, entry.currency) for name in HISTORY_TOTALS)
    yield format_gain(entry)


def _history_item(line: str) -> str:
    """Return a line as a list item; its leading sign becomes a word, as it would start a nested list."""
    sign, _, rest = line.partition(" ")
    word = {"+": "Added:", "-": "Dropped:"}.get(sign)
    return escape_markdown(line) if word is None else f"{word} {escape_markdown(rest)}"
