"""The one rule grammar: `SELECTOR MEASURE RANGE`, with a chance `in PERCENT`; `SELECTOR requires SELECTOR`,
`SELECTOR excludes SELECTOR`, `each creator MEASURE RANGE`. `each wave` or `in WAVE` may follow (`wave_rules`).

One parser reads flags and lines of the campaign file. What a rule means for a roster is decided elsewhere
(`microopt.roster.selection` for selectors, `microopt.planning.formulation.rules` for rows).
"""

from __future__ import annotations

import re
from fractions import Fraction

from msgspec.structs import replace

from microopt.campaign.campaign import (
    Clause,
    EachRule,
    Filter,
    PairRule,
    RangeRule,
    Relation,
    Rule,
    Selector,
)
from microopt.campaign.chance_rules import refuse_chance_of_each, refuse_chance_terms, split_chance
from microopt.campaign.earnings import TARGET_SHARE, ratio_name
from microopt.campaign.loose_waves import refuse_gap_unit, refuse_loose_days, refuse_loose_waves
from microopt.campaign.lost_percent import find_lost_percent, lost_percent_error
from microopt.campaign.meant_rule import each_value_error, find_column, suggest_rule, suggest_selector
from microopt.campaign.metrics import NET_REACH, TARGET_METRICS, canonical_measure, is_rate
from microopt.campaign.priced_counts import refuse_money
from microopt.campaign.quoting import quote, unquote
from microopt.campaign.ratio_rules import refuse_ratio_terms
from microopt.campaign.soft_penalty import parse_soft_penalty
from microopt.campaign.target_audience import share_of_itself
from microopt.campaign.wave_rules import (
    GAP,
    When,
    format_gap,
    format_when,
    is_gap,
    refuse_gap_terms,
    split_days,
    split_when,
    without_waves_unit,
)
from microopt.errors import CampaignError
from microopt.quantities.parse_and_format import Range, format_exact, parse_range

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s:,&"]+)')
_SPACED_NAME = re.compile(r"[^\W\d]\w*(?: [^\W\d]\w*)+\s*(?=[<>=])")  # a header of several words before a sign
_SPACED_COLUMN = re.compile(r"[^\W\d]\w*(?: \w+)+(?=:)")  # before a colon
_NAME = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s:,&"<>=≤≥]+)')  # a name that a range can follow without a space
SOFT = re.compile(r"\(\s*+soft\b\s*+([^()]*+)\)$")
_NET = re.compile(r'net[ _-]?reach\b|"net reach"', re.IGNORECASE)
_EACH = re.compile(r"each\s+creator\b(?!\s*:)")
_FIRST_WAVES = re.compile(r"(?:each|every)\s+(?:wave|month|week)\b(?!\s*:)", re.IGNORECASE)
_PAIR = re.compile(r"\s(requires|excludes)\s")
_OF_BUDGET = re.compile(r"\bof\s+budget$")
_TIMES = re.compile(r"(?<=\d) ?[x×](?=\s*(?:\.\.|$))", re.IGNORECASE)
_MEAN = re.compile(r'mean\(\s*+("?)([^")]++)\1\s*+\)')
FORMS = {
    "rule": "'niche:beauty count 2..5', 'tier:mega spend <= 40%' or 'creator:@anna excludes creator:@ben'",
    "filter": "'followers 5k..500k' or language:en",
    "selector": "'creator:@anna & offer:reel'",
    "expectation": "'conversions >= 300', 'spend <= 95%' or 'switches ..3'",
}


