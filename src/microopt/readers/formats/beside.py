"""Do one thing beside another: hashing and grouping leave Python's lock, so that a second core can do them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def in_background(work: Callable[[], T], size: int, large: int) -> Callable[[], T]:
    """Begin `work` in a thread where `size` is `large` or more; return what waits for its result.

    What it raises is raised by the one who waits; smaller work is done at the asking.
    """
    if size < large:
        return work
    with_one = ThreadPoolExecutor(1)
    begun = with_one.submit(work)
    with_one.shutdown(wait=False)
    return begun.result
