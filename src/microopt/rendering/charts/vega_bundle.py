"""The code that draws charts in a page, of the packages that come with vl-convert: a page needs no network for it.

Putting it together takes seconds. It is started in a process of its own, so that an analysis can go on meanwhile, and
kept in the user's cache folder for the next page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from threading import Thread

BUILD_SCRIPT = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())"
MARKER = "vegaEmbed"  # occurs in complete code, not in a truncated copy


@cache
def start_loading() -> Future[str]:
    """Start to read or build the script in the background."""
    future: Future[str] = Future()
    Thread(target=_load, args=(future,), daemon=True).start()
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
        future.set_result(_read_cache(_cache_path()) or _build())
    except (OSError, subprocess.SubprocessError) as error:
        future.set_exception(error)


def _cache_path() -> Path:
    folder = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(folder) / "microopt" / f"vega-{version('vl-convert-python')}.js"


def _read_cache(path: Path) -> str | None:
    try:
        code = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return code if MARKER in code else None


def _build() -> str:
    # -P: no file of the current folder is taken for a package. Its own session: Ctrl-C is meant for the study.
    command = [sys.executable, "-P", "-c", BUILD_SCRIPT]
    code = subprocess.run(command, capture_output=True, check=True, start_new_session=True).stdout
    with suppress(OSError):  # a cache that cannot be written is none: the code is there
        _write_cache(_cache_path(), code)
    return code.decode()


def _write_cache(path: Path, code: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(code)
    Path(file.name).replace(path)