class _RuleParser:
    """A recursive-descent parser with a position in the text of one rule, filter or selector."""

    def __init__(self, text: str, kind: str = "rule", *, label: str | None = None) -> None:
        self.text = text
        self.label = text if label is None else label  # as the user wrote it, which messages show
        self.kind = kind
        self.at = 0

    @property
    def remaining(self) -> str:
        return self.text[self.at :].lstrip()

    def take(self, literal: str) -> bool:
        start = self.next_start()
        if self.text.startswith(literal, start):
            self.at = start + len(literal)
            return True
        return False

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match_ = pattern.match(self.text, self.next_start())
        if match_:
            self.at = match_.end()
        return match_

    def next_start(self) -> int:
        """Return the position after spaces."""
        start = self.at
        while self.text[start : start + 1].isspace():
            start += 1
        return start

    def word(self, expected: str, pattern: re.Pattern[str] = _WORD) -> str:
        match_ = self.match(pattern)
        if not match_:
            here = f" at {self.remaining!r}" if self.remaining else " at the end"
            raise self.syntax_error(f"lacks {expected}{here}")
        return match_[2] if match_[1] is None else unquote(match_[1])

    def syntax_error(self, problem: str) -> CampaignError:
        """Return the error for a text that does not follow the grammar."""
        message, fix = f"{self.kind} {self.label!r} {problem}", f"write it like {FORMS[self.kind]}"
        return CampaignError(message, fix=fix, code=f"{self.kind}-syntax")

    def parse_bounds(self, text: str, measure: str) -> Range:
        """Parse the range of a measure; that of ROAS also as it is told, `2.5x`."""
        if ratio_name(measure) == "roas":
            text = _TIMES.sub("", text)
        try:
            return parse_range(text, of_rate=is_rate(measure))
        except ValueError as error:
            message, fix = f"{self.kind} {self.label!r}: {error}", f"write it like {FORMS[self.kind]}"
            raise CampaignError(message, fix=fix, code=f"{self.kind}-range") from None


def parse_rule(text: str) -> Rule:
    """Parse one rule.

    Raises
    ------
    CampaignError
        If the text does not follow the grammar; the message shows where, and an example.
    """
    try:
        return parse_exactly(text)
    except CampaignError as error:
        raise suggest_rule(error, text, parse_exactly) from None


def parse_exactly(text: str) -> Rule:
    """Parse one rule; the error does not guess what was meant by a text that follows no rule of the grammar."""
    rule = parse_unchecked(text)
    _refuse_lost_percent(rule)
    refuse_ratio_terms(rule)
    return rule


def parse_unchecked(text: str) -> Rule:
    """Parse one rule, even one that no plan can be meant by, such as half a creator."""
    label = text.strip()
    plain, when = split_when(label)
    bare, days = split_days(label, SOFT.sub("", plain).rstrip(), when)
    reader = _RuleParser(plain, label=label)
    if _FIRST_WAVES.match(plain):
        raise reader.syntax_error("begins with its waves, which go to the end")
    if when is None:
        refuse_loose_waves(label, plain)
    if days is None:
        refuse_loose_days(label, plain)
    if SOFT.search(plain) and (days or _EACH.match(reader.remaining) or _PAIR.search(reader.remaining)):
        raise reader.syntax_error("cannot be soft: only a rule with one range for the whole plan can be")
    reader.text = plain if days is None else bare
    if reader.match(_EACH):
        return _parse_each_rule(reader, when)
    selector = _parse_selector(reader)
    if days is not None and not reader.remaining:  # exclusive: nobody else
        return PairRule(label=label, relation=Relation.EXCLUDES, left=selector, right=Selector(), days=days, when=when)
    for relation in Relation:
        if re.match(rf"{relation.value}\b", reader.remaining):
            reader.take(relation.value)
            right = _parse_selector(reader)
            _expect_end(reader)
            return PairRule(label=label, relation=relation, left=selector, right=right, days=days, when=when)
    return _parse_range_rule(reader, selector, when)


def parse_where(text: str) -> Filter:
    """Parse one filter: `language:en`, `followers 5k..500k`, `'credibility >= 0.7'`.

    Raises
    ------
    CampaignError
        If the text is neither a selector nor a column with a range.
    """
    reader = _RuleParser(text.strip(), "filter")
    if ":" in re.sub(r'"(?:[^"\\]|\\.)*"', "", text):
        selector = _parse_selector(reader)
        _expect_end(reader)
        return Filter(label=text.strip(), selector=selector)
    spaced = reader.match(_SPACED_NAME)
    column = spaced[0].strip() if spaced else reader.word("a column", _NAME)
    refuse_money(reader.text, reader.kind, column, reader.remaining)
    bounds = reader.parse_bounds(reader.remaining, column)
    return Filter(label=text.strip(), column=column, bounds=Range(bounds.low, bounds.high))


def parse_selector(text: str) -> Selector:
    """Parse one selector: `creator:@anna & offer:reel`.

    Raises
    ------
    CampaignError
        If it is not a selector.
    """
    reader = _RuleParser(text.strip(), "selector")
    selector = _parse_selector(reader)
    _expect_end(reader)
    return selector


