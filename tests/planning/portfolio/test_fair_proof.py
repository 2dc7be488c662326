"""A fair portfolio is called proven only if its least share is: the best sum for a least share is no proof of it."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from microopt.campaign.portfolio import Capacity
from microopt.planning.portfolio import solve_portfolio as module
from microopt.solver.result import Limit
from tests.planning.portfolio.test_shared_by_hand import member, shared, written


@pytest.mark.parametrize(
    ("above", "status", "limit"), [(Fraction(0), "optimal", None), (Fraction(1, 10), "feasible", "time")]
)
def test_a_least_share_that_is_not_proven_leaves_the_portfolio_unproven(tmp_path, monkeypatch, above, status, limit):
    solve_joint = module.solve_joint

    def stopped(*args, **options):
        solved = solve_joint(*args, **options)
        found, bound = solved.least_share
        return replace(solved, least_share=(found, bound + above), least_limit=Limit.TIME if above else None)

    monkeypatch.setattr(module, "solve_joint", stopped)
    roster = written(tmp_path, "list", anna=(400, 10), ben=(400, 5))
    members = [member("glow", budget=40_000), member("dew", budget=40_000)]
    proof = shared(members, [roster, roster], fair=True, capacity=Capacity(campaigns=1)).plan.proof
    assert (proof.status, proof.limit) == (status, limit)
    assert proof.least_share <= proof.least_share_bound
