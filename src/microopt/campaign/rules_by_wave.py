"""Rules in time as rules of single waves: `niche:beauty count >= 2 each wave` is one rule for each wave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.calendar import WAVE, Calendar
from microopt.campaign.campaign import Campaign, Clause, EachRule, PairRule, RangeRule, Rule, Selector
from microopt.campaign.metrics import GROSS_SUFFIX
from microopt.campaign.wave_names import find_wave
from microopt.campaign.wave_rules import GAP, When, in_wave
from microopt.quantities.parse_and_format import format_names

MOST_WAVES = 6  # of a rule, that are named


def rules_by_wave(rules: Iterable[Rule], calendar: Calendar | None) -> Iterator[Rule]:
    """Yield rules without a `when`: a rule that has one becomes a rule on the offers of its waves.

    A rule on each wave becomes a rule for each of them, whose label names the wave. A rule on a wave that the calendar
    does not have yields nothing: `microopt.planning.wave_checks` reports it.
    """
    for rule in rules:
        if rule.when is None:
            yield rule
            continue
        for names in waves_meant(rule.when, calendar):
            yield _of_waves(rule, names, in_wave(rule.label, names[0]) if rule.when.each else rule.label)


class Piece(Struct, frozen=True):
    """What a rule on each wave is in one of them: the rule as the user wrote it, and the wave."""

    label: str
    wave: str


def pieces_by_label(campaign: Campaign) -> dict[str, Piece]:
    """Return, by the label of each rule that a rule on each wave became, what it is a piece of."""
    found: dict[str, Piece] = {}
    for rule in campaign.rules:
        if rule.when is not None and rule.when.each:
            names = waves_meant(rule.when, campaign.calendar)
            for (name,), piece in zip(names, rules_by_wave((rule,), campaign.calendar), strict=True):
                for suffix in ("", GROSS_SUFFIX):
                    found[piece.label + suffix] = Piece(rule.label + suffix, name)
    return found


def as_written(campaign: Campaign, labels: Iterable[str]) -> tuple[str, ...]:
    """Return the rules of some labels as the user wrote them, each once: one on each wave has a label for each."""
    pieces = pieces_by_label(campaign)
    return tuple(dict.fromkeys(pieces[label].label if label in pieces else label for label in labels))


def as_written_in_waves(campaign: Campaign, labels: Iterable[str]) -> tuple[str, ...]:
    """Return the rules of some labels as the user wrote them, each once, with the waves in which one on each is meant.

    `niche:beauty count >= 2 each wave (in 2027-03, 2027-04)`; without the waves if all of them are meant.
    """
    pieces = pieces_by_label(campaign)
    sizes = Counter(piece.label for piece in pieces.values())
    waves: dict[str, list[str]] = {}
    for label in labels:
        piece = pieces.get(label)
        waves.setdefault(label if piece is None else piece.label, []).extend([] if piece is None else [piece.wave])
    return tuple(
        f"{label} (in {format_names(names, MOST_WAVES)})" if 0 < len(names) < sizes[label] else label
        for label, names in waves.items()
    )


def needs_calendar(rule: Rule) -> bool:
    """Whether a rule means nothing without a calendar, whatever the columns of the roster are."""
    is_gap = isinstance(rule, EachRule) and rule.measure == GAP
    return rule.when is not None or is_gap or (isinstance(rule, PairRule) and rule.days is not None)


def selectors_of(rule: Rule) -> tuple[Selector, ...]:
    """Return the selectors of a rule."""
    return (rule.left, rule.right) if isinstance(rule, PairRule) else (rule.selector,)


def waves_meant(when: When, calendar: Calendar | None) -> tuple[tuple[str, ...], ...]:
    """Return the names of the waves of a rule, those together of which it holds together; none if it is not known."""
    names = () if calendar is None else calendar.names
    if when.place is not None:
        return tuple((name,) for name in (names[-1:] if when.place == -1 else names[when.place - 1 : when.place]))
    first = 0 if when.first is None else find_wave(names, when.first)
    last = len(names) - 1 if when.last is None else find_wave(names, when.last)
    if first is None or last is None:
        return ()
    meant = names[first : last + 1]
    return tuple((name,) for name in meant) if when.each or not meant else (meant,)


def _of_waves(rule: Rule, names: tuple[str, ...], label: str) -> Rule:
    waves = Clause(column=WAVE, values=names)
    if isinstance(rule, EachRule):
        return replace(rule, label=label, when=None, selector=Selector(clauses=(waves,)))
    if isinstance(rule, PairRule):
        right = rule.right if rule.days is not None else _with_clause(rule.right, waves)
        return replace(rule, label=label, when=None, left=_with_clause(rule.left, waves), right=right)
    # A share of everything in a wave is one of the whole plan: of what the wave has, it would be all of it.
    base = Selector(clauses=(waves,)) if _is_share(rule) and rule.selector.clauses else Selector()
    return replace(rule, label=label, when=None, selector=_with_clause(rule.selector, waves), base=base)


def _is_share(rule: RangeRule) -> bool:
    return rule.bounds.percent and not rule.of_budget and not rule.mean


def _with_clause(selector: Selector, clause: Clause) -> Selector:
    return Selector(clauses=(*selector.clauses, clause))
