"""Changes of the campaign between two plans, in sentences: settings, rules, progress, and the roster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from microopt.analysis.plan_diff.calendar_changes import calendar_changes
from microopt.analysis.plan_diff.result import CampaignChange
from microopt.analysis.plan_diff.setting_words import (
    NOT_SET,
    format_orders,
    format_pools,
    format_scenarios,
    format_share,
    format_table,
    format_target,
    format_tiers,
)
from microopt.campaign.agreed_fees import format_agreed_fees
from microopt.campaign.campaign import Campaign, EachRule, Goal, PairRule, RangeRule, Relation, Rule, Selector
from microopt.campaign.decline_settings import format_declines
from microopt.campaign.fit_settings import format_fit
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.metrics import canonical_measure
from microopt.campaign.progress import CampaignProgress, ContractState
from microopt.campaign.risk_settings import format_worst_share
from microopt.campaign.wave_rules import GAP, format_gap, format_when
from microopt.plan.plan import RosterFacts
from microopt.quantities.keys import header_key, match_key
from microopt.quantities.parse_and_format import (
    Range,
    format_bound,
    format_count,
    format_money,
    format_names,
    format_percent,
    format_range,
)


def progress_changes(before: Campaign, after: Campaign) -> Iterator[CampaignChange]:
    """Yield changes of a campaign's first and last day, and of its contracts and results."""
    for name, title in (("starts", "first"), ("ends", "last")):
        old, new = (_format_day(getattr(campaign, name)) for campaign in (before, after))
        if old != new:
            message = _in_both(f"the {title} day of the campaign", old or NOT_SET, new or NOT_SET)
            yield CampaignChange(setting=name, before=old, after=new, message=message)
    if not same_progress(before.running, after.running):
        old, new = (_summarize_progress(campaign.running) for campaign in (before, after))
        description = _describe_progress(before.running, after.running) or "contracts or results so far changed"
        yield CampaignChange(setting="running", before=old, after=new, message=description)


def same_progress(before: CampaignProgress | None, after: CampaignProgress | None) -> bool:
    """Whether no contract, payment or result changed: what a replan records by itself does not count."""
    old, new = (running or CampaignProgress() for running in (before, after))
    return (old.contracts, old.results, old.sunk_cost) == (new.contracts, new.results, new.sunk_cost)


def _format_day(day: object) -> str | None:
    return None if day is None else str(day)


def _summarize_progress(running: CampaignProgress | None) -> str | None:
    """Return the progress of a campaign in a few words, or None before it has begun."""
    if running is None:
        return None
    kept = sum(contract.kept for contract in running.contracts)
    out = sum(contract.state is ContractState.DECLINED for contract in running.contracts)
    return f"{kept:,} kept, {out:,} declined, {format_count(_total_posts(running))} posts"


def _describe_progress(before: CampaignProgress | None, after: CampaignProgress | None) -> str:
    old, new = (_states_by_creator(running) for running in (before, after))
    parts = []
    for state in ContractState:
        names = [
            name
            for key, (name, own_state) in new.items()
            if own_state is state and old.get(key, ("", None))[1] is not state
        ]
        if names:
            verb = (
                "declined" if state is ContractState.DECLINED else f"{'is' if len(names) == 1 else 'are'} {state.value}"
            )
            parts.append(f"{format_names(names)} {verb}")
    posts = [_total_posts(running) for running in (before, after)]
    if posts[0] != posts[1]:
        parts.append(f"results of {format_count(posts[0])} posts in A, of {format_count(posts[1])} in B")
    return "; ".join(parts)


def _states_by_creator(running: CampaignProgress | None) -> dict[str, tuple[str, ContractState]]:
    contracts = () if running is None else running.contracts
    return {match_key(contract.creator): (contract.creator, contract.state) for contract in contracts}


def _total_posts(running: CampaignProgress | None) -> float:
    return 0.0 if running is None else sum(actual.posts for actual in running.results)


