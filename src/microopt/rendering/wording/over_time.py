"""What is said of one burst beside a plan over waves: which is better, why, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from microopt.analysis.over_time.result import DECIDED, Timing, TimingCase, TimingComparison
from microopt.campaign.calendar import Calendar
from microopt.campaign.goals import LEAST_COST
from microopt.plan.difference import NOT_LOOKED_AT
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import (
    format_bound,
    format_money,
    format_names,
    format_number_of,
    format_percent,
    join_words,
)
from microopt.rendering.wording.full_stop import end_sentence
from microopt.rendering.wording.limits import LIMITS, MORE_TIME
from microopt.rendering.wording.plan_figures import format_metric, format_value
from microopt.rendering.wording.tiers import benchmark_sentences

SAME_SHARE = Fraction(1, 2000)  # what rounds to the same percent and is not told apart
MOST_BURSTS = 4  # that a table shows; of more it shows the best
MOST_RULES = 4  # that a sentence names


class TimingLine(Struct, frozen=True, kw_only=True):
    """A line of the table: a plan and how it compares with the plan over the waves."""

    name: str
    plan: Plan
    share: str
    is_plan: bool = False


def timing_lines(comparison: TimingComparison) -> Iterator[TimingLine]:
    """Yield the lines of the table, the plan of the campaign first."""
    plan = comparison.plan
    whole = "1.00x" if _at_least_cost(plan) else "100%"
    yield TimingLine(name=_plan_name(plan), plan=plan, share=whole, is_plan=True)
    found = [case for case in comparison.bursts if case.plan is not None]
    best = comparison.best_burst
    shown = found if len(found) <= MOST_BURSTS else [best] if best else []
    for case in (*shown, *comparison.others):
        if case.plan is not None:
            yield TimingLine(name=_case_name(case, comparison), plan=case.plan, share=_share_cell(case, plan))


def over_time_head(comparison: TimingComparison) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): whether to spread or to burst, what makes the difference, how sure it is."""
    burst = comparison.best_burst
    if burst is None or burst.plan is None:
        yield "main fact", _no_burst(comparison)
    else:
        yield from _answer(comparison, burst, burst.plan)
    yield from (("fact", sentence) for sentence in _causes(comparison))
    yield _proof(comparison)


def over_time_sentences(comparison: TimingComparison) -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence): which rules the others do not keep, who has no plan, and what figures rest on."""
    yield from (("note", sentence) for sentence in _rules_left(comparison))
    yield from (("warning", sentence) for sentence in _without_plan(comparison))
    yield from benchmark_sentences(comparison.plan)


def remark_heading(comparison: TimingComparison) -> str:
    """Return the heading of the share of the plan's value."""
    return "By plan" if _at_least_cost(comparison.plan) else "Of plan"


def hidden_bursts(comparison: TimingComparison) -> int:
    """Return how many bursts the table leaves out."""
    found = sum(case.plan is not None for case in comparison.bursts)
    return found - 1 if found > MOST_BURSTS else 0


def _answer(comparison: TimingComparison, burst: TimingCase, found: Plan) -> Iterator[tuple[str, str]]:
    plan = comparison.plan
    waves, where = _count_waves(plan), _in_wave(burst, comparison)
    sure = "" if _is_sure(comparison) else "As far as found, "
    change = _change(found, plan)
    if len({pick.wave for pick in plan.picks}) == 1:
        yield "main fact", f"Your plan is one burst already, in {plan.picks[0].wave}: {_results(plan)}."
        return
    if _is_same(found, plan):
        verb = "is" if not sure else "is found to be"
        yield "main fact", f"One burst {where} {verb} as good as your plan over {waves}: {_results(found)}."
    elif _is_better(found, plan):
        better = _start(f"{sure}one burst is better: {where} it {change} than your plan over {waves}.")
        yield "main fact", better
        yield "fact", f"The burst: {_results(found)}. The plan: {_results(plan)}."
    else:
        yield "main fact", _start(f"{sure}spreading over {waves} is better: {_results(plan)}.")
        best = "The best burst" if not sure else "The best burst found"
        yield "fact", f"{best}, {where}, {change} by your goal: {_results(found)}."
    if found.leaves_much_unspent and found.unspent_reason:
        left = format_money(found.unspent, found.roster.currency, whole_units=True)
        yield "fact", f"The burst leaves {left}: {found.unspent_reason.replace('the plan', 'it')}."


