"""Verify a plan file: recompute all of it from its roster without a solver, and name what only a solver can know.

A plan's object is a function of its roster, its campaign, its picks and what the solver claims about them. The campaign
and the picks are read from the file, everything else is recomputed, and the two objects are compared value by value,
types included, in the plan's order. A repair and the prices of rules cannot be recomputed: they are checked against
the campaign, and for contradictions among themselves. Sentences that this version words differently are named, and make
no plan false.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from importlib.metadata import version
from typing import Any

from msgspec.structs import replace

from microopt.campaign.calendar_budgets import budget_limits, of_wave, write_limit
from microopt.campaign.campaign import Campaign, PairRule, include_label
from microopt.campaign.goals import LEAST_COST
from microopt.campaign.rule_grammar import parse_rule
from microopt.errors import AuditError, CampaignError
from microopt.plan.codec import CODEC
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.plan.plan import Pick, Plan
from microopt.plan.repair import Change
from microopt.plan.seal import seal_of, seal_plan, unverifiable_fields
from microopt.plan.verification_result import Discrepancy, Verification
from microopt.planning.build_picks import build_picks, plan_ranges
from microopt.planning.counterfactuals import labels_to_price
from microopt.quantities.parse_and_format import Range, format_exact, parse_amount, shorten
from microopt.readers.options import MAX_UNPACKED
from microopt.readers.plan_file import InvalidPlanError, read_plan
from microopt.solver.backends.base import solver_title
from microopt.solver.result import REPEATABLE, Termination
from microopt.verification.certificate import (
    CertificateCheck,
    certificate_discrepancies,
    gap_by_prices,
    proven_sentences,
    unproven_sentences,
)
from microopt.verification.later_keys import as_stated, without_later_keys
from microopt.verification.rebuild import check_reopened, rebuild_plan
from microopt.verification.reopen import (
    POSTS_FIX,
    ROSTER_FIX,
    FalseClaim,
    ReopenedPlan,
    check_plan_file,
    exceeded_ideals,
    false_claim,
)
from microopt.verification.spread import check_spread
from microopt.verification.stated_roster import find_roster
from microopt.verification.wording import separate_wording

STATUSES = (Termination.OPTIMAL.value, Termination.FEASIBLE.value, Termination.UNKNOWN.value, NOT_LOOKED_AT)
MONEY = {
    "fee",
    "cost",
    "usual_fee",
    "revenue",
    "profit",
    "spend",
    "unspent",
    "budget",
    "order_value",
    "break_even_order_value",
    "per_creator",
    "seeding",
    "kept_back",
}
SOURCES = {
    "picks": "the roster gives",
    "roster": "the roster gives",
    "campaign": "the campaign gives",
    "proof": "its prices give",
}
DIGESTS = {
    "proof.program": "this roster and the plan's campaign give another problem",
    "claims": "the request, the picks or the solver's answer were changed afterwards",
}
MOST_FURTHER = 4  # discrepancies that are named after the first
PICK = re.compile(r"picks\[(\d+)\]")
OF_EVERY_PLAN = re.compile(r"(?:(?:totals|proof|roster|picks\[\d+\])\.)?\w+")  # where all plans have the same keys
MAX_CHARACTERS = 80  # of a value in a message
MISSING = object()
FIXES = {
    "roster.source.sha256": ROSTER_FIX,
    "roster.source.posts_sha256": POSTS_FIX,
    "campaign_sha256": "give the campaign file that the plan was made with, or make the plan again",
}
BROKEN_SEAL = Discrepancy(place="seal", message="the file was changed after it was written")


def verify(
    plan: str,
    roster: str | None = None,
    campaign: str | None = None,
    *,
    posts: str | None = None,
    max_unpacked: int = MAX_UNPACKED,
) -> Verification:
    """Check a plan file against its roster, without a solver.

    Parameters
    ----------
    plan
        The path of the plan; `-` is standard input.
    roster
        By default the path that the plan names, first from the folder of the plan, then from the current folder.
    campaign
        The campaign file that the plan was made with, to be checked as well.
    posts
        The file of past posts, if the plan has one; by default the path that the plan names.
    max_unpacked
        Bytes that a packed roster may unpack to.

    Raises
    ------
    UsageError
        If the file is not a plan.
    RosterError, CampaignError
        If the roster cannot be read, or there is no such campaign file.
    """
    try:
        file = read_plan(plan)
    except InvalidPlanError as invalid:
        sealed = seal_of(invalid.object) == invalid.object.get("seal")
        discrepancy = Discrepancy(place=invalid.place, message=invalid.reason)
        return _rejection(plan, roster or "", sealed, str(invalid.object.get("microopt")), [discrepancy])
    path = find_roster(file, roster)
    try:
        reopened = check_plan_file(file, path, campaign, max_unpacked, posts=posts)
        check = check_reopened(reopened)
        rebuilt = _rebuild_object(reopened, check)
        claims = [*certificate_discrepancies(check, file.plan), *exceeded_ideals(reopened)]
        discrepancies = [
            *claims,
            *check_repair(file.plan),
            *check_rule_prices(file.plan),
            *check_spread(file.plan),
        ]
        if json.dumps(file.object) != json.dumps(rebuilt):  # the same text is the same object, types included
            discrepancies = [*_pick_discrepancies(reopened), *discrepancies, *compare_json(file.object, rebuilt)]
    except FalseClaim as claim:
        return _rejection(file.path, path, file.sealed, file.microopt, _with_creators(file.plan, [claim.discrepancy]))
    found = separate_wording(discrepancy for discrepancy in discrepancies if discrepancy.place != "seal")
    if found.false or not file.sealed:
        return _rejection(file.path, path, file.sealed, file.microopt, _with_creators(file.plan, found.false))
    return replace(_confirmation(reopened, check, path, rebuilt), reworded=found.reworded)


def _pick_discrepancies(reopened: ReopenedPlan) -> Iterator[Discrepancy]:
    """Yield where the picks differ from what the roster gives."""
    selection = reopened.problem.select_rows(reopened.program.mask(reopened.picks))
    ranges = plan_ranges(reopened.problem, selection)
    picks = CODEC.encode(build_picks(reopened.problem, selection, ranges), tuple[Pick, ...])
    stated = reopened.file.object["picks"]
    yield from compare_json(stated, without_later_keys(picks, stated, "picks"), "picks")


def _rebuild_object(reopened: ReopenedPlan, check: CertificateCheck) -> dict[str, Any]:
    """Return the plan's object, recomputed from the roster, the campaign, the picks and the solver's claims."""
    try:
        plan = rebuild_plan(reopened, check)
    except AuditError as error:
        raise _broken_rule(reopened, [fault.column or "" for fault in error.faults]) from None
    value = seal_plan(plan, microopt=reopened.file.microopt).object
    rebuilt: dict[str, Any] = json.loads(json.dumps(value).encode("utf-8", "replace"))
    return as_stated(rebuilt, reopened.file.object)


def _broken_rule(reopened: ReopenedPlan, labels: Sequence[str]) -> FalseClaim:
    """Return the figure or the rule that the picks break."""
    for discrepancy in _pick_discrepancies(reopened):
        return FalseClaim(discrepancy)
    label, rules = labels[0], [rule.label for rule in reopened.problem.rules]
    if label == "budget" and reopened.campaign.spendable is not None:
        cost = reopened.program.total_cost(reopened.picks)
        message = f"the picks cost {cost / 100:.2f}, but the budget is {reopened.campaign.spendable / 100:.2f}"
        return FalseClaim(
            Discrepancy(
                place="totals.spend",
                message=message,
                stated=reopened.file.plan.totals.spend / 100,
                recomputed=cost / 100,
            )
        )
    place = f"rules[{rules.index(label)}]" if label in rules else "picks"
    return false_claim(place, f"the picks break {label}")


def _rejection(
    plan: str, roster: str, sealed: bool, made_by: str, discrepancies: Sequence[Discrepancy]
) -> Verification:
    """Return the first discrepancies, each place once; or the broken seal if there is none."""
    ours = version("microopt")
    fix = FIXES.get(
        discrepancies[0].place if discrepancies else BROKEN_SEAL.place, "do not rely on this plan; make it again"
    )
    if made_by != ours and fix not in FIXES.values():
        fix = f"check it with microopt {made_by}, which made it (this is microopt {ours})"
    by_place = {item.place: item for item in reversed(discrepancies)}
    _, *further = dict.fromkeys(item.place for item in discrepancies) or [BROKEN_SEAL.place]
    return Verification(
        plan=plan,
        roster=roster,
        discrepancy=discrepancies[0] if discrepancies else BROKEN_SEAL,
        more_discrepancies=len(further),
        further=tuple(by_place[place] for place in further[:MOST_FURTHER]),
        sealed=sealed,
        fix=fix,
    )


def _with_creators(plan: Plan, discrepancies: Sequence[Discrepancy]) -> list[Discrepancy]:
    """Return the discrepancies, those about picks with their creators as the plan names them."""
    numbers = [PICK.match(item.place) for item in discrepancies]
    return [
        item
        if found is None or int(found[1]) >= len(plan.picks)
        else replace(item, creator=plan.picks[int(found[1])].creator)
        for item, found in zip(discrepancies, numbers, strict=True)
    ]


def _confirmation(reopened: ReopenedPlan, check: CertificateCheck, path: str, rebuilt: dict[str, Any]) -> Verification:
    """Return what a plan that holds proves, and what it leaves to the solver's word."""
    stated, minimizes_cost = reopened.file.plan, reopened.campaign.goal.name == LEAST_COST
    return Verification(
        plan=reopened.file.path,
        roster=path,
        figures=count_leaves(rebuilt) - count_leaves(unverifiable_fields(rebuilt)) - 1,
        rules=len(reopened.problem.rules),
        budget=reopened.campaign.budget is not None,
        gap_by_prices=gap_by_prices(check),
        claims_best=not check.proven
        and stated.proof.status == Termination.OPTIMAL.value
        and stated.proof.proven_by not in REPEATABLE,
        proven=tuple(proven_sentences(check, minimizes_cost, is_for_declines=stated.is_chosen_for_declines)),
        unproven=tuple(unproven_sentences(check, stated, reopened.campaign)),
        solver=solver_title(stated.proof.backend, stated.proof.version),
    )


