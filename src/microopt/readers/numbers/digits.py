"""Parse the digits of the cells of a column together, by what their shapes mean."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microopt.readers.numbers.number_shapes import ShapeMeaning

_NUMBER_BYTES = b"0123456789.-"
_DROPPED = bytes(set(range(256)) - set(_NUMBER_BYTES) - {ord("\n")})
_DROPPED_COMMA = bytes(set(_DROPPED) - {ord(",")} | {ord(".")})
_COMMA_TO_POINT = bytes.maketrans(b",", b".")
NDFloat = NDArray[np.float64]
NDBool = NDArray[np.bool_]


def mark_rows(flags: list[bool], codes: NDArray[np.intp]) -> NDBool:
    """Return which rows have a flag of their shape."""
    return np.asarray(flags, dtype=np.bool_)[codes] if any(flags) else np.zeros(len(codes), dtype=np.bool_)


def parse_values(
    blob: bytes,
    codes: NDArray[np.intp],
    meanings: list[ShapeMeaning],
    marks: list[str],
    units: Mapping[str, float],
) -> NDFloat:
    """Parse the digits of each line, then apply its shape's scale; NaN where the line is not a number."""
    for affix in {affix for meaning in meanings for affix in meaning.affixes}:
        blob = blob.replace(affix.encode(), b" ")
    is_number = [meaning.is_number for meaning in meanings]
    has_comma = [number and mark == "," for number, mark in zip(is_number, marks, strict=True)]
    has_point = [number and mark == "." for number, mark in zip(is_number, marks, strict=True)]
    with_comma = any(has_comma)
    if with_comma and any(has_point):
        values = _parse_digits(blob, mark_rows(has_point, codes), decimal_comma=False)
        is_other = [number and mark != "." for number, mark in zip(is_number, marks, strict=True)]
        others = mark_rows(is_other, codes)
        values = np.where(others, _parse_digits(blob, others, decimal_comma=True), values)
    else:
        values = _parse_digits(blob, mark_rows(is_number, codes), decimal_comma=with_comma)
    if any(meaning.has_exponent for meaning in meanings):
        lines = blob.split(b"\n")
        for i in np.flatnonzero(mark_rows([meaning.has_exponent for meaning in meanings], codes)):
            values[i] = float(lines[i].replace(b",", b"."))
    scale = np.asarray([meaning.scale(units) for meaning in meanings])
    if (scale != 1).any():
        values = scale_values(values, scale[codes])
    percent = [meaning.is_percent for meaning in meanings]
    return np.where(mark_rows(percent, codes), values / 100, values) if any(percent) else values


def _parse_digits(blob: bytes, mask: NDBool, *, decimal_comma: bool) -> NDFloat:
    """Return the numbers of the lines in `mask`, NaN elsewhere."""
    if not mask.any():
        return np.full(len(mask), np.nan)
    digits = blob.translate(_COMMA_TO_POINT, _DROPPED_COMMA) if decimal_comma else blob.translate(None, _DROPPED)
    if not mask.all():
        lines = digits.split(b"\n")
        digits = b"\n".join([line if good else b"nan" for line, good in zip(lines, mask.tolist(), strict=True)])
    return pd.read_csv(io.BytesIO(digits), header=None, dtype=np.float64)[0].to_numpy(copy=True)


def scale_values(values: NDFloat, scale: NDFloat | float) -> NDFloat:
    """Return numbers times their K, M or B, without rounding errors in the last digit: 8.3M is 8300000."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = values * scale
        rounded = np.rint(scaled)
        is_noisy = (scale != np.float64(1)) & (np.abs(scaled - rounded) < 1e-12 * np.abs(rounded))
    return np.where(is_noisy, rounded, scaled)
