"""What a history says in words, shared by its formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from microopt.campaign.progress import ContractState
from microopt.inflight.history.result import History, HistoryEntry, HistoryResults
from microopt.plan.difference import Difference
from microopt.plan.replan_summary import RosterChange
from microopt.quantities.parse_and_format import format_count, format_percent

MOST_NAMED, NAMED = 8, 6  # of who came or left in a night, in a table
STATES = (ContractState.SIGNED, ContractState.LIVE, ContractState.DONE, ContractState.DECLINED)


def format_time(night: HistoryEntry) -> str:
    """Return when a plan was made, to the minute in UTC."""
    return "-" if night.made_at is None else night.made_at[:16].replace("T", " ")


def format_gain(night: HistoryEntry) -> str:
    """Return what a plan has more than the one before would have if it were kept."""
    if night.replan is None:
        return "first plan"
    return "-" if night.replan.gain is None else format_difference(night.replan.gain)


def format_difference(gain: Difference) -> str:
    """Return a gain as a share, or in the goal's unit where there is no share."""
    if not gain.objective:
        return "="
    size = f"{abs(float(gain.objective)):.3g}" if gain.share is None else format_percent(abs(float(gain.share)))
    return f"{'-' if gain.objective < 0 else '+'}{size}"


def entry_lines(night: HistoryEntry) -> Iterator[str]:
    """Yield what is told below a night: who came and left and why, contracts, results, doubts."""
    yield from _moves("+", night.added)
    yield from _moves("-", night.dropped)
    if night.transitions:
        yield ". ".join(_turns(night)) + "."
    if night.results is not None:
        yield f"Results so far: {format_results(night.results)}."
    if night.replan is not None and night.replan.obstacle:
        yield f"The plan before could not be kept: {night.replan.obstacle}."
    if night.status != "optimal":
        yield f"Not proven to be the best: {night.status}."
    if night.previous_missing:
        yield "The plan that it was made from is missing."
    if night.forks:
        yield "Another plan was made from the same one."


def _moves(sign: str, switches: Sequence[RosterChange]) -> Iterator[str]:
    shown = switches if len(switches) <= MOST_NAMED else switches[:NAMED]
    for one in shown:
        gain = "" if one.gain is None or not one.gain.objective else f" ({format_difference(one.gain)})"
        yield f"{sign} {one.creator}{f': {one.causes[0]}' if one.causes else ''}{gain}"
    if len(shown) < len(switches):
        yield f"{sign} and {len(switches) - len(shown)} more"


def creators_entering(night: HistoryEntry, state: ContractState) -> list[str]:
    """Return who came into a state."""
    return list(dict.fromkeys(turn.creator for turn in night.transitions if turn.after is state))


def _turns(night: HistoryEntry) -> Iterator[str]:
    for state in STATES:
        if names := creators_entering(night, state):
            yield f"{state.value.capitalize()}: {', '.join(names)}"


def format_results(results: HistoryResults) -> str:
    """Return what the posts have brought."""
    told = [f"{_amount(amount)} {name}" for name, amount in results.metrics.items()]
    posts = f"{results.posts:g} post{'' if results.posts == 1 else 's'}"
    until = "" if results.as_of is None else f", up to {results.as_of}"
    return f"{', '.join(told) or 'nothing counted'}, from {posts} of {_people(results.creators)}{until}"


def _amount(amount: float) -> str:
    return f"{amount:g}" if amount < 100 else format_count(amount)


def _people(count: int) -> str:
    return "1 creator" if count == 1 else f"{count:,} creators"


def history_title(history: History) -> str:
    """Return what the history is of."""
    names = list(dict.fromkeys(night.name for night in history.entries if night.name))
    count = len(history.entries)
    many = f"{'the last ' if history.omitted and count > 1 else ''}{count:,} plan{'' if count == 1 else 's'}"
    days = [night.made_at[:10] for night in history.entries if night.made_at]
    first, end = min(days, default=""), max(days, default="")
    span = "" if not days else f", {first}" if first == end else f", {first} to {end}"
    return f"{names[-1] if names else history.source}: {many}{span}"


def history_notes(history: History) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) of what follows: `note` or `warning`."""
    if history.omitted:
        yield "note", f"{history.omitted:,} earlier plan{' is' if history.omitted == 1 else 's are'} not shown."
    yield from (("note", f"{told[:1].upper()}{told[1:]}.") for told in history.notes)
    yield from (("warning", f"Warning: {told}.") for told in history.warnings)
