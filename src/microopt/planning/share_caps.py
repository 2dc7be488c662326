"""Caps on shares that together allow less than the whole: no plan keeps them, or some of the budget stays unspent."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign, RangeRule
from microopt.campaign.metrics import NET_REACH, canonical_measure
from microopt.campaign.rule_grammar import format_rule
from microopt.campaign.rules_by_wave import as_written
from microopt.planning.measures import find_measure
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import Range, format_bound, format_money
from microopt.roster.selection import matching_offers

ROOM = 3  # percentage points to each side of a share, since whole fees rarely add up to it


class ShareCaps(Struct, frozen=True, kw_only=True):
    """Caps on the values of one column, of which every offer falls under at least one, and that sum to less than 100%.

    Attributes
    ----------
    total
        The sum of the caps.
    written
        The labels of the rules as the user wrote them.
    wider
        The one rule that they wrote, with a range that adds up to the whole; empty for other caps.
    """

    rules: tuple[RangeRule, ...]
    total: Fraction
    written: tuple[str, ...]
    wider: str = ""

    @property
    def text(self) -> str:
        """The caps and what they add up to: `your tier limits add up to 90%`."""
        columns = " & ".join(dict.fromkeys(clause.column for clause in self.rules[0].selector.clauses))
        limit = f"your {columns} limit" if columns else "your limit"
        share = format_bound(self.total, True)
        return f"{limit} is {share}" if len(self.rules) == 1 else f"{limit}s add up to {share}"

    @property
    def labels(self) -> str:
        """The rules as the user wrote them, the first three."""
        return "; ".join(self.written[:3]) + ("; ..." if len(self.written) > 3 else "")

    @property
    def contradiction(self) -> str:
        """Why no plan with creators can keep the caps, where they are on shares of the plan's own total."""
        measure = canonical_measure(self.rules[0].measure)
        whole = "the creators" if measure == "count" else f"the {measure}"
        under = "it" if len(self.rules) == 1 else "one of them"
        text = f"{self.text} of {whole}, and every creator falls under {under}: no plan can keep that ({self.labels})"
        return f"{text}; write a range, such as {self.wider}" if self.wider else text

    @property
    def outcome(self) -> str:
        """What the caps leave."""
        rules = f"your rule {self.labels} allows" if len(self.written) == 1 else f"your rules {self.labels} allow"
        return f"{rules} only an empty plan"


def caps_below_total(problem: PlanningProblem) -> str:
    """Return why caps on shares of one measure leave only an empty plan, or empty text if they leave more.

    The caps on the values of one column, such as the niche, are added up: where every offer falls under one of them
    and they sum to less than 100%, any plan has more than they allow.
    """
    caps = find_caps_below_total(problem)
    return "" if caps is None else caps.contradiction


def find_caps_below_total(problem: PlanningProblem) -> ShareCaps | None:
    """Return the first caps on shares of a plan's own total that no plan with creators can keep, if there are any."""
    return next((caps for caps in _caps(problem, of_budget=False) if _is_positive(problem, caps)), None)


def unspendable_budgets(problem: PlanningProblem) -> Iterator[str]:
    """Yield how much of the budget stays unspent because of caps on shares of it."""
    budget, spendable = problem.campaign.budget, problem.campaign.spendable
    if budget is None or spendable is None:
        return
    for caps in _caps(problem, of_budget=True):
        left = spendable - floor(caps.total * budget)
        if left > 0 and canonical_measure(caps.rules[0].measure) == "spend":
            amount = format_money(left, problem.currency)
            yield f"{caps.text} of the budget, so at least {amount} stays unspent ({caps.labels})"


def _caps(problem: PlanningProblem, *, of_budget: bool) -> Iterator[ShareCaps]:
    """Yield the hard caps on the values of one column that cover every offer and sum to less than 100%."""
    by_column: dict[tuple[object, ...], list[RangeRule]] = {}
    for rule in problem.rules:
        if isinstance(rule, RangeRule) and _is_hard_cap(rule) and rule.of_budget == of_budget:
            columns = sorted(header_key(clause.column) for clause in rule.selector.clauses)
            measure = header_key(canonical_measure(rule.measure))
            by_column.setdefault((measure, rule.base.meaning, *columns), []).append(rule)
    for rules in by_column.values():
        total = sum((rule.bounds.high or Fraction(0) for rule in rules), Fraction(0))
        if total < 1 and _covers_everyone(problem, rules):
            written = as_written(problem.campaign, [rule.label for rule in rules])
            wider = _with_range(problem.campaign, written[0], len(rules)) if len(written) == 1 < len(rules) else ""
            yield ShareCaps(rules=tuple(rules), total=total, written=written, wider=wider)


def _with_range(campaign: Campaign, label: str, waves: int) -> str:
    """Return a rule on each of some waves with a range of shares that can add up to the whole."""
    rule = next((each for each in campaign.rules if each.label == label), None)
    if not isinstance(rule, RangeRule) or rule.bounds.low is None or rule.bounds.high is None:
        return ""
    low, high = floor(rule.bounds.low * 100) - ROOM, ceil(Fraction(100, waves)) + ROOM
    bounds = Range(Fraction(max(low, 0), 100), Fraction(min(high, 100), 100), percent=True)
    return format_rule(replace(rule, bounds=bounds))


def _is_hard_cap(rule: RangeRule) -> bool:
    is_hard = rule.soft is None and rule.chance is None
    return is_hard and rule.bounds.percent and not rule.mean and rule.bounds.high is not None


def _covers_everyone(problem: PlanningProblem, rules: list[RangeRule]) -> bool:
    covered = np.zeros(len(problem), dtype=bool)
    for rule in rules:
        covered |= matching_offers(problem.roster, rule.selector)
    return bool(covered.all())


def _is_positive(problem: PlanningProblem, caps: ShareCaps) -> bool:
    """Whether every offer has some of what is capped: a plan of offers without any of it would keep the caps."""
    measure = caps.rules[0].measure
    return measure != NET_REACH and int(find_measure(problem, measure).weights.min(initial=1)) > 0
