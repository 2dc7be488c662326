"""Ctrl-C held back."""

from __future__ import annotations

import signal
import threading

import pytest

from microopt.signals import SIGNALS, defer_signals, finish_first


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_that_comes_meanwhile_acts_at_the_end(number):
    done, before = [], signal.signal(number, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), defer_signals():  # noqa: PT012 (what comes after the signal is the point)
            signal.raise_signal(number)
            done.append("the rest")
        assert done
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)


def test_without_a_signal_nothing_changes():
    before = [signal.getsignal(number) for number in SIGNALS]
    with defer_signals():
        pass
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_an_error_meanwhile_is_that_error():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyError), defer_signals():
        raise KeyError
    assert signal.getsignal(signal.SIGINT) is before


def test_a_signal_that_comes_before_an_error_is_not_lost_in_it():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), defer_signals():  # noqa: PT012 (as above)
            signal.raise_signal(signal.SIGINT)
            raise OSError
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_signal_that_comes_as_handlers_are_put_back_leaves_none_held(monkeypatch):
    real, before = signal.signal, {number: signal.signal(number, signal.default_int_handler) for number in SIGNALS}

    def put(number, handler):
        was = real(number, handler)
        if number is signal.SIGINT and handler is signal.default_int_handler:
            signal.raise_signal(signal.SIGINT)
        return was

    monkeypatch.setattr(signal, "signal", put)
    try:
        with pytest.raises(KeyboardInterrupt), defer_signals():
            pass
        assert [signal.getsignal(number) for number in SIGNALS] == [signal.default_int_handler] * 2
    finally:
        for number, handler in before.items():
            real(number, handler)


def test_an_ignored_signal_stays_ignored():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with defer_signals():
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_another_thread_holds_nothing():
    done = []

    def work():
        with defer_signals():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done


@pytest.mark.parametrize("number", SIGNALS)
def test_what_is_finished_first_is_not_lost_to_a_signal(number):
    taken, before = [], signal.signal(number, lambda *arguments: taken.append(arguments))
    try:
        with finish_first():
            signal.raise_signal(number)
            made = "a plan"
        assert (made, len(taken)) == ("a plan", 1)
        signal.signal(number, signal.default_int_handler)
        with finish_first():
            signal.raise_signal(number)
            made = "another plan"
        assert made == "another plan"
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)


def test_an_error_in_what_is_finished_first_is_that_error():
    with pytest.raises(KeyError), finish_first():
        raise KeyError
