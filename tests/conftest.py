"""Ctrl-C is heard in all tests and in what they start, though the background jobs of a shell ignore it."""

import signal

signal.signal(signal.SIGINT, signal.default_int_handler)
