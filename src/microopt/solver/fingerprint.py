"""A digest by which two programs are told apart."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microopt.solver.program import IntegerProgram
from microopt.solver.quota_expansion import expand


def fingerprint(program: IntegerProgram) -> str:
    """Return the SHA-256 of all that a program consists of, as hexadecimal text.

    Every array is hashed with its length, every row and pool with its label, so that no two programs give the same
    bytes. Tangents are left out: they belong to a backend's model.
    """
    program, digest = expand(program).program if program.quotas else program, sha256()

    def text(*parts: object) -> None:
        for part in parts:
            encoded = str(part).encode("utf-8", "replace")
            digest.update(b"%d:" % len(encoded) + encoded)

    def array(numbers: NDArray[Any]) -> None:
        text(len(numbers))
        digest.update(np.ascontiguousarray(numbers, dtype="<i8").data)

    for numbers in (program.objective, program.cost, program.group):
        array(numbers)
    text(len(program.rows))
    for row in program.rows:
        text(row.label, row.lower, row.upper, *([] if row.penalty is None else [row.penalty.hex()]))
        array(row.columns)
        array(row.coefficients)
    if program.integer is not None:
        integer = program.integer
        text(integer.upper, integer.objective, *(number for each in integer.coefficients.items() for number in each))
        if integer.lower:
            text(integer.lower)
    for pool in program.pools:
        text(pool.label, pool.size, pool.offset, float(pool.objective).hex(), pool.row)
        array(pool.columns)
        array(pool.exposure)
    return digest.hexdigest()
