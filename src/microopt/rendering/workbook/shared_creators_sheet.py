"""The sheet Who gets whom: a row for each campaign that books a shared creator, or would like to."""

from __future__ import annotations

from microopt.plan.portfolio import Booking, PortfolioPlan, SharedCreator
from microopt.rendering.wording.portfolio import worth_legend
from microopt.rendering.wording.shared_creators import creator_sentence, limits_text
from microopt.rendering.workbook.book import GREY, ROW_STYLE, Sheet, WorkbookWriter, row_height
from microopt.rendering.workbook.metric_columns import COUNT

FIRST = 4  # row of the first booking
SHARE = "0.0%"
WIDTHS = (26, 20, 9, 9, 8, 12, 10, 10, 10, 30, 70)


def write_shared_creators(book: WorkbookWriter, plan: PortfolioPlan) -> None:
    """Write the sheet."""
    text = book.text
    sheet = book.sheet(text("Who gets whom"))
    sheet.widths(WIDTHS)
    sheet.title(0, text("Who gets whom"))
    about = text("Creators wanted by more campaigns than can have them, and creators in several campaigns.")
    sheet.text(1, 0, about, font_color=GREY)
    sheet.text(2, 0, " ".join(worth_legend(plan, book.language)), font_color=GREY)
    headings = (
        *(text("Creator"), text("Campaign"), text("Booked"), text("Signed"), text("Posts"), text("Spend")),
        *(text("Worth"), text("One more"), text("Discount"), text("Limit"), text("Why")),
    )
    sheet.header(FIRST - 1, headings, left=4, remarks=(9, 10))
    row = FIRST
    for shared in plan.creators:
        reason = creator_sentence(shared, plan, book.language)
        for booking in shared.bookings:
            _write_booking(sheet, row, shared, booking, reason)
            row += 1
    sheet.page.freeze_panes(FIRST, 1)
    sheet.page.autofilter(FIRST - 1, 0, max(row - 1, FIRST), len(headings) - 1)
    sheet.page.repeat_rows(FIRST - 1)


def _write_booking(sheet: Sheet, row: int, shared: SharedCreator, booking: Booking, reason: str) -> None:
    book, text = sheet.book, sheet.book.text
    answers = {True: text("yes"), False: text("no")}
    limits = limits_text(shared)
    money, share = {"num_format": book.formats.money}, {"num_format": SHARE}
    sheet.text(row, 0, shared.creator, bold=booking.booked, **ROW_STYLE)
    sheet.text(row, 1, booking.campaign, **ROW_STYLE)
    sheet.text(row, 2, answers[booking.booked], **ROW_STYLE)
    sheet.text(row, 3, answers[booking.signed], **ROW_STYLE)
    sheet.write(row, 4, booking.posts if booking.booked else None, num_format=COUNT, **ROW_STYLE)
    sheet.write(row, 5, booking.house_spend / 100 if booking.booked else None, **money, **ROW_STYLE)
    sheet.number(row, 6, float(booking.worth), **share, **ROW_STYLE)
    sheet.write(row, 7, float(shared.price) if shared.price else None, **share, **ROW_STYLE)
    sheet.write(row, 8, float(shared.discount) if shared.discount else None, **share, **ROW_STYLE)
    for column, words in ((9, limits), (10, reason)):
        sheet.text(row, column, words, indent=1, text_wrap=True, **ROW_STYLE)
    if (height := row_height([(limits, WIDTHS[9]), (reason, WIDTHS[10])])) is not None:
        sheet.page.set_row(row, height)
