"""Budgets of waves that do not add up: each fix, done as it says, is accepted."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microopt.campaign.calendar_input import CalendarInput
from microopt.campaign.inputs import CampaignInput
from microopt.campaign.settings import parse_campaign
from microopt.errors import CampaignError

MONTHS = ("2027-03", "2027-04", "2027-05")


def fix_of(written, budget="20000", contingency=None):
    """Return the fix of the fault of budgets by wave, an empty text if there is none."""
    calendar = CalendarInput(waves=MONTHS, budget=dict(zip(MONTHS, written, strict=False)))
    try:
        parse_campaign(CampaignInput(budget=budget, contingency=contingency, calendar=calendar))
    except CampaignError as error:
        (fault,) = error.faults
        assert fault.code == "wave-budgets-sum"
        return fault.fix
    return ""


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        (
            ("60%", "60%"),
            "lower them to 100% together, such as 50% and 50%, or write limits, which",
        ),
        (("30%", "30%", "30%"), 'raise them to 100% together, such as 34%, 33% and 33%, or leave a wave "free"'),
        (("60%", "60%", "30%"), "such as 40%, 40% and 20%"),
    ],
)
def test_shares_alone_are_scaled_and_no_budget_is_advised(written, advice):
    fix = fix_of(written)
    assert advice in fix
    assert "budget" not in fix


def test_the_shares_of_a_fix_add_up():
    for written in (("60%", "60%"), ("30%", "30%", "30%"), ("0.5%", "0.1%", "1%"), ("99%", "1%", "17%")):
        shares = re.findall(r"(\d+%)(?=,| and| or)", fix_of(written).partition("such as ")[2])[: len(written)]
        assert sum(int(share[:-1]) for share in shares) == 100
        assert fix_of(shares) == ""


@given(
    written=st.lists(
        st.integers(0, 30_000).map(str) | st.integers(0, 99).map(lambda share: f"{share}%"), min_size=1, max_size=3
    ),
    contingency=st.sampled_from((None, "10%")),
)
def test_the_budget_of_a_fix_is_accepted(written, contingency):
    fix = fix_of(written, contingency=contingency)
    amount = re.search(r"the budget to ([\d,.]+\d)", fix)
    if fix.startswith("write shares in percent: "):
        assert fix_of(re.findall(r"\d+%", fix), contingency=contingency) == ""
        return
    if amount is None:
        assert not fix or all("%" in each or each == "0" for each in written) or "%" in "".join(written)
        return
    assert fix_of(written, amount[1].replace(",", ""), contingency) == ""


@given(
    lows=st.lists(
        st.integers(0, 30_000).map(lambda low: f"{low}..") | st.integers(0, 99).map(lambda share: f"{share}%.."),
        min_size=1,
        max_size=3,
    ),
    contingency=st.sampled_from((None, "10%")),
)
def test_a_budget_that_covers_the_lower_ends_is_accepted(lows, contingency):
    fix = fix_of(lows, contingency=contingency)
    if amount := re.search(r"raise the budget to ([\d,.]+\d)", fix):
        assert fix_of(lows, amount[1].replace(",", ""), contingency) == ""
    elif fix:
        shares = sum(Fraction(low.removesuffix("%..")) for low in lows if "%" in low)
        assert shares >= (90 if contingency else 100)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (("50", "25%", "25%"), 'did you mean 2027-03 = "50%"?'),
        (("25%", "50"), 'did you mean 2027-04 = "50%"?'),
        (("12.5", "30", "50%"), 'did you mean 2027-03 = "12.5%" and 2027-04 = "30%"?'),
    ],
)
def test_small_amounts_beside_shares_are_shares_without_a_percent_sign(written, meant):
    fix = fix_of(written)
    assert fix.startswith(meant)
    assert "the budget" not in fix
    assert fix.endswith(f'write it as a limit: "..{next(each for each in written if "%" not in each)}"')
    assert fix_of([each if "%" in each else f"..{each}" for each in written]) == ""


@pytest.mark.parametrize("written", [("60", "40"), ("50", "30", "20")])
def test_amounts_that_fit_are_no_shares_without_a_percent_sign(written):
    assert fix_of(written).startswith("write shares in percent: ")
    assert fix_of(written, budget="100") == ""
    assert fix_of(written, budget="110", contingency="10%") == ""
    assert fix_of(("0", "1")) == ""


def test_no_budget_is_advised_that_is_a_fraction_of_it():
    fix = fix_of(("150", "25%", "25%"))
    assert fix == 'raise one of them or leave a wave "free"'
    assert "lower the budget to 16,000" in fix_of(("8000", "25%", "25%"))