def _no_burst(comparison: TimingComparison) -> str:
    plan = comparison.plan
    if all(case.status == "infeasible" for case in comparison.bursts):
        return f"No plan is possible as one burst; over {_count_waves(plan)}: {_results(plan)}."
    return f"No burst was found in time; over {_count_waves(plan)}: {_results(plan)}."


def _causes(comparison: TimingComparison) -> Iterator[str]:
    """Yield what the plan gains from coming back, from the retainer, and from how posts are counted."""
    plan = comparison.plan
    once = comparison.case(Timing.ONE_WAVE_EACH)
    if once is not None and once.plan is not None:
        would = f"the plan would {_would(once.plan, plan)}{_meaning(once, plan)}"
        yield f"If each creator posted in one wave only, {would}."
    fees = comparison.case(Timing.FULL_FEES)
    if fees is not None and fees.plan is not None:
        yield f"Without the retainer, the plan would {_would(fees.plan, plan)}."
    counted = comparison.case(Timing.OTHER_REPETITION)
    if counted is not None and counted.plan is not None:
        as_firsts = _counts_repetition(plan)
        how = "each post counted as a creator's first" if as_firsts else "repeated posts had their effects"
        against = _against_burst(comparison, counted.plan)
        yield f"If {how}, the plan would {_would(counted.plan, plan)}{against}."


def _meaning(once: TimingCase, plan: Plan) -> str:
    assert once.plan is not None
    if _is_same(once.plan, plan):
        return ": coming back to the same creators adds nothing"
    if _is_better(once.plan, plan):
        return f": that is what {join_words(once.rules_left)} costs" if once.rules_left else ""
    return ": coming back to the same creators pays"


def _against_burst(comparison: TimingComparison, counted: Plan) -> str:
    """Return whether spreading and burst compare in the same way where posts are counted in the other way."""
    best, other = comparison.best_burst, comparison.case(Timing.BURST_OTHER_REPETITION)
    if best is None or best.plan is None:
        return ""
    burst = best.plan if other is None else other.plan
    if burst is None:
        return ""
    if _is_same(burst, counted):
        return ", as much as the burst"
    was_better = _is_better(best.plan, comparison.plan)
    is_better = _is_better(burst, counted)
    still = "still " if was_better == is_better else ""
    return f", and {'the burst' if is_better else 'spreading'} would {still}be better"


def _proof(comparison: TimingComparison) -> tuple[str, str]:
    unproven = [] if comparison.plan.proof.status == "optimal" else ["the plan"]
    cases = (*comparison.bursts, *comparison.others)
    unproven += [_in_sentence(case, comparison) for case in cases if case.status not in (*DECIDED, NOT_LOOKED_AT)]
    missed = [_in_sentence(case, comparison) for case in cases if case.status == NOT_LOOKED_AT]
    if not unproven and not missed:
        return "proof", "All proven: on these forecasts, each is the best plan of its kind."
    parts = [f"Not proven (~): {format_names(unproven, MOST_RULES)}"] if unproven else []
    parts += [f"{'not' if parts else 'Not'} looked at: {format_names(missed, MOST_RULES)}"] if missed else []
    limit = comparison.plan.proof.limit
    reason = f" ({LIMITS.get(limit, 'stopped')})" if limit else ""
    return "doubt", f"{'; '.join(parts)}{reason}. {MORE_TIME}"


def _rules_left(comparison: TimingComparison) -> Iterator[str]:
    """Yield which rules do not hold in a burst, and where each creator posts in one wave only."""
    burst = next(iter(comparison.bursts), None)
    rules = () if burst is None else burst.rules_left
    budgets = ["the budgets of waves"] if _calendar(comparison.plan).budgets else []
    if rules or budgets:
        left = join_words([*([format_names(rules, MOST_RULES)] if rules else []), *budgets])
        yield f"A burst does not keep what you ask of waves: {left}."
    once = comparison.case(Timing.ONE_WAVE_EACH)
    if once is not None and once.rules_left:
        yield f"With each creator in one wave, {format_names(once.rules_left, MOST_RULES)} does not hold."


def _without_plan(comparison: TimingComparison) -> Iterator[str]:
    for case in (*comparison.bursts, *comparison.others):
        if case.plan is None and case.reasons:
            name = _in_sentence(case, comparison)
            yield end_sentence(f"{_start(name)} has no plan: {'; '.join(case.reasons)}")


def _case_name(case: TimingCase, comparison: TimingComparison) -> str:
    other_terms = "as first posts" if _counts_repetition(comparison.plan) else "with repetition"
    if case.timing is Timing.BURST:
        return f"Burst in {_waves(case)}"
    return {
        Timing.ONE_WAVE_EACH: "One wave each",
        Timing.FULL_FEES: "Without retainer",
        Timing.OTHER_REPETITION: f"Plan, {other_terms}",
        Timing.BURST_OTHER_REPETITION: f"Burst, {other_terms}",
    }[case.timing]


