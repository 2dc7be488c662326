"""Small plans with a calendar to render."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from msgspec.structs import replace

from microopt.analysis.over_time.result import Timing, TimingCase, TimingComparison
from microopt.campaign.calendar import Calendar, Wave
from microopt.campaign.metrics import METRICS
from microopt.plan.by_wave import ByWave
from microopt.plan.posting_dates import Post, suggest_dates
from tests.rendering.builders import pick, plan

OFFERS = (("reel", "instagram"), ("video", "youtube"), ("story", "instagram"), ("live stream", "tiktok"))
TIERS = ("macro", "micro", "micro", "micro", "nano")


def months(count):
    """Return waves of consecutive months, from March 2027 on."""
    starts = [date(2027 + (2 + number) // 12, (2 + number) % 12 + 1, 1) for number in range(count + 1)]
    return tuple(
        Wave(name=f"{start:%Y-%m}", starts=start, ends=after - timedelta(days=1)) for start, after in pairwise(starts)
    )


def posts(waves, creators=5, **facts):
    """Return picks: creator 0 posts in the first wave, creator n in every n-th but the second."""
    found = []
    for number in range(creators):
        offer, platform = OFFERS[number % len(OFFERS)]
        places = [0] if number == 0 else [place for place in range(0, len(waves), number) if place != 1]
        own = {"creator": f"@creator.{number}", "offer": offer, "platform": platform, "tier": TIERS[number % 5]}
        found += [pick(number, **{**own, "wave": waves[place].name, **facts}) for place in places]
    return found


def sums(wave, chosen, **limits):
    """Return what the picks of a plan are in one wave."""
    own = [each for each in chosen if each.wave == wave.name]
    return ByWave(
        wave=wave.name,
        starts=wave.starts,
        ends=wave.ends,
        demand=wave.demand,
        creators=len({each.creator for each in own}),
        posts=sum(each.units for each in own),
        spend=sum(each.cost for each in own),
        metrics={name: sum(each.metrics[name] for each in own) for name in METRICS},
        **limits,
    )


def in_waves(count=3, chosen=None, *, waves=None, limits=None, campaign=None, **overrides):
    """Return a plan with a calendar: nobody posts in the second wave.

    Parameters
    ----------
    limits
        By wave, the least and the most that its budget allows.
    """
    waves = months(count) if waves is None else tuple(waves)
    chosen = posts(waves) if chosen is None else chosen
    by_wave = tuple(sums(wave, chosen, **(limits or {}).get(wave.name, {})) for wave in waves)
    calendar = Calendar(waves=waves, retainer=((3, Fraction(1, 10)),))
    return plan(chosen, campaign={"calendar": calendar, **(campaign or {})}, by_wave=by_wave, **overrides)


def timing_case(timing=Timing.BURST, *names, share=Fraction(4, 5), **overrides):
    """Return another plan, which brings so much of what the plan over the waves brings."""
    over = in_waves()
    first = over.by_wave[0].wave
    chosen = [pick(0, creator="@creator.0", wave=first), pick(2, creator="@creator.2", wave=first)]
    value = over.proof.objective * (share or 1)
    other = in_waves(chosen=chosen, proof=replace(over.proof, objective=value, bound=value))
    facts = {"waves": names or ((first,) if timing is Timing.BURST else ()), "result": other, "share_of_plan": share}
    return TimingCase(timing=timing, **{**facts, **overrides})


def timing_comparison(*bursts, others=None, **overrides):
    """Return one burst beside a plan over three waves."""
    others = [timing_case(timing) for timing in (Timing.ONE_WAVE_EACH, Timing.FULL_FEES)] if others is None else others
    facts = {"plan": in_waves(), "bursts": bursts or (timing_case(),), "others": tuple(others), "seconds": 1.5}
    return TimingComparison(**{**facts, **overrides})


def dated(sample=None, **campaign):
    """Return a plan with a calendar whose picks have their days."""
    sample = in_waves() if sample is None else sample
    sample = replace(sample, campaign=replace(sample.campaign, **campaign))
    calendar, ids = sample.campaign.calendar, list(dict.fromkeys(each.creator for each in sample.picks))
    places = [(ids.index(each.creator), calendar.names.index(each.wave)) for each in sample.picks]
    found = suggest_dates(calendar, [Post(creator=creator, wave=wave) for creator, wave in places])
    chosen = [
        replace(each, posting_date=days.posting, approval_date=days.approval, briefing_date=days.briefing)
        for each, days in zip(sample.picks, found, strict=True)
    ]
    return replace(sample, picks=tuple(chosen))
