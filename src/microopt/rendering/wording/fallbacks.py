"""What is said of the fallbacks of a plan: whom to ask where a creator declines, and what that changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from shlex import quote

from microopt.campaign.campaign import RangeRule
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.progress import own_rule_words
from microopt.plan.fallbacks import Fallback, Substitute
from microopt.plan.plan import Plan
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_money, format_names, format_percent, join_words
from microopt.rendering.wording.plan_figures import format_small_change
from microopt.rendering.wording.worst_share import where_goal_counts

FALLBACKS_HEADINGS = ("If they decline", "ask, in this order")
MANY_RULES = 4
ONE_PLACE = "Who is named for several takes the first place that opens: then make the plan again."


def fallback_rows(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield each creator who may decline, and whom to ask instead, in the order of the plan."""
    for fallback in plan.fallbacks:
        yield fallback.creator, describe_fallback(fallback, plan)


def describe_fallback(fallback: Fallback, plan: Plan) -> str:
    """Return whom to ask instead of a creator: `@ben $420 (-3.2%), @cleo $300 (-4.0%)`; or why nobody."""
    if fallback.substitutes:
        return ", ".join(describe_substitute(each, plan) for each in fallback.substitutes)
    if fallback.broken:
        return f"nobody alone, because of {name_rules(fallback.broken)}; see microopt plan-b"
    change = None if fallback.without is None else fallback.without.share
    lost = "" if change is None else f" ({format_small_change(float(change))} without them)"
    return f"nobody: no one else within your rules adds to the plan{lost}"


def fallbacks_legend(plan: Plan) -> str:
    """Return what the percentages are."""
    where = where_goal_counts(plan)
    return f"In parentheses: what the goal of the plan then changes by{where}, with everyone else as planned."


def name_rules(labels: Sequence[str]) -> str:
    """Return rules in a sentence, the first of many."""
    return join_words([*labels]) if len(labels) <= MANY_RULES else format_names([*labels], MANY_RULES)


def describe_substitute(substitute: Substitute, plan: Plan) -> str:
    """Return a substitute with their cost, and what the goal of the plan changes by."""
    text = f"{substitute.creator} {format_money(substitute.cost, plan.roster.currency)}"
    facts = [] if substitute.change.share is None else [format_small_change(float(substitute.change.share))]
    if substitute.acceptance is not None and substitute.acceptance != 1:
        facts.append(f"{format_percent(float(substitute.acceptance))} likely to accept")
    return f"{text} ({', '.join(facts)})" if facts else text


def fallback_notes(plan: Plan, file: str | None = None) -> Iterator[str]:
    """Yield what the rows mean.

    Parameters
    ----------
    file
        The JSON file of the plan, None if it is not known.
    """
    if any(fallback.substitutes for fallback in plan.fallbacks):
        yield fallbacks_legend(plan)
    named = Counter(match_key(each.creator) for fallback in plan.fallbacks for each in fallback.substitutes)
    if any(count > 1 for count in named.values()):
        yield ONE_PLACE
    yield from _better_substitute(plan)
    large = None if _is_full(plan) else next(filter(_leaves_much, plan.fallbacks), None)
    if large is not None:
        asked = f"{quote(file or 'plan.json')} {quote(large.creator)}"
        yield f"Several creators together can take a large place: microopt plan-b {asked}."


def _better_substitute(plan: Plan) -> Iterator[str]:
    """Yield why the first substitute with whom the plan would be better is not in it."""
    sign = -1 if plan.campaign.goal.name == LEAST_COST else 1
    for fallback in plan.fallbacks:
        first = next(iter(fallback.substitutes), None)
        if first is None or sign * first.change.objective <= 0:
            continue
        if reason := _why_not_in_plan(fallback.creator, plan):
            yield (
                f"With {first.creator} in the place of {fallback.creator} the plan would be better. {first.creator} "
                f"was left out because {reason}."
            )
            return


def _why_not_in_plan(creator: str, plan: Plan) -> str:
    """Return what keeps a creator in whose place the plan would be better with another; empty if that is not known."""
    if plan.is_chosen_for_declines:
        return "the plan was chosen for what it brings after declines, while the percent counts that nobody is replaced"
    running = plan.campaign.running
    reasons = []
    if match_key(creator) in map(match_key, plan.campaign.include):
        reasons.append(f"you require {creator}, unless they decline")
    labels = () if running is None else [label for label in running.stability if "(soft" not in label]
    if labels:
        own = [words.removesuffix(" kept") for label in labels if (words := own_rule_words(label))]
        others = [label for label in labels if not own_rule_words(label)]
        reasons += [f"{join_words(own, 'and')} are kept"] if own else []
        reasons += [f"{join_words(others)} must hold, unless somebody declines"] if others else []
    if plan.proof.status != "optimal":
        reasons.append("the search ended before it found that plan")
    return ", or ".join(reasons)


def _is_full(plan: Plan) -> bool:
    """Whether the plan has as many creators as a rule allows, so that one who declines leaves a place for one."""
    creators = len({match_key(pick.creator) for pick in plan.picks})
    ranges = [rule for rule in plan.campaign.rules if isinstance(rule, RangeRule) and rule.soft is None]
    limits = [
        rule.bounds.high
        for rule in ranges
        if rule.measure == "count" and not rule.selector.clauses and rule.when is None
    ]
    return any(limit is not None and limit <= creators for limit in limits)


def _leaves_much(fallback: Fallback) -> bool:
    """Whether the first substitute costs less than half of what the creator does."""
    first = next(iter(fallback.substitutes), None)
    return first is not None and 2 * first.cost < first.cost - first.change.spend
