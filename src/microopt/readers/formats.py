"""Which format reader a path means: found by its suffix; an unknown suffix is read as delimited text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from microopt.readers.faults import FaultLog
from microopt.readers.options import ReadOptions
from microopt.readers.table import RawTable

FormatReader = Callable[[str, ReadOptions, FaultLog], RawTable]
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
PARQUET = (".parquet", ".pq")


def format_reader(path: str) -> FormatReader:
    """Return the reader of a path's format; a folder or a glob means Parquet."""
    suffix = Path(path).suffix.casefold()
    if suffix in WORKBOOKS:
        from microopt.readers.xlsx import read_xlsx

        return read_xlsx
    if suffix in PARQUET or (path != "-" and Path(path).is_dir()):
        from microopt.readers.parquet import read_parquet

        return read_parquet
    from microopt.readers.delimited import read_delimited

    return read_delimited
