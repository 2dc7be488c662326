"""Who was promised a place: what all of these cost and count under the rules if every one of them says yes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from microopt.inflight.outreach.candidates import Candidate
from microopt.inflight.outreach.rules import JudgedRule, RulesOfPlan

BUDGET = "budget"  # in place of the label of a rule


class Promises:
    """Everyone who has agreed, was asked in time, or is to be asked today.

    Parameters
    ----------
    candidates
        By match key.
    spendable
        Cents, None without a budget.
    """

    def __init__(self, candidates: dict[str, Candidate], rules: RulesOfPlan, spendable: int | None) -> None:
        self.rules, self.keys, self.cost = rules, dict[str, None](), 0
        self._candidates, self._spendable = candidates, spendable
        self._sums = [(0, 0)] * len(rules.judged)

    def add(self, key: str) -> None:
        """Count another creator."""
        self.keys[key] = None
        self.cost += self._candidates[key].cost
        self._sums = [sums for _, _, sums in self._with(key)]

    def obstacle(self, key: str) -> str:
        """Return what would no longer hold if this creator said yes too: the label of a rule, or `budget`.

        A plan keeps its rules with all of its creators together. So these wait only where a limit is full already.
        """
        each = self._candidates[key]
        if self._spendable is not None and self.cost + each.cost > self._spendable:
            return BUDGET
        for rule, before, after in self._with(key):
            if each.in_plan and not rule.only_fills_up:
                continue
            if rule.excess(*after) > rule.excess(*before):
                return rule.label
        return ""

    def broken(self, *, is_whole: bool, also: Collection[str] = ()) -> Iterator[str]:
        """Yield the labels of the rules that are broken if all say yes.

        Parameters
        ----------
        is_whole
            Whether nobody else will be asked; if not, only limits count that those to come cannot mend.
        also
            Others who say yes too.
        """
        for rule, (part, other) in zip(self.rules.judged, self._sums, strict=True):
            part_of_all = part + sum(rule.part.get(key, 0) for key in also)
            other_of_all = other + sum(rule.other.get(key, 0) for key in also)
            if (is_whole or rule.only_fills_up) and rule.excess(part_of_all, other_of_all):
                yield rule.label

    def _with(self, key: str) -> Iterator[tuple[JudgedRule, tuple[int, int], tuple[int, int]]]:
        """Yield each rule, what it counts now, and what it counts with another creator."""
        for rule, (part, other) in zip(self.rules.judged, self._sums, strict=True):
            yield rule, (part, other), (part + rule.part.get(key, 0), other + rule.other.get(key, 0))
