"""One thing beside another."""

import threading

import pytest

from microopt.readers.formats.beside import in_background


def test_large_work_has_a_thread_of_its_own():
    assert in_background(threading.current_thread, 5, 5)() is not threading.main_thread()


def test_small_work_is_done_at_the_asking():
    done = []
    asked = in_background(lambda: done.append(threading.current_thread()), 4, 5)
    assert not done
    asked()
    assert done == [threading.main_thread()]


def test_what_fails_fails_where_it_is_waited_for():
    def fail():
        raise ValueError("no")

    waiting = in_background(fail, 5, 5)
    with pytest.raises(ValueError, match="no"):
        waiting()
