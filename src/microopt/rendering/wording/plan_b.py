"""What is said of a plan whose creators decline: whom to book instead, what that costs, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from microopt.analysis.plan_b.result import DeclineCase, PlanB
from microopt.campaign.metrics import METRICS
from microopt.plan.difference import NOT_LOOKED_AT, Difference
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_money, format_names, join_words
from microopt.rendering.wording.alternatives import format_loss
from microopt.rendering.wording.fallbacks import name_rules
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.goal_change import format_goal_loss, goal_legend
from microopt.rendering.wording.plan_figures import count_creators, format_metric, format_small_change
from microopt.rendering.wording.worst_share import where_goal_counts

MANY_NAMES = 12  # creators in one sentence
PROVEN, INFEASIBLE, FEASIBLE = "optimal", "infeasible", "feasible"
DECIDED = (PROVEN, INFEASIBLE)
WHY_PAIRS = "together they free money and room in your rules for creators who do not fit in the place of one"


def plan_b_head(result: PlanB) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): whom to book where somebody declines, what is lost, how sure it is."""
    if not result.asked:
        yield from _table_head(result)
        return
    case, plan = result.cases[0], result.before
    if case.change is not None:
        yield "main fact", f"If {_names(case.declined)} {_decline(case)}: {_book(case.change)}."
        yield "fact", f"The plan then {format_goal_loss(case.change, plan)}{_money(case.change, plan)}."
        yield _certainty(case)
    else:
        yield "warning", end_sentence(_not_kept(case))
    yield from _freely(result, case)
    if result.stopped:
        yield "doubt", "Not everything was looked at: a longer --time-limit shows the rest."


def _table_head(result: PlanB) -> Iterator[tuple[str, str]]:
    alone = [case for case in result.cases if len(case.declined) == 1]
    lost = [case.declined[0] for case in alone if case.status == INFEASIBLE]
    found = [case for case in alone if case.change is not None]
    if len(lost) == 1:
        yield "warning", f"Nobody can replace {lost[0]} within your rules while everyone else stays."
    elif lost:
        yield (
            "warning",
            f"{len(lost):,} of {count_creators(len(alone))} cannot be replaced within your rules while everyone else "
            f"stays: {_names(lost)}.",
        )
    yield from _most_missed(found, len(alone), len(lost), result.before)
    if unknown := [case.declined[0] for case in alone if case.status not in (*DECIDED, FEASIBLE, NOT_LOOKED_AT)]:
        yield "doubt", f"There was no time to find out whether anyone can replace {_names(unknown)}."
    yield from _cheaper_pairs(result)
    if result.paired:
        yield "fact", f"Pairs: every two of {_names(result.paired)}."
    if legend := goal_legend(result.before):
        yield "fact", legend
    if result.stopped:
        yield "doubt", f"{_not_looked_at(result)}: a longer --time-limit shows the rest."
    elif not result.proven():
        yield "doubt", f"Not proven: {_unproven(result)}; a longer --time-limit helps."


