"""Give memory that was freed back to the system; the C library keeps it for pieces of the same sizes."""

from __future__ import annotations

import ctypes


def release_freed_memory() -> None:
    """Return what the C library holds of freed memory, which after a large file is as much as the file itself."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc alone
    if trim is not None:
        trim(0)
