"""What kept offers will have brought at the end."""

import pytest

from microopt.campaign.campaign import Campaign
from microopt.campaign.progress import CampaignProgress, Contract, ContractState, PostResults
from microopt.forecast.forecast import Origin
from microopt.forecast.model import expected_results
from microopt.forecast.uncertainty import log_spreads
from microopt.roster.contract_status import with_contract_columns
from tests.forecast.builders import assert_close, roster

QUIET = {"live": {"engagement": 0.0, "views": 0.0, "clicks": 0.0, "conversions": 0.0}}


def at_the_end(state, ripe, posts=None, deliverables=4, **counts):
    contract = Contract(creator="c0", state=state)
    seen = PostResults(creator="c0", posts=posts or ripe, matured_posts=ripe, **counts)
    running = CampaignProgress(contracts=(contract,), results=(seen,))
    with_contracts = with_contract_columns(roster(rows=2, deliverables=deliverables), running)
    return expected_results(with_contracts, Campaign(budget=1, forecast=QUIET, running=running)), with_contracts


def test_of_what_is_done_results_are_all_that_comes():
    result, _ = at_the_end(ContractState.DONE, 3, engagements=777.0, conversions=2.0)
    assert result.metrics["engagements"][0] == 777.0
    assert result.metrics["conversions"][0] == 2.0
    assert result.origins["engagements"][0] == Origin.OWN


def test_of_what_is_live_the_rest_is_to_come():
    result, _ = at_the_end(ContractState.LIVE, 1, engagements=777.0)
    learned, _ = at_the_end(ContractState.SIGNED, 0)  # nothing learned: the shape of the sum alone
    rest = result.metrics["engagements"][0] - 777.0
    assert 0 < rest < learned.metrics["engagements"][0] * 3
    assert_close(result.remaining["engagements"][0], rest / result.metrics["engagements"][0])


def test_a_post_that_has_hardly_begun_is_still_to_come():
    young, _ = at_the_end(ContractState.LIVE, 0.04, posts=1, deliverables=1, engagements=10.0)
    usual = expected_results(roster(), Campaign(budget=1)).metrics["engagements"][0]
    assert_close(young.metrics["engagements"][0], 10 + 0.96 * usual)


def test_more_posts_than_agreed_leave_nothing_to_come():
    result, _ = at_the_end(ContractState.LIVE, 6, engagements=900.0)
    assert result.metrics["engagements"][0] == 900.0


def test_a_metric_that_nobody_counted_stays_as_it_is_forecast():
    result, _ = at_the_end(ContractState.DONE, 4, engagements=900.0)
    usual = expected_results(roster(deliverables=4), Campaign(budget=1)).metrics["reach"][0]
    assert result.metrics["reach"][0] == usual
    assert result.remaining["clicks"][0] == 1.0


@pytest.mark.parametrize("state", [ContractState.LIVE, ContractState.DONE])
def test_what_is_in_is_no_longer_uncertain(state):
    result, with_contracts = at_the_end(state, 4, engagements=900.0)
    assert log_spreads(with_contracts, result)["engagements"][0] == 0.0
    assert log_spreads(with_contracts, result)["engagements"][1] > 0.0