def _most_missed(found: list[DeclineCase], everyone: int, lost: int, plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield on whom the plan depends most of those who can be replaced; found are the greatest losses first."""
    if not found or found[0].change is None:
        return
    name, loss = found[0].declined[0], f"{format_loss(found[0].change, plan)}{where_goal_counts(plan)}"
    is_decided = len(found) + lost == everyone
    is_known = is_decided and all(case.status == PROVEN for case in found)
    best = "best replacement" if is_known else "best replacement found in time"
    others = count_creators(len(found))
    if len(found) == 1:
        yield "main fact", f"Without {name} the plan {loss}, with the {best}."
        return
    of_whom = f"the other {others}" if lost else others
    of_whom = of_whom if is_decided else f"the {others} for whom a replacement was found"
    if is_known:
        yield "main fact", f"Of {of_whom}, the plan depends most on {name}: without them it {loss}, with the {best}."
    else:
        yield "main fact", f"Of {of_whom}, the plan loses most without {name}: it then {loss}, with the {best}."


def _unproven(result: PlanB) -> str:
    """Return which creators, and how many pairs, have a case that is not decided."""
    left = [case for case in result.cases if case.status not in DECIDED]
    alone = [case.declined[0] for case in left if len(case.declined) == 1]
    pairs, everyone = len(left) - len(alone), sum(len(case.declined) > 1 for case in result.cases)
    parts = [f"whom to book instead of {_names(alone)}"] if alone else []
    parts += [f"{pairs:,} of {everyone:,} pairs"] if pairs else []
    return join_words(parts)


def _not_looked_at(result: PlanB) -> str:
    """Return which creators and how many pairs there was no time for."""
    left = [case for case in result.cases if case.status == NOT_LOOKED_AT]
    pairs, alone = [case for case in left if len(case.declined) > 1], [case for case in left if len(case.declined) == 1]
    parts = [_names([case.declined[0] for case in alone])] if alone else []
    if pairs:
        everyone = sum(len(case.declined) > 1 for case in result.cases)
        parts.append(f"{len(pairs):,} of {everyone:,} pairs")
    return f"Not looked at: {join_words(parts)}" if parts else "Not everything was looked at"


def _cheaper_pairs(result: PlanB) -> Iterator[tuple[str, str]]:
    """Yield why two who decline can cost less than one of them alone, with the pairs where it does so most."""
    alone = {case.declined[0]: case for case in result.cases if len(case.declined) == 1}
    pairs = [case for case in result.cases if len(case.declined) == 2 and case.change is not None]
    kept = [(case, one) for case in pairs for one in map(alone.get, case.declined) if one and one.status == INFEASIBLE]
    less = [
        (_gain(case, one), case, one)
        for case in pairs
        for one in map(alone.get, case.declined)
        if one and one.status == PROVEN and _gain(case, one) > 0
    ]
    if kept:
        case, one = max(kept, key=lambda item: _objective(item[0]))
        other = next(name for name in case.declined if name != one.declined[0])
        yield (
            "fact",
            f"Nobody can replace {one.declined[0]} alone, but where {other} declines too there is a plan "
            f"({_goal(case)}): {WHY_PAIRS}.",
        )
    if less:
        _, case, one = max(less, key=lambda item: item[0])
        yield (
            "fact",
            f"Losing {_names(case.declined)} together costs less ({_goal(case)}) than losing {one.declined[0]} alone "
            f"({_goal(one)}){'' if kept else f': {WHY_PAIRS}'}.",
        )


def _gain(case: DeclineCase, one: DeclineCase) -> Fraction:
    """Return by how much the plan of one case is worth more than that of another."""
    return _objective(case) - _objective(one)


def _objective(case: DeclineCase) -> Fraction:
    assert case.change is not None
    return case.change.objective


def _goal(case: DeclineCase) -> str:
    assert case.change is not None
    return format_goal_change(case.change)


def describe_case(case: DeclineCase) -> str:
    """Return whom to book in a case, or why nobody can be."""
    if case.change is not None:
        added = format_names(case.change.added, MANY_NAMES) if case.change.added else "nobody"
        return f"{added}{'' if case.status == PROVEN else ' (not proven)'}"
    if case.status == INFEASIBLE:
        return "no plan" + (f": {name_rules(case.clash)}" if case.clash else "")
    return "not looked at" if case.status == NOT_LOOKED_AT else "none found in time"


def format_money_change(change: Difference, plan: Plan) -> str:
    """Return by how much a plan costs more or less: `+$420`."""
    amount = format_money(abs(change.spend), plan.roster.currency)
    return f"{'-' if change.spend < 0 else '+'}{amount}" if change.spend else "-"


def format_goal_change(change: Difference) -> str:
    """Return by how much the goal changes, in percent where it has one."""
    if not change.objective:
        return "0%"
    return f"{float(change.objective):+,.4g}" if change.share is None else format_small_change(float(change.share))


def metric_changes(change: Difference, before: Plan) -> Iterator[tuple[str, str, str, str]]:
    """Yield each result: its name, what the plan brings, what it brings then, and the change."""
    totals, currency = before.totals, before.roster.currency
    then = totals.spend + change.spend
    was_spent, spent = (format_money(cents, currency, whole_units=True) for cents in (totals.spend, then))
    yield "Cost", was_spent, spent, _share(change.spend, totals.spend)
    for name in METRICS:
        was, more = totals.metrics[name], change.metrics[name]
        yield name.capitalize(), format_metric(name, was), format_metric(name, was + more), _share(more, was)


def _share(more: int, was: int) -> str:
    return format_small_change(more / was) if was and more else "-" if not more else "new"


def _names(names: tuple[str, ...] | list[str]) -> str:
    return join_words(list(names)) if len(names) <= MANY_NAMES else format_names(list(names), MANY_NAMES)


def _decline(case: DeclineCase) -> str:
    return "declines" if len(case.declined) == 1 else "decline"


def _book(change: Difference) -> str:
    return f"book {_names(change.added)} instead" if change.added else "book nobody instead"


def _money(change: Difference, plan: Plan) -> str:
    if not change.spend:
        return " for the same money"
    amount = format_money(abs(change.spend), plan.roster.currency)
    return f" and costs {amount} {'more' if change.spend > 0 else 'less'}"


def _certainty(case: DeclineCase) -> tuple[str, str]:
    if case.status == PROVEN:
        return "proof", "Proven: while everyone else of the plan stays as booked, nothing within your rules is better."
    return "doubt", "Everyone else of the plan stays as booked. Not proven to be the best: a longer --time-limit helps."


def _not_kept(case: DeclineCase) -> str:
    whom = f"If {_names(case.declined)} {_decline(case)}"
    if case.status != INFEASIBLE:
        return f"{whom}, no plan that keeps everyone else was found in time"
    rules = f" ({name_rules(case.clash)})" if case.clash else ""
    return f"{whom}, your rules cannot be kept while everyone else stays{rules}"


def _freely(result: PlanB, case: DeclineCase) -> Iterator[tuple[str, str]]:
    """Yield what is better, or possible at all, where everyone else may change too."""
    free, plan = result.freely, result.before
    if free is None or free.change is None:
        return
    others = [name for name in free.change.dropped if name not in case.declined]
    other_posts = case.change is not None and free.change.added == case.change.added and not others
    swaps = [f"add {_names(free.change.added)}"] if free.change.added else []
    swaps += [f"also drop {_names(others)}"] if others else []
    how = f" ({', '.join(swaps)})" if swaps and not other_posts else " (with other posts of the same creators)"
    if case.change is None:
        yield "main fact", f"If the others may change too, the plan {format_goal_loss(free.change, plan)}{how}."
    elif free.change.objective <= case.change.objective:
        yield "fact", "Changing anyone else would not help."
    elif format_loss(free.change, plan) == format_loss(case.change, plan):
        yield "fact", "Changing anyone else would hardly help."
    else:
        yield "fact", f"If the others may change too, it {format_goal_loss(free.change, plan)}{how}."
