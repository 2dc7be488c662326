"""What all tests stand on: Ctrl-C is heard, here and in what tests start, though a shell's background jobs ignore it."""

import signal

signal.signal(signal.SIGINT, signal.default_int_handler)
