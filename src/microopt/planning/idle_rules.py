"""Rules that keep others out for somebody who is not in the plan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from microopt.campaign.campaign import PairRule
from microopt.campaign.rule_grammar import format_selector
from microopt.planning.problem import PlanningProblem
from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import join_words
from microopt.roster.selection import matching_offers

Mask = NDArray[np.bool_]


def is_idle(problem: PlanningProblem, rule: PairRule, selection: Mask) -> bool:
    """Whether a rule such as `creator:@anna exclusive 30d` has nobody in the plan whose posts keep others out.

    Parameters
    ----------
    selection
        (rows,) the offers bought.
    """
    return rule.days is not None and not (matching_offers(problem.roster, rule.left) & selection).any()


def idle_notes(problem: PlanningProblem, selection: Mask) -> Iterator[str]:
    """Yield, for each rule that is idle although the list has whom it is about, how to have them in the plan."""
    for rule in problem.rules:
        if not isinstance(rule, PairRule) or rule.days is None:
            continue
        matching = matching_offers(problem.roster, rule.left)
        if selection.any() and matching.any() and not (matching & selection).any():
            yield f"{rule.label} keeps nobody out: {_absent(rule)}"


def _absent(rule: PairRule) -> str:
    names = rule.left.clauses[0].values if len(rule.left.clauses) == 1 else ()
    if not names or header_key(rule.left.clauses[0].column) != "creator":
        whom = format_selector(rule.left)
        return f"nobody matching {whom} is in the plan (to have one: --rule '{whom} count >= 1')"
    verb = "is" if len(names) == 1 else "are"
    flags = " ".join(f"--include {name}" for name in names)
    return f"{join_words(names)} {verb} not in the plan (to have them in it: {flags})"
