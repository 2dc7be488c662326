"""Plans and histories as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from microopt.campaign.metrics import GROSS
from microopt.inflight.history.result import History, HistoryEntry
from microopt.plan.plan import Plan, Totals
from microopt.quantities.parse_and_format import print_count, print_money, print_percent
from microopt.rendering.sanitize import markdown, utf8
from microopt.rendering.wording.history import gain_words as history_gain_words
from microopt.rendering.wording.history import last_lines, night_lines, title, when
from microopt.rendering.wording.plan_figures import (
    DISCLOSURE,
    allowed,
    budget_of,
    cost_per,
    money_name,
    offer_of,
    print_conversions,
    room,
    rule_price,
    used,
)
from microopt.rendering.wording.plan_sentences import sentences
from microopt.rendering.wording.replan import (
    OF_CREATORS,
    PACES,
    day_of,
    gain_sentence,
    gain_words,
    money_sentence,
    moved_sentence,
    pace_rows,
    shown_pacing,
    standing_cells,
)


def plan_markdown(plan: Plan) -> str:
    """Return the plan as Markdown: picks, mix, rules, and what is known of it."""
    roster = plan.roster
    title = plan.campaign.name or "Campaign plan"
    source = "standard input" if roster.source.path == "-" else roster.source.path
    facts = f"{markdown(source)}: {roster.creators:,} creators, {budget_of(plan)}"
    blocks = [
        f"# {markdown(title)}",
        f"{facts}, goal {markdown(plan.campaign.goal.name)}.",
        *_course(plan),
        _picks(plan),
        _table(("Mix", "Creators", "Spend", "Engagements", "Conversions"), _mix(plan), right_from=1),
    ]
    if plan.rules:
        blocks.append(_rules(plan))
    blocks.append("\n".join(f"- {markdown(sentence)}" for _, sentence in sentences(plan)))
    blocks.append(DISCLOSURE)
    return "\n\n".join(blocks) + "\n"


def _course(plan: Plan) -> Iterator[str]:
    """Yield what changed since the last plan, and how a campaign that runs stands."""
    if plan.replan is not None:
        yield f"## {moved_sentence(plan.replan)}"
        rows = [
            ("came" if one.came else "left", markdown(one.creator), markdown("; ".join(one.causes)), gain_words(one))
            for one in plan.replan.switches
        ]
        if rows:
            yield _table(("", "Creator", "Because", "Gain"), rows, right_from=3)
        told = [sentence for sentence in (gain_sentence(plan),) if sentence] + [f"{n}." for n in plan.replan.notes]
        yield from (markdown(sentence) for sentence in told)
    found = shown_pacing(plan)
    if found is not None:
        yield _table((day_of(found), *PACES[1:]), pace_rows(plan, found), right_from=1)
        yield markdown(money_sentence(plan, found))
        if found.standings:
            header = [f"{name} {what}" for name in OF_CREATORS for what in ("planned", "so far", "at the end")]
            kept = ((markdown(one.creator), one.state.value, *standing_cells(one)) for one in found.standings)
            yield _table(("Under contract", "", *header), kept, right_from=2)


def _rules(plan: Plan) -> str:
    currency, prices = plan.roster.currency, {price.label: price for price in plan.rule_prices}
    header = ("Rule", "Used", "Allowed", "", *(["Dropping it would bring"] if prices else []))
    rows = []
    for rule in plan.rules:
        price = [rule_price(plan, prices.get(rule.label.removesuffix(GROSS)))] if prices else []
        words = (used(rule, currency), markdown(allowed(rule, currency)), room(rule))
        rows.append((markdown(rule.label), *words, *map(markdown, price)))
    return _table(header, rows, right_from=len(header))


def _picks(plan: Plan) -> str:
    header = (
        "Tier",
        "Creator",
        "Offer",
        "Platform",
        "Niche",
        money_name(plan),
        "Gross reach",
        "Engagements",
        "Conversions",
        "CPE",
        "CPA",
    )
    rows = []
    for pick in plan.picks:
        words = (pick.tier, pick.creator, offer_of(pick), pick.platform, ", ".join(pick.niche))
        fee = ("~" if pick.fee_estimated else "") + print_money(pick.cost, plan.roster.currency)
        rows.append(
            (*map(markdown, words), fee, *_figures(plan, Totals(creators=1, spend=pick.cost, metrics=pick.metrics)))
        )
    spend = print_money(plan.totals.spend, plan.roster.currency)
    rows.append(("**Total**", f"{plan.totals.creators:,} creators", "", "", "", spend, *_figures(plan, plan.totals)))
    return _table(header, rows, right_from=5)


def _figures(plan: Plan, totals: Totals) -> tuple[str, ...]:
    metrics, currency = totals.metrics, plan.roster.currency
    counts = tuple(print_count(metrics[name] / 1000) for name in ("reach", "engagements"))
    conversions = f"{metrics['conversions'] / 1000:,.1f}"
    return (*counts, conversions, cost_per(totals, "engagements", currency), cost_per(totals, "conversions", currency))


def _mix(plan: Plan) -> list[tuple[str, ...]]:
    rows = []
    for tier, totals in plan.mix.items():
        parts = [(totals.spend, plan.totals.spend)]
        parts += [(totals.metrics[name], plan.totals.metrics[name]) for name in ("engagements", "conversions")]
        shares = [print_percent(part / whole) if whole else "0%" for part, whole in parts]
        rows.append((markdown(tier), f"{totals.creators:,}", *shares))
    return rows


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, right_from: int) -> str:
    rule = ["---" if number < right_from else "--:" for number in range(len(header))]
    lines = [header, rule, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def history_markdown(history: History) -> str:
    """Return the history as a Markdown table, and what each night changed as a list."""
    head = "| When (UTC) | Creators | Cost | Engagements | Conversions | Gain |"
    lines = [head, "| --- | --: | --: | --: | --: | --: |"]
    lines += [_history_row(night) for night in history.nights]
    blocks = [f"# {markdown(title(history))}", "\n".join(lines)]
    for night in history.nights:
        told = "\n".join(f"- {_history_item(line)}" for line in night_lines(night))
        blocks += [f"## {when(night)}\n\n{told}"] if told else []
    last = "\n".join(f"- {markdown(told)}" for _, told in last_lines(history))
    return utf8("\n\n".join([*blocks, last] if last else blocks)) + "\n"


def _history_row(night: HistoryEntry) -> str:
    totals = night.totals
    figures = (
        when(night),
        f"{totals.creators:,}",
        print_money(totals.spend, night.currency),
        print_count(totals.metrics["engagements"] / 1000),
        print_conversions(totals.metrics["conversions"]),
        history_gain_words(night),
    )
    return f"| {' | '.join(markdown(figure) for figure in figures)} |"


def _history_item(line: str) -> str:
    """Return a line as an item: a sign at its front would begin a list of its own."""
    sign, _, rest = line.partition(" ")
    word = {"+": "Came:", "-": "Left:"}.get(sign)
    return markdown(line) if word is None else f"{word} {markdown(rest)}"