class RuleChange(Struct, frozen=True, kw_only=True):
    """A rule of the first campaign and its counterpart in the second; None if there is none."""

    before: Rule | None
    after: Rule | None

    @property
    def description(self) -> str:
        """The change in the words of the rule: `niche:beauty count 2..5 -> 3..6`."""
        if self.before is None or self.after is None:
            return " ".join(rule.label for rule in (self.before, self.after) if rule is not None)
        return f"{self.before.label} -> {_format_rule_range(self.after)}"


def rule_changes(before: Campaign, after: Campaign) -> tuple[RuleChange, ...]:
    """Return the rules that differ; rules with the same selector and measure are one rule that changed.

    The spelling of a rule does not matter.
    """
    old, new = _rules_by_meaning(before.rules), _rules_by_meaning(after.rules)
    removed = [rule for meaning, rule in old.items() if meaning not in new]
    added = [rule for meaning, rule in new.items() if meaning not in old]
    changes = []
    for rule in removed:
        same_subject, candidates = _rules_about(_rule_subject(rule), removed), _rules_about(_rule_subject(rule), added)
        partner = candidates[same_subject.index(rule)] if len(same_subject) == len(candidates) else None
        changes.append(RuleChange(before=rule, after=partner))
    matched = [change.after for change in changes]
    return (*changes, *(RuleChange(before=None, after=rule) for rule in added if rule not in matched))


def _rules_by_meaning(rules: Sequence[Rule]) -> dict[Any, Rule]:
    """Return the rules by their meaning, regardless of spelling."""
    return {(_rule_subject(rule), _rule_bounds(rule)): rule for rule in rules}


def _rules_about(subject: Any, rules: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in rules if _rule_subject(rule) == subject]


def _rule_subject(rule: Rule) -> Any:
    """Return the subject of a rule: two rules with the same subject differ only in their range."""
    when = None if rule.when is None else rule.when.meaning
    if isinstance(rule, PairRule):
        return rule.relation, rule.left.meaning, rule.right.meaning, rule.days, when
    measure = header_key(canonical_measure(rule.measure))
    return ("each", measure, when) if isinstance(rule, EachRule) else (rule.selector.meaning, measure, rule.mean, when)


def _rule_bounds(rule: Rule) -> Any:
    if isinstance(rule, PairRule):
        return None
    terms = (rule.soft, rule.chance) if isinstance(rule, RangeRule) else None
    return rule.bounds, rule.of_budget, terms


def _format_rule_range(rule: Rule) -> str:
    """Format the range of a rule as the grammar writes it."""
    if isinstance(rule, PairRule):
        return rule.label
    if rule.measure == GAP:
        return format_gap(rule.bounds)
    description = format_range(rule.bounds) + (" of budget" if rule.of_budget else "") + format_when(rule.when)
    if isinstance(rule, RangeRule) and rule.chance is not None:
        description += f" in {format_bound(rule.chance, True)}"
    if isinstance(rule, RangeRule) and rule.soft is not None:
        description += f" (soft {format_bound(rule.soft.amount, rule.soft.percent)})"
    return description


def newly_excluded(old: Rule | None, new: Rule | None) -> Iterator[tuple[Rule, Selector]]:
    """Yield (rule, selector) for the creators whom a changed rule can push out of a plan.

    A lower cap pushes out creators whom it counts; a lower floor no longer keeps them in. A rule on a mean, or on each
    creator, can push them out at both ends.
    """
    if isinstance(new, PairRule):
        yield new, new.left
        if new.relation is Relation.EXCLUDES:
            yield new, new.right
    elif new is not None:
        both = isinstance(new, EachRule) or new.mean
        if _cap_tightens(old, new) or (both and _cap_tightens(_negate_bounds(old), _negate_bounds(new))):
            yield new, Selector() if isinstance(new, EachRule) else new.selector
    if isinstance(old, PairRule):
        if old.relation is Relation.REQUIRES:
            yield old, old.right
    elif isinstance(old, RangeRule) and not old.mean and _cap_tightens(_negate_bounds(new), _negate_bounds(old)):
        yield old, old.selector


