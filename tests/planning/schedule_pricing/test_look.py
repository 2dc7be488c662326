"""Plans that look at some of very many schedules agree with those that look at all."""

import pytest
from hypothesis import assume, given, settings

from microopt import Plan, optimize
from microopt.errors import CampaignError
from microopt.planning.schedule_pool import build_pool
from tests.planning.wave_builders import listed, offer_rows, wave_campaigns


@settings(deadline=None)
@given(rows=offer_rows(), campaign=wave_campaigns())
def test_a_plan_of_some_schedules_is_that_of_all(rows, campaign):
    offers = listed(rows)
    full = answer_of(offers, campaign)
    assume(full is not None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_pool, "MANY", 0)
        some = answer_of(offers, campaign)
    if isinstance(full, Plan):
        assert isinstance(some, Plan) or some.status == "unknown"
    if isinstance(some, Plan):
        assert isinstance(full, Plan)
        assert full.status == "optimal"
        assert some.proof.objective <= full.proof.objective <= some.proof.bound
        if some.status == "optimal":
            assert some.proof.objective == full.proof.objective


def answer_of(offers, campaign):
    try:
        return optimize(offers, campaign)
    except CampaignError:
        return None
