"""The columns of the sheet Creators: who, what was agreed, what it costs, what it brings, how to reach them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from microopt.analysis.report.result import Report
from microopt.campaign.metrics import METRICS
from microopt.plan.expected_spend import can_decline
from microopt.plan.plan import Pick, Plan
from microopt.quantities.records import some_have
from microopt.rendering.language.language import Language
from microopt.rendering.story.cost_names import cost_names
from microopt.rendering.story.metric_names import ratio_names
from microopt.rendering.wording.costs import plan_extras
from microopt.rendering.wording.high_fees import is_flagged, market_level
from microopt.rendering.workbook.book import NumberFormats
from microopt.rendering.workbook.metric_columns import COUNT, metric_format, metric_headers
from microopt.roster.written_states import WRITTEN_HEADER

MULTIPLE = '0.0"x"'
METRIC_WIDTHS = {"reach": 10, "impressions": 11.5, "engagements": 12.5, "clicks": 8, "conversions": 12}
DAY = 14  # the short date of whoever opens the workbook
WORKING = ("status", "agreed", "day", "notes")  # what an agency fills in
INTERNAL = (*WORKING, "usual", "multiple", "chance", "remarks", "contact", "written")  # what only the team reads
MONEY = ("agreed", "fee", "usual", "multiple", "cost", "cpe", "cpa", "cpm", "roas", "profit")  # what shows single fees


class CreatorColumn(Struct, frozen=True, kw_only=True):
    """A column of the sheet.

    Attributes
    ----------
    width
        In characters.
    number_format
        Empty for text; a number is one of Excel's own.
    wraps
        Whether long texts continue on a further line.
    remark
        Whether it is text to the right of numbers.
    filled_in
        Whether its cells are to be filled in.
    """

    header: str
    width: float
    number_format: str | int = ""
    wraps: bool = False
    remark: bool = False
    filled_in: bool = False

    @property
    def style(self) -> dict[str, Any]:
        """The properties of the format of its cells."""
        return {
            **({"num_format": self.number_format} if self.number_format else {}),
            **({"text_wrap": True} if self.wraps else {}),
            **({"indent": 1} if self.remark else {}),
            **({"align": "left"} if self.number_format == DAY else {}),
            **({"bg_color": "#FFFBEB"} if self.filled_in else {}),
        }


def creator_columns(report: Report, formats: NumberFormats, language: Language) -> dict[str, CreatorColumn]:
    """Return the columns by key: those of the edition, without those that are empty for every pick."""
    plan, extras = report.plan, plan_extras(report.plan)
    columns = {
        **_who(language, is_internal=report.edition.is_internal),
        **_money(extras, formats, language),
        **_results(formats, language),
        **_texts(language),
    }
    absent = {
        "wave": not plan.by_wave,
        "due": not some_have(plan.picks, "approval_date"),
        "units": all(pick.units == 1 for pick in plan.picks),
        "usual": not any(pick.usual_fee for pick in plan.picks),
        "multiple": not any(pick.usual_fee for pick in plan.picks),
        **dict.fromkeys(("target_impressions", "target_engagements"), plan.on_target is None),
        "chance": not can_decline(plan),
        "revenue": plan.totals.revenue is None,
        "roas": plan.totals.revenue is None,
        "profit": plan.totals.profit is None,
        "region": not any(pick.region for pick in plan.picks),
        "offer": not any(pick.offer for pick in plan.picks),
        "platform": not any(pick.platform for pick in plan.picks),
        "niche": not any(pick.niche for pick in plan.picks),
        "remarks": not any(fee_remarks(plan, language)),
    }
    if not report.edition.is_internal:
        absent |= dict.fromkeys(INTERNAL, True) | {"status": False, "day": False}
    if not report.edition.fees:
        absent |= dict.fromkeys((*MONEY, *extras), True)
    return {key: column for key, column in columns.items() if not absent.get(key)}


def fee_remarks(plan: Plan, language: Language) -> list[str]:
    """Return a remark on the fee of each pick, empty for most; where most fees are high, only those far above them."""
    level, text = market_level(plan.picks, plan.roster.usual_fees), language.text

    def remark(pick: Pick) -> str:
        remarks = [text("fee is an estimate")] if pick.fee_estimated else []
        if is_flagged(pick, level):
            usual = "" if pick.usual_fee is None else f" {language.money(pick.usual_fee, plan.roster.currency)}"
            remarks.append(text("well above the usual{fee}", fee=usual))
        return "; ".join(remarks)

    return list(map(remark, plan.picks))


def _who(language: Language, *, is_internal: bool) -> dict[str, CreatorColumn]:
    text = language.text
    return {
        "creator": CreatorColumn(header=text("Creator"), width=20, wraps=True),
        "offer": CreatorColumn(header=text("Deliverable"), width=11.5, wraps=True),
        "platform": CreatorColumn(header=text("Platform"), width=10, wraps=True),
        "tier": CreatorColumn(header=text("Tier"), width=7, wraps=True),
        "niche": CreatorColumn(header=text("Niche"), width=16, wraps=True),
        "region": CreatorColumn(header=text("Region"), width=7, wraps=True),
        "wave": CreatorColumn(header=text("Wave"), width=10, wraps=True),
        "status": CreatorColumn(header=text("Status"), width=13.5, filled_in=is_internal),
        "day": CreatorColumn(header=text("Post date"), width=10.5, number_format=DAY, filled_in=is_internal),
        "due": CreatorColumn(header=text("Draft due"), width=10.5, number_format=DAY),
        "followers": CreatorColumn(header=text("Followers"), width=10, number_format=COUNT),
        "units": CreatorColumn(header=text("Units"), width=6, number_format=COUNT),
    }


def _money(extras: dict[str, int], formats: NumberFormats, language: Language) -> dict[str, CreatorColumn]:
    text, money, names = language.text, formats.money, cost_names(language)
    return {
        "fee": CreatorColumn(header=text("Fee"), width=8.5, number_format=money),
        "usual": CreatorColumn(header=text("Usual fee"), width=8, number_format=money),
        "multiple": CreatorColumn(header=text("Times usual"), width=7, number_format=MULTIPLE),
        "agreed": CreatorColumn(header=text("Agreed fee"), width=11.5, number_format=money, filled_in=True),
        **{name: CreatorColumn(header=names[name], width=10, number_format=money) for name in extras},
        "cost": CreatorColumn(header=text("Cost"), width=8.5, number_format=money),
        "chance": CreatorColumn(header=text("Chance of yes"), width=9, number_format="0%"),
    }


def _results(formats: NumberFormats, language: Language) -> dict[str, CreatorColumn]:
    text, names, ratios = language.text, metric_headers(language), ratio_names(language)
    return {
        **{
            name: CreatorColumn(header=names[name], width=METRIC_WIDTHS[name], number_format=metric_format(name))
            for name in METRICS
        },
        "target_impressions": CreatorColumn(header=text("Impressions on target"), width=12, number_format=COUNT),
        "target_engagements": CreatorColumn(header=text("Engagements on target"), width=12.5, number_format=COUNT),
        **{key: CreatorColumn(header=name, width=8, number_format=formats.rate) for key, name in ratios.items()},
        "revenue": CreatorColumn(header=text("Revenue"), width=9, number_format=formats.money),
        "roas": CreatorColumn(header=text("ROAS"), width=6.5, number_format='0.00"x"'),
        "profit": CreatorColumn(header=text("Profit"), width=9, number_format=formats.money),
    }


def _texts(language: Language) -> dict[str, CreatorColumn]:
    text = language.text
    return {
        "remarks": CreatorColumn(header=text("Remarks"), width=18, wraps=True, remark=True),
        "notes": CreatorColumn(header=text("Notes"), width=22, wraps=True, remark=True, filled_in=True),
        "contact": CreatorColumn(header=text("Contact"), width=24, wraps=True, remark=True),
        "link": CreatorColumn(header=text("Link"), width=38, remark=True),
        "written": CreatorColumn(header=WRITTEN_HEADER, width=20),
    }