def _cap_tightens(old: Rule | None, new: Rule | None) -> bool:
    """Whether the upper bound of a rule is new, lower, or of another kind."""
    if new is None or isinstance(new, PairRule) or new.bounds.high is None:
        return False
    if old is None or isinstance(old, PairRule) or old.bounds.high is None:
        return True
    if (old.bounds.percent, old.of_budget) != (new.bounds.percent, new.of_budget):
        return True
    return new.bounds.high < old.bounds.high or (new.bounds.high == old.bounds.high and _penalty_rises(old, new))


def _penalty_rises(old: Rule, new: Rule) -> bool:
    """Whether exceeding the same bound has become more expensive."""
    old_penalty, new_penalty = (rule.soft if isinstance(rule, RangeRule) else None for rule in (old, new))
    if old_penalty is None or new_penalty is None:
        return old_penalty is not None
    return old_penalty.percent != new_penalty.percent or new_penalty.amount > old_penalty.amount


def _negate_bounds(rule: Rule | None) -> Rule | None:
    """Return a rule with negated bounds, so that its floor becomes a cap."""
    if rule is None or isinstance(rule, PairRule):
        return rule
    low, high = (None if bound is None else Fraction(-bound) for bound in (rule.bounds.low, rule.bounds.high))
    return replace(rule, bounds=Range(high, low, rule.bounds.percent))


MARK_TITLES = {".": "a point", ",": "a comma", None: NOT_SET}
LIST_TITLES = {
    "include": "a required creator",
    "exclude": "an excluded creator",
    "competitors": "a competitor to avoid",
}
TABLE_TITLES = {
    "columns": "the mapping of headers",
    "lists": "the separators within cells",
    "units": "the units of columns",
    "exchange": "the exchange rates",
    "forecast": "the figures of the forecast",
}
SHARE_TITLES = {
    "max_sponsored_share": "the limit on sponsored posts",
    "usage": "usage rights",
    "whitelisting": "whitelisting",
    "exclusivity": "exclusivity",
    "agency": "the agency's share of fees",
    "contingency": "the contingency of the budget",
    "margin": "the margin",
    "returns": "the share of returned orders",
}
SWITCH_TITLES = {
    "estimate_fees": "missing fees are estimated",
    "shrink": "engagement rates are adjusted for small samples",
    "fit_benchmarks": "benchmarks are refitted on your list",
    "exclude_suspicious": "creators with figures that are hard to believe are left out",
    "with_minors": "creators who feature minors are allowed",
}


def _in_both(title: str, old: str, new: str) -> str:
    return f"{title}: {old} in A, {new} in B"