def parse_measure_range(text: str, kind: str) -> tuple[str, Range]:
    """Parse `MEASURE RANGE`: `conversions >= 300`.

    Parameters
    ----------
    kind
        What the error message calls the text.

    Raises
    ------
    CampaignError
        If it does not have this form.
    """
    reader = _RuleParser(text.strip(), kind)
    measure = reader.word("a measure such as conversions", _NAME)
    return measure, reader.parse_bounds(reader.remaining, measure)


def format_rule(rule: Rule) -> str:
    """Format a rule so that parsing gives the same rule, except for its label."""
    if isinstance(rule, PairRule):
        return _format_pair(rule)
    range_text = format_exact_range(rule.bounds) + (" of budget" if rule.of_budget else "")
    measure = rule.measure if rule.measure == NET_REACH else quote(rule.measure)
    if isinstance(rule, EachRule):
        amount = f"gap {format_gap(rule.bounds)}" if rule.measure == GAP else f"{measure} {range_text}"
        return f"each creator {amount}{format_when(rule.when)}"
    penalty = "" if rule.soft is None else f" (soft {format_exact(rule.soft.amount, rule.soft.percent)})"
    measure = f"mean({rule.measure})" if rule.mean else measure
    chance = "" if rule.chance is None else f" in {format_exact(rule.chance, True)}"
    return f"{format_selector(rule.selector)} {measure} {range_text}{format_when(rule.when)}{penalty}{chance}"


def _format_pair(rule: PairRule) -> str:
    left, right = map(format_selector, (rule.left, rule.right))
    if rule.days is None:
        return f"{left} {rule.relation.value} {right}{format_when(rule.when)}"
    if not rule.right.clauses:
        return f"{left} exclusive {rule.days}d{format_when(rule.when)}"
    return f"{left} {rule.relation.value} {right} within {rule.days}d{format_when(rule.when)}"


def format_selector(selector: Selector) -> str:
    """Format a selector so that parsing gives it back."""
    clauses = [f"{quote(it.column)}:{','.join(map(quote, it.values))}" for it in selector.clauses]
    return " & ".join(clauses) or "all"


def format_exact_range(bounds: Range) -> str:
    """Format a range exactly, so that parsing gives it back."""
    low, high = (None if it is None else format_exact(it, bounds.percent) for it in (bounds.low, bounds.high))
    if low == high:
        return f"= {low}"
    if low is None or high is None:
        return f"<= {high}" if low is None else f">= {low}"
    return f"{low}..{high}"


def _parse_selector(reader: _RuleParser) -> Selector:
    if re.match(r"all\b(?!\s*:)", reader.remaining):
        reader.take("all")
        return Selector()
    clauses = [_parse_clause(reader)]
    while reader.take("&"):
        clauses.append(_parse_clause(reader))
    return Selector(clauses=tuple(clauses))


def _parse_clause(reader: _RuleParser) -> Clause:
    spaced = reader.match(_SPACED_COLUMN)
    column = spaced[0] if spaced else reader.word("a selector such as niche:beauty")
    if not reader.take(":"):
        raise _unknown_selector(reader, column)
    values = [reader.word("a value")]
    while reader.take(","):
        values.append(reader.word("a value"))
    return Clause(column=column, values=tuple(values))


def _unknown_selector(reader: _RuleParser, word: str) -> CampaignError:
    """Return the error of a word in place of a selector; of a tier or a platform it names the selector."""
    if each := each_value_error(reader.label, reader.kind):
        return each
    error = reader.syntax_error(f"needs 'all' or column:value in place of {word!r}")
    if find_column(word) is None:
        return error
    message = f"{reader.kind} {reader.label!r}: cannot tell what {word!r} is"
    error = CampaignError(message, fix=error.fix, code=error.code)
    if reader.kind == "rule":  # which may lack a measure too
        return error
    return suggest_selector(error, reader.text, parse_where if reader.kind == "filter" else parse_selector)


