"""The sentences of a history, shared by its formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from microopt.campaign.progress import ContractState
from microopt.inflight.history.result import History, HistoryEntry, HistoryResults
from microopt.plan.difference import Difference
from microopt.plan.replan_summary import RosterChange
from microopt.quantities.parse_and_format import format_names, format_percent
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.plan_figures import capitalize_sentence, count_creators, format_amount, format_total

HISTORY_TOTALS = ("creators", "cost", "engagements", "conversions")  # shown of each plan
GAIN_LEGEND = "Gain: compared with keeping everyone who was still available."
SHOWN_WAVES = 6
MAX_SWITCHES, SHOWN_SWITCHES = 8, 6  # of the creators added or dropped by one plan
STATES = (ContractState.SIGNED, ContractState.LIVE, ContractState.DONE, ContractState.DECLINED)


def format_time(entry: HistoryEntry) -> str:
    """Return the time at which a plan was made, to the minute in UTC; the day alone if it was planned for another."""
    if entry.made_at is None or entry.day != entry.made_at[:10]:
        return entry.day or "-"
    return entry.made_at[:16].replace("T", " ")


def format_gain(entry: HistoryEntry) -> str:
    """Return the gain of a plan over keeping the one before."""
    if entry.replan is None:
        return "first plan"
    return "-" if entry.replan.gain is None else format_difference(entry.replan.gain)


def format_difference(gain: Difference) -> str:
    """Return a gain as a share, or in the unit of the goal if it has no share."""
    if not gain.objective:
        return "="
    size = f"{abs(float(gain.objective)):.3g}" if gain.share is None else format_percent(abs(float(gain.share)))
    return f"{'-' if gain.objective < 0 else '+'}{size}"


def entry_lines(entry: HistoryEntry) -> Iterator[str]:
    """Yield the lines below a plan: creators added and dropped and why, contracts, results, doubts."""
    yield from _switch_lines("+", entry.added)
    yield from _switch_lines("-", entry.dropped)
    if entry.transitions:
        yield ". ".join(_transition_sentences(entry)) + "."
    if entry.results is not None:
        yield f"Results to date: {format_results(entry.results)}."
    if entry.replan is not None and entry.replan.obstacle:
        yield f"The previous plan could not be kept: {entry.replan.obstacle}."
    if entry.status != "optimal":
        yield "Not proven best."
    if entry.previous_missing:
        yield "The previous plan is missing."
    if entry.forks:
        yield "Another plan was made from the same previous plan."


def _switch_lines(sign: str, switches: Sequence[RosterChange]) -> Iterator[str]:
    listed = switches if len(switches) <= MAX_SWITCHES else switches[:SHOWN_SWITCHES]
    for switch in listed:
        gain = "" if switch.gain is None or not switch.gain.objective else f" ({format_difference(switch.gain)})"
        yield f"{sign} {switch.creator}{f': {switch.causes[0]}' if switch.causes else ''}{gain}"
    if len(listed) < len(switches):
        yield f"{sign} and {len(switches) - len(listed)} more"


def creators_entering(entry: HistoryEntry, state: ContractState) -> list[str]:
    """Return the creators whose contract changed to a state."""
    return list(dict.fromkeys(transition.creator for transition in entry.transitions if transition.after is state))


def _transition_sentences(entry: HistoryEntry) -> Iterator[str]:
    for state in STATES:
        turns = [transition for transition in entry.transitions if transition.after is state]
        if names := list(dict.fromkeys(f"{turn.creator}{_in_waves(turn.waves)}" for turn in turns)):
            yield f"{state.value.capitalize()}: {', '.join(names)}"


def _in_waves(waves: Sequence[str]) -> str:
    return f" ({format_names(waves, SHOWN_WAVES)})" if waves else ""


def format_results(results: HistoryResults) -> str:
    """Return the results of the posts."""
    counts = [f"{_format_amount(amount)} {name}" for name, amount in results.metrics.items()]
    posts = f"{results.posts:g} post{'' if results.posts == 1 else 's'}"
    until = "" if results.as_of is None else f", up to {results.as_of}"
    return f"{', '.join(counts) or 'nothing measured'}, from {posts} by {count_creators(results.creators)}{until}"


def _format_amount(amount: float) -> str:
    return f"{amount:g}" if amount < 100 else format_amount(amount)


def history_title(history: History) -> str:
    """Return the campaign, else the folder if it has a name here, the number of plans and their dates."""
    names = [plan.name for plan in history.entries if plan.name]
    name = names[-1] if names else history.source if history.source.strip("./\\") else ""
    count = len(history.entries)
    count_words = f"{'the last ' if history.omitted and count > 1 else ''}{count:,} plan{'' if count == 1 else 's'}"
    days = [entry.day for entry in history.entries if entry.day]
    first, end = min(days, default=""), max(days, default="")
    span = "" if not days else f", {first}" if first == end else f", {first} to {end}"
    plans = f"{count_words}{span}"
    return f"{name}: {plans}" if name else plans[0].upper() + plans[1:]


def history_head(history: History) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): the plans, what the latest costs and brings, and what changed until then."""
    yield "main fact", history_title(history)
    if history.entries:
        first, latest = history.entries[0], history.entries[-1]
        several = len(history.entries) > 1
        before = f" (the first of these: {_results(first)})" if several and _results(first) != _results(latest) else ""
        spend = format_total("cost", latest.totals, latest.currency)
        yield "fact", f"{'Latest plan: ' if several else ''}{spend} -> {_results(latest)}{before}."
        yield "fact", " ".join(_changes(history.entries))


def _results(entry: HistoryEntry) -> str:
    """Return what a plan is expected to bring."""
    names = ("engagements", "conversions")
    return " · ".join(f"{format_total(name, entry.totals, entry.currency)} {name}" for name in names)


def _changes(entries: Sequence[HistoryEntry]) -> Iterator[str]:
    """Yield how many creators these plans added and dropped in all, and whether each is proven."""
    if any(entry.replan is not None for entry in entries):
        added, dropped = (sum(map(len, lists)) for lists in zip(*((e.added, e.dropped) for e in entries), strict=True))
        yield f"In all, {added:,} added and {dropped:,} dropped."
    open_ = sum(entry.status != "optimal" for entry in entries)
    if not open_:
        yield "Every plan is proven best." if len(entries) > 1 else "It is proven best."
    else:
        yield f"{open_:,} of {len(entries):,} plans {'is' if open_ == 1 else 'are'} not proven best."


def history_notes(history: History) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): `note` or `warning`."""
    if history.omitted:
        yield "note", f"{history.omitted:,} earlier plan{' is' if history.omitted == 1 else 's are'} not shown."
    yield from (("note", capitalize_sentence(text)) for text in history.notes)
    yield from (("warning", f"Warning: {end_sentence(warning)}") for warning in history.warnings)
