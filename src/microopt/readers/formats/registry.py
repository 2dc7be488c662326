"""Which format reader a path means: found by its suffix; an unknown suffix is read as delimited text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from microopt.readers.fault_log import FaultLog
from microopt.readers.formats.raw_table import RawTable
from microopt.readers.options import ReadOptions

FormatReader = Callable[[str, ReadOptions, FaultLog], RawTable]
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
PARQUET = (".parquet", ".pq")


def format_reader(path: str) -> FormatReader:
    """Return the reader of a path's format; a folder or a glob means Parquet."""
    suffix = Path(path).suffix.casefold()
    if suffix in WORKBOOKS:
        from microopt.readers.formats.xlsx import read_xlsx

        return read_xlsx
    if suffix in PARQUET or (path != "-" and Path(path).is_dir()):
        from microopt.readers.formats.parquet import read_parquet

        return read_parquet
    from microopt.readers.formats.delimited import read_delimited

    return read_delimited
