"""What a command needs of its process: a working folder and memory. Without them it ends with a plain message."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from errno import EAGAIN, EMFILE, ENFILE, ENOMEM

from msgspec import to_builtins

from microopt.errors import BackendError, ErrorReport, MicrooptError, ResourceError, UsageError, error_report

LEAST_MEMORY = 320_000_000  # bytes of address space; with less, native libraries end the process without a word
AMPLE_MEMORY = 2_000_000_000  # bytes; below, native libraries fail with errors that do not speak of memory
IMAGE_MEMORY = 80_000_000_000  # bytes of address space that V8, which draws charts, takes without using them
IMAGES = ("png", "svg", "square.png", "square.svg")
PAGES = ("html", "pdf")  # charts are drawn once, into the page
MEMORY_FIX = "close other programs, or use a machine with more memory"
NO_MEMORY_WORDS = ("failed to map segment", "cannot allocate memory")  # of the loader of libraries
NO_THREAD_WORDS = "can't start new thread"


def check_process() -> None:
    """Check that the working folder is there, and that there is memory to begin with.

    Raises
    ------
    UsageError
        If the working folder was deleted.
    ResourceError
        If the process may not use the memory that every command needs.
    """
    try:
        os.getcwd()  # noqa: PTH109 (no Path is needed)
    except FileNotFoundError:
        message = "the folder in which microopt was started has been deleted"
        raise UsageError(
            message, fix="go to a folder that exists, such as your own: cd ~", code="folder-deleted"
        ) from None
    except OSError:  # it is there, and a folder above it cannot be read
        pass
    limit = _memory_limit()
    if limit is not None and limit < LEAST_MEMORY:
        raise _memory_error()


def check_image_memory(format: str) -> None:
    """Check that charts can be drawn, if the format is an image of one or a page: V8 would end the process.

    Raises
    ------
    ResourceError
        If the process may not use the address space that V8 takes.
    """
    limit = _memory_limit()
    if format in (*IMAGES, *PAGES) and limit is not None and limit < IMAGE_MEMORY:
        taken, allowed = IMAGE_MEMORY / 1e9, limit / 1e9
        drawn = f"the charts of {format}" if format in PAGES else format
        message = f"drawing {drawn} takes {taken:,.0f} GB of address space, and microopt may use {allowed:,.1f} GB"
        raise ResourceError(message, fix="allow it: ulimit -v unlimited, or write -o plan.xlsx", code="memory")


def find_exhaustion(error: BaseException) -> ResourceError | None:
    """Return the error of a process that has no memory, threads or files left, if that is what is behind an error.

    With little memory allowed, it is what is behind every error that is not one of microopt's.
    """
    for cause in _causes(error):
        may_be_fork = cause is error or isinstance(error, BackendError)  # deeper, it may be a lock that was waited for
        text = str(cause).casefold()
        if isinstance(cause, RuntimeError) and NO_THREAD_WORDS in text:
            if _memory_limit() is not None:
                return _memory_error()
            fix = "end other programs, or raise the limits that these show: ulimit -u; ulimit -v"
            return ResourceError("the system does not let microopt start another thread", fix=fix, code="threads")
        if isinstance(cause, OSError) and cause.errno in (EMFILE, ENFILE):
            fix = "allow more: ulimit -n 1024"
            return ResourceError("the system does not let microopt open another file", fix=fix, code="open-files")
        is_out = isinstance(cause, OSError) and (cause.errno == ENOMEM or (cause.errno == EAGAIN and may_be_fork))
        is_unloaded = isinstance(cause, ImportError) and any(words in text for words in NO_MEMORY_WORDS)
        if isinstance(cause, MemoryError) or is_out or is_unloaded:
            return _memory_error()
    limit = _memory_limit()
    if limit is None or limit >= AMPLE_MEMORY or isinstance(error, MicrooptError):
        return None
    likely = _memory_error()
    return ResourceError(f"{likely.message}, and ended with {type(error).__name__}", fix=likely.fix, code="memory")


def show_plainly(error: MicrooptError, as_json: bool) -> None:
    """Print an error with nothing that takes memory: neither rich nor a module that is not loaded yet."""
    if as_json:
        from importlib.metadata import version

        head = {"schema": f"microopt.{ErrorReport.schema_name}/1", "microopt": version("microopt")}
        text, number = f"{json.dumps({**head, **to_builtins(error_report(error))}, indent=2)}\n", 1
    else:
        text, number = f"Error: {error.message}.\nFix: {error.fix[:1].upper()}{error.fix[1:]}.\n", 2
        text = "".join(mark if mark.isprintable() or mark == "\n" else "?" for mark in text)
    with suppress(OSError):  # nobody can be told, and the exit code still says how it ended
        sys.stdout.flush()
        os.write(number, text.encode("utf-8", "replace"))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it was raised from or while handling, the latest first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _memory_limit() -> int | None:
    """Return the bytes of address space that this process may use; None without a limit."""
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft


def _memory_error() -> ResourceError:
    limit = _memory_limit()
    if limit is None:
        return ResourceError("not enough memory", fix=MEMORY_FIX, code="memory")
    message = f"not enough memory: microopt may use {limit / 1e6:,.0f} MB"
    return ResourceError(message, fix=f"allow it more: ulimit -v {2 << 20}", code="memory")
