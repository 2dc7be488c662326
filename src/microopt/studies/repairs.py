"""What would help? The cheapest changes to an infeasible campaign that make a plan possible, each shown by a plan."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign import EachRule, PairRule, Rule, Soft
from microopt.case import Case
from microopt.errors import AuditError
from microopt.measures import measure
from microopt.plan import Repair
from microopt.solver.answer import Limit, Limits, Stop
from microopt.solver.backend import Backend
from microopt.solver.elastic import elastic
from microopt.solver.formulate import formulate
from microopt.solver.objective import affordable, nothing
from microopt.solver.program import Picks, Program, row
from microopt.solver.search import solve
from microopt.studies.loosen import loosen
from microopt.studies.prepare import GROSS
from microopt.studies.stint import Stint

MOST = 3  # repairs
SOLVES = 8  # to find them
SOMEBODY = "somebody is bought"  # a plan of nobody keeps almost any rules, and helps nobody
SHARE = 0.4  # of the time left, for each
NODES = 1_000  # and branch-and-bound nodes: that no smaller change would do can be hard to show, and is worth less
GAP = 1e-3  # of the price: how much smaller a change may be


class Found(Struct, frozen=True, kw_only=True, eq=False):
    """A repair, the case that it makes, and a plan of it."""

    repair: Repair
    case: Case
    picks: Picks


def repairs(case: Case, solver: Backend, stint: Stint) -> list[Found]:
    """Return up to three repairs of a case without a plan, the cheapest first; fewer where a limit comes.

    The first solve looks for the cheapest of all; the others for the cheapest where something that an earlier one
    changes must stay. Conflicts of the roster always stay: a campaign cannot change them.

    Raises
    ------
    AuditError
        If a plan keeps everything as it is.
    BackendError
        If the solver fails.
    """
    hard = replace(case.hard(), rules=tuple(dict.fromkeys(case.hard().rules)))  # a rule may be written twice
    rows = formulate(hard, nothing(case)).rows
    loose = formulate(hard, nothing(case), soft={line.label: Soft(Fraction(1)) for line in rows})
    loose = loose.with_row(row(SOMEBODY, np.arange(len(loose)), np.ones(len(loose), dtype=np.int64), lower=1))
    found: list[Found] = []
    waiting, seen = [frozenset({SOMEBODY, *(conflict.label for conflict in case.conflicts)})], set[frozenset[str]]()
    while waiting and len(found) < MOST and len(seen) < SOLVES and not stint.over:
        fixed = waiting.pop(0)
        seen.add(fixed)
        one = stint.work(partial(_cheapest, case, loose, fixed, solver, stint), "repairs", SHARE)
        if one is None:
            continue
        if all(other.repair.changes != one.repair.changes for other in found):
            found.append(one)
        more = [fixed | {change.label, change.label + GROSS} for change in one.repair.changes]
        waiting += [labels for labels in more if labels not in seen and labels not in waiting]
    return sorted(found, key=lambda one: one.repair.price)


def _cheapest(
    case: Case, loose: Program, fixed: frozenset[str], solver: Backend, stint: Stint, limits: Limits
) -> Found | None:
    """Return the cheapest repair that leaves rows of these labels alone, None where none was found."""
    asked = elastic(loose, wholes=dict(_wholes(case)), dropped=set(_dropped(case)), hard=fixed)
    answer = solve(asked.program, solver, replace(limits, nodes=NODES, gap=GAP), cheapest=False)
    stint.heed(answer.limit)
    if answer.picks is None:
        return None
    picks = asked.plan(answer.picks)
    loosened = loosen(case, case.rows(loose.chosen(picks)))
    if not loosened.changes:
        message = f"{solver.name} calls the campaign infeasible, but a plan keeps all its rules"
        raise AuditError(message, fix="try another --solver, and report this with the roster", code="answer-refused")
    broken = formulate(loosened.case.hard(), nothing(case)).broken(picks)
    assert not broken, f"a repair is none: {broken}"
    repair = Repair(changes=loosened.changes, least=answer.stop is Stop.OPTIMAL or answer.limit is Limit.GAP)
    return Found(repair=repair, case=loosened.case, picks=picks)


def _dropped(case: Case) -> Iterator[str]:
    """Yield the labels of what is kept or not: an inclusion, a pair."""
    yield from (f"include {name}" for name in case.campaign.include)
    yield from (rule.label for rule in case.rules if isinstance(rule, PairRule))


def _wholes(case: Case) -> Iterator[tuple[str, Fraction]]:
    """Yield what costs 1 in rules whose rows do not tell it by their limit."""
    for rule in case.rules:
        whole = _whole(case, rule)
        if whole is not None:
            yield rule.label, whole


def _whole(case: Case, rule: Rule) -> Fraction | None:
    if isinstance(rule, PairRule):
        return None
    if rule.of_budget:
        return Fraction(case.campaign.budget or 0, 100)
    limits = [abs(bound) for bound in (rule.bounds.low, rule.bounds.high) if bound is not None]
    if isinstance(rule, EachRule) or rule.mean:
        return max(limits)
    if not rule.bounds.percent:
        return None
    what = measure(case, rule.measure)  # a share is of what a plan has of it: about what the budget could buy
    if what.name == "spend" and case.campaign.budget is not None:
        return Fraction(case.campaign.budget, 100)
    return Fraction(affordable(case, case.sums(what.weights).astype(float))) / what.scale
