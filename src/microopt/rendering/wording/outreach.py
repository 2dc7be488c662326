"""The sentences of a list of whom to ask, shared by its formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from microopt.inflight.outreach.result import OutreachList, OutreachRow, OutreachStatus
from microopt.quantities.parse_and_format import format_money, join_words
from microopt.rendering.wording.full_stop import end_sentence


def outreach_head(outreach: OutreachList) -> str:
    """Return of which day the list is, and how many are to be asked."""
    count = Counter(row.status for row in _one_each(outreach))
    name = f"{outreach.name} · " if outreach.name else ""
    today = count[OutreachStatus.TO_ASK]
    waiting, overdue = count[OutreachStatus.ASKED], count[OutreachStatus.OVERDUE]
    parts = [f"{today:,} to ask today" if today else "nobody to ask today"]
    parts += [f"{waiting:,} asked"] if waiting else []
    parts += [f"{overdue:,} overdue"] if overdue else []
    return f"{name}{long_day(outreach.as_of)} · {', '.join(parts)}"


def outreach_sentences(outreach: OutreachList) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): the money if all say yes, then what was assumed."""
    money = [
        f"{format_money(cents, outreach.currency, whole_units=True)} {words}"
        for cents, words in (
            (outreach.agreed, "agreed"),
            (outreach.asked, "asked before"),
            (outreach.to_ask, "to ask today"),
        )
        if cents
    ]
    if money:
        total = format_money(outreach.agreed + outreach.asked + outreach.to_ask, outreach.currency, whole_units=True)
        budget = ""
        if outreach.spendable is not None:
            budget = f" of {format_money(outreach.spendable, outreach.currency, whole_units=True)}"
        yield "fact", f"The plan costs {total}{budget} if everyone says yes: {join_words(money)}."
        yield from _overdue_sentence(outreach)
    days = "a day" if outreach.reply_days == 1 else f"{outreach.reply_days:,} days"
    yield (
        "fact",
        f"An offer that is not answered within {days} lapses, and the next one may be asked: say so when you ask.",
    )
    if outreach.rows and not any(map(plan_b, outreach.rows)):
        yield "note", "Note: nobody is named to ask instead of those who decline: plan with --fallbacks 3 to see whom."
    yield from (("note", f"Note: {end_sentence(note)}") for note in outreach.notes)


def outreach_warnings(outreach: OutreachList) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): what is to be read above the list, before anybody is asked."""
    yield from (("warning", f"Warning: {end_sentence(warning)}") for warning in outreach.warnings)


def _overdue_sentence(outreach: OutreachList) -> Iterator[tuple[str, str]]:
    """Yield what it costs if those say yes whose offers have lapsed, since a late yes is still a yes to many."""
    count = outreach.overdue_creators
    if not count:
        return
    cents = outreach.agreed + outreach.asked + outreach.to_ask + outreach.overdue
    total = format_money(cents, outreach.currency, whole_units=True)
    who, verb = ("the overdue creator", "says") if count == 1 else (f"the {count:,} overdue creators", "say")
    text = f"It costs {total} if {who} {verb} yes too"
    if outreach.spendable is not None and cents > outreach.spendable:
        spendable = format_money(outreach.spendable, outreach.currency, whole_units=True)
        yield "warning", f"{text}, more than the {spendable}: withdraw their offers."
    else:
        yield "fact", f"{text}."


def what_to_do(row: OutreachRow) -> str:
    """Return what is to be done about a creator, in two or three words."""
    if row.status is OutreachStatus.ASKED and row.ask_on is not None:
        return f"asked {short_day(row.ask_on)}"
    if row.status is OutreachStatus.LATER and row.wave is not None and row.ask_on is not None and not row.waits_for:
        return f"from {short_day(row.ask_on)}"
    words = {
        OutreachStatus.TO_ASK: "ask today",
        OutreachStatus.LATER: "ask later",
        OutreachStatus.FALLBACK: "if needed",
    }
    return words.get(row.status, row.status.value)


def answer_due(row: OutreachRow) -> str:
    """Return the day on which an offer lapses; nothing once there is an answer."""
    is_open = row.status in (OutreachStatus.TO_ASK, OutreachStatus.ASKED, OutreachStatus.OVERDUE)
    return short_day(row.answer_by) if is_open and row.answer_by is not None else ""


def plan_b(row: OutreachRow) -> str:
    """Return who is asked next, and in whose place a creator is asked."""
    place = ""
    if row.fallback_for:
        more = len(row.fallback_for) - 1
        place = f"(for {row.fallback_for[0]}{f' and {more:,} more' if more else ''})"
    return " ".join(filter(None, (row.next_if_no, place)))


def short_day(day: date) -> str:
    """Return a day without its year, such as `30 Nov`."""
    return f"{day.day} {day:%b}"


def long_day(day: date) -> str:
    """Return a day such as `30 Nov 2026`."""
    return f"{short_day(day)} {day.year}"


def _one_each(outreach: OutreachList) -> list[OutreachRow]:
    return list({row.order: row for row in outreach.rows}.values())
