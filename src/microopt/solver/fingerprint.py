"""SHA-256 of a program: two programs with the same one ask the same question, column for column."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.solver.program import IntegerProgram


def fingerprint(program: IntegerProgram) -> str:
    """Return the SHA-256 of values, costs, groups, rows with their bounds, and pools, as hexadecimal text.

    Every array goes in with its length, every row and pool with its label, so that no two programs give the same
    bytes. Tangents do not go in: they are a backend's.
    """
    whole = sha256()

    def text(*parts: object) -> None:
        for part in parts:
            told = str(part).encode("utf-8", "replace")
            whole.update(b"%d:" % len(told) + told)

    def array(numbers: NDArray[Any]) -> None:
        text(len(numbers))
        whole.update(np.ascontiguousarray(numbers, dtype="<i8").data)

    for numbers in (program.objective, program.cost, program.group):
        array(numbers)
    text(len(program.rows))
    for line in program.rows:
        text(line.label, line.lower, line.upper, *([] if line.penalty is None else [line.penalty.hex()]))
        array(line.columns)
        array(line.coefficients)
    for pool in program.pools:
        text(pool.label, pool.size, pool.offset, float(pool.objective).hex(), pool.row)
        array(pool.columns)
        array(pool.exposure)
    return whole.hexdigest()
