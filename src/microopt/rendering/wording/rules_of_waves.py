"""Rules on each wave as one rule: the wave that is nearest to its limit stands for all, as a creator does in a rule on
each creator. So are the rules by which a replan keeps whom it must not swap, of which there is one for each wave.
"""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from microopt.campaign.calendar import WAVE
from microopt.campaign.campaign import Campaign, RangeRule
from microopt.campaign.progress import own_rule_words
from microopt.campaign.rules_by_wave import Piece, pieces_by_label
from microopt.plan.plan import Plan, RuleUse


class ShownRule(Struct, frozen=True, kw_only=True):
    """How a plan meets a rule as the user wrote it.

    Attributes
    ----------
    use
        Of a rule on each wave, how the wave that is nearest to the limit meets it; it is binding if any wave is.
    wave
        That wave, empty if all of them have the same, or for another rule.
    """

    use: RuleUse
    wave: str = ""


def shown_rules(plan: Plan) -> tuple[ShownRule, ...]:
    """Return the rules of a plan, those on each wave as one."""
    pieces = pieces_by_label(plan.campaign)
    kept = waves_of_own_rules(plan.campaign)
    groups: dict[str, list[tuple[RuleUse, str]]] = {}
    for use in plan.rules:
        piece = pieces.get(use.label)
        own = Piece(own_rule_words(use.label), kept[use.label]) if use.label in kept else Piece(use.label, "")
        label, wave = (piece or own).label, (piece or own).wave
        groups.setdefault(label, []).append((use if piece is None else replace(use, label=label), wave))
    return tuple(map(_nearest, groups.values()))


def waves_of_own_rules(campaign: Campaign) -> dict[str, str]:
    """Return the wave of each rule by which a replan keeps creators in one wave, by its label."""
    rules = [rule for rule in campaign.rules if isinstance(rule, RangeRule) and own_rule_words(rule.label)]
    clauses = [(rule.label, clause) for rule in rules for clause in rule.selector.clauses]
    return {label: clause.values[0] for label, clause in clauses if clause.column == WAVE}


def _nearest(group: list[tuple[RuleUse, str]]) -> ShownRule:
    """Return how the wave that is nearest to the limit meets a rule."""
    use, wave = min(group, key=lambda each: _room(each[0]))
    same = all(other.used == use.used for other, _ in group)
    shown = replace(use, binding=any(other.binding for other, _ in group))
    return ShownRule(use=shown, wave="" if same else wave)


def _room(use: RuleUse) -> tuple[Fraction, bool, Fraction]:
    """Return how far a plan is from the limit of a rule, the smallest where it is nearest, or beyond it by most."""
    if use.chance is not None:
        return -use.beyond, False, use.chance.share
    room = [] if use.used is None or use.at_least is None else [use.used - use.at_least]
    room += [] if use.used is None or use.at_most is None else [use.at_most - use.used]
    return -use.beyond, not room, min(room, default=Fraction(0))
