"""Causes why one of two plans buys from a creator and the other does not: facts that differ, the strongest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec.structs import replace

from microopt.analysis.plan_diff.campaign_changes import newly_excluded
from microopt.analysis.plan_diff.move import PlanContext, PlanMove
from microopt.campaign.campaign import Campaign, EachRule, RangeRule, Rule, Selector
from microopt.campaign.metrics import canonical_measure
from microopt.errors import CampaignError
from microopt.forecast.extra_costs import may_owe_commissions
from microopt.plan.plan import RuleUse
from microopt.plan.purchase import Cause, Purchase
from microopt.planning.purchase_causes import (
    DECLINED_LEFT_MONEY,
    budget_barriers,
    exclusion_reasons,
    worsened_figures,
)
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import format_names
from microopt.roster.selection import matching_offers, reasons_left_out

NEUTRAL_CHANGES = (
    "name",
    "roster",
    "starts",
    "ends",
)  # names and dates affect nobody; changes of the roster are handled separately
CHANGE_LABELS = {
    "rule": "rules",
    "where": "filters",
    "include": "inclusions",
    "exclude": "exclusions",
    "one_offer_per": "offers per creator",
    "order_value": "order value",
    "ltv": "orders per customer",
    "per_creator": "handling",
    "usage": "usage rights",
    "agency": "agency share",
    "max_sponsored_share": "sponsored share",
    "estimate_fees": "estimated fees",
    "fees": "agreed fees",
    "fit_benchmarks": "benchmarks",
    "skip_bad_rows": "rows left out",
    "running": "states and results",
    "target_audience": "target audience",
    "worst_share": "risk",
    "declines": "acceptance and declines",
}


def explain_move(move: PlanMove, purchase: Purchase) -> tuple[Cause, ...]:
    """Return the facts that explain why only one of the plans buys from a creator."""
    key = match_key(purchase.creator)
    exclusions = tuple(_exclusion_causes(move, key))
    if exclusions:
        return exclusions
    inclusions = tuple(_inclusion_causes(move, key))
    if inclusions and not move.forward:
        return inclusions
    counterpart = move.counterpart(key)
    if isinstance(counterpart, Cause) and counterpart.kind == "offer":
        return (*inclusions, counterpart)
    causes = [*_budget_causes(move, counterpart, key), *inclusions]
    if isinstance(counterpart, Cause):
        return (*causes, *_rule_causes(move, purchase, key), *_campaign_causes(move), counterpart)
    causes += worsened_figures(purchase, counterpart, move.terms)
    causes += [*_rule_causes(move, counterpart, key), *_campaign_causes(move)]
    causes += _freed_money(move) or move.budget_shortfalls(key)
    return tuple(causes) or (_default_cause(move, purchase, counterpart),)


def _exclusion_causes(move: PlanMove, key: str) -> Iterator[Cause]:
    """Yield what keeps a creator out of the other plan in any case."""
    lacks, offers = move.absent, move.absent.lookup.offers(key)
    if lacks.lookup.roster is None:
        for name in lacks.campaign.exclude:
            if match_key(name) == key:
                yield Cause(kind="exclude", message=f"{lacks.letter} leaves them out: exclude {name}")
    elif offers is None:
        why = "; ".join(reasons_left_out(lacks.lookup.roster, key))
        yield Cause(kind="roster", message=f"not on the roster of {lacks.letter}{': ' if why else ''}{why}")
    elif lacks.lookup.problem is not None and key not in lacks.lookup.eligible_rows:
        reasons = list(exclusion_reasons(offers, lacks.campaign, key)) or [
            "none of their offers passes all filters and exclusions"
        ]
        for reason in reasons:
            kind = "exclude" if reason.startswith("exclude ") else "filter"
            yield Cause(kind=kind, message=f"not allowed in {lacks.letter}: {reason}")


def _inclusion_causes(move: PlanMove, key: str) -> Iterator[Cause]:
    present, absent = (move.present, move.absent)
    if key in map(match_key, present.campaign.include) and key not in map(match_key, absent.campaign.include):
        yield Cause(kind="include", message=f"{present.letter} includes them by name and {absent.letter} does not")
    kept, was_kept = (_kept_states(context, key) for context in (present, absent))
    if kept and not was_kept:
        yield Cause(kind="contract", message=f"{kept[0]} in {present.letter} and not in {absent.letter}")


def _kept_states(context: PlanContext, key: str) -> list[str]:
    return [each.state.value for each in context.contracts if each.kept and match_key(each.creator) == key]


def _budget_causes(move: PlanMove, counterpart: Purchase | Cause, key: str) -> Iterator[Cause]:
    lacks, offers = move.absent, move.absent.lookup.offers(key)
    if isinstance(counterpart, Purchase) and offers is not None:
        yield from budget_barriers(counterpart, offers, lacks.campaign, lacks.letter, lacks.file.plan.roster.currency)


def _rule_causes(move: PlanMove, purchase: Purchase, key: str) -> Iterator[Cause]:
    """Yield changed rules that count a creator and leave less room for them in the plan without them."""
    for change in move.rules:
        old, new = (change.before, change.after) if move.forward else (change.after, change.before)
        if any(
            _rule_affects(move, rule, rule is new, selector, purchase, key)
            for rule, selector in newly_excluded(old, new)
        ):
            action = "added" if change.before is None else "dropped" if change.after is None else "changed"
            verb = "counts" if change.after is not None else "counted"
            yield Cause(kind="rule", message=f"a rule that {verb} them was {action}: {change.description}")


def _rule_affects(move: PlanMove, rule: Rule, is_new: bool, selector: Selector, purchase: Purchase, key: str) -> bool:
    """Whether a selector matches an offer of a creator, and whether the creator breaks a rule on each creator.

    If neither roster is available, only a selector of everybody is known to match.
    """
    if isinstance(rule, EachRule) and _satisfies_each_rule(rule, purchase, move.absent.campaign):
        return False
    holder = move.absent if is_new else move.present  # of the rule
    if isinstance(rule, RangeRule) and _leaves_room(rule, purchase, holder.file.plan.rules, is_cap=is_new):
        return False
    if not selector.clauses:
        return True
    contexts = (move.absent, move.present) if is_new else (move.present, move.absent)
    offers_of_creator = next(
        (offers for context in contexts if (offers := context.lookup.offers(key)) is not None), None
    )
    if offers_of_creator is None:
        return False
    try:
        return bool(matching_offers(offers_of_creator, selector).any())
    except CampaignError:  # the other plan's roster lacks the column
        return False


def _leaves_room(rule: RangeRule, purchase: Purchase, uses: Sequence[RuleUse], *, is_cap: bool) -> bool:
    """Whether a plan with a rule on a count could buy from a creator too (or, with a floor, do without them)."""
    use = next((use for use in uses if use.label == rule.label), None)
    if (
        rule.when is not None
        or use is None
        or use.used is None
        or use.share
        or rule.mean
        or canonical_measure(rule.measure) != "count"
    ):
        return False
    count = len(purchase.picks)
    if is_cap:
        return use.at_most is not None and use.used + count <= use.at_most
    return use.at_least is not None and use.used - count >= use.at_least


def _satisfies_each_rule(rule: EachRule, purchase: Purchase, campaign: Campaign) -> bool:
    """Whether a creator satisfies a rule on each creator, as far as the purchase shows."""
    name, spent = canonical_measure(rule.measure), purchase.totals
    totals = {"spend": Fraction(spent.spend, 100), "count": Fraction(len(purchase.picks))}
    totals |= {metric: Fraction(amount, 1000) for metric, amount in spent.metrics.items()}
    if name not in totals or rule.when is not None:
        return False
    base = Fraction(campaign.budget or 0, 100) if rule.of_budget else Fraction(1)
    low, high = rule.bounds.low, rule.bounds.high
    return (low is None or totals[name] >= low * base) and (high is None or totals[name] <= high * base)


def _campaign_causes(move: PlanMove) -> Iterator[Cause]:
    """Yield the changes that affect every creator: a smaller budget, another goal."""
    has, lacks = (context.campaign.budget for context in (move.present, move.absent))
    tighter = lacks is not None and (has is None or lacks < has) and move.one_currency
    for change in move.changes:
        if change.setting == "goal" or (change.setting == "budget" and tighter):
            yield Cause(kind=change.setting, message=change.message)


def _freed_money(move: PlanMove) -> list[Cause]:
    """Return who declined since the first plan, for creators who were added: as a replan explains them."""
    if move.forward or not move.declined:
        return []
    return [Cause(kind="declined", message=f"{format_names(move.declined)} {DECLINED_LEFT_MONEY}")]


def _default_cause(move: PlanMove, purchase: Purchase, counterpart: Purchase | Cause) -> Cause:
    """Return the cause if no fact about the creator explains the move."""
    same = isinstance(counterpart, Purchase) and _same_figures(purchase, counterpart)
    direction = "worse" if move.forward else "better"
    own_facts = f"this creator {'is unchanged' if same else f'has not become {direction}'}"
    settings = _changed_settings(move)
    other_roster = any(change.setting == "roster" for change in move.changes)
    if settings:
        suffix = ", and the roster did too" if other_roster else ""
        names = ", ".join(CHANGE_LABELS.get(field, field) for field in settings)
        return Cause(kind="campaign", message=f"{own_facts}; your settings changed ({names}){suffix}")
    if other_roster and move.is_better_elsewhere:
        value = "better value elsewhere now" if move.forward else "better value than others now"
        return Cause(kind="others", message=f"{value}: {own_facts}")
    if other_roster:
        figures = "but not their figures" if same else f"and {own_facts}"  # the texts of their own row may have changed
        return Cause(kind="others", message=f"the roster changed, {figures}")
    return Cause(
        kind="search", message=f"{own_facts} and your settings are the same: the two searches ended differently"
    )


def _changed_settings(move: PlanMove) -> dict[str, None]:
    """Return the settings that the user changed and that can change the picks, without what a replan records itself.

    The value of an order can only where commissions make it a part of costs, or the goal or a rule counts earnings.
    """
    recorded = set(NEUTRAL_CHANGES)
    if move.present.file.plan.ideals == move.absent.file.plan.ideals:
        recorded.add("ideals")
    rosters = [context.lookup.roster for context in (move.present, move.absent)]
    if not any(context.campaign.counts_earnings for context in (move.present, move.absent)):
        recorded |= {"margin", "ltv"}
        if not any(roster is None or may_owe_commissions(roster) for roster in rosters):
            recorded |= {"order_value", "returns"}
    return dict.fromkeys(change.setting for change in move.changes if change.setting not in recorded)


def _same_figures(left: Purchase, right: Purchase) -> bool:
    """Whether all figures on which a plan depends are the same; revenue, by the value of an order, is not one."""
    first, second = (
        (each.followers, each.fee, each.tier, replace(each.totals, revenue=None)) for each in (left, right)
    )
    return first == second
