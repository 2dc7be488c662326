"""Bytes in, checked values out: rosters and campaign files, every fault found at once."""
