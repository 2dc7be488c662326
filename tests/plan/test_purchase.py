"""What a plan buys from a creator."""

import pytest
from msgspec.structs import replace

from microopt.plan.plan import Pick
from microopt.plan.purchase import Purchase, offer_keys, waves_by_offer

PICK = Pick(
    creator="@a",
    offer="video",
    platform="tiktok",
    tier="micro",
    niche=(),
    region="",
    followers=1,
    fee=100,
    cost=100,
    fee_estimated=False,
    metrics={},
)


def bought(*changes):
    return Purchase(creator="@a", picks=tuple(replace(PICK, **change) for change in changes))


def test_the_same_offer_in_another_wave_is_another_purchase():
    march, april = ({"wave": f"2027-0{month}"} for month in (3, 4))
    assert offer_keys(bought(march)) != offer_keys(bought(april))
    assert offer_keys(bought(march, april)) == offer_keys(bought(april, march))
    assert offer_keys(bought({})) == {("tiktok", "video", 1, "")}


@pytest.mark.parametrize("waves", [("2027-03",), ("2027-03", "2027-04", "2027-05")])
def test_waves_are_told_by_offer(waves):
    posts = bought(*({"wave": wave} for wave in waves), {"offer": "story", "wave": "2027-04"})
    assert [(pick.offer, found) for pick, found in waves_by_offer(posts)] == [("video", waves), ("story", ("2027-04",))]


def test_without_waves_each_pick_stands_for_itself():
    assert [(pick.offer, waves) for pick, waves in waves_by_offer(bought({}, {}))] == [("video", ())] * 2
