"""What was known of a campaign's course for one of two plans and not for the other: its days, states, results."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.plan_diff.result import CampaignChange
from microopt.campaign.campaign import Campaign
from microopt.campaign.contracts import State
from microopt.campaign.progress import CampaignProgress
from microopt.quantities.keys import match_key
from microopt.quantities.parse_and_format import print_count, print_names


def running_changes(before: Campaign, after: Campaign) -> Iterator[CampaignChange]:
    """Yield what changed of a campaign's days, and of what has come of it."""
    for name, title in (("starts", "first"), ("ends", "last")):
        was, now = (_day(getattr(campaign, name)) for campaign in (before, after))
        if was != now:
            told = f"the {title} day of the campaign was {was or 'not said'}, and is {now or 'not said'}"
            yield CampaignChange(what=name, before=was, after=now, told=told)
    if before.running != after.running:
        was, now = (_course(campaign.running) for campaign in (before, after))
        told = _told(before.running, after.running) or "what is known of the campaign's course changed"
        yield CampaignChange(what="running", before=was, after=now, told=told)


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def _course(running: CampaignProgress | None) -> str | None:
    """Return in a few words how far a campaign has come, None before it has begun."""
    if running is None:
        return None
    kept = sum(one.kept for one in running.contracts)
    out = sum(one.state is State.DECLINED for one in running.contracts)
    return f"{kept:,} kept, {out:,} declined, {print_count(_posts(running))} posts"


def _told(before: CampaignProgress | None, after: CampaignProgress | None) -> str:
    was, now = (_states(running) for running in (before, after))
    parts = []
    for state in State:
        names = [
            name for key, (name, mine) in now.items() if mine is state and was.get(key, ("", None))[1] is not state
        ]
        if names:
            verb = "declined" if state is State.DECLINED else f"{'is' if len(names) == 1 else 'are'} {state.value}"
            parts.append(f"{print_names(names)} {verb}")
    posts = [_posts(running) for running in (before, after)]
    if posts[0] != posts[1]:
        parts.append(f"results are of {print_count(posts[1])} posts, before of {print_count(posts[0])}")
    return "; ".join(parts)


def _states(running: CampaignProgress | None) -> dict[str, tuple[str, State]]:
    contracts = () if running is None else running.contracts
    return {match_key(one.creator): (one.creator, one.state) for one in contracts}


def _posts(running: CampaignProgress | None) -> float:
    return 0.0 if running is None else sum(actual.posts for actual in running.actuals)
