"""What a plan brings of the people whom its campaign is to reach."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.campaign.target_audience import TargetAudience
from microopt.plan.plan import Plan
from microopt.quantities.parse_and_format import format_money, format_percent, join_words
from microopt.rendering.wording.plan_figures import format_metric

MOST_COUNTRIES = 4  # that are named


def describe_audience(target: TargetAudience) -> str:
    """Return an audience in words: `women aged 18-34 in DE and AT`."""
    people = {"female": "women", "male": "men"}.get(target.gender or "", "people")
    ages = "" if target.ages is None else f" aged {target.ages.text}"
    return f"{people}{ages}{f' in {_countries(target.countries)}' if target.countries else ''}"


def _countries(codes: tuple[str, ...]) -> str:
    if len(codes) <= MOST_COUNTRIES:
        return join_words(codes)
    return join_words([*codes[: MOST_COUNTRIES - 1], f"{len(codes) - MOST_COUNTRIES + 1} more countries"])


def target_sentence(plan: Plan) -> Iterator[str]:
    """Yield what a plan brings on target, where its campaign has a target and its plan has creators."""
    target, on_target = plan.campaign.target_audience, plan.on_target
    if target is None or on_target is None or not plan.picks:
        return
    audience = describe_audience(target)
    share, cpm, metrics = on_target.share, on_target.cpm, plan.totals.metrics
    if not share or cpm is None:
        yield f"Nobody on target ({audience}) is expected to be reached."
        return
    cents = round(cpm * 100)
    money = format_money(cents, plan.roster.currency, whole_units=cents >= 100_00)
    results = ", ".join(
        f"{format_metric(name, metrics[f'target_{name}'])} {name}" for name in ("engagements", "conversions")
    )
    people = format_metric("reach", metrics["target_reach"])
    yield (
        f"On target ({audience}): {format_percent(float(share))} of impressions at a CPM of {money}, "
        f"a gross reach of {people}, {results}."
    )
