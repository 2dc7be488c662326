"""Parquet (a file, a folder or a glob) -> RawTable, through pyarrow (the extra `parquet`)."""

from __future__ import annotations

from glob import glob
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from microopt.errors import Fault, RosterError
from microopt.readers.faults import FaultLog
from microopt.readers.options import ReadOptions
from microopt.readers.source import stored_bytes, unreadable
from microopt.readers.table import RawTable, drop_blank


def read_parquet(path: str, options: ReadOptions, faults: FaultLog) -> RawTable:  # noqa: ARG001 (every format reader takes options)
    """Read one Parquet file, or all of a folder or glob as one roster; rows are numbered from 2, as in a spreadsheet.

    Raises
    ------
    RosterError
        If there is no such file, or it is no Parquet.
    """
    paths = _paths(path)
    stored = [stored_bytes(each) for each in paths]
    frame = _frame(path, stored)
    for header in [str(name) for name in frame.columns if frame[name].map(type).isin((list, dict, np.ndarray)).any()]:
        message = f"column {header} holds lists or records"
        faults.add(Fault(code="column-nested", message=message, fix="write one plain value a cell", column=header))
    digests = [sha256(data).hexdigest() for data in stored]
    digest = digests[0] if len(digests) == 1 else sha256("\n".join(digests).encode()).hexdigest()
    notes = [f"{len(paths)} Parquet files are read as one roster"] if len(paths) > 1 else []
    row = np.arange(len(frame), dtype=np.int64) + 2
    columns = [_plain(frame.iloc[:, i]) for i in range(frame.shape[1])]
    table = RawTable(
        headers=[str(name) for name in frame.columns], columns=columns, row=row, sha256=digest, notes=notes
    )
    drop_blank(table)
    return table


def _paths(path: str) -> list[str]:
    folder = Path(path)
    if folder.is_dir():
        found = sorted(str(each) for each in folder.glob("*.parquet"))
    elif any(mark in path for mark in "*?["):
        found = sorted(glob(path))  # noqa: PTH207 (the pattern may be absolute)
    else:
        return [path]
    if not found:
        raise unreadable("file-missing", f"there is no Parquet file in {path}", "check the path")
    return found


def _frame(path: str, stored: list[bytes]) -> pd.DataFrame:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        fix = "install it with: pip install 'microopt[parquet]'"
        raise RosterError("reading Parquet needs pyarrow", fix=fix, code="extra-missing") from None
    try:
        tables = [pq.read_table(BytesIO(data)) for data in stored]
        frame: pd.DataFrame = pa.concat_tables(tables, promote_options="default").to_pandas()
    except (pa.ArrowException, OSError, ValueError) as error:
        told = str(error).splitlines()[0][:200]
        raise unreadable("file-damaged", f"{path} cannot be read as Parquet: {told}", "write it again") from None
    return frame


def _plain(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column of plain numbers or of objects; categories, dates and booleans become text."""
    if column.dtype.kind in "iuf" or isinstance(column.dtype, pd.StringDtype):
        return column
    return pd.Series(
        [None if pd.api.types.is_scalar(v) and pd.isna(v) else str(v) for v in column.to_list()], dtype=object
    )