def campaign_changes(
    before: Campaign, after: Campaign, rules: Sequence[RuleChange], currencies: tuple[str, str]
) -> Iterator[CampaignChange]:
    """Yield what changed from the first campaign to the second.

    Parameters
    ----------
    rules
        The changes of its rules.
    currencies
        The currencies of the two.
    """
    yield from _money_changes(before, after, currencies)
    old, new = (format_goal(campaign.goal, code) for campaign, code in zip((before, after), currencies, strict=True))
    if before.goal != after.goal:
        yield _build_change("goal", old, new, f"the goal changed from {old} to {new}")
    if before.ideals != after.ideals:
        old, new = (_format_ideals(campaign) for campaign in (before, after))
        yield _build_change("ideals", old, new, _in_both("a balanced goal is scored against", old, new))
    for change in rules:
        yield _rule_change(change)
    yield from _list_changes(
        "where", "a filter", [filter_.label for filter_ in before.where], [filter_.label for filter_ in after.where]
    )
    for name, title in LIST_TITLES.items():
        yield from _list_changes(name, title, getattr(before, name), getattr(after, name))
    if before.fees != after.fees:
        old, new = (format_agreed_fees(each.fees, code) for each, code in zip((before, after), currencies, strict=True))
        yield _build_change("fees", old, new, _in_both("agreed fees", old, new))
    yield from _setting_changes(before, after)
    yield from calendar_changes(before.calendar, after.calendar, currencies)
    yield from progress_changes(before, after)
    if before.decimal != after.decimal:
        old, new = (MARK_TITLES[campaign.decimal] for campaign in (before, after))
        yield _build_change("decimal", before.decimal, after.decimal, _in_both("the decimal mark", old, new))
    if before.encoding != after.encoding:
        old, new = before.encoding or "detected", after.encoding or "detected"
        yield _build_change("encoding", before.encoding, after.encoding, _in_both("the encoding", old, new))
    if before.posts != after.posts:
        old, new = before.posts or "none", after.posts or "none"
        yield _build_change("posts", before.posts, after.posts, _in_both("the file of posts", old, new))
    if before.platform_default != after.platform_default:
        old, new = before.platform_default or NOT_SET, after.platform_default or NOT_SET
        message = _in_both("the default platform", old, new)
        yield _build_change("platform_default", before.platform_default, after.platform_default, message)
    if before.quotes != after.quotes:
        old, new = (f"the {campaign.quotes} end".replace("middle end", "middle") for campaign in (before, after))
        message = _in_both("price ranges", old, new)
        yield _build_change("quotes", before.quotes, after.quotes, message)
    if before.name != after.name:
        old, new = before.name or "no name", after.name or "no name"
        yield _build_change("name", before.name, after.name, _in_both("the name of the campaign", old, new))


def roster_changes(before: RosterFacts, after: RosterFacts) -> Iterator[CampaignChange]:
    """Yield changes of the roster: its bytes, its sheet, and whether rows with faults are left out."""
    if before.source.sha256 != after.source.sha256:
        sizes = [f"{roster.creators:,} creators with {roster.offers:,} offers" for roster in (before, after)]
        yield _build_change(
            "roster",
            before.source.sha256,
            after.source.sha256,
            _in_both("the roster changed", *sizes),
        )
    elif before.source.sheet != after.source.sheet:
        old, new = before.source.sheet or "the first", after.source.sheet or "the first"
        yield _build_change("sheet", old, new, _in_both("the sheet of the workbook", old, new))
    old_posts, new_posts = before.source.posts_sha256, after.source.posts_sha256
    if old_posts != new_posts and None not in (old_posts, new_posts):
        yield _build_change("posts file", old_posts, new_posts, "the past posts changed")
    if before.source.skip_bad_rows != after.source.skip_bad_rows:
        old, new = ("left out" if roster.source.skip_bad_rows else "refused" for roster in (before, after))
        yield _build_change("skip_bad_rows", old, new, _in_both("rows with problems", old, new))


def format_goal(goal: Goal, currency: str) -> str:
    """Format a goal in words, with worths or targets."""
    if goal.name == "worth":
        worths = [f"{name} at {_format_worth(worth, currency)}" for name, worth in goal.worths.items()]
        return f"worth ({', '.join(worths)})"
    if goal.name == LEAST_COST:
        targets = [f"{format_bound(amount, False)} {name}" for name, amount in goal.targets.items()]
        return f"least cost of {' and '.join(targets)}"
    return goal.name


def _format_worth(worth: Fraction, currency: str) -> str:
    cents = worth * 100
    return format_money(int(cents), currency) if cents.denominator == 1 else f"{float(worth):g} {currency}"


def _build_change(field: str, before: str | None, after: str | None, description: str) -> CampaignChange:
    return CampaignChange(setting=field, before=before, after=after, message=description)