def check_repair(plan: Plan) -> Iterator[Discrepancy]:
    """Yield what a plan states of its repair that its campaign, or the changes themselves, contradict."""
    if plan.repair is None:
        return
    requested = set(_requests(plan.campaign))
    for i, change in enumerate(plan.repair.changes):
        stated = CODEC.encode(change)
        for key, message in _wrong_change(change, requested):
            yield Discrepancy(place=f"repair.changes[{i}].{key}", message=message, stated=stated[key])
    if not plan.repair.changes:
        yield Discrepancy(place="repair.changes", message="the plan says it was repaired, but names no change")


def check_rule_prices(plan: Plan) -> Iterator[Discrepancy]:
    """Yield what a plan states of its rule prices and cannot be so: without a rule, no best plan is worse."""
    prices, campaign = plan.rule_prices, plan.campaign
    if not prices:
        return
    if tuple(price.label for price in prices) != labels_to_price(campaign):
        message = "they do not list each rule and each required creator of the campaign once"
        yield Discrepancy(place="rule_prices", message=message)
    sign = -1 if campaign.goal.name == LEAST_COST else 1
    for i, price in enumerate(prices):
        if price.status not in STATUSES:
            message = f"{price.status!r} is not a status of a plan"
            yield Discrepancy(place=f"rule_prices[{i}].status", message=message, stated=price.status)
        if price.change is not None and price.change.objective * sign < 0:
            message = f"without {price.label} the best plan cannot be worse"
            stated = float(price.change.objective)
            yield Discrepancy(place=f"rule_prices[{i}].change.objective", message=message, stated=stated)


