"""Build rosters from a few lines of text, and return what the readers make of them."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest

from microopt.errors import RosterError
from microopt.readers.context import ReadContext
from microopt.readers.fault_log import FaultLog
from microopt.readers.formats.encoding import to_utf8
from microopt.readers.formats.raw_table import RawTable
from microopt.readers.headers.mapping import map_columns
from microopt.readers.options import ReadOptions
from microopt.readers.roster import read_roster


def read(text, name="roster.csv", **options):
    """Read a roster from a file with this name and this text (or these bytes)."""
    return read_with(read_roster, text, name, ReadOptions(**options))


def read_with(reader, text, name="file.csv", options=None, **parameters):
    """Read a file with this name and this text (or these bytes) with a reader."""
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return reader(str(path), options or ReadOptions(), **parameters)


def decode(*arguments, **options):
    """Return the bytes of a text in UTF-8, and what is told of its encoding."""
    text = to_utf8("r", *arguments, **options)
    return text.data, [note for note in (text.encoding, text.doubt, text.lost) if note]


def roster_error(text, name="roster.csv", **options):
    """Return the error that reading a roster raises."""
    with pytest.raises(RosterError) as caught:
        read(text, name, **options)
    return caught.value


def fault_keys(text, name="roster.csv", **options):
    """Return the faults of a roster as (code, row, column)."""
    return [(fault.code, fault.row, fault.column) for fault in roster_error(text, name, **options).faults]


def cells(roster, name):
    return [roster.texts[name][row] for row in range(len(roster))]


def column(*values):
    """Return a column as a format reader does: numbers, or text with missing cells."""
    if all(isinstance(value, int | float) for value in values):
        return pd.Series(values, dtype=np.float64)
    return pd.Series(values, dtype=object)


def make_context(options=None, **columns):
    """Return a context with these columns, which have their names as headers."""
    rows = len(next(iter(columns.values())))
    table = RawTable(
        headers=list(columns),
        columns=[column(*values) for values in columns.values()],
        row=np.arange(rows, dtype=np.int64) + 2,
        sha256="",
    )
    context = ReadContext(path="roster.csv", table=table, options=options or ReadOptions(), faults=FaultLog())
    map_columns(context)
    return context


def noted_faults(context):
    """Return the faults noted so far as (code, row, column)."""
    return [(fault.code, fault.row, fault.column) for fault in context.faults.faults]
