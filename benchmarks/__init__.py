"""Measurements of the cost and the gains of microopt: `python -m benchmarks list`."""
