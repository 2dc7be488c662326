"""What is read from the cache runs in every page: only what this user wrote there, whole."""

import os
import subprocess
import sys
import time
from hashlib import sha256
from importlib.metadata import version

import pytest

from microopt.rendering.charts import bundle_cache
from microopt.rendering.charts.bundle_cache import read_bundle, write_bundle

CODE = b"const vegaEmbed = 1;"
VERSION = "1.0"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the cache folder, with one bundle in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    write_bundle(VERSION, CODE)
    return tmp_path / "microopt"


def the_file(folder):
    (file,) = folder.iterdir()
    return file


def test_what_was_kept_is_read_again_and_is_closed_to_others(folder):
    assert read_bundle(VERSION) == CODE.decode()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert the_file(folder).stat().st_mode & 0o777 == 0o600


def test_another_version_is_not_read(folder):
    assert read_bundle("1.1") is None
    assert read_bundle("1") is None


@pytest.mark.parametrize("content", [b"", CODE[:-1], CODE + b"steal()", b"\xff vegaEmbed"])
def test_a_content_with_another_digest_than_its_name_is_not_read(folder, content):
    the_file(folder).write_bytes(content)
    assert read_bundle(VERSION) is None
    write_bundle(VERSION, CODE)
    assert read_bundle(VERSION) == CODE.decode()


def test_of_a_known_version_only_the_known_content_is_read_and_kept(folder, monkeypatch):
    foreign = b"const vegaEmbed = steal();"
    monkeypatch.setitem(bundle_cache.KNOWN_SHA256, VERSION, sha256(CODE).hexdigest())
    (folder / f"vega-{VERSION}-{sha256(foreign).hexdigest()}.js").write_bytes(foreign)
    assert read_bundle(VERSION) == CODE.decode()
    the_bundle = folder / f"vega-{VERSION}-{sha256(CODE).hexdigest()}.js"
    the_bundle.unlink()
    assert read_bundle(VERSION) is None
    write_bundle(VERSION, foreign)
    assert read_bundle(VERSION) is None


@pytest.mark.slow
def test_the_known_content_is_the_one_that_the_installed_version_makes():
    vl_convert = pytest.importorskip("vl_convert")
    installed = version("vl-convert-python")
    if installed not in bundle_cache.KNOWN_SHA256:
        pytest.skip(f"no digest is known for vl-convert {installed}")
    digest = sha256(vl_convert.javascript_bundle().encode()).hexdigest()
    assert digest == bundle_cache.KNOWN_SHA256[installed]


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o1777])
def test_a_folder_to_which_others_may_write_is_not_read(folder, mode):
    folder.chmod(mode)
    assert read_bundle(VERSION) is None


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_to_which_others_may_write_is_not_read(folder, mode):
    the_file(folder).chmod(mode)
    assert read_bundle(VERSION) is None


@needs_root
@pytest.mark.parametrize("part", ["folder", "file"])
def test_what_is_another_users_is_neither_read_nor_written(folder, part):
    os.chown(folder if part == "folder" else the_file(folder), 65534, 65534)
    assert read_bundle(VERSION) is None
    before = sorted(folder.iterdir())
    write_bundle("2.0", CODE)
    assert (sorted(folder.iterdir()) == before) is (part == "folder")


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_is_no_file_is_not_opened_and_is_replaced(folder, tmp_path, kind):
    file = the_file(folder)
    file.rename(tmp_path / "elsewhere")
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "link":
        file.symlink_to(tmp_path / "elsewhere")
    else:
        file.mkdir()
    assert read_bundle(VERSION) is None
    write_bundle(VERSION, CODE)
    assert read_bundle(VERSION) == (None if kind == "folder" else CODE.decode())


def test_a_link_in_place_of_the_folder_is_not_followed(folder, tmp_path):
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert read_bundle(VERSION) is None
    write_bundle("2.0", CODE)
    assert len(list((tmp_path / "elsewhere").iterdir())) == 1


def test_a_relative_cache_folder_is_not_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    write_bundle(VERSION, CODE)
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


WRITE = """
import resource, sys
from microopt.rendering.charts.bundle_cache import write_bundle
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
write_bundle("3.0", b"x" * 5000)
"""


def test_a_full_disk_is_no_error_and_leaves_no_part(folder):
    before = sorted(folder.iterdir())
    subprocess.run([sys.executable, "-c", WRITE], check=True)
    assert sorted(folder.iterdir()) == before


def test_parts_that_killed_runs_left_and_files_without_a_digest_are_removed(folder):
    stale, fresh = ".vega-0123456789abcdef", ".vega-fedcba9876543210"
    for name in (stale, "tmpabcd1234", "vega-1.9.0.post1.js", fresh, "notes.txt"):
        (folder / name).write_bytes(b"part")
        if name != fresh:
            os.utime(folder / name, (time.time() - 7200,) * 2)
    write_bundle("2.0", CODE)
    names = {path.name for path in folder.iterdir()}
    assert {name for name in names if not name.startswith("vega-")} == {fresh, "notes.txt"}
    assert len(names) == 4
