"""The sentences that say why there is no plan: the answer, the reason, what to change, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from microopt.campaign.campaign import RangeRule
from microopt.campaign.rules_by_wave import as_written_in_waves
from microopt.plan.diagnosis import ARITHMETIC, Diagnosis
from microopt.plan.left_out import LeftOut
from microopt.quantities.parse_and_format import format_count, format_money, format_names
from microopt.rendering.wording.chances import best_chance_sentence
from microopt.rendering.wording.confirmation import confirmed, unconfirmed
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.limits import LIMITS
from microopt.rendering.wording.plan_figures import format_repair
from microopt.solver.result import PRICES_ALONE

MANY_NAMES = 12  # creators in one sentence
MARGIN = (
    "A limit with a chance that just holds in these scenarios can fail more often in other draws: leave a margin, such "
    "as 5% of the limit."
)
PLAIN = ("the ", "your ")  # how a reason begins that does not begin with a rule as the user wrote it


def diagnosis_sentences(diagnosis: Diagnosis) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence) on why there is no plan: doubt, fact, rule, repair, repair hint, note or warning."""
    if diagnosis.left_out is not None and not diagnosis.limit:
        yield from _among_schedules(diagnosis, diagnosis.left_out)
    elif diagnosis.status == "unknown":
        why = LIMITS.get(diagnosis.limit or "", "stopped early")
        found = _without(diagnosis, "no plan was found")
        yield "doubt", f"{found} ({why}), but one may exist. Allow more time: --time-limit 300."
    else:
        whoever = " by booking others" if diagnosis.declined else ""
        yield "doubt", f"{_without(diagnosis, 'no plan can meet all of your rules')}{whoever}."
        for reason in diagnosis.reasons:
            yield "fact", end_sentence(f"{reason[:1].upper()}{reason[1:]}" if reason.startswith(PLAIN) else reason)
        yield from _conflict(diagnosis)
        yield from (("fact", best_chance_sentence(chance)) for chance in diagnosis.best_chances)
    yield from _repairs(diagnosis)
    if diagnosis.status != "unknown" and diagnosis.proven_by:
        yield "note", _basis(diagnosis)
    yield from unconfirmed(diagnosis)
    for warning in diagnosis.warnings:
        yield "warning", f"Warning: {end_sentence(warning)}"


def _among_schedules(diagnosis: Diagnosis, left_out: LeftOut) -> Iterator[tuple[str, str]]:
    """Yield what was found among some of very many schedules: no plan, and rules that conflict there."""
    some, every = format_count(left_out.looked_at), format_count(left_out.schedules)
    found = _without(diagnosis, f"no plan was found among the {some} schedules looked at")
    yield "doubt", f"{found}, but there are {every} schedules, and a plan may exist among the others."
    if diagnosis.clash:
        yield "fact", "Among those looked at, these rules conflict; perhaps only some of them do:"
        yield from (("rule", f"  {rule}") for rule in _conflicting(diagnosis))


def _without(diagnosis: Diagnosis, statement: str) -> str:
    """Return what holds of plans, with the creators whom they do without."""
    if not diagnosis.declined:
        return f"{statement[:1].upper()}{statement[1:]}"
    return f"Without {format_names(list(diagnosis.declined), MANY_NAMES)} {statement}"


def _conflict(diagnosis: Diagnosis) -> Iterator[tuple[str, str]]:
    """Yield the rules that conflict, unless the reasons name all of them."""
    if any(label not in " ".join(diagnosis.reasons) for label in diagnosis.clash):
        rules = list(_conflicting(diagnosis))
        yield "fact", _conflict_heading(diagnosis, len(rules))
        yield from (("rule", f"  {rule}") for rule in rules)


def _conflicting(diagnosis: Diagnosis) -> Iterator[str]:
    """Yield the rules that conflict as the user wrote them; of one on each wave, with the waves in which it does."""
    for label in as_written_in_waves(diagnosis.campaign, diagnosis.clash):
        yield _rule_with_limit(label, diagnosis)


def _conflict_heading(diagnosis: Diagnosis, rules: int) -> str:
    if not diagnosis.irreducible:
        return "These rules conflict; perhaps only some of them do:"
    if rules == 1:
        return "This rule alone cannot be met, whatever the others are:"
    if not diagnosis.resolved_by_any:
        return "These rules conflict. If you drop only one, the others may still conflict:"
    return "These rules conflict. Dropping any one of them resolves it:"


def _rule_with_limit(label: str, diagnosis: Diagnosis) -> str:
    if label == "budget" and diagnosis.campaign.budget is not None:
        return f"budget {format_money(diagnosis.campaign.budget, diagnosis.roster.currency)}"
    return label


def _repairs(diagnosis: Diagnosis) -> Iterator[tuple[str, str]]:
    if diagnosis.repairs:
        several = len(diagnosis.repairs) > 1
        order = "the smallest found" if diagnosis.left_out else "the smallest"
        heading = f"Any one of these changes makes a plan possible, {order} first:"
        yield "fact", heading if several else "This change makes a plan possible:"
        for number, repair in enumerate(diagnosis.repairs, 1):
            yield "repair", f"  {number}. {format_repair(repair, diagnosis.roster.currency)}"
        if _moves_chance(diagnosis):
            yield "fact", MARGIN
        yield "repair hint", _repair_hint(diagnosis, several=several)


def _repair_hint(diagnosis: Diagnosis, *, several: bool) -> str:
    """Return how to apply the first repair; a replan applies none by itself."""
    running = diagnosis.campaign.running
    if diagnosis.declined:
        which = "one of them" if several else "it"
        return f"To plan with {which}, run microopt plan with the changed rule, and with {_exclusions(diagnosis)}."
    if running is None:
        return f"To plan with {'the first change' if several else 'it'}, add --repair."
    sunk = format_money(running.sunk_cost, diagnosis.roster.currency)
    spent = f" (the whole budget, including the {sunk} lost on creators who declined)" if running.sunk_cost else ""
    return f"Change the budget with --budget{spent}, and rules in a campaign file with -c."


def _moves_chance(diagnosis: Diagnosis) -> bool:
    """Whether a repair moves a limit that holds in a share of the scenarios."""
    chances = {
        rule.label for rule in diagnosis.campaign.rules if isinstance(rule, RangeRule) and rule.chance is not None
    }
    return any(change.label in chances for repair in diagnosis.repairs for change in repair.changes)


def _exclusions(diagnosis: Diagnosis) -> str:
    return " ".join(f"-x {quote(name)}" for name in diagnosis.declined)


def _basis(diagnosis: Diagnosis) -> str:
    """Return what proves that there is no plan."""
    if diagnosis.proven_by in (ARITHMETIC, PRICES_ALONE):
        return f"Proven without the solver{confirmed(diagnosis)}."
    return f"Proven by {diagnosis.proven_by}{confirmed(diagnosis)}."
