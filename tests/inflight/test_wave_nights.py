"""A campaign over the waves of a calendar from its first night to its last: no night contradicts the one before."""

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from msgspec.structs import replace

from microopt.campaign.calendar import WaveBudget
from microopt.campaign.progress import Contract, ContractState, PostResults
from microopt.campaign.updates import ReplanRequest, SourceFile
from microopt.inflight.moved_money import LEAST
from microopt.inflight.replan import replan
from microopt.plan.codec import CODEC
from microopt.plan.plan import Plan
from microopt.plan.seal import seal_plan
from microopt.planning.optimize import optimize
from microopt.quantities.keys import match_key
from microopt.readers.plan_file import read_plan
from microopt.readers.roster import read_roster
from microopt.rendering.data.json import json_text
from microopt.verification.verify import verify
from tests.planning.builders import build_campaign
from tests.planning.wave_builders import calendar

NAMES = [f"@{letter}" for letter in "abcdefghij"]
RULES = (
    ("all count >= 1 each wave", "niche:beauty spend >= 10%", "each creator count <= 1 each wave"),
    ("all count 1..5 each wave", "all repeats >= 10%"),
)
CALENDARS = (
    {"carry_over": True, "budgets": {f"2027-0{month}": WaveBudget(high=Fraction(900)) for month in range(1, 5)}},
    {"retainer": ((2, Fraction(1, 10)),)},
    {},
)
MOVES = "what moved between waves, and why"
NIGHTS = ("2026-12-10", "2026-12-28", "2027-01-12", "2027-02-01", "2027-02-15", "2027-03-20", "2027-04-02")


def written(folder, name, plan):
    path = folder / name
    path.write_text(json_text(seal_plan(plan).object), encoding="utf-8")
    return read_plan(str(path))


def answers(plan, today, random, states):
    """Update what the team knows: who was asked says yes or no, and who has agreed posts, or does not."""
    for pick in plan.picks:
        place = pick.creator, pick.wave
        wave = next(each for each in plan.campaign.calendar.waves if each.name == pick.wave)
        state = states.get(place)
        if state is None and wave.starts - today < timedelta(45):
            states[place] = "declined" if random.random() < 0.25 else "signed"
        if states.get(place) == "signed" and wave.starts <= today:
            states[place] = "live" if random.random() < 0.9 else "declined"
        if states.get(place) == "live" and wave.ends < today:
            states[place] = "done"


def contracts(states):
    return tuple(
        Contract(creator=creator, state=ContractState(state), wave=wave) for (creator, wave), state in states.items()
    )


def results(plan, states, random):
    """Return what the posts that are out brought: of each about what was expected of it in its wave."""
    return tuple(
        PostResults(
            creator=pick.creator,
            wave=pick.wave,
            posts=1.0,
            matured_posts=1.0,
            engagements=float(round(pick.metrics["engagements"] / 1000 * random.uniform(0.6, 1.5))),
            impressions=float(round(pick.metrics["impressions"] / 1000 * random.uniform(0.6, 1.5))),
        )
        for pick in plan.picks
        if states.get((pick.creator, pick.wave)) in ("live", "done")
    )


def what_moved_adds_up(before, after):
    """Check that what left a wave is all that it has less, but for cents, and that somebody is named for it."""
    for old, new in zip(before.by_wave, after.by_wave, strict=True):
        told = [move for move in after.replan.moved if move.source == old.wave]
        assert abs(sum(move.amount for move in told) - max(0, old.spend - new.spend)) < LEAST
        assert all(move.amount >= LEAST and move.target != old.wave and move.causes for move in told)
        names = [name for cause in told[0].causes for name in cause.creators] if told else []
        assert len(names) == len(set(names))
        assert {match_key(name) for name in names} <= {match_key(pick.creator) for pick in before.picks}


@pytest.mark.parametrize("seed", range(3))
def test_every_night_follows_from_the_last_and_holds(tmp_path, seed):
    random = np.random.default_rng(seed)
    lines = []
    for name in NAMES:
        followers, fee = random.integers(4, 90) * 1000, random.integers(80, 300)
        lines.append(f"{name},tiktok,video,{followers},{random.choice(['beauty', 'food'])},${fee}")
    (tmp_path / "roster.csv").write_text(
        "\n".join(["creator,platform,offer,followers,niche,fee", *lines, ""]), encoding="utf-8"
    )
    roster = read_roster(str(tmp_path / "roster.csv"))
    when = replace(calendar(4, **CALENDARS[seed % 3]), lead_days=7)
    plan = optimize(roster, build_campaign(*RULES[seed % 2], budget=300_000, calendar=when))
    assert isinstance(plan, Plan), plan
    states: dict[tuple[str, str], str] = {}
    known: tuple[PostResults, ...] = ()
    for number, day in enumerate(NIGHTS):
        last, today = written(tmp_path, f"plan{number}.json", plan), date.fromisoformat(day)
        check = verify(last.path)
        assert check.discrepancy is None, day
        assert (MOVES in check.unproven) == bool(plan.replan is not None and plan.replan.moved)
        answers(plan, today, random, states)
        known = results(plan, states, random)
        request = ReplanRequest(
            made_at=f"{day}T02:00:00Z",
            today=today,
            as_of=today,
            contracts=contracts(states),
            states_file=SourceFile(path="states.csv", sha256=f"s{number}"),
            results=known,
            results_file=SourceFile(path="results.csv", sha256=f"r{number}"),
        )
        plan = replan(last, roster, request)
        assert isinstance(plan, Plan), (day, plan.reasons, plan.clash, states, [rule.label for rule in last.plan.rules])
        what_moved_adds_up(last.plan, plan)
        bought = {(pick.creator, pick.wave): pick for pick in plan.picks}
        kept = {place for place, state in states.items() if state in ("signed", "live", "done")}
        assert kept <= bought.keys(), day
        closed = when.closed_waves(today)
        assert all(place in kept for place in bought if place[1] in closed), day
        assert not any(states.get(place) == "declined" for place in bought), day
    last = written(tmp_path, "last.json", plan)
    assert verify(last.path).discrepancy is None
    assert CODEC.encode(plan)
