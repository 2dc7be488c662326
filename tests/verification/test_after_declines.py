"""A plan after declines holds in every part, and a false statement about it is found."""

import json

import pytest

from microopt.campaign.inputs import CampaignInput
from microopt.readers.campaign_file import campaign_from_input
from microopt.rendering.wording.after_declines import before_declines
from microopt.verification.reopen import reopen_plan
from microopt.verification.verify import verify
from tests.verification.opponent import planned, sealed

ROSTER = """creator,platform,offer,niche,followers,fee,engagement_rate,acceptance
@anna,instagram,reel,beauty,18300,$400,8.5%,40%
@ben,tiktok,video,food|tech,15200,$400,5.1%,95%
@cleo,youtube,video,beauty,12000,$400,4.9%,90%
@dora,tiktok,video,food,11000,$420,5.2%,85%
@eve,instagram,reel,beauty,15200,$420,5.0%,100%
"""


@pytest.fixture
def desk(tmp_path):
    """Return a folder with a plan after declines, and its object."""
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    campaign = campaign_from_input(CampaignInput(budget="900", goal="engagement", after_declines=True, scenarios=50))
    text = planned(tmp_path / "roster.csv", campaign)
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    return tmp_path, json.loads(text)


def false(folder, value):
    (folder / "plan.json").write_text(json.dumps(sealed(value, claims=True)), encoding="utf-8")
    return verify(str(folder / "plan.json")).discrepancy


def test_a_plan_after_declines_holds_and_says_what_it_takes_on_trust(desk):
    folder, value = desk
    verification = verify(str(folder / "plan.json"))
    assert verification.holds, verification.discrepancy
    assert value["after_declines"]["share"] > 0 and value["status"] == "feasible"
    assert any("plan of averages" in sentence for sentence in verification.unproven)


def test_how_much_more_another_plan_may_bring_is_the_figure_that_the_plan_states(desk):
    folder, _ = desk
    verification = verify(str(folder / "plan.json"))
    shown = before_declines(reopen_plan(str(folder / "plan.json"), None).file.plan).rpartition(" at most ")[2]
    assert "% more" in shown
    sentences = [*verification.proven, *verification.unproven]
    assert any(shown in sentence for sentence in sentences)
    assert not any("of the best possible" in sentence for sentence in sentences)


@pytest.mark.parametrize("key", ["value", "of_means", "of_means_alone", "bound", "spend", "substitutes", "rules_kept"])
def test_each_figure_is_recomputed_from_the_seed(desk, key):
    folder, value = desk
    value["after_declines"][key] = value["after_declines"][key] * 2 + 1
    assert false(folder, value).place == f"after_declines.{key}"


def test_another_seed_gives_other_draws(desk):
    folder, value = desk
    value["campaign"]["scenarios"]["seed"] = 2
    assert false(folder, value).place.startswith("after_declines.")


@pytest.mark.parametrize(
    ("key", "claim"), [("share", -1), ("share", 0), ("candidates", 0), ("means", [0, 1, 2, 3, 4]), ("means", [9])]
)
def test_what_cannot_be_so_is_found(desk, key, claim):
    folder, value = desk
    value["after_declines"][key] = claim
    assert false(folder, value).place.startswith("after_declines.")


def test_what_a_plan_brings_after_declines_cannot_be_left_out_or_made_up(desk):
    folder, value = desk
    stated = value["after_declines"]
    assert false(folder, {**value, "after_declines": None}).place == "after_declines"
    value["campaign"]["declines"]["after_declines"] = False
    assert false(folder, {**value, "after_declines": stated}).place == "after_declines"
