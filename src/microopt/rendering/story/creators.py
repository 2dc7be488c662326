"""The creators of a plan, each a row of figures and texts for the edition of a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from microopt.analysis.report.result import CreatorProfile, Report
from microopt.campaign.metrics import METRICS
from microopt.plan.expected_spend import can_decline
from microopt.plan.likely_range import LikelyRange
from microopt.plan.plan import Pick
from microopt.quantities.units import Cents
from microopt.rendering.language.language import Language
from microopt.rendering.sanitize import plain_text
from microopt.rendering.story.figures import (
    Figure,
    fine_percent,
    money_per,
    ratio,
    result_figure,
    write_money,
    write_result,
)
from microopt.rendering.wording.high_fees import fee_multiple, is_flagged, market_level
from microopt.rendering.wording.plan_figures import format_offer

PLATFORM_NAMES = {"tiktok": "TikTok", "youtube": "YouTube", "linkedin": "LinkedIn", "vk": "VK", "wechat": "WeChat"}


class CreatorRow(Struct, frozen=True, kw_only=True):
    """One offer in a plan: figures as numbers, None where unknown or not shown, and as texts, empty where so.

    Attributes
    ----------
    offer
        The deliverable, with how often it is bought.
    link
        Web address of the profile, or empty.
    fee, cost, usual_fee
        Cents.
    fee_high
        Whether the fee is far above the usual one, also for a market where most fees are above the usual ones.
        Internal.
    fee_note
        What must be said of the fee: that it is estimated, or how many times the usual fee it is; or empty.
    results
        By metric.
    cost_per_engagement, cost_per_conversion
        Cents.
    contact
        Internal.
    acceptance
        How likely the creator says yes. Internal; None where everyone in the plan is sure to.
    wave
        In which it is posted; empty without a calendar.
    day_text
        The day on which it is to be posted, or empty.
    """

    name: str
    offer: str = ""
    link: str = ""
    platform: str = ""
    tier: str = ""
    niche: tuple[str, ...] = ()
    region: str = ""
    followers: int = 0
    followers_text: str = ""
    engagement_rate: float | None = None
    engagement_rate_text: str = ""
    fee: Cents | None = None
    fee_text: str = ""
    cost: Cents | None = None
    cost_text: str = ""
    usual_fee: Cents | None = None
    fee_high: bool = False
    fee_note: str = ""
    results: Mapping[str, Figure] = {}
    cost_per_engagement: float | None = None
    cost_per_engagement_text: str = ""
    cost_per_conversion: float | None = None
    cost_per_conversion_text: str = ""
    contact: str = ""
    acceptance: float | None = None
    acceptance_text: str = ""
    wave: str = ""
    day_text: str = ""


def creator_rows(report: Report, language: Language) -> tuple[CreatorRow, ...]:
    """Return a row of each pick, in the plan's order.

    The edition of the report decides what is left out: the money of single creators, or what only the team reads.
    """
    level, declines = market_level(report.plan.picks, report.plan.roster.usual_fees), can_decline(report.plan)
    return tuple(
        CreatorRow(
            **{
                **_identity(pick, _profile(report, number), language),
                **_results(report, number, language),
                **(_money(report, pick, language) if report.edition.fees else {}),
                **(_internal(report, number, level, language) if report.edition.is_internal else {}),
                **(_acceptance(pick, language) if declines and report.edition.is_internal else {}),
            }
        )
        for number, pick in enumerate(report.plan.picks)
    )


def platform_name(platform: str) -> str:
    """Return the name of a platform as its users write it."""
    return PLATFORM_NAMES.get(platform.casefold(), f"{platform[:1].upper()}{platform[1:]}")


def _acceptance(pick: Pick, language: Language) -> dict[str, Any]:
    chance = float(1 if pick.acceptance is None else pick.acceptance)
    return {"acceptance": chance, "acceptance_text": language.percent(chance)}


def _profile(report: Report, number: int) -> CreatorProfile:
    return report.profiles[number] if report.profiles else CreatorProfile()


def _identity(pick: Pick, profile: CreatorProfile, language: Language) -> dict[str, Any]:
    rate = profile.engagement_rate
    return {
        "name": plain_text(pick.creator),
        "offer": plain_text(format_offer(pick)),
        "link": profile.link,
        "platform": plain_text(platform_name(pick.platform)),
        "tier": plain_text(pick.tier),
        "niche": tuple(map(plain_text, pick.niche)),
        "region": plain_text(pick.region),
        "wave": plain_text(pick.wave or ""),
        "day_text": "" if pick.posting_date is None else language.short_day(pick.posting_date),
        "followers": pick.followers,
        "followers_text": write_result(language, "reach", pick.followers),
        "engagement_rate": rate,
        "engagement_rate_text": "" if rate is None else fine_percent(language, rate),
    }


def _results(report: Report, number: int, language: Language) -> dict[str, Any]:
    pick = report.plan.picks[number]
    ranges: Mapping[str, LikelyRange] = report.ranges.picks[number] if report.ranges is not None else pick.likely
    results = {
        name: result_figure(
            language,
            name,
            pick.metrics[name],
            ranges.get(name) if name != "reach" else None,
        )
        for name in METRICS
    }
    return {"results": results}


def _money(report: Report, pick: Pick, language: Language) -> dict[str, Any]:
    currency = report.plan.roster.currency
    about = "~" if pick.fee_estimated else ""
    costs: dict[str, Any] = {}
    for key, name in (("cost_per_engagement", "engagements"), ("cost_per_conversion", "conversions")):
        amount = pick.metrics[name]
        costs[key] = pick.cost * 1000 / amount if amount else None
        costs[f"{key}_text"] = money_per(language, pick.cost, amount, currency)
    return {
        **costs,
        "fee": pick.fee,
        "fee_text": about + write_money(language, pick.fee, currency),
        "cost": pick.cost,
        "cost_text": about + write_money(language, pick.cost, currency),
        "fee_note": language.text("estimated") if pick.fee_estimated else "",
    }


def usual_fee_source(report: Report, language: Language) -> str:
    """Return where usual fees come from, for the team; empty where no fee is compared with one."""
    facts, edition = report.plan.roster.usual_fees, report.edition
    if facts is None or not (edition.is_internal and edition.fees):
        return ""
    if not any(fee_multiple(pick) is not None for pick in report.plan.picks):
        return ""
    if facts.from_list:
        return language.plural(
            "Usual fees come from the prices of {count} creator on the list.",
            "Usual fees come from the prices of {count} creators on the list.",
            facts.creators,
        )
    return language.text("Usual fees are industry estimates.")


def _internal(report: Report, number: int, level: float | None, language: Language) -> dict[str, Any]:
    """Return what only the team reads: how the fee compares with the usual one, and how the creator is reached.

    Parameters
    ----------
    level
        How many times the usual fee the fees of this market are, None if that is not known to be more.
    """
    pick = report.plan.picks[number]
    facts: dict[str, Any] = {"contact": plain_text(_profile(report, number).contact)}
    if not report.edition.fees:
        return facts
    multiple = fee_multiple(pick)
    if multiple is not None:
        note = language.text("{multiple}x the usual fee", multiple=ratio(language, round(multiple, 1)))
        facts |= {"fee_high": is_flagged(pick, level), "fee_note": note}
    return {**facts, "usual_fee": pick.usual_fee}
