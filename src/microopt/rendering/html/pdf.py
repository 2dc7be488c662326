"""A page as PDF: what a browser prints of it, without the time at which it did."""

from __future__ import annotations

import re

from microopt.analysis.report.result import Report
from microopt.plan.plan import Plan
from microopt.rendering.html.browser import print_page
from microopt.rendering.html.page import plan_html, report_html

_DATES = re.compile(rb"/(?:CreationDate|ModDate) ?\(D:(\d{14})[^)]*\)")
NO_DATE = "19700101"


def plan_pdf(plan: Plan) -> bytes:
    """Return the page of a plan alone as PDF.

    Raises
    ------
    OutputError
        If no browser is installed, or it fails.
    """
    return _dated(print_page(plan_html(plan)), plan)


def report_pdf(report: Report) -> bytes:
    """Return the page of a report as PDF.

    Raises
    ------
    OutputError
        If no browser is installed, or it fails.
    """
    return _dated(print_page(report_html(report)), report.plan)


def _dated(pdf: bytes, plan: Plan) -> bytes:
    """Return the file with the report's own date, so that the same plan is the same file; every offset stays."""
    stated = plan.campaign.report.date
    day = NO_DATE if stated is None else stated.strftime("%Y%m%d")

    def replace_date(match: re.Match[bytes]) -> bytes:
        return match[0].replace(match[1], f"{day}000000".encode())

    return _DATES.sub(replace_date, pdf)
