"""What a plan file says of the schedules that were not looked at is recomputed, and an alteration is found."""

import json
from datetime import date

import pytest

from microopt.campaign.calendar import Calendar, Wave
from microopt.planning.schedule_pool import build_pool
from microopt.planning.schedule_pricing import look
from microopt.verification.verify import verify
from tests.planning.builders import build_campaign
from tests.verification.opponent import planned, sealed

WAVES = tuple(
    Wave(name=f"2027-{month:02}", starts=date(2027, month, 1), ends=date(2027, month, 28)) for month in range(1, 11)
)
CAMPAIGN = build_campaign(budget=900_000, calendar=Calendar(waves=WAVES, max_posts=3))
CREATORS = tuple((f"@c{number}", 9_000 + 4_000 * number, 70 + 37 * number) for number in range(12))
ROSTER = "creator,platform,offer,niche,followers,fee\n" + "".join(
    f"{name},instagram,reel,beauty,{followers},${fee}\n" for name, followers, fee in CREATORS
)


@pytest.fixture(autouse=True, scope="module")
def every_schedule_is_one_of_very_many():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_pool, "MANY", 0)
        yield


@pytest.fixture(scope="module")
def plan(tmp_path_factory, every_schedule_is_one_of_very_many):
    folder = tmp_path_factory.mktemp("left_out")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "plan.json").write_text(planned(folder / "roster.csv", CAMPAIGN), encoding="utf-8")
    return folder / "plan.json"


def altered(plan, change):
    value = json.loads(plan.read_text(encoding="utf-8"))
    change(value["proof"]["left_out"])
    other = plan.with_name("altered.json")
    other.write_text(json.dumps(sealed(value, claims=True)), encoding="utf-8")
    return verify(str(other)).discrepancy


def test_a_plan_of_some_schedules_holds(plan):
    left_out = json.loads(plan.read_text(encoding="utf-8"))["proof"]["left_out"]
    assert 0 < left_out["looked_at"] < left_out["schedules"]
    assert altered(plan, lambda stated: None) is None


@pytest.mark.parametrize("factor", [0, 0.5, 0.99, 1.01, 2])
def test_an_altered_price_is_found(plan, factor):
    def change(left_out):
        assert any(left_out["prices"])
        left_out["prices"] = [int(price * factor) for price in left_out["prices"]]

    assert altered(plan, change) is not None


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("prices", lambda prices: [*prices, 1]),
        ("prices", lambda prices: []),
        ("bits", lambda bits: bits - 1),
        ("loss", lambda loss: loss // 2),
        ("loss", lambda loss: 2 * loss),
        ("bound", lambda bound: bound * 0.9),
        ("looked_at", lambda count: count - 1),
        ("schedules", lambda count: count - 1),
        ("with_few", lambda few: not few),
    ],
)
def test_an_altered_statement_of_what_was_looked_at_is_found(plan, key, change):
    def alter(left_out):
        left_out[key] = change(left_out[key])

    assert altered(plan, alter) is not None


def test_a_plan_that_hides_what_it_left_out_is_found(plan):
    value = json.loads(plan.read_text(encoding="utf-8"))
    value["proof"]["left_out"] = None
    other = plan.with_name("hidden.json")
    other.write_text(json.dumps(sealed(value, claims=True)), encoding="utf-8")
    assert "which of very many schedules" in verify(str(other)).discrepancy.message


@pytest.fixture
def loose(tmp_path, monkeypatch):
    """A plan of single posts, all of which bring the same, where two posts in a wave bring twice as much."""
    monkeypatch.setattr(build_pool, "MANY_OF_SLOTS", 0)
    monkeypatch.setattr(look, "MOST_KEPT", 1)
    lines = (
        "creator,platform,offer,followers,fee,views",
        *(f"@a,tiktok,{offer},20000,$100,500" for offer in ("a", "b")),
    )
    (tmp_path / "roster.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    calendar = Calendar(waves=WAVES[:2], max_posts=2)
    campaign = build_campaign(budget=400_000, calendar=calendar, one_offer_per="creator,platform")
    (tmp_path / "plan.json").write_text(planned(tmp_path / "roster.csv", campaign), encoding="utf-8")
    return tmp_path / "plan.json"


def test_a_plan_that_schedules_left_out_may_beat_is_not_called_the_best(loose):
    verification = verify(str(loose))
    assert verification.discrepancy is None
    assert "it is within 50% of the best possible" in verification.proven
    assert not any("no plan under its rules" in sentence for sentence in verification.proven)


def test_a_plan_that_claims_that_no_schedule_left_out_is_better_is_found(loose):
    value = json.loads(loose.read_text(encoding="utf-8"))
    value["proof"].update(bound=value["proof"]["objective"], status="optimal", gap=0.0, cheapest=True)
    other = loose.with_name("altered.json")
    other.write_text(json.dumps(sealed(value, claims=True)), encoding="utf-8")
    discrepancy = verify(str(other)).discrepancy
    assert discrepancy.place == "proof.bound"
    assert "schedules that it did not look at" in discrepancy.message
