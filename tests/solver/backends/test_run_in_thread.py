"""Work beside the main thread ends, is ended, or is left behind; Ctrl-C always comes through."""

import signal
import threading
from contextlib import contextmanager

import pytest

from microopt.solver.backends import run_in_thread as threads
from microopt.solver.backends.run_in_thread import WorkerHung, run_in_thread
from microopt.solver.result import Limit


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(threads, "GRACE", 0.1)


@pytest.fixture
def endless():
    """Return an event that work waits for; it is set at the end of the test, so that no thread is left."""
    event = threading.Event()
    yield event
    event.set()


def press():
    signal.raise_signal(signal.SIGINT)


def press_soon():
    threading.Timer(0.05, press).start()


def deaf():
    """Do nothing, as a solver that hears no cancellation."""


def test_work_that_ends_was_cut_short_by_nothing():
    done = []
    assert run_in_thread(lambda: done.append(1), deaf, None) is None
    assert run_in_thread(lambda: done.append(1), deaf, 5.0) is None
    assert done == [1, 1]


def test_what_work_raises_is_raised_here():
    def fail():
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        run_in_thread(fail, deaf, None)


def test_what_is_no_exception_is_raised_where_the_work_is_waited_for():
    class Panic(BaseException):
        pass

    def fail():
        raise Panic

    with pytest.raises(Panic):
        run_in_thread(fail, deaf, None)


def test_work_that_overruns_its_limit_is_told_to_end(endless):
    assert run_in_thread(endless.wait, endless.set, 0.05) is Limit.TIME


def test_work_is_told_to_end_at_its_limit_and_not_when_it_would_be_left_behind(endless, monkeypatch):
    monkeypatch.setattr(threads, "GRACE", 10.0**6)
    assert run_in_thread(endless.wait, endless.set, 0.05) is Limit.TIME


def test_work_that_does_not_end_when_told_is_left_behind(endless):
    with pytest.raises(WorkerHung) as hung:
        run_in_thread(endless.wait, deaf, 0.05)
    assert hung.value.limit is Limit.TIME


def interrupted_work(endless):
    """Return work that presses Ctrl-C once it has begun, and goes on."""

    def work():
        press()
        endless.wait()

    return work


def test_ctrl_c_tells_work_without_a_limit_to_end(endless):
    assert run_in_thread(interrupted_work(endless), endless.set, None) is Limit.INTERRUPT


def test_ctrl_c_while_work_is_being_begun_waits_for_the_beginning(endless, monkeypatch):
    start, begun = threading.Thread.start, []

    def pressed(thread):
        press()
        start(thread)
        begun.append(thread)

    monkeypatch.setattr(threading.Thread, "start", pressed)
    assert run_in_thread(endless.wait, endless.set, None) is Limit.INTERRUPT
    assert begun


def test_ctrl_c_before_work_is_begun_begins_none(monkeypatch):
    @contextmanager
    def interrupted():
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(threads, "defer_signals", interrupted)
    done = []
    assert run_in_thread(lambda: done.append(1), deaf, None) is Limit.INTERRUPT
    assert not done


def test_work_that_does_not_end_at_ctrl_c_is_left_behind(endless):
    with pytest.raises(WorkerHung) as hung:
        run_in_thread(interrupted_work(endless), deaf, None)
    assert hung.value.limit is Limit.INTERRUPT


def test_a_second_ctrl_c_leaves_work_behind_at_once(endless, monkeypatch):
    monkeypatch.setattr(threads, "GRACE", 10.0**6)
    with pytest.raises(WorkerHung) as hung:
        run_in_thread(interrupted_work(endless), press_soon, None)
    assert hung.value.limit is Limit.INTERRUPT


def test_ctrl_c_after_the_limit_is_told_as_an_interrupt(endless, monkeypatch):
    monkeypatch.setattr(threads, "GRACE", 0.3)
    pressed = []

    def cancel():
        if not pressed:
            pressed.append(True)
            press_soon()

    with pytest.raises(WorkerHung) as hung:
        run_in_thread(endless.wait, cancel, 0.0)
    assert hung.value.limit is Limit.INTERRUPT
