"""Numbers of some columns: ascending positions, and a number for each of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def entries(columns: NDArray[np.intp], numbers: NDArray[np.int64], asked: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the number of each column that is asked for, 0 where there is none, (asked,).

    Parameters
    ----------
    columns
        (k,) ascending.
    numbers
        (k,) one for each of them.
    """
    if not len(columns):
        return np.zeros(len(asked), dtype=np.int64)
    if int(columns[-1]) == len(columns) - 1 and int(asked.max(initial=-1)) < len(columns):  # all there are
        return numbers[asked]
    place = np.searchsorted(columns, asked)
    place[place == len(columns)] = 0
    return np.where(columns[place] == asked, numbers[place], 0)
