"""The sentences of every output."""