def _wrong_change(change: Change, requested: set[str]) -> Iterator[tuple[str, str]]:
    """Yield (key, sentence) of what is wrong with a change."""
    if change.wave is not None:
        yield from _wrong_wave_budget(change, change.wave, requested)
        return
    if change.becomes is None:
        if change.label in requested:
            yield "label", f"the plan says that {change.label} was dropped, but its campaign asks for it"
        if change.before is not None or change.after is not None or _parse_request(change.label) is None:
            yield "label", f"{change.label} cannot be dropped"
        return
    if change.becomes not in requested:
        yield (
            "becomes",
            f"the plan says that {change.label} became {change.becomes}, but its campaign does not ask for that",
        )
    before, after = _parse_request(change.label), _parse_request(change.becomes)
    if after is None or (change.label != "budget" and (before is None or before[0] != after[0])):
        yield "label", f"{change.label} cannot have become {change.becomes}"
    elif change.after is None or change.after not in after[1]:
        yield "after", f"the plan says {_encode_limit(change.after)}, but the rule is {change.becomes}"
    elif before is not None and (change.before is None or change.before not in before[1]):
        yield "before", f"the plan says {_encode_limit(change.before)}, but the rule was {change.label}"


def _wrong_wave_budget(change: Change, wave: str, requested: set[str]) -> Iterator[tuple[str, str]]:
    """Yield (key, sentence) of what is wrong with a change of the budget of a wave."""
    if change.label != of_wave(wave) or change.before is None:
        yield "label", f"{change.label} cannot have become another budget of {wave}"
    limits = {write_limit(wave, sign, change.after, change.share) for sign in (">=", "<=") if change.after is not None}
    if change.becomes not in requested:
        yield "becomes", f"the plan says that {change.label} became {change.becomes}, but its campaign does not"
    elif change.becomes not in limits:
        yield "after", f"the plan says {_encode_limit(change.after)}, but the rule is {change.becomes}"


