"""Plans of a small campaign, as nightly runs make them, but without a solver."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from msgspec.structs import replace

from microopt.campaign.progress import CampaignProgress, Contract, ContractState, PostResults, ResultRow
from microopt.plan.difference import Difference
from microopt.plan.replan_summary import InputFingerprints, ReplanSummary, RosterChange
from microopt.plan.seal import seal_plan
from microopt.rendering.data.json import json_text
from tests.rendering.builders import plan

FIRST = datetime(2026, 3, 1, 2, tzinfo=UTC)
STATES = ("proposed", "offered", "signed", "live", "done")


def run_time(number):
    return f"{FIRST + timedelta(days=number):%Y-%m-%dT%H:%M:%SZ}"


def make_gain(share=Fraction(1, 50)):
    metrics = {"reach": 0, "impressions": 0, "engagements": 900_000, "clicks": 0, "conversions": 2_000}
    return Difference(objective=Fraction(1, 100), share=share, creators=0, spend=-500, metrics=metrics)


def run_plan(number, previous=None, *, switches=(), states=(), actuals=(), salt=""):
    """Return the plan of a nightly run; the first has no previous plan."""
    running = CampaignProgress(
        contracts=tuple(Contract(creator=name, state=ContractState(state)) for name, state in states),
        results=tuple(actuals),
    )
    step = ReplanSummary(
        previous=previous or "",
        made_at=run_time(number),
        inputs=InputFingerprints(roster=f"{number:064d}{salt}"[-64:]),
        switches=tuple(switches),
        gain=make_gain(),
    )
    unsealed = plan(campaign={"name": f"Test{salt}", "running": None if previous is None else running})
    return replace(unsealed, replan=None if previous is None else step)


def seal_and_encode(unsealed):
    """Return the sealed plan and its text."""
    sealed = seal_plan(unsealed)
    return sealed, json_text(sealed.object)


def run_plans(count, **facts):
    """Return the sealed plans and texts of consecutive nightly runs."""
    plans, seal = [], None
    for number in range(count):
        sealed, text = seal_and_encode(run_plan(number, seal, **facts))
        plans.append((sealed, text))
        seal = sealed.seal
    return plans


def added(name, **facts):
    return RosterChange(creator=name, added=True, causes=("fee fell from $900 to $700",), **facts)


def dropped(name, **facts):
    return RosterChange(creator=name, added=False, causes=("declined",), **facts)


def post_results(name, engagements, conversions=None, last=date(2026, 3, 2)):
    return PostResults(creator=name, posts=1, last_day=last, engagements=engagements, conversions=conversions)


def daily_results(rows, *, day=date(2026, 3, 1), engagements=10.0):
    return [
        ResultRow(
            creator=f"@c{number % 14}",
            platform="tiktok",
            offer="video",
            post=f"p{number}",
            posts=1.0,
            day=day + timedelta(days=number // 14),
            engagements=engagements + number,
        )
        for number in range(rows)
    ]
