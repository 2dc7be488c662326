"""A rule of the campaign as a sentence: `At most 40% of the spend on mega creators`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial

from msgspec import Struct

from microopt.campaign.campaign import Clause, EachRule, PairRule, RangeRule, Relation, Rule, Selector
from microopt.campaign.metrics import METRICS, NET_REACH, REPEATS, canonical_measure
from microopt.campaign.progress import OPEN_OFFER_COLUMN, own_rule_words
from microopt.campaign.wave_rules import GAP
from microopt.quantities.keys import header_key
from microopt.quantities.parse_and_format import Range
from microopt.rendering.language.language import Language
from microopt.rendering.story.creators import platform_name
from microopt.rendering.story.figures import fine_percent
from microopt.rendering.story.wave_words import (
    exclusive_sentence,
    gap_sentence,
    in_waves,
    posts_sentence,
    repeats_sentence,
)
from microopt.rendering.wording.rules import is_percent_of_mean

MOST_VALUES = 8  # of a clause; more of them make no sentence
MOST_CHARACTERS = 40  # of a value
MOST = 10**12
_PLAIN = re.compile(r"[@#]?\w[\w.'+/&-]*(?: [\w.'+/&-]+){0,3}")
_OF_SENTENCES = re.compile(r"\b(?:and|in|mit|of|on|or|oder|und|with)\b", re.IGNORECASE)


class _Unsaid(Exception):  # noqa: N818 (no error: the rule is then shown as it was written)
    """There are no words for a rule."""


class _Group(Struct, frozen=True):
    """Whom a rule is about.

    Attributes
    ----------
    tiers
        Their tiers as a list in a sentence, or empty.
    marks
        What else they have in common: `in beauty or skincare`.
    names
        Who they are, where the rule names them.
    platforms
        Where they post, where the rule says nothing else of them.
    """

    tiers: str = ""
    marks: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    platforms: str = ""

    @property
    def is_everyone(self) -> bool:
        return not (self.tiers or self.marks or self.names)


def rule_sentence(rule: Rule, currency: str, language: Language) -> str:
    """Return a rule in words, without a full stop; empty if there are none that say exactly what it does."""
    try:
        return _sentence(rule, currency, language)
    except _Unsaid:
        return ""


def _sentence(rule: Rule, currency: str, language: Language) -> str:
    if own_rule_words(rule.label):
        return _own_rule(rule, language)
    if isinstance(rule, PairRule):
        return in_waves(_pair_sentence(rule, language), rule.when, language, _plain)
    if isinstance(rule, EachRule):
        return in_waves(_each_sentence(rule, currency, language), rule.when, language, _plain)
    group = _group(rule.selector, language)
    is_part_of_plan = rule.when is not None and group.is_everyone and _is_share_of_plan(rule)
    said = _part_sentence(rule, currency, language) if is_part_of_plan else _total(rule, group, currency, language)
    sentence = in_waves(said, rule.when, language, _plain)
    if rule.chance is not None:
        return language.text(
            "{rule}, in at least {share} of the scenarios", rule=sentence, share=_percent(language, rule.chance)
        )
    return sentence if rule.soft is None else language.text("{rule} (preferred, not required)", rule=sentence)


def _is_share_of_plan(rule: RangeRule) -> bool:
    return rule.bounds.percent and not rule.of_budget and not rule.mean and canonical_measure(rule.measure) != REPEATS


def _part_sentence(rule: RangeRule, currency: str, language: Language) -> str:
    """Return which part of everything in the plan falls in some waves, which follow."""
    if canonical_measure(rule.measure) != "count":
        return _amount(rule, currency, language)
    share = _range(rule.bounds, partial(_percent, language), _outer_ranges(language))
    return language.text("{amount} of all creators post", amount=share)


def _total(rule: RangeRule, group: _Group, currency: str, language: Language) -> str:
    """Return what a rule asks of a total, a share or a mean, wherever and whenever it does."""
    if rule.mean:
        return _mean_sentence(rule, group, language)
    if canonical_measure(rule.measure) == "count":
        return _count_sentence(rule.bounds, group, language)
    if canonical_measure(rule.measure) == REPEATS:
        return _repeats_sentence(rule.bounds, group, language)
    return _of_group(_amount(rule, currency, language), rule, group, language)


def _repeats_sentence(bounds: Range, group: _Group, language: Language) -> str:
    write = partial(_percent if bounds.percent else _whole, language)
    amount = _range(bounds, write, _outer_ranges(language))
    last = bounds.low if bounds.high is None else bounds.high
    count = None if bounds.percent else int(last or 0)
    if group.names:
        raise _Unsaid
    return repeats_sentence(amount, "" if group.is_everyone else _noun(group, language), count, language)


def _own_rule(rule: Rule, language: Language) -> str:
    """Return a rule that replan itself adds."""
    if rule.label.startswith(f"{OPEN_OFFER_COLUMN}:"):
        return language.text("Creators who were asked and may still say yes stay in the plan")
    return language.text("Substitutes taken for creators who declined stay in the plan")


def _pair_sentence(rule: PairRule, language: Language) -> str:
    if rule.days is not None:
        posting, other = _group(rule.left, language), _group(rule.right, language)
        if rule.when is not None or other.names:
            raise _Unsaid
        others = "" if other.is_everyone else _noun(other, language)
        return exclusive_sentence(_noun(posting, language), others, rule.days, language)
    left, right = (_noun(_group(side, language), language) for side in (rule.left, rule.right))
    if rule.relation is Relation.EXCLUDES:
        return language.text("Never {left} together with {right}", left=left, right=right)
    return language.text("A plan with {left} also has {right}", left=left, right=right)


def _each_sentence(rule: EachRule, currency: str, language: Language) -> str:
    if rule.measure == GAP:
        return gap_sentence(rule.bounds, partial(_whole, language), language)
    if canonical_measure(rule.measure) == "count" and rule.when is not None:  # then there are waves: posts count
        amount = _range(rule.bounds, partial(_whole, language), _outer_ranges(language))
        last = rule.bounds.low if rule.bounds.high is None else rule.bounds.high
        return posts_sentence(amount, int(last or 0), language)
    if canonical_measure(rule.measure) == "count" or rule.measure == NET_REACH:
        raise _Unsaid
    return language.text("{what} per creator", what=_amount(rule, currency, language))


def _mean_sentence(rule: RangeRule, group: _Group, language: Language) -> str:
    if canonical_measure(rule.measure) in ("count", "spend"):
        raise _Unsaid
    share = is_percent_of_mean(rule.label)
    amount = _range(rule.bounds, partial(_percent if share else _number, language), _inner_ranges(language))
    name = _plain(rule.measure.replace("_", " "))
    measure = {"engagement rate": language.text("engagement rate")}.get(name, name)
    if group.is_everyone:
        return language.text("Average {measure}: {amount}", measure=measure, amount=amount)
    return language.text(
        "Average {measure} of {group}: {amount}", measure=measure, group=_noun(group, language), amount=amount
    )


def _count_sentence(bounds: Range, group: _Group, language: Language) -> str:
    if bounds.percent:
        amount = _range(bounds, partial(_percent, language), _outer_ranges(language))
        if group.is_everyone:
            raise _Unsaid
        return language.text("{amount} of all creators are {group}", amount=amount, group=_noun(group, language))
    amount = _range(bounds, partial(_whole, language), _outer_ranges(language))
    if group.names:
        if len(group.names) == 1:
            raise _Unsaid
        return language.text("{amount} of {names}", amount=amount, names=language.join(group.names))
    count = int(bounds.low or 0) if bounds.high is None else int(bounds.high)
    if group.tiers:
        noun = language.plural(
            "{amount} {tiers} creator", "{amount} {tiers} creators", count, amount=amount, tiers=group.tiers
        )
    else:
        noun = language.plural("{amount} creator", "{amount} creators", count, amount=amount)
    return " ".join(filter(None, (noun, ", ".join(group.marks))))


def _of_group(what: str, rule: RangeRule, group: _Group, language: Language) -> str:
    """Return an amount with whom it is of."""
    if group.is_everyone:
        if rule.bounds.percent and not rule.of_budget:
            raise _Unsaid  # a share of everything in everything
        return what
    if group.platforms:
        return language.text("{what} on {platforms}", what=what, platforms=group.platforms)
    if canonical_measure(rule.measure) == "spend":
        return language.text("{what} on {group}", what=what, group=_noun(group, language))
    return language.text("{what} from {group}", what=what, group=_noun(group, language))


def _amount(rule: RangeRule | EachRule, currency: str, language: Language) -> str:
    """Return how much of what a rule allows: `At most 40% of the spend`."""
    measure = canonical_measure(rule.measure)
    ranges = _outer_ranges(language)
    if rule.of_budget or rule.bounds.percent:
        amount = _range(rule.bounds, partial(_percent, language), ranges)
        return _find(_shares(amount, language), "budget" if rule.of_budget else measure)
    if measure == "spend":
        amount = _range(rule.bounds, partial(_money, language, currency), ranges)
        return language.text("{amount} spent", amount=amount)
    if measure == NET_REACH:
        if rule.bounds.high is not None:
            raise _Unsaid  # a limit counts gross reach
    elif measure not in METRICS:
        raise _Unsaid
    return _find(_amounts(_range(rule.bounds, partial(_number, language), ranges), language), measure)


def _shares(amount: str, language: Language) -> Mapping[str, str]:
    text = language.text
    return {
        "budget": text("{amount} of the budget", amount=amount),
        "spend": text("{amount} of the spend", amount=amount),
        "reach": text("{amount} of the gross reach", amount=amount),
        "impressions": text("{amount} of the impressions", amount=amount),
        "engagements": text("{amount} of the engagements", amount=amount),
        "clicks": text("{amount} of the clicks", amount=amount),
        "conversions": text("{amount} of the conversions", amount=amount),
    }


def _amounts(amount: str, language: Language) -> Mapping[str, str]:
    text = language.text
    return {
        NET_REACH: text("{amount} different people reached", amount=amount),
        "reach": text("{amount} people in gross reach", amount=amount),
        "impressions": text("{amount} impressions", amount=amount),
        "engagements": text("{amount} engagements", amount=amount),
        "clicks": text("{amount} clicks", amount=amount),
        "conversions": text("{amount} conversions", amount=amount),
    }


def _find(texts: Mapping[str, str], measure: str) -> str:
    if measure not in texts:
        raise _Unsaid
    return texts[measure]


class _Ranges(Struct, frozen=True):
    """How a range is said, at the beginning of a sentence or within it."""

    exactly: str
    at_least: str
    at_most: str
    between: str


def _outer_ranges(language: Language) -> _Ranges:
    text = language.text
    return _Ranges(
        text("Exactly {number}"), text("At least {number}"), text("At most {number}"), text("{low} to {high}")
    )


def _inner_ranges(language: Language) -> _Ranges:
    text = language.text
    return _Ranges(
        text("exactly {number}"), text("at least {number}"), text("at most {number}"), text("{low} to {high}")
    )


def _range(bounds: Range, write: Callable[[Fraction], str], say: _Ranges) -> str:
    low, high = bounds.low, bounds.high
    if low is not None and high is not None:
        if low == high:
            return say.exactly.format(number=write(low))
        return say.between.format(low=write(low), high=write(high))
    if low is not None:
        return say.at_least.format(number=write(low))
    if high is not None:
        return say.at_most.format(number=write(high))
    raise _Unsaid


def _exact(value: Fraction, parts: int) -> Fraction:
    """Return a number that so many parts of one show exactly."""
    if (value * parts).denominator != 1 or abs(value) > MOST:
        raise _Unsaid
    return value


def _whole(language: Language, value: Fraction) -> str:
    return language.number(int(_exact(value, 1)))


def _number(language: Language, value: Fraction) -> str:
    return language.number(float(_exact(value, 1000)), 3)


def _percent(language: Language, value: Fraction) -> str:
    return fine_percent(language, float(_exact(value, 10_000)))


def _money(language: Language, currency: str, value: Fraction) -> str:
    return language.money(_exact(value, 100) * 100, currency)


def _noun(group: _Group, language: Language) -> str:
    """Return a group as a noun in the plural: `mega creators on YouTube`."""
    which = ", ".join(group.marks)
    if group.names:
        return language.either(group.names)
    if group.tiers and which:
        return language.text("{tiers} creators {which}", tiers=group.tiers, which=which)
    if group.tiers:
        return language.text("{tiers} creators", tiers=group.tiers)
    if which:
        return language.text("creators {which}", which=which)
    raise _Unsaid


def _group(selector: Selector, language: Language) -> _Group:
    values = {header_key(clause.column): _values(clause) for clause in selector.clauses}
    if len(values) < len(selector.clauses) or ("creator" in values and len(values) > 1):
        raise _Unsaid
    if "creator" in values:
        return _Group(names=values["creator"])
    others = [clause for clause in selector.clauses if header_key(clause.column) != "tier"]
    return _Group(
        tiers=language.either(values.get("tier", ())),
        marks=tuple(_mark(clause, language) for clause in others),
        platforms=language.either(values["platform"]) if [*values] == ["platform"] else "",
    )


def _values(clause: Clause) -> tuple[str, ...]:
    """Return the values of a clause, each once."""
    values = {clause.value_key(value): _plain(value) for value in reversed(clause.values)}
    if len(values) > MOST_VALUES:
        raise _Unsaid
    if header_key(clause.column) == "platform":
        return tuple(platform_name(key) for key in reversed(values))
    return tuple(reversed(values.values()))


def _mark(clause: Clause, language: Language) -> str:
    """Return what the creators of a clause have in common."""
    text, values = language.text, language.either(_values(clause))
    marks = {
        "niche": text("in {niches}", niches=values),
        "offer": text("with the deliverable {deliverables}", deliverables=values),
        "platform": text("on {platforms}", platforms=values),
        "region": text("in {regions}", regions=values),
    }
    other = text("with {column} {values}", column=_plain(clause.column.replace("_", " ")), values=values)
    return marks.get(header_key(clause.column), other)


def _plain(text: str) -> str:
    """Return a value or the name of a column; one that could be taken for several, or for other words, has none."""
    if len(text) > MOST_CHARACTERS or not _PLAIN.fullmatch(text) or _OF_SENTENCES.search(text):
        raise _Unsaid
    return text
