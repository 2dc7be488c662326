"""Budgets of waves that a plan breaks move to what it spends, those that it keeps stay."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.calendar import Calendar, Wave, WaveBudget
from microopt.campaign.calendar_budgets import calendar_rules
from microopt.planning.infeasibility.relax_wave_budgets import relax_wave_budgets

NAMES = ("2027-03", "2027-04", "2027-05")
WAVES = tuple(Wave(name=name, starts=date(2027, 3 + i, 1), ends=date(2027, 3 + i, 28)) for i, name in enumerate(NAMES))
BUDGET = 2_000_000  # cents


def relax(stated, spent, *, carry_over=False):
    """Return the relaxed budgets of three waves with these costs of a plan in them, and the changes."""
    budgets = {name: each for name, each in zip(NAMES, stated, strict=True) if each is not None}
    calendar = Calendar(waves=WAVES, budgets=budgets, carry_over=carry_over)
    relaxed, changes = relax_wave_budgets(calendar, BUDGET, lambda rule: usage(rule, spent))
    return relaxed, changes


def usage(rule, spent):
    (clause,) = rule.selector.clauses
    total = sum((amount for name, amount in zip(NAMES, spent, strict=True) if name in clause.values), Fraction(0))
    return total / Fraction(BUDGET, 100) if rule.of_budget else total


def test_a_cap_is_raised_and_a_lower_end_lowered():
    stated = [WaveBudget(low=Fraction(5_000)), WaveBudget(high=Fraction(1, 4), percent=True), None]
    relaxed, changes = relax(stated, [Fraction(1_000), Fraction(6_001), Fraction(9)])
    assert relaxed.budgets == {
        "2027-03": WaveBudget(low=Fraction(1_000)),
        "2027-04": WaveBudget(high=Fraction("0.301"), percent=True),  # in tenths of a percent, rounded up
    }
    assert [(change.label, change.becomes) for change in changes] == [
        ("budget of 2027-03", "budget of 2027-03 >= 1000"),
        ("budget of 2027-04", "budget of 2027-04 <= 30.1%"),
    ]


def test_a_cap_of_waves_together_grows_by_the_last_of_them():
    stated = [WaveBudget(high=Fraction(4_000)), WaveBudget(high=Fraction(1, 4), percent=True), None]
    relaxed, changes = relax(stated, [Fraction(3_000), Fraction(7_000), Fraction(0)], carry_over=True)
    assert relaxed.budgets["2027-04"].high == Fraction(3, 10)  # with the 1,000 that the first wave leaves
    assert [(change.label, change.before, change.after) for change in changes] == [
        ("budget of 2027-04", Fraction(1, 4), Fraction(3, 10)),
    ]


amounts = st.integers(0, 30).map(lambda number: Fraction(number * 100))
caps = st.builds(WaveBudget, high=amounts)
floors = st.builds(WaveBudget, low=amounts)
ranges = st.tuples(amounts, amounts).map(sorted).map(lambda ends: WaveBudget(low=ends[0], high=ends[1]))
shares = st.builds(WaveBudget, high=st.fractions(0, 1, max_denominator=20), percent=st.just(True))
budgets = st.none() | caps | floors | ranges | shares


@given(st.tuples(budgets, budgets, budgets), st.tuples(amounts, amounts, amounts), st.booleans())
def test_a_plan_keeps_its_relaxed_budgets_and_what_it_kept_before_stays(stated, spent, carry_over):
    relaxed, changes = relax(stated, spent, carry_over=carry_over)
    for rule in calendar_rules(relaxed, BUDGET):
        used = usage(rule, spent)
        assert rule.bounds.low is None or used >= rule.bounds.low
        assert rule.bounds.high is None or used <= rule.bounds.high
    changed = {change.label.rpartition(" ")[2] for change in changes}
    for name, each in zip(NAMES, stated, strict=True):
        assert name in changed or relaxed.budgets.get(name) == each
