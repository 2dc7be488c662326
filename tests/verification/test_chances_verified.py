"""A check counts the chances of a plan again, from the roster and the seed."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from microopt.campaign.risk_settings import ScenarioSettings
from microopt.verification.verify import verify
from tests.planning.builders import CALM, build_campaign
from tests.verification.opponent import planned, sealed

RULES = ("all engagements >= 500 in 75%", "all spend <= 900 in 100%")
CREATORS = (("anna", 20_000, 200), ("ben", 90_000, 700), ("cleo", 8_000, 60), ("dora", 45_000, 400))
ROSTER = "creator,platform,offer,niche,followers,fee\n" + "".join(
    f"@{name},instagram,reel,beauty,{followers},${fee}\n" for name, followers, fee in CREATORS
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chances")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    campaign = build_campaign(*RULES, scenarios=ScenarioSettings(count=40, seed=7))
    (folder / "plan.json").write_text(planned(folder / "roster.csv", campaign), encoding="utf-8")
    return folder


def checked(folder, value):
    (folder / "altered.json").write_text(json.dumps(value), encoding="utf-8")
    return verify(str(folder / "altered.json")).discrepancy


def test_a_plan_with_chances_holds(folder):
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert verify(str(folder / "plan.json")).discrepancy is None
    assert [rule["chance"]["asked"] for rule in plan["rules"]] == [0.75, 1]
    assert all(rule["chance"]["scenarios"] == 40 for rule in plan["rules"])
    assert all(rule["chance"]["share"] >= rule["chance"]["asked"] for rule in plan["rules"])


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("share", 0.976, "rules[0].chance.share"),
        ("asked", 0.5, "rules[0].chance.asked"),
        ("scenarios", 400, "rules[0].chance.scenarios"),
        ("fresh", {"share": 1, "draws": 10_000, "seed": 8}, "rules[0].chance.fresh.share"),
        ("fresh", None, "rules[0].chance.fresh"),
    ],
)
def test_a_chance_that_was_altered_is_found(folder, key, value, place):
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    plan["rules"][0]["chance"][key] = value
    assert checked(folder, sealed(plan)).place == place


def test_a_rule_that_the_picks_keep_too_rarely_is_found(folder):
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    plan["campaign"]["rules"][0] = plan["rules"][0]["label"] = "all engagements >= 900000 in 75%"
    assert checked(folder, sealed(plan)) is not None


def test_a_plan_of_another_seed_is_another_problem(folder):
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    plan["campaign"]["scenarios"]["seed"] = 8
    assert checked(folder, sealed(plan, claims=True)) is not None


FLOORS = ("all engagements >= 10 in 50%", "all engagements >= 2000 in 75%", "all spend <= 900 in 100%")
MEANS = ("all count >= 2", "platform:tiktok spend <= 60%", "platform:tiktok count <= 1")
OFFERS = (("tiktok", 82_418, 260, 40), ("instagram", 60_156, 682, 40), ("instagram", 63_141, 291, 100))


@settings(CALM, max_examples=25)
@given(
    offers=st.lists(
        st.tuples(
            st.sampled_from(("tiktok", "instagram")),
            st.integers(5_000, 90_000),
            st.integers(50, 900),
            st.sampled_from((40, 80, 100)),
        ),
        min_size=2,
        max_size=6,
    ),
    budget=st.integers(200, 2_000),
    rules=st.tuples(st.sampled_from(FLOORS), st.sampled_from(MEANS)),
    count=st.sampled_from((20, 200)),
)
@example(offers=OFFERS, budget=891, rules=("all count >= 2", "all engagements >= 10 in 50%"), count=200)
def test_every_new_plan_with_a_chance_holds(tmp_path_factory, offers, budget, rules, count):
    folder = tmp_path_factory.mktemp("new")
    lines = [
        f"@c{number},{platform},{size},${fee},{chance}%" for number, (platform, size, fee, chance) in enumerate(offers)
    ]
    text = "\n".join(["creator,platform,followers,fee,acceptance", *lines])
    (folder / "roster.csv").write_text(text + "\n", encoding="utf-8")
    settings = {"goal": "engagement", "budget": budget * 100, "scenarios": ScenarioSettings(count=count, seed=1)}
    plan = planned(folder / "roster.csv", build_campaign(*rules, **settings))
    if plan is not None:
        (folder / "plan.json").write_text(plan, encoding="utf-8")
        assert verify(str(folder / "plan.json")).discrepancy is None
