"""Read Parquet (a file, a folder or a glob) into a `RawTable` with pyarrow, the extra `parquet`."""

from __future__ import annotations

from glob import glob
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from microopt.errors import Fault, RosterError
from microopt.quantities.size_limits import MAX_COLUMNS
from microopt.readers.fault_log import FaultLog
from microopt.readers.formats.raw_bytes import check_unpacked_size, read_stored_bytes, unreadable_file
from microopt.readers.formats.raw_table import RawTable, drop_blank_rows
from microopt.readers.formats.table_limits import check_headers, too_many_columns_error
from microopt.readers.options import ReadOptions

EXACT_FLOATS_BELOW = 2.0**53  # larger whole numbers lose digits as floats
MIN_CELL_BYTES = 8  # the least that an unpacked cell takes
CELLS_AT_ONCE = 1 << 14  # few enough that the longest texts of a spreadsheet take some 500 MB


def read_parquet(path: str, options: ReadOptions, faults: FaultLog) -> RawTable:
    """Read one Parquet file, or all of a folder or glob as one roster; rows are numbered from 2, as in a spreadsheet.

    Raises
    ------
    RosterError
        If there is no such file, it is not Parquet, or unpacks to too much.
    """
    pa, _ = _import_pyarrow()
    paths = _find_paths(path)
    stored = [read_stored_bytes(each, may_wait=each == path) for each in paths]
    try:
        tables = [_read_table(each, data, options) for each, data in zip(paths, stored, strict=True)]
        cells = tables[0] if len(tables) == 1 else pa.concat_tables(tables, promote_options="default")
        cells.validate(full=True)
        columns = [
            _to_plain_column(column, str(name), faults)
            for name, column in zip(cells.schema.names, cells.columns, strict=True)
        ]
    except RosterError:
        raise
    except Exception as error:  # whatever pyarrow raises at the bytes of a stranger, the file is damaged
        reason = (str(error).splitlines() or [""])[0][:200]
        message, fix = f"{path} cannot be read as Parquet: {reason}", "write it again, or export it as .csv"
        raise unreadable_file("file-damaged", message, fix) from None
    digests = [sha256(data).hexdigest() for data in stored]
    digest = digests[0] if len(digests) == 1 else sha256("\n".join(digests).encode()).hexdigest()
    notes = [f"{len(paths)} Parquet files are read as one roster"] if len(paths) > 1 else []
    row = np.arange(cells.num_rows, dtype=np.int64) + 2
    headers = [str(name) for name in cells.schema.names]
    check_headers(path, headers, 1)
    table = RawTable(headers=headers, columns=columns, row=row, sha256=digest, notes=notes)
    drop_blank_rows(table)
    return table


def _find_paths(path: str) -> list[str]:
    folder = Path(path)
    if folder.is_dir():
        found = sorted(str(each) for each in folder.glob("*.parquet"))
    elif any(mark in path for mark in "*?["):
        found = sorted(glob(path))  # noqa: PTH207 (the pattern may be absolute)
    else:
        return [path]
    if not found:
        fix = "check the path, or name a file in it, such as roster.csv"
        raise unreadable_file("file-missing", f"there is no Parquet file in {path}", fix)
    return found


def _import_pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        fix = "install it with: pip install 'microopt[parquet]'"
        raise RosterError("reading Parquet needs pyarrow", fix=fix, code="extra-missing") from None
    return pa, pq


def _read_table(path: str, data: bytes, options: ReadOptions) -> Any:
    """Read a file, unless it unpacks to too much: a few bytes can hold millions of cells."""
    file = _import_pyarrow()[1].ParquetFile(BytesIO(data))
    metadata = file.metadata
    if metadata.num_columns > MAX_COLUMNS:
        raise too_many_columns_error(path, metadata.num_columns)
    stated = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    size = max(stated, metadata.num_rows * metadata.num_columns * MIN_CELL_BYTES)
    check_unpacked_size(path, len(data), size, options.max_unpacked)
    return _read_batches(path, file, len(data), options.max_unpacked)


def _read_batches(path: str, file: Any, packed: int, max_unpacked: int) -> Any:
    """Read the rows of a file in parts, and stop where they take too much.

    A long text that is stored once for many rows takes no room in the file, and its sizes do not count the rows.
    """
    pa, _ = _import_pyarrow()
    schema = pa.schema([(field.name, _decoded_type(field.type)) for field in file.schema_arrow])
    batches, size = [], 0
    for batch in file.iter_batches(batch_size=max(1, CELLS_AT_ONCE // max(1, len(schema)))):
        columns = [column.cast(type) for column, type in zip(batch.columns, schema.types, strict=True)]
        batches.append(pa.RecordBatch.from_arrays(columns, schema=schema))
        size += batches[-1].nbytes
        check_unpacked_size(path, packed, size, max_unpacked)
    return pa.Table.from_batches(batches, schema=schema)


def _decoded_type(type: Any) -> Any:
    """Return the type of a column that states the value in each cell, rather than its place in a list of values."""
    return type.value_type if _import_pyarrow()[0].types.is_dictionary(type) else type


def _to_plain_column(cells: Any, header: str, faults: FaultLog) -> pd.Series[Any]:
    """Return a column as plain numbers or as text; dates, booleans, and large numbers next to empty cells, are text."""
    pa, _ = _import_pyarrow()
    if pa.types.is_nested(cells.type):
        message = f"column {header} holds lists or records"
        fix = "write one plain value per cell, such as beauty"
        faults.add(Fault(code="column-nested", message=message, fix=fix, column=header))
        return pd.Series([None] * len(cells), dtype=object)
    if pa.types.is_binary(cells.type) or pa.types.is_large_binary(cells.type):
        cells = cells.cast(pa.string())
    column: pd.Series[Any] = cells.to_pandas()
    if isinstance(column.dtype, pd.StringDtype):
        return column
    if column.dtype.kind in "iuf" and not (
        pa.types.is_integer(cells.type) and bool((column.abs() >= EXACT_FLOATS_BELOW).any())
    ):
        return column.astype(np.float64) if column.dtype.kind == "f" else column
    return pd.Series([None if cell is None else str(cell) for cell in _to_objects(cells, column)], dtype=object)


def _to_objects(cells: Any, column: pd.Series[Any]) -> list[Any]:
    """Return integers exactly, and anything else as pandas has it, since pandas keeps nanoseconds."""
    if column.dtype.kind in "iuf":
        return list(cells.to_pylist())
    return [None if pd.isna(cell) else cell for cell in column.to_list()]
