"""Whole processes: time, processor time and peak memory of a command that may take too long or too much."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
ROOM = 18 << 30  # bytes of addresses: who asks for more fails, and the machine does not swap
EMPTY = ("MemoryError", "bad_alloc", "std::length_error", "Cannot allocate memory", "Unable to allocate")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRun:
    """Time and memory of one run of a command.

    Attributes
    ----------
    seconds
        From its start to its end, or until it was ended.
    cpu
        Processor seconds of it and of the children it waited for.
    megabytes
        The most that it, or one of the children it waited for, held.
    code
        Its exit code; of a signal, the negative number.
    late
        Whether it was ended because it took too long.
    out, err
        What it printed.
    """

    seconds: float
    cpu: float
    megabytes: float
    code: int
    timed_out: bool
    out: str
    err: str

    @property
    def ran_out_of_memory(self) -> bool:
        """Whether it ran out of memory."""
        failed = self.code != 0 and not self.timed_out
        return failed and (self.code == -signal.SIGKILL or any(word in self.err for word in EMPTY))

    @property
    def failure(self) -> str:
        """The cell text of a command that failed."""
        if self.timed_out:
            return f"> {self.seconds:.0f} s"
        if self.ran_out_of_memory:
            return "out of memory"
        return f"failed ({self.code}: {(self.err.strip().splitlines() or ['no word'])[-1][:80]})"


def run_command(command: Sequence[str], *, env: Mapping[str, str], seconds: float, room: int = ROOM) -> CommandRun:
    """Run a command from the root of the repository.

    Parameters
    ----------
    seconds
        After which it is ended, and its children with it.
    room
        Bytes of addresses it may have.
    """
    with TemporaryDirectory(prefix="microopt-bench-") as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        launcher = [sys.executable, "-I", "-S", str(HERE / "launcher.py"), str(seconds), str(room), str(out), str(err)]
        done = subprocess.run(
            [*launcher, *command], env=dict(env), cwd=HERE.parent, stdout=subprocess.PIPE, text=True, check=True
        )
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in (out, err)]
    return CommandRun(**json.loads(done.stdout), out=texts[0], err=texts[1])
