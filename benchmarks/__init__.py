"""What microopt costs and what it brings, measured: `python -m benchmarks list`."""
