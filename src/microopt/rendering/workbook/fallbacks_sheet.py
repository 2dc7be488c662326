"""The sheet Fallbacks: whom to ask where a creator declines, in order, with the cost and what the plan then brings."""

from __future__ import annotations

from collections.abc import Iterator

from microopt.analysis.report.result import Report
from microopt.plan.fallbacks import Substitute
from microopt.quantities.units import Cents
from microopt.rendering.story.metric_names import metric_names
from microopt.rendering.wording.plan_figures import platform_label
from microopt.rendering.workbook.book import GREY, ROW_STYLE, WorkbookWriter
from microopt.rendering.workbook.metric_columns import metric_format

FIRST = 4  # row of the first substitute
WIDTHS = {"creator": 26, "place": 8, "substitute": 26, "tier": 12, "post": 30, "tight": 46}
RESULTS = ("engagements", "conversions")
SIGNED = {name: f"+{metric_format(name)};-{metric_format(name)};0" for name in RESULTS}


def write_fallbacks(book: WorkbookWriter, report: Report) -> None:
    """Write the sheet, if the plan has fallbacks; a client's version has none, as it names who is not booked."""
    plan, text = report.plan, book.text
    if not plan.fallbacks or not report.edition.is_internal:
        return
    sheet = book.sheet(text("Fallbacks"))
    headers = _headers(book, report)
    keys = list(headers)
    sheet.widths([WIDTHS.get(key, 15) for key in keys])
    sheet.title(0, text("If somebody declines"))
    about = text("Ask in this order. Everyone else stays as planned, and your rules are kept.")
    sheet.text(1, 0, about, font_color=GREY)
    left = keys.index("post") + 1
    sheet.header(FIRST - 1, [headers[key] for key in keys], left=left, remarks=[keys.index("tight")])
    formats = {"cost": book.formats.money, "saved": book.formats.money, **SIGNED}
    row = FIRST
    for cells in _rows(book, report):
        for column, key in enumerate(keys):
            style = {"num_format": formats[key]} if key in formats else {}
            sheet.write(row, column, cells.get(key), **style, **ROW_STYLE)
        row += 1
    sheet.page.freeze_panes(FIRST, 1)
    sheet.page.repeat_rows(FIRST - 1)


def _headers(book: WorkbookWriter, report: Report) -> dict[str, str]:
    text, names = book.text, metric_names(book.language)
    money = {"cost": text("Cost"), "saved": text("Plan costs more by")} if report.edition.fees else {}
    return {
        "creator": text("If they decline"),
        "place": text("Ask as"),
        "substitute": text("Creator"),
        "tier": text("Tier"),
        "post": text("Deliverable"),
        **money,
        **{name: names[name] for name in RESULTS},
        "tight": text("Rules that then leave no room"),
    }


def _rows(book: WorkbookWriter, report: Report) -> Iterator[dict[str, float | str | None]]:
    """Yield the cells of each substitute by column; a creator whom nobody can replace has a row of their own."""
    for fallback in report.plan.fallbacks:
        for place, each in enumerate(fallback.substitutes, 1):
            yield {"creator": fallback.creator, "place": place, **_cells(each)}
        if not fallback.substitutes:
            nobody = book.text("nobody alone") if fallback.broken else book.text("nobody who adds to the plan")
            yield {"creator": fallback.creator, "substitute": nobody, "tight": "; ".join(fallback.broken)}


def _cells(substitute: Substitute) -> dict[str, float | str | None]:
    posts = [
        f"{platform_label(offer.platform)} {offer.offer}{f' x{offer.units}' if offer.units > 1 else ''}".strip()
        for offer in substitute.offers
    ]
    return {
        "substitute": substitute.creator,
        "tier": substitute.tier,
        "post": ", ".join(posts),
        "cost": _money(substitute.cost),
        "saved": _money(substitute.change.spend),
        **{name: substitute.change.metrics[name] / 1000 for name in RESULTS},
        "tight": "; ".join(substitute.tight),
    }


def _money(cents: Cents) -> float:
    return cents / 100
