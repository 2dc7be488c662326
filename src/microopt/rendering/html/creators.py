"""The table of creators: its columns and cells, what it can be filtered by, and its rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from microopt.analysis.report.result import Report
from microopt.campaign.metrics import internal_units
from microopt.plan.expected_spend import can_decline
from microopt.plan.plan import Plan
from microopt.rendering.language.language import Language
from microopt.rendering.sanitize import escape_formula
from microopt.rendering.story.creators import CreatorRow
from microopt.rendering.story.figures import money_per, write_result
from microopt.rendering.story.metric_names import metric_name, ratio_names
from microopt.rendering.wording.plan_figures import COSTED_METRICS, cost_heading

PAGE_METRICS = ("reach", "engagements", "conversions")
PAGE_RATIOS = ("cpe", "cpa")

Value = str | float | None


class TableColumn(Struct, frozen=True, kw_only=True):
    """A column of the table.

    Attributes
    ----------
    note
        What stands below each cell, in small type.
    """

    key: str
    title: str
    note: str = ""
    number: bool = False


class Cell(Struct, frozen=True, kw_only=True):
    """A cell of the table.

    Attributes
    ----------
    serious
        Whether the note is one that a reader should not miss.
    """

    text: str
    note: str = ""
    serious: bool = False


class Facet(Struct, frozen=True, kw_only=True):
    """What rows can be filtered by.

    Attributes
    ----------
    numbers
        Of each row, the positions of its values in `values`.
    """

    key: str
    title: str
    every: str
    values: tuple[str, ...]
    numbers: tuple[tuple[int, ...], ...]


def columns(report: Report, language: Language) -> list[TableColumn]:
    """Return the columns that the edition of a report shows."""
    _ = language.text
    money = report.edition.fees
    in_waves = bool(report.plan.by_wave)
    rates = any(profile.engagement_rate is not None for profile in report.profiles)
    found = [
        TableColumn(key="creator", title=_("Creator"), note=_("deliverable, wave") if in_waves else _("deliverable")),
        TableColumn(key="platform", title=_("Platform"), note=_("region")),
        TableColumn(key="tier", title=_("Tier"), note=_("niche")),
        TableColumn(key="followers", title=_("Followers"), note=_("engagement rate") if rates else "", number=True),
    ]
    if report.edition.is_internal and can_decline(report.plan):
        found.append(TableColumn(key="acceptance", title=_("Chance of yes"), number=True))
    if money:
        found.append(TableColumn(key="cost", title=cost_title(report.plan, language), number=True))
    for name in PAGE_METRICS:
        found.append(TableColumn(key=name, title=metric_name(name, language), number=True))
    if money:
        found += [TableColumn(key=key, title=ratio_names(language)[key], number=True) for key in PAGE_RATIOS]
    return found


def has_days(plan: Plan) -> bool:
    """Whether the plan says on which day something is posted."""
    return any(pick.posting_date is not None for pick in plan.picks)


def cost_title(plan: Plan, language: Language) -> str:
    """Return the heading of what creators cost: a fee, if nothing is paid on top of fees."""
    return language.text("Fee") if cost_heading(plan) == "Fee" else language.text("Cost")


def cells(row: CreatorRow, language: Language) -> dict[str, Cell]:
    """Return the cells of a creator by the keys of their columns, but for the name."""
    found = {
        "platform": Cell(text=row.platform, note=row.region),
        "tier": Cell(text=row.tier, note=", ".join(row.niche)),
        "followers": Cell(text=row.followers_text, note=row.engagement_rate_text),
        "acceptance": Cell(text=row.acceptance_text),
        "cost": Cell(text=row.cost_text, note=_cost_note(row, language), serious=row.fee_high),
        "cpe": Cell(text=row.cost_per_engagement_text or "-"),
        "cpa": Cell(text=row.cost_per_conversion_text or "-"),
    }
    for name in PAGE_METRICS:
        figure = row.results[name]
        found[name] = Cell(text=figure.text, note=language.text("final") if figure.final else figure.range_text)
    return found


def profile_address(row: CreatorRow) -> str:
    """Return the address of a profile on the web, empty for any other that a click might run or open."""
    return row.link if row.link.startswith(("https://", "http://")) else ""


def _cost_note(row: CreatorRow, language: Language) -> str:
    fee = language.text("fee {fee}", fee=row.fee_text) if row.fee != row.cost else ""
    return ", ".join(filter(None, (fee, row.fee_note)))


def total_cells(plan: Plan, language: Language) -> dict[str, str]:
    """Return the totals by the keys of their columns."""
    totals, currency = plan.totals, plan.roster.currency
    found = {"cost": language.money(totals.spend, currency, whole=True)}
    for name in PAGE_METRICS:
        found[name] = write_result(language, name, totals.metrics[name] / internal_units(name))
    for key in PAGE_RATIOS:
        found[key] = money_per(language, totals.spend, totals.metrics[COSTED_METRICS[key]], currency) or "-"
    return found


def facets(
    rows: Sequence[CreatorRow], tiers: Sequence[str], language: Language, waves: Sequence[str] = ()
) -> list[Facet]:
    """Return what the rows can be filtered by, without what is the same in all of them.

    Parameters
    ----------
    tiers, waves
        In the order in which they are listed.
    """
    _ = language.text
    found = [
        _facet("platform", _("Platform"), _("All platforms"), [(row.platform,) for row in rows]),
        _facet("tier", _("Tier"), _("All tiers"), [(row.tier,) for row in rows], tiers),
        _facet("niche", _("Niche"), _("All niches"), [row.niche for row in rows]),
        _facet("wave", _("Wave"), _("All waves"), [(row.wave,) for row in rows], waves),
    ]
    return [facet for facet in found if len(facet.values) > 1]


def _facet(key: str, title: str, every: str, texts: list[tuple[str, ...]], order: Sequence[str] = ()) -> Facet:
    stated = {text for row in texts for text in row if text}
    values = tuple(
        sorted(stated, key=lambda text: (order.index(text) if text in order else len(order), text.casefold()))
    )
    position = {value: number for number, value in enumerate(values)}
    numbers = tuple(tuple(position[text] for text in row if text) for row in texts)
    return Facet(key=key, title=title, every=every, values=values, numbers=numbers)


def script_data(report: Report, rows: Sequence[CreatorRow], shown: list[Facet], language: Language) -> dict[str, Any]:
    """Return what the scripts of the page sort, filter, add up and copy: every figure as a number.

    Texts are made safe for a spreadsheet, as copies and files are opened in one.
    """
    fields = [*_export_fields(report, language)]
    return {
        "keys": [key for key, _, _ in fields],
        "titles": [title for _, title, _ in fields],
        "rows": [[_safe(value(row)) for _, _, value in fields] for row in rows],
        "facets": {facet.key: facet.numbers for facet in shown},
        "tiers": [*dict.fromkeys(_safe(row.tier) for row in rows)],
    }


def _export_fields(report: Report, language: Language) -> Iterator[tuple[str, str, Callable[[CreatorRow], Value]]]:
    """Yield (key, heading, value) of each column of a copy."""
    _, edition, currency = language.text, report.edition, report.plan.roster.currency
    yield "creator", _("Creator"), lambda row: row.name
    yield "offer", _("Deliverable"), lambda row: row.offer
    yield "link", _("Link"), lambda row: row.link
    yield "platform", _("Platform"), lambda row: row.platform
    yield "region", _("Region"), lambda row: row.region
    yield "tier", _("Tier"), lambda row: row.tier
    yield "niche", _("Niche"), lambda row: ", ".join(row.niche)
    if report.plan.by_wave:
        yield "wave", _("Wave"), lambda row: row.wave
    if has_days(report.plan):
        yield "day", _("Post date"), lambda row: row.day_text
    yield "followers", _("Followers"), lambda row: row.followers
    yield "rate", _("Engagement rate (%)"), lambda row: _rounded(row.engagement_rate, 100)
    if edition.fees:
        yield "fee", _("Fee ({currency})", currency=currency), lambda row: _rounded(row.fee, 0.01)
        yield "cost", _("Cost ({currency})", currency=currency), lambda row: _rounded(row.cost, 0.01)
        if edition.is_internal:
            yield "usual", _("Usual fee ({currency})", currency=currency), lambda row: _rounded(row.usual_fee, 0.01)
    for name in PAGE_METRICS:
        title = metric_name(name, language)
        yield name, title, _result(name, "amount")
        if name != "reach" and report.ranges is not None:
            yield f"{name}_low", _("{result}, low", result=title), _result(name, "low")
            yield f"{name}_high", _("{result}, high", result=title), _result(name, "high")
    if edition.is_internal and can_decline(report.plan):
        yield "acceptance", _("Chance of yes (%)"), lambda row: _rounded(row.acceptance, 100)
    if edition.fees:
        yield "cpe", _("CPE ({currency})", currency=currency), lambda row: _rounded(row.cost_per_engagement, 0.01, 4)
        yield "cpa", _("CPA ({currency})", currency=currency), lambda row: _rounded(row.cost_per_conversion, 0.01, 4)
    if edition.is_internal and any(profile.contact for profile in report.profiles):
        yield "contact", _("Contact"), lambda row: row.contact


def _result(name: str, end: str) -> Callable[[CreatorRow], Value]:
    """Return what reads a result of a row: its `amount`, or the `low` or `high` end of its likely range."""
    return lambda row: _rounded(getattr(row.results[name], end))


def _rounded(value: float | None, factor: float = 1, digits: int = 3) -> float | None:
    if value is None:
        return None
    rounded = round(value * factor, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def _safe(value: Value) -> Value:
    return escape_formula(value) if isinstance(value, str) else value
