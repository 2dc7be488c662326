"""Files are written completely or not at all, and of several files all or none."""

import os
import subprocess
import sys
from pathlib import Path

from microopt.storage.atomic_write import write_files

KILLED = """
import os, signal, sys
from pathlib import Path
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from microopt.storage.atomic_write import write_files
write_files({sys.argv[1]: "new"})
"""


def kill_writer(target):
    """Kill a run between its writing and its renaming."""
    assert subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False).returncode == -9


def test_the_folder_is_synced_after_the_rename(tmp_path, monkeypatch):
    synced, real = [], os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: (synced.append(str(Path(f"/proc/self/fd/{handle}").readlink())), real(handle))
    )
    write_files({str(tmp_path / "a.json"): "a", str(tmp_path / "b.json"): "b"})
    assert synced[-1] == str(tmp_path)
    assert len(synced) == 3
