"""The suffixes of lists, and what a file is that was given in place of another: a table, a plan, a workbook."""

from __future__ import annotations

import re

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
PARQUET = (".parquet", ".pq")
LISTS = (".csv", ".csv.gz", ".tsv", ".tsv.gz", *WORKBOOKS, *PARQUET)  # which no other file has; text may have any
_FIRST_BYTES = 4096
_BINARY = {
    b"PK\x03\x04": "an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF",
}
TABLE = "a table"
TABLES = (TABLE, "an Excel workbook", "a Parquet file")
PLAN = "a plan of microopt"
CAMPAIGN = "a campaign file"
_JSON = re.compile(r'\{\s*"[^"\n]*"\s*:|\[\s*\{')
_SCHEMA = re.compile(r'"schema"\s*:\s*"microopt\.plan/')
_CAMPAIGN_LINE = re.compile(r'(?:#.*\n|\s)*(?:\[\w+\]\s*\n|\w+\s*=\s*["\'\d\[{tf])')
_PAGE = re.compile(r"<!doctype html|<html|<\?xml", re.IGNORECASE)
_SEPARATORS = (",", ";", "\t", "|")


def name_kind(data: bytes) -> str:
    """Return what a file is by its first bytes, such as `a table`; an empty text where these do not show it."""
    for start, kind in _BINARY.items():
        if data.startswith(start):
            return kind
    text = data[:_FIRST_BYTES].decode("utf-8-sig", errors="replace").lstrip()
    if _JSON.match(text):
        return PLAN if _SCHEMA.search(text) else "JSON"
    if _PAGE.match(text):
        return "a web page"
    if _CAMPAIGN_LINE.match(text):
        return CAMPAIGN
    is_table = text[:1] not in "{[" and any(mark in text.partition("\n")[0] for mark in _SEPARATORS)
    return TABLE if is_table else ""
