"""Open offers: whoever was asked and may still say yes stays in the next plan, and is nobody's fallback."""

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from msgspec.structs import replace

from microopt.campaign.campaign import SoftPenalty
from microopt.campaign.decline_settings import DeclineSettings
from microopt.campaign.progress import Asked, Contract, ContractState, OpenOffer
from microopt.inflight.replan import input_fingerprints
from microopt.plan.codec import CODEC
from microopt.plan.plan import Plan
from tests.analysis.test_alternatives import alike
from tests.inflight.test_fallbacks_first import ROSTER, naming
from tests.inflight.test_replan import again, first, state, tonight, who

TODAY = date(2026, 11, 26)
BETTER = replace(
    alike(), numbers={**alike().numbers, "engagement_rate": np.asarray([0.05, 0.05, 0.001, 0.05, 0.05, 0.05])}
)


def asked(creator, days_ago=1):
    day = Asked(day=TODAY - timedelta(days=days_ago))
    return Contract(creator=creator, state=ContractState.OFFERED, asked=day)


def test_whoever_was_asked_stays_although_others_are_better_now():
    _, plan = first()
    assert who(plan) == ["@c0", "@c1", "@c2"]
    assert "@c2" not in who(again(plan, BETTER))
    kept = again(plan, BETTER, asked("@c2"))
    assert "@c2" in who(kept)
    assert kept.warnings == ()
    assert kept.replan.notes == (
        "1 creator who was asked and may still say yes stays in the plan; with --swap-worth they go where that gains "
        "enough",
    )
    assert [rule.label for rule in kept.campaign.rules] == ["open_offer:yes count >= 1"]
    read = CODEC.decode(CODEC.encode(kept), Plan)
    assert read.campaign.running.open_offers == kept.campaign.running.open_offers
    assert isinstance(read.campaign.running.open_offers[0], OpenOffer)


def test_an_offer_that_has_lapsed_or_was_declined_keeps_nobody():
    _, plan = first()
    for contract in (asked("@c2", 4), state("@c2", "declined"), state("@c2", "proposed")):
        result = again(plan, BETTER, contract)
        assert "@c2" not in who(result)
        assert (result.campaign.rules, result.campaign.running.open_offers, result.warnings) == ((), (), ())
    assert "@c2" in who(again(plan, BETTER, asked("@c2", 4), reply_days=4))
    assert "@c2" not in who(again(plan, BETTER, asked("@c2"), today=TODAY + timedelta(days=3)))


def test_the_rule_ends_with_the_answer():
    _, plan = first()
    second = again(plan, BETTER, asked("@c2"))
    third = again(second, BETTER, state("@c2", "declined"))
    assert "@c2" not in who(third)
    assert third.campaign.rules == ()


def test_a_price_for_swaps_says_what_an_open_offer_is_worth_and_who_is_dropped_is_told():
    _, plan = first()
    cheap, dear = (
        again(plan, BETTER, asked("@c2"), swap_penalty=SoftPenalty(Fraction(share), percent=True))
        for share in ("0.001", "0.9")
    )
    assert cheap.warnings == (
        "@c2 was asked and may still say yes, but is no longer in the plan: withdraw the offer, or keep them with a "
        "higher --swap-worth",
    )
    assert "@c2" in who(dear)
    assert dear.warnings == ()


@pytest.mark.parametrize("risk", [{}, {"worst_share": Fraction(1, 10)}])
def test_where_not_all_who_were_asked_can_stay_as_many_as_possible_do(risk):
    _, plan = first(**risk)
    result = again(plan, BETTER, *map(asked, ["@c0", "@c1", "@c2"]), budget=20_000)
    assert who(result) == ["@c0", "@c1"]
    assert result.warnings == (
        "@c2 was asked and may still say yes, but is no longer in the plan: withdraw the offer, or raise --budget or "
        "loosen a --rule",
    )
    assert result.campaign.rules[0].label == "open_offer:yes count >= 3 (soft 100%)"


def test_a_fallback_who_was_asked_stays_and_a_stranger_who_was_asked_does_not_bind_the_plan():
    _, plan = first(problem=ROSTER, budget=60_000)
    plan = naming(plan, c1=["@c7"])
    assert "@c7" in who(again(plan, ROSTER, asked("@c1", 9), asked("@c7")))
    assert again(plan, ROSTER, asked("@c6")).campaign.rules == ()


def test_whoever_was_asked_is_nobodys_fallback():
    _, plan = first(problem=ROSTER, budget=60_000, declines=DeclineSettings(fallbacks=2))
    result = again(plan, ROSTER, asked("@c6"), swap_penalty=SoftPenalty(Fraction("0.9"), percent=True))
    assert "@c6" not in who(result)
    assert {one.creator for each in result.fallbacks for one in each.substitutes} == {"@c7"}


def test_a_day_that_passes_is_a_change():
    prints = {
        input_fingerprints(tonight(asked("@c2"), today=TODAY + timedelta(days=days)), alike()).request
        for days in range(4)
    }
    assert len(prints) == 2
