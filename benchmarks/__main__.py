"""`python -m benchmarks list`, `python -m benchmarks startup`, `python -m benchmarks --smoke`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks.markdown import publish
from benchmarks.registry import SPECS
from benchmarks.spec import Spec


def main(arguments: Sequence[str] | None = None) -> int:
    """Run benchmarks by name, all of them by default, and return the exit code."""
    options = _parser().parse_args(arguments)
    if options.name == "list":
        for spec in SPECS.values():
            print(f"{spec.name:10}{spec.about}")
        return 0
    for spec in SPECS.values() if options.name is None else [SPECS[options.name]]:
        _run(spec, smoke=options.smoke)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure microopt; see README.md.")
    parser.add_argument("name", nargs="?", choices=["list", *SPECS], help="which one; all by default")
    parser.add_argument("--smoke", action="store_true", help="see in seconds that it runs; nothing is written")
    return parser


def _run(spec: Spec, *, smoke: bool) -> None:
    """Measure, print, and publish full measurements."""
    report = spec.run(spec.smoke if smoke else spec.full)
    print(f"# {spec.name}: {spec.about}\n\n{report.text}\n")
    if smoke:
        print(f"{spec.name}: runs; at this size its figures say nothing\n")
        return
    for line in report.missed:
        print(f"missed: {line}")
    if not report.measured:
        return
    written = publish(spec.name, report.text)
    print(f"written: {', '.join(f'{path.parent.name}/{path.name}' for path in written)}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
