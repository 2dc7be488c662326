"""The code of the charts: whole, harmless within a page, kept for the next one."""

import re
import subprocess
from hashlib import sha256

import pytest

from microopt.rendering.charts import bundle_cache
from microopt.rendering.charts import vega_bundle as module

CODE = "const vegaEmbed=1;'</script>'"


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """Return an empty cache folder, nothing begun; what the process would make is `CODE`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    sample = []

    def run(command, **given):
        sample.append(command)
        return subprocess.CompletedProcess(command, 0, stdout=CODE.encode())

    monkeypatch.setattr(module.subprocess, "run", run)
    monkeypatch.setattr(bundle_cache, "KNOWN_SHA256", {})
    for part in (module.start_loading, module.vega_bundle):
        part.cache_clear()
    yield tmp_path, sample
    for part in (module.start_loading, module.vega_bundle):
        part.cache_clear()


def again():
    for part in (module.start_loading, module.vega_bundle):
        part.cache_clear()
    return module.vega_bundle()


def test_it_is_made_once_and_kept(fresh):
    folder, sample = fresh
    assert module.vega_bundle() == again()
    assert len(sample) == 1
    (remaining,) = folder.joinpath("microopt").iterdir()
    assert re.fullmatch(rf"vega-[\d.]+\w*-{sha256(CODE.encode()).hexdigest()}\.js", remaining.name)
    assert remaining.read_text(encoding="utf-8") == CODE


@pytest.mark.parametrize("spoiled", [b"", b"half of it", b"\xff\xfe"])
def test_what_is_spoiled_is_made_again(fresh, spoiled):
    folder, sample = fresh
    module.vega_bundle()
    next(folder.joinpath("microopt").iterdir()).write_bytes(spoiled)
    assert "vegaEmbed" in again()
    assert len(sample) == 2


def test_without_a_cache_folder_it_is_made_each_time(fresh):
    folder, sample = fresh
    folder.joinpath("microopt").write_text("a file in its place", encoding="utf-8")
    assert module.vega_bundle() == again()
    assert len(sample) == 2


def test_nothing_in_it_ends_the_pages_script(fresh):
    assert "</script" not in module.vega_bundle()


def test_where_no_process_can_be_begun_this_one_makes_it(fresh, monkeypatch):
    def fail(command, **given):
        raise OSError("no more processes")

    monkeypatch.setattr(module.subprocess, "run", fail)
    assert len(module.vega_bundle()) > 500_000


def test_a_failure_that_nobody_expected_is_raised_where_the_code_is_waited_for(fresh, monkeypatch):
    def fail(_version):
        raise RuntimeError("a defect")

    monkeypatch.setattr(module, "read_bundle", fail)
    with pytest.raises(RuntimeError, match="a defect"):
        module.vega_bundle()


def test_a_user_without_a_home_waits_for_nothing_and_keeps_nothing(fresh, monkeypatch):
    def no_home():
        raise RuntimeError("Could not determine home directory.")

    folder, sample = fresh
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(module.Thread, "start", lambda thread: thread.run())
    monkeypatch.setattr(bundle_cache.Path, "home", no_home)
    assert module.vega_bundle() == again()
    assert len(sample) == 2
    assert list(folder.iterdir()) == []


def test_incomplete_code_of_the_process_is_neither_used_nor_kept(fresh, monkeypatch):
    folder, _ = fresh
    monkeypatch.setattr(module.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 0, b""))
    assert len(module.vega_bundle()) > 500_000
    assert not folder.joinpath("microopt").exists()


def test_where_no_thread_can_be_begun_it_is_made_at_once(fresh, monkeypatch):
    def fail(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(module.Thread, "start", fail)
    assert "vegaEmbed" in module.vega_bundle()