def case_words(comparison: TimingComparison) -> str:
    """Return what the names of the lines mean."""
    words = ["One wave each: each creator posts in one wave only."]
    if comparison.case(Timing.OTHER_REPETITION) is not None:
        counts = _counts_repetition(comparison.plan)
        words.append(
            "As first posts: every post counts as its creator's first."
            if counts
            else "With repetition: further posts of a creator count as posts to the same people."
        )
    return " ".join(words)


def _in_sentence(case: TimingCase, comparison: TimingComparison) -> str:
    other_terms = "posts as first ones" if _counts_repetition(comparison.plan) else "effects of repetition"
    if case.timing is Timing.BURST:
        return f"the burst in {_waves(case)}"
    return {
        Timing.ONE_WAVE_EACH: "the plan with each creator in one wave",
        Timing.FULL_FEES: "the plan without the retainer",
        Timing.OTHER_REPETITION: f"the plan with {other_terms}",
        Timing.BURST_OTHER_REPETITION: f"the burst with {other_terms}",
    }[case.timing]


def _waves(case: TimingCase) -> str:
    first, *rest = case.waves
    if len(rest) == 1:
        return f"{first} or {rest[0]}"
    return f"{first} or {len(rest):,} others" if rest else first


def _in_wave(burst: TimingCase, comparison: TimingComparison) -> str:
    demand = next(wave.demand for wave in _calendar(comparison.plan).waves if wave.name == burst.waves[0])
    return f"in {_waves(burst)}{'' if demand == 1 else f' with its demand of {format_bound(demand, True)}'}"


def _results(plan: Plan) -> str:
    """Return what a plan costs and brings."""
    totals, currency = plan.totals, plan.roster.currency
    spend = format_money(totals.spend, currency, whole_units=totals.spend >= 100_00)
    brings = (f"{format_metric(name, totals.metrics[name])} {name}" for name in ("engagements", "conversions"))
    return f"{spend} -> {' · '.join(brings)}"


def _would(other: Plan, plan: Plan) -> str:
    """Return how another plan compares, as a verb: `bring 12% less`."""
    return _change(other, plan).replace("brings", "bring", 1).replace("costs", "cost", 1)


def _change(other: Plan, plan: Plan) -> str:
    """Return how another plan compares: `brings 12% less`, `costs 3% more`."""
    at_least_cost = _at_least_cost(plan)
    verb = "costs" if at_least_cost else "brings"
    value, whole = other.proof.objective, plan.proof.objective
    if _is_same(other, plan):
        return f"{verb} as much"
    more = "more" if value > whole else "less"
    if value <= 0 or whole <= 0:
        return f"{verb} {format_value(abs(value - whole), plan.campaign.goal, plan.roster.currency)} {more}"
    return f"{verb} {format_percent(float(abs(value / whole - 1)))} {more}"


def _share_cell(case: TimingCase, plan: Plan) -> str:
    if case.share_of_plan is None:
        return "-"
    mark = "" if case.status == "optimal" else "~"
    share = float(case.share_of_plan)
    return f"{mark}{f'{share:.2f}x' if _at_least_cost(plan) else format_percent(share)}"


def _is_same(other: Plan, plan: Plan) -> bool:
    value, whole = other.proof.objective, plan.proof.objective
    return abs(value - whole) <= abs(whole) * SAME_SHARE


def _is_better(other: Plan, plan: Plan) -> bool:
    value, whole = other.proof.objective, plan.proof.objective
    return value < whole if _at_least_cost(plan) else value > whole


def _is_sure(comparison: TimingComparison) -> bool:
    """Whether plan and bursts are proven."""
    return comparison.plan.proof.status == "optimal" and all(case.status in DECIDED for case in comparison.bursts)


def _plan_name(plan: Plan) -> str:
    return f"{'' if plan.proof.status == 'optimal' else '~'}Plan over {_count_waves(plan)}"


def _count_waves(plan: Plan) -> str:
    return format_number_of(len(_calendar(plan).waves), "wave")


def _counts_repetition(plan: Plan) -> bool:
    return _calendar(plan).repetition


def _calendar(plan: Plan) -> Calendar:
    assert plan.campaign.calendar is not None
    return plan.campaign.calendar


def _at_least_cost(plan: Plan) -> bool:
    return plan.campaign.goal.name == LEAST_COST


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]
