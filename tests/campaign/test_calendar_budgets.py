"""Budgets of waves as rules on what is spent in them."""

from datetime import date
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from microopt.campaign.calendar import Calendar, Wave, WaveBudget
from microopt.campaign.calendar_budgets import budgets_in_time, calendar_rules
from microopt.campaign.rules_by_wave import rules_by_wave
from microopt.quantities.parse_and_format import Range

NAMES = ("2027-03", "2027-04", "2027-05")
WAVES = tuple(Wave(name=name, starts=date(2027, 3 + i, 1), ends=date(2027, 3 + i, 28)) for i, name in enumerate(NAMES))


def rules(budgets, *, carry_over=False, budget=2_000_000):
    """Return label, waves, range and whether it is of the budget for each rule that budgets of three waves mean."""
    stated = {name: each for name, each in zip(NAMES, budgets, strict=True) if each is not None}
    calendar = Calendar(waves=WAVES, budgets=stated, carry_over=carry_over)
    found = []
    for rule in calendar_rules(calendar, budget):
        (clause,) = rule.selector.clauses
        assert (clause.column, rule.measure) == ("wave", "spend")
        found.append((rule.label, clause.values, rule.bounds, rule.of_budget))
    return found


def test_each_budget_is_a_rule_on_the_spend_in_its_wave():
    half = WaveBudget(high=Fraction(1, 2), percent=True)
    assert rules([WaveBudget(high=Fraction(6_000)), None, half]) == [
        ("budget of 2027-03", ("2027-03",), Range(None, Fraction(6_000)), False),
        ("budget of 2027-05", ("2027-05",), Range(None, Fraction(1, 2), percent=True), True),
    ]
    assert rules([None, None, None]) == []


def test_what_is_carried_over_is_a_cap_on_the_waves_so_far():
    budgets = [WaveBudget(high=Fraction(6_000)), None, WaveBudget(low=Fraction(1_000), high=Fraction(4_000))]
    assert rules(budgets, carry_over=True) == [
        ("budget of 2027-03", ("2027-03",), Range(None, Fraction(6_000)), False),
        ("budget of 2027-05", ("2027-05",), Range(Fraction(1_000), None), False),
        ("budget up to 2027-05", ("2027-03", "2027-05"), Range(None, Fraction(10_000)), False),
    ]


def test_amounts_and_shares_together_are_a_share_of_the_budget():
    budgets = [WaveBudget(high=Fraction(5_000)), WaveBudget(high=Fraction(1, 2), percent=True), None]
    assert rules(budgets, carry_over=True)[1] == (
        *("budget up to 2027-04", ("2027-03", "2027-04")),
        *(Range(None, Fraction(3, 4), percent=True), True),
    )


def test_the_order_of_the_keys_does_not_matter():
    budgets = {name: WaveBudget(high=Fraction(i + 1)) for i, name in enumerate(NAMES)}
    one, other = (
        Calendar(waves=WAVES, carry_over=True, budgets=dict(order))
        for order in (budgets.items(), [*budgets.items()][::-1])
    )
    assert list(calendar_rules(one, 1)) == list(calendar_rules(other, 1))


amounts = st.integers(0, 10).map(Fraction)
shares = st.fractions(0, 1, max_denominator=20)
budgets = st.none() | st.builds(WaveBudget, high=amounts) | st.builds(WaveBudget, high=shares, percent=st.just(True))


@given(st.tuples(budgets, budgets, budgets), st.tuples(amounts, amounts, amounts))
def test_carrying_over_is_having_a_purse_that_each_wave_fills(stated, spent):
    assume(sum(spent) <= 20)  # the budget, which every plan keeps

    def keeps(rule):
        _, waves, bounds, of_budget = rule
        total = sum(amount for name, amount in zip(NAMES, spent, strict=True) if name in waves)
        return total <= bounds.high * (20 if of_budget else 1)

    purse, is_kept = Fraction(0), True
    for budget, amount in zip(stated, spent, strict=True):
        if budget is not None:
            purse += budget.high * (20 if budget.percent else 1) - amount
            is_kept = is_kept and purse >= 0
    assert all(map(keeps, rules(stated, carry_over=True, budget=2_000))) == is_kept


def test_budgets_are_written_as_rules_in_time_where_the_waves_are_in_a_row():
    cap = WaveBudget(high=Fraction(6_000))
    calendar = Calendar(waves=WAVES, budgets=dict.fromkeys(NAMES, cap), carry_over=True)
    written = list(budgets_in_time(calendar, 1))
    assert [(rule.label, rule.when.first, rule.when.last) for rule in written] == [
        ("budget of 2027-03", "2027-03", "2027-03"),
        ("budget up to 2027-04", "2027-03", "2027-04"),
        ("budget up to 2027-05", "2027-03", "2027-05"),
    ]
    assert {rule.selector.clauses for rule in written} == {()}
    apart = Calendar(waves=WAVES, budgets={NAMES[0]: cap, NAMES[2]: cap}, carry_over=True)
    assert [rule.label for rule in budgets_in_time(apart, 1)] == ["budget of 2027-03"]


def test_they_mean_the_same_rules():
    budgets = {name: WaveBudget(low=Fraction(i), high=Fraction(9 - i)) for i, name in enumerate(NAMES)}
    for carry_over in (False, True):
        calendar = Calendar(waves=WAVES, budgets=budgets, carry_over=carry_over)
        assert list(rules_by_wave(budgets_in_time(calendar, 1), calendar)) == list(calendar_rules(calendar, 1))
