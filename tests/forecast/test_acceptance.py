"""How likely creators say yes: which source comes first, what earlier answers teach, and where it is told."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from microopt.campaign.campaign import Campaign
from microopt.campaign.decline_settings import DeclineSettings, PastAnswers
from microopt.campaign.progress import CampaignProgress, Contract, ContractState
from microopt.errors import CampaignError
from microopt.forecast.acceptance import acceptance_of, find_acceptance, with_acceptance
from microopt.planning.build_problem import build_problem
from microopt.roster.contract_status import with_contract_columns
from tests.forecast.builders import NAN
from tests.solver.builders import roster

NAMES = ["@a", "@b", "@c", "@d"]
SIZES = [5_000, 20_000, 30_000, 2_000_000]  # nano, micro, micro, mega


def offers(acceptance=None, names=NAMES):
    numbers = {} if acceptance is None else {"acceptance": acceptance}
    size = SIZES[: len(names)]
    return roster(names, followers=size, fee=[10_000] * len(names), numbers=numbers, tier=tiers(size))


def tiers(sizes):
    return ["nano" if size < 10_000 else "micro" if size < 100_000 else "mega" for size in sizes]


def asking(history=(), **settings):
    declines = DeclineSettings(
        history=tuple(PastAnswers(creator=c, asked=n, accepted=k) for c, n, k in history), **settings
    )
    return Campaign(budget=100_000, declines=declines)


def test_a_campaign_that_says_nothing_leaves_the_list_as_it_is():
    plain = offers([0.5, 0.4, 0.2, 1.0])
    for campaign in (Campaign(budget=1), Campaign(budget=1, declines=DeclineSettings(fallbacks=3))):
        assert with_acceptance(plain, campaign) == (plain, [], [])
        assert acceptance_of(plain, campaign).tolist() == [0.5, 0.4, 0.2, 1.0]
    assert acceptance_of(offers(), Campaign(budget=1)).tolist() == [1.0] * 4
    assert not with_acceptance(offers(), Campaign(budget=1))[0].notes
    assert not with_acceptance(offers([NAN] * 4), Campaign(budget=1))[0].notes


def test_it_is_told_for_whom_a_list_does_not_say_how_likely_they_accept():
    noted, _, _ = with_acceptance(offers([0.5, NAN, 0.2, NAN]), Campaign(budget=1))
    assert noted.notes == (
        "2 of 4 creators have no acceptance on the list and count as sure to accept: --acceptance 70% assumes a chance",
    )
    running = CampaignProgress(contracts=(Contract(creator="@b", state=ContractState.SIGNED),))
    known = with_contract_columns(offers([0.5, NAN, 0.2, NAN]), running)
    noted, _, _ = with_acceptance(known, Campaign(budget=1, running=running))
    assert noted.notes[-1].startswith("1 of 4 creators has no acceptance on the list and counts as sure")


def test_a_tier_comes_before_all_others_and_the_list_before_both():
    campaign = asking(tiers={"Mega": Fraction(3, 5)}, other=Fraction(9, 10))
    assert acceptance_of(offers(), campaign).tolist() == [0.9, 0.9, 0.9, 0.6]
    assert acceptance_of(offers([NAN, 0.5, NAN, 0.25]), campaign).tolist() == [0.9, 0.5, 0.9, 0.25]
    assert acceptance_of(offers(), asking(tiers={"mega": Fraction(3, 5)})).tolist() == [1.0, 1.0, 1.0, 0.6]


def test_whoever_has_signed_is_certain():
    running = CampaignProgress(contracts=(Contract(creator="@b", state=ContractState.SIGNED),))
    campaign = replace(asking(other=Fraction(1, 2)), running=running)
    known = with_contract_columns(offers([NAN, 0.3, 0.3, NAN]), running)
    assert acceptance_of(known, campaign).tolist() == [0.5, 1.0, 0.3, 0.5]


def test_earlier_answers_are_drawn_towards_those_of_the_tier_and_these_towards_those_of_all():
    history = [("@b", 4, 4), ("@c", 2, 0), ("@elsewhere", 3, 1)]
    usual = (5 + 0.5) / (9 + 1)
    micro = (4 + 4 * usual) / (6 + 4)
    by_hand = [usual, (4 + 4 * micro) / 8, (0 + 4 * micro) / 6, usual]
    np.testing.assert_allclose(acceptance_of(offers(), asking(history)), by_hand)


def test_what_the_campaign_states_of_a_tier_counts_for_those_who_never_answered():
    history, stated = [("@b", 1, 1)], {"tiers": {"micro": Fraction(1, 5)}, "other": Fraction(1, 2)}
    share = acceptance_of(offers(), asking(history, **stated)).tolist()
    assert share[0] == share[3] == 0.5
    assert share[2] == 0.2
    assert share[1] > 0.5


def test_an_answer_counts_whatever_the_spelling_of_the_name():
    assert acceptance_of(offers(), asking([("@A", 5, 0)]))[0] == acceptance_of(offers(), asking([("@a", 5, 0)]))[0]


@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.integers(1, 9), st.integers(0, 9)), min_size=1, unique_by=lambda x: x[0]
    )
)
def test_no_answers_make_anybody_impossible_or_anybody_certain(answers):
    history = [(name, asked, min(asked, accepted)) for name, asked, accepted in answers]
    share = acceptance_of(offers(), asking(history))
    assert ((share > 0) & (share < 1)).all()


def test_more_yes_of_as_many_answers_is_a_higher_chance():
    chances = [acceptance_of(offers(), asking([("@a", 6, yes), ("@b", 4, 2)]))[0] for yes in range(7)]
    assert chances == sorted(chances)
    assert len({*chances}) == 7


def test_a_plan_multiplies_what_is_expected_and_tells_where_the_chance_is_from():
    campaign = asking(other=Fraction(1, 2))
    plain, _ = build_problem(offers(), Campaign(budget=100_000))
    half, warnings = build_problem(offers([NAN, NAN, NAN, 1.0]), campaign)
    assert warnings == ()
    assert "acceptance: 50% assumed for 3 of 4 creators; 1 from your list" in half.roster.notes
    for name, values in plain.forecast.metrics.items():
        ratio = half.forecast.metrics[name] / np.maximum(values, 1)
        np.testing.assert_allclose(ratio, np.where(half.roster.numbers["acceptance"] == 1, 1, 0.5), atol=2e-3)
    assert np.array_equal(plain.forecast.cost, half.forecast.cost)


def test_a_setting_without_effect_is_told():
    warnings = with_acceptance(offers([0.5] * 4), asking(other=Fraction(1, 2)))[2]
    assert warnings == ["--acceptance had no effect: your list states how likely each creator accepts"]


def test_an_unknown_tier_is_a_fault_with_the_nearest_name():
    with pytest.raises(CampaignError) as caught:
        build_problem(offers(), asking(tiers={"mgea": Fraction(1, 2)}))
    (fault,) = caught.value.faults
    assert (fault.code, fault.fix) == ("acceptance-tier", "did you mean mega?")


def test_a_tier_of_the_list_itself_is_known():
    own = roster(["@a"], followers=[5_000], fee=[1], tier=["Gold"])
    campaign = asking(tiers={"gold": Fraction(1, 4)})
    assert with_acceptance(own, campaign)[1] == []
    assert find_acceptance(own, campaign, campaign.declines).share.tolist() == [0.25]