def _money_changes(before: Campaign, after: Campaign, currencies: tuple[str, str]) -> Iterator[CampaignChange]:
    if currencies[0] != currencies[1]:
        yield _build_change("currency", *currencies, _in_both("the currency", *currencies))
    names = {
        "budget": "the budget",
        "order_value": "order value",
        "per_creator": "the handling cost per creator",
        "seeding": "the seeding cost per creator",
    }
    for name, title in names.items():
        amounts = getattr(before, name), getattr(after, name)
        if amounts[0] != amounts[1]:
            old, new = (
                NOT_SET if cents is None else format_money(cents, code)
                for cents, code in zip(amounts, currencies, strict=True)
            )
            yield _build_change(
                name, old, new, _describe_money_change(title, amounts, (old, new), currencies[0] == currencies[1])
            )


def _describe_money_change(
    title: str, amounts: tuple[int | None, int | None], description: tuple[str, str], comparable: bool
) -> str:
    old, new = amounts
    if old is None or new is None or not comparable:
        return _in_both(title, *description)
    share = f" ({'+' if new > old else '-'}{format_percent(abs(new - old) / old)})" if old else ""
    return f"{title} {'rose' if new > old else 'fell'} from {description[0]} to {description[1]}{share}"


def _format_ideals(campaign: Campaign) -> str:
    if not campaign.ideals:
        return "its own reference totals"
    return " and ".join(
        f"{format_bound(Fraction(ideal.total, 1000), False)} {ideal.metric}" for ideal in campaign.ideals
    )


def _rule_change(change: RuleChange) -> CampaignChange:
    action = "added" if change.before is None else "dropped" if change.after is None else "changed"
    old, new = (None if rule is None else rule.label for rule in (change.before, change.after))
    return _build_change("rule", old, new, f"a rule was {action}: {change.description}")


def _list_changes(field: str, title: str, before: Sequence[str], after: Sequence[str]) -> Iterator[CampaignChange]:
    """Yield what was dropped from a list, and what was added to it."""
    old, new = ({match_key(" ".join(line.split())): line for line in lines} for lines in (before, after))
    for key, line in old.items():
        if key not in new:
            yield _build_change(field, line, None, f"{title} was dropped: {line}")
    for key, line in new.items():
        if key not in old:
            yield _build_change(field, None, line, f"{title} was added: {line}")


def _setting_changes(before: Campaign, after: Campaign) -> Iterator[CampaignChange]:
    for name, title in SWITCH_TITLES.items():
        if getattr(before, name) != getattr(after, name):
            old, new = ("yes" if getattr(campaign, name) else "no" for campaign in (before, after))
            yield _build_change(name, old, new, _in_both(title, old, new))
    facts: list[tuple[str, str, Any, Any]] = [
        ("one_offer_per", "one offer is allowed per", before.one_offer_per, after.one_offer_per),
        ("tiers", "the tiers", format_tiers(before), format_tiers(after)),
        ("ltv", "orders per customer", format_orders(before.ltv), format_orders(after.ltv)),
        ("audience", "the audiences of net reach", format_pools(before.audience), format_pools(after.audience)),
        (
            "target_audience",
            "the target audience",
            format_target(before.target_audience),
            format_target(after.target_audience),
        ),
        ("fit", "the fit of niches", format_fit(before.fit), format_fit(after.fit)),
        ("worst_share", "planned for", format_worst_share(before.worst_share), format_worst_share(after.worst_share)),
        ("scenarios", "the scenarios", format_scenarios(before), format_scenarios(after)),
        ("declines", "who accepts", format_declines(before.declines), format_declines(after.declines)),
        *(
            (name, title, format_share(getattr(before, name)), format_share(getattr(after, name)))
            for name, title in SHARE_TITLES.items()
        ),
    ]
    for name, title, old, new in facts:
        if old != new:
            yield _build_change(name, old, new, _in_both(title, old, new))
    for name, title in TABLE_TITLES.items():
        if getattr(before, name) != getattr(after, name):
            yield _build_change(
                name, format_table(getattr(before, name)), format_table(getattr(after, name)), f"{title} changed"
            )
