"""Rosters from a few lines of text, and what comes of them."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest

from microopt.errors import RosterError
from microopt.readers.columns.mapping import map_columns
from microopt.readers.context import ReadContext
from microopt.readers.fault_log import FaultLog
from microopt.readers.formats.raw_table import RawTable
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster


def read(text, name="roster.csv", **options):
    """Return the roster that this text (or these bytes) in a file of this name is."""
    return read_with(read_roster, text, name, ReadOptions(**options))


def read_with(reader, text, name="file.csv", options=None, **facts):
    """Return what a reader makes of this text (or these bytes) in a file of this name."""
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return reader(str(path), options or ReadOptions(), **facts)


def roster_error(text, name="roster.csv", **options):
    """Return the error that a roster ends in."""
    with pytest.raises(RosterError) as caught:
        read(text, name, **options)
    return caught.value


def fault_keys(text, name="roster.csv", **options):
    """Return the faults of a roster as (code, row, column)."""
    return [(fault.code, fault.row, fault.column) for fault in roster_error(text, name, **options).faults]


def cells(roster, name):
    return [roster.texts[name][row] for row in range(len(roster))]


def column(*values):
    """Return a column as a format reader gives it: numbers, or text with gaps."""
    if all(isinstance(value, int | float) for value in values):
        return pd.Series(values, dtype=np.float64)
    return pd.Series(values, dtype=object)


def make_context(options=None, **columns):
    """Return a Reading of these columns, their headers being their names."""
    rows = len(next(iter(columns.values())))
    table = RawTable(
        headers=list(columns),
        columns=[column(*values) for values in columns.values()],
        row=np.arange(rows, dtype=np.int64) + 2,
        sha256="",
    )
    made = ReadContext(path="roster.csv", table=table, options=options or ReadOptions(), faults=FaultLog())
    map_columns(made)
    return made


def noted_faults(context):
    """Return what a Reading has noted so far as (code, row, column)."""
    return [(fault.code, fault.row, fault.column) for fault in context.faults.faults]
