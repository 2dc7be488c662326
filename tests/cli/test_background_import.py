"""A module that is imported ahead changes nothing but the time that it takes."""

import sys
import threading
import time
from importlib import import_module

from microopt.cli.background_import import import_in_background


def wait_for_threads():
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(10)


def test_a_module_is_there_when_it_is_needed(tmp_path, monkeypatch):
    (tmp_path / "needed_later.py").write_text("VALUE = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import_in_background("needed_later")
    end = time.monotonic() + 10
    while "needed_later" not in sys.modules and time.monotonic() < end:
        time.sleep(0.01)
    assert sys.modules.pop("needed_later").VALUE == 1


def test_a_module_that_cannot_be_imported_is_not_told_before_it_is_needed(tmp_path, monkeypatch, capfd):
    (tmp_path / "broken.py").write_text("raise RuntimeError('no home')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import_in_background("broken")
    wait_for_threads()
    assert capfd.readouterr() == ("", "")


def test_without_threads_it_is_imported_when_it_is_needed(tmp_path, monkeypatch):
    def fail(_thread):
        raise RuntimeError("can't start new thread")

    (tmp_path / "needed_then.py").write_text("VALUE = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(threading.Thread, "start", fail)
    import_in_background("needed_then")
    assert "needed_then" not in sys.modules
    assert import_module("needed_then").VALUE == 1
    del sys.modules["needed_then"]
