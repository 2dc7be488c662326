"""The time limit of a command counts from the first byte that it reads."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from microopt.cli import time_limit
from microopt.cli.time_limit import limited_reading, seconds_left
from microopt.errors import TimeLimitError
from microopt.files.reading import read_file
from microopt.files.record import recorded_files

ROSTER = "creator,followers,fee\n@anna,5000,100\n@ben,6000,200\n"
PATIENCE = 20  # seconds, on a busy machine


@pytest.fixture
def pipe(tmp_path):
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    return path


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(time_limit, "LEAST_READING", 0.3)


def drip(path, text, pause):
    """Write each line after a pause, until nobody reads any more."""

    def write():
        try:
            with path.open("w") as stream:
                for line in text:
                    stream.write(line)
                    stream.flush()
                    time.sleep(pause)
        except BrokenPipeError:
            return

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread


def test_a_slow_pipe_ends_with_the_time_limit(pipe, short):
    writer = drip(pipe, ["x\n"] * 100, 0.1)
    start = time.perf_counter()
    with recorded_files(), pytest.raises(TimeLimitError, match=r"limit of 0\.3") as caught, limited_reading(0.1):
        read_file(str(pipe))
    assert time.perf_counter() - start < 5
    assert caught.value.fix
    writer.join(5)


def test_an_alarm_that_another_thread_gets_comes_again(pipe, short, monkeypatch):
    """A signal to a process goes to any of its threads, and a read in the main thread then waits on."""
    set_timer = signal.setitimer

    def send_first_elsewhere(kind, seconds, interval=0.0):
        set_timer(kind, seconds + interval if interval else 0, interval)
        if seconds:
            threading.Timer(seconds, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGALRM)).start()

    monkeypatch.setattr(time_limit.signal, "setitimer", send_first_elsewhere)
    writer = drip(pipe, ["x\n", ""], 6)
    start = time.perf_counter()
    with recorded_files(), pytest.raises(TimeLimitError), limited_reading(0.1):
        read_file(str(pipe))
    assert time.perf_counter() - start < 5
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    writer.join(0.1)


def test_waiting_for_the_first_byte_does_not_count(pipe, short):
    def write():
        with pipe.open("w") as stream:
            time.sleep(0.6)
            stream.write(ROSTER)

    writer = threading.Thread(target=write)
    writer.start()
    with recorded_files(), limited_reading(0.3):
        assert read_file(str(pipe)) == ROSTER.encode()
    writer.join()


def test_work_on_what_was_read_counts_too(tmp_path, short):
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER)

    def read_for_ever():
        read_file(str(path))
        while True:
            pass

    with recorded_files(), pytest.raises(TimeLimitError), limited_reading(0.3):
        read_for_ever()


def test_the_alarm_is_off_once_the_files_are_read(tmp_path, short):
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER)
    with recorded_files():
        with limited_reading(0.3):
            read_file(str(path))
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
        time.sleep(0.5)


def test_an_alarm_in_the_moment_in_which_reading_ends_is_the_time_limit_too(tmp_path, monkeypatch):
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER)
    set_timer, alarms = signal.setitimer, [signal.SIGALRM]

    def set_late(kind, seconds, interval=0.0):
        set_timer(kind, seconds, interval)
        if seconds == 0 and alarms:
            signal.raise_signal(alarms.pop())

    monkeypatch.setattr(time_limit.signal, "setitimer", set_late)
    with recorded_files(), pytest.raises(TimeLimitError), limited_reading(60):
        read_file(str(path))


def test_an_error_of_reading_stays_what_it_is(tmp_path):
    with recorded_files(), pytest.raises(FileNotFoundError), limited_reading(60):
        read_file(str(tmp_path / "none.csv"))


def test_the_solve_gets_what_reading_has_left(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER)
    with recorded_files():
        assert seconds_left(60) == 60
        read_file(str(path))
        time.sleep(0.2)
        assert 50 < seconds_left(60) <= 59.8
        assert seconds_left(0.15) == time_limit.LEAST_SECONDS
        assert seconds_left(float("inf")) is None


def test_another_thread_has_no_alarm(tmp_path):
    done = []

    def read():
        with limited_reading(1):
            done.append(True)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert done == [True]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("plan", "-", "-b", "1000"), "plan.json"),
        (("frontier", "-", "-b", "500..1000"), "frontier.json"),
        (("report", "-"), "plan.html"),
    ],
)
def test_a_command_that_reads_a_slow_standard_input_ends_with_exit_code_six(command, name, tmp_path):
    target = tmp_path / name
    args = [sys.executable, "-m", "microopt", *command, "--time-limit", "1", "-o", str(target)]
    process = subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(ROSTER.encode())
    process.stdin.flush()
    try:
        assert process.wait(PATIENCE + time_limit.LEAST_READING) == 6
    finally:
        process.kill()
    _, err = process.communicate()
    assert b"the time limit of 5 seconds passed before the files were read" in err
    assert not target.exists()


@pytest.mark.parametrize("seconds", [1e9, 1e20, 1e308])
def test_a_limit_beyond_what_an_alarm_can_count_is_as_good_as_none(tmp_path, monkeypatch, seconds):
    path, set_timer = tmp_path / "roster.csv", signal.setitimer

    def set_timer_of_macos(kind, seconds, interval=0.0):
        if seconds > 100_000_000:
            raise signal.itimer_error(22, "Invalid argument")
        return set_timer(kind, seconds, interval)

    monkeypatch.setattr(time_limit.signal, "setitimer", set_timer_of_macos)
    path.write_text(ROSTER, encoding="utf-8")
    with recorded_files(), limited_reading(seconds):
        assert read_file(str(path)) == ROSTER.encode()