def _parse_range_rule(reader: _RuleParser, selector: Selector, when: When | None) -> RangeRule:
    label = reader.label
    reader.text, chance = split_chance(reader.text, label)
    if soft := SOFT.search(reader.text):
        reader.text = reader.text[: soft.start()].rstrip()
    if chance is None:
        reader.text, chance = split_chance(reader.text, label)
    mean = reader.match(_MEAN)
    measure = mean[2].strip() if mean else _parse_measure(reader)
    body = reader.remaining
    refuse_gap_unit(label, measure, body, of_each=False)
    of_budget = bool(_OF_BUDGET.search(body))
    bounds = _parse_bounds(reader, _OF_BUDGET.sub("", body), measure)
    refuse_money(label, reader.kind, measure, body)
    if bounds.percent and not (mean or selector.clauses or when) and canonical_measure(measure) in TARGET_METRICS:
        raise share_of_itself(label, body)
    if of_budget and (mean or not (bounds.percent and measure.casefold() == "spend")):
        raise _budget_share_error(label)
    if (mean or ratio_name(measure) == TARGET_SHARE) and bounds.percent:
        bounds = Range(bounds.low, bounds.high)  # a mean of at least 3% is a mean of at least 0.03
    rule = RangeRule(
        label=label,
        selector=selector,
        measure=measure,
        mean=mean is not None,
        bounds=bounds,
        of_budget=of_budget,
        soft=parse_soft_penalty(label, soft[1].rstrip()) if soft else None,
        chance=chance,
        when=when,
    )
    refuse_chance_terms(rule)
    return rule


def _parse_measure(reader: _RuleParser) -> str:
    return NET_REACH if reader.match(_NET) else reader.word("a measure such as count or spend", _NAME)


def _parse_each_rule(reader: _RuleParser, when: When | None) -> EachRule:
    refuse_chance_of_each(reader.text)
    label, measure = reader.label, _parse_measure(reader)
    if is_gap(measure, reader.remaining):
        bounds = _parse_bounds(reader, without_waves_unit(reader.remaining), measure)
        refuse_gap_terms(label, bounds, when)
        return EachRule(label=label, measure=GAP, bounds=bounds)
    refuse_gap_unit(label, measure, reader.remaining, of_each=True)
    of_budget = bool(_OF_BUDGET.search(reader.remaining))
    bounds = _parse_bounds(reader, _OF_BUDGET.sub("", reader.remaining), measure)
    refuse_money(label, reader.kind, measure, reader.remaining)
    if of_budget and not (bounds.percent and measure.casefold() == "spend"):
        raise _budget_share_error(label)
    if ratio_name(measure) == TARGET_SHARE:
        bounds = Range(bounds.low, bounds.high)
    if bounds.percent and not of_budget and not ratio_name(measure):
        message = f"rule {label!r}: a rule on each creator cannot be a share of the plan"
        fix = "give an amount, or a share of the budget: 'each creator spend <= 20% of budget'"
        if is_rate(measure):
            fix = f"filter the list instead: --where '{quote(measure)} {reader.remaining}'"
        raise CampaignError(message, fix=fix, code="rule-range")
    return EachRule(label=label, measure=measure, bounds=bounds, of_budget=of_budget, when=when)


def _budget_share_error(label: str) -> CampaignError:
    fix = "write it like 'tier:mega spend <= 40% of budget'"
    return CampaignError(f"rule {label!r}: 'of budget' needs a percent of spend", fix=fix, code="rule-range")


def _refuse_lost_percent(rule: Rule) -> None:
    shares = find_lost_percent(rule)
    if shares is None or isinstance(rule, PairRule):
        return
    is_spend = canonical_measure(rule.measure) == "spend"
    if isinstance(rule, EachRule) or not rule.selector.clauses:  # only a share of the budget makes sense
        meant = [f"'{format_rule(replace(rule, bounds=shares, of_budget=True))}'"] if is_spend else []
        raise lost_percent_error(rule, *meant)
    meant = [f"'{format_rule(replace(rule, bounds=shares))}'"]
    if not is_spend:
        of_spend = format_rule(replace(rule, measure="spend", bounds=shares))
        meant = [f"'{of_spend}' (of the spend)", f"{meant[0]} (of the creators)"]
    raise lost_percent_error(rule, *meant)


def _parse_bounds(reader: _RuleParser, text: str, measure: str) -> Range:
    bounds = reader.parse_bounds(text, measure)
    if (
        bounds.percent
        and (bounds.high or bounds.low or Fraction(0)) > 1
        and ratio_name(measure) in (None, TARGET_SHARE)
    ):
        message = f"rule {reader.label!r} asks for more than 100%"
        raise CampaignError(message, fix="give a share of up to 100%, such as <= 40%", code="rule-range")
    return bounds


def _expect_end(reader: _RuleParser) -> None:
    if reader.remaining:
        raise reader.syntax_error(f"has {reader.remaining!r} left over")
