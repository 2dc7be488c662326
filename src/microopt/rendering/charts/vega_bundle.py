"""The code that draws charts in a page, of the packages that come with vl-convert: a page needs no network for it.

Putting it together takes seconds. It is started in a process of its own, so that an analysis can go on meanwhile, and
kept in the user's cache folder for the next page.
"""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import Future
from functools import cache
from importlib import import_module
from importlib.metadata import version
from threading import Thread

from microopt.rendering.charts.bundle_cache import read_bundle, write_bundle

BUILD_SCRIPT = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())"
BUILD_SECONDS = 120.0
MARKER = b"vegaEmbed"  # occurs in complete code, not in a truncated copy


@cache
def start_loading() -> Future[str]:
    """Start to read or build the script in the background."""
    future: Future[str] = Future()
    try:
        Thread(target=_load, args=(future,), daemon=True).start()
    except RuntimeError:  # no more threads
        _load(future)
    return future


@cache
def vega_bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script that can be embedded in a page."""
    try:
        code = start_loading().result()
    except (OSError, subprocess.SubprocessError):  # no second process here: then in this one
        code = import_module("vl_convert").javascript_bundle()
    return re.sub(r"<(?=/script|!--)", r"\\x3C", code, flags=re.IGNORECASE)  # which would end the page's script


def _load(future: Future[str]) -> None:
    try:
        code = read_bundle(version("vl-convert-python")) or _build()
    except BaseException as error:  # whatever it is: who waits for the future would wait for ever
        future.set_exception(error)
    else:
        future.set_result(code)


def _build() -> str:
    # -P: no file of the current folder is taken for a package. Its own session: Ctrl-C is meant for the study.
    command = [sys.executable, "-P", "-c", BUILD_SCRIPT]
    run = subprocess.run(command, capture_output=True, check=True, start_new_session=True, timeout=BUILD_SECONDS)
    if MARKER not in run.stdout:
        raise subprocess.SubprocessError("incomplete code of vl-convert")
    write_bundle(version("vl-convert-python"), run.stdout)
    return run.stdout.decode()