def _encode_limit(limit: Fraction | None) -> object:
    return CODEC.encode(limit, Fraction | None)


def _parse_request(text: str) -> tuple[object, set[Fraction | None]] | None:
    """Return the subject of a rule, budget, target or inclusion, and its limits; None where it is none of these."""
    word, _, rest = text.partition(" ")
    if word == "include" and rest:
        return text, set()
    try:
        if word == "budget" and len(rest.split()) == 1:  # else a rule on a column such as `budget of agency`
            return word, {parse_amount(rest)}
        if word == "target" and " >= " in rest:
            name, _, amount = rest.rpartition(" >= ")
            return name, {parse_amount(amount)}
        rule = parse_rule(text)
    except (CampaignError, ValueError):
        return None
    if isinstance(rule, PairRule):
        return text, set()
    subject = replace(rule, label="", bounds=Range(None, None, rule.bounds.percent))
    return subject, {rule.bounds.low, rule.bounds.high}


def _requests(campaign: Campaign) -> Iterator[str]:
    """Yield the requests of a campaign in the words of a repair."""
    yield from (rule.label for rule in campaign.rules)
    yield from (include_label(name) for name in campaign.include)
    yield from (f"target {name} >= {format_exact(amount, False)}" for name, amount in campaign.goal.targets.items())
    if campaign.budget is not None:
        yield f"budget {format_exact(Fraction(campaign.budget, 100), False)}"
    if campaign.calendar is not None:
        yield from budget_limits(campaign.calendar)


def compare_json(stated: Any, recomputed: Any, place: str = "") -> Iterator[Discrepancy]:
    """Yield every place at which the plan's value is not the recomputed one."""
    if isinstance(stated, dict) and isinstance(recomputed, dict):
        for key in [*recomputed, *(key for key in stated if key not in recomputed)]:
            inner = f"{place}.{key}" if place else key
            yield from compare_json(stated.get(key, MISSING), recomputed.get(key, MISSING), inner)
    elif isinstance(stated, list) and isinstance(recomputed, list):
        for i in range(max(len(stated), len(recomputed))):
            stated_item, recomputed_item = (
                values[i] if i < len(values) else MISSING for values in (stated, recomputed)
            )
            yield from compare_json(stated_item, recomputed_item, f"{place}[{i}]")
    elif not _identical(stated, recomputed):
        yield describe_difference(place, stated, recomputed)


def _identical(stated: Any, recomputed: Any) -> bool:
    """Whether two values are the same, of the same type: true is not 1, and 1 is not 1.0."""
    same_type = type(stated) is type(recomputed)
    return same_type and (stated is recomputed or (stated == recomputed and repr(stated) == repr(recomputed)))


def describe_difference(place: str, stated: Any, recomputed: Any) -> Discrepancy:
    """Return the discrepancy between a stated and a recomputed value."""
    if place in DIGESTS:
        return Discrepancy(place=place, message=DIGESTS[place], stated=stated, recomputed=recomputed)
    source = SOURCES.get(place.partition(".")[0].partition("[")[0], "its picks give")
    key = place.rpartition(".")[2]
    stated_text, recomputed_text = _format_value(key, stated), _format_value(key, recomputed)
    if stated_text == recomputed_text:
        stated_text, recomputed_text = _format_value("", stated), _format_value("", recomputed)
    if stated is MISSING:
        message = f"the plan says nothing, but {source} {recomputed_text}"
        return Discrepancy(place=place, message=message, recomputed=recomputed)
    if recomputed is MISSING:
        none = "plans have" if OF_EVERY_PLAN.fullmatch(place) else source
        message = f"the plan says {stated_text}, but {none} no such figure"
        return Discrepancy(place=place, message=message, stated=stated)
    message = f"the plan says {stated_text}, but {source} {recomputed_text}"
    return Discrepancy(place=place, message=message, stated=stated, recomputed=recomputed)


def _format_value(key: str, value: Any) -> str:
    if value is MISSING:
        return "nothing"
    if key in MONEY and isinstance(value, float):
        return f"{value:.2f}"
    return shorten(json.dumps(value, ensure_ascii=False), MAX_CHARACTERS)


def count_leaves(value: Any) -> int:
    """Return how many figures and statements a JSON value holds."""
    if isinstance(value, dict):
        return sum(map(count_leaves, value.values()))
    return sum(map(count_leaves, value)) if isinstance(value, list) else 1
