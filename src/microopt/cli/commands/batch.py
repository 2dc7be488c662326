"""`microopt batch`: the next plan of every campaign of a folder, made every night."""

from __future__ import annotations

from microopt.cli.batch.options import BatchOptions
from microopt.cli.command import command
from microopt.cli.exit_codes import Exit


@command
def batch(options: BatchOptions) -> Exit:
    """Plan every campaign of a folder in one run: first plans and replans, several at once, each for itself.

    NAME.toml is a campaign, NAME.csv its list (else roster.csv), NAME.json its plan; NAME.states.csv and
    NAME.results.csv say what happened since. A campaign that fails does not stop the others.

    Examples:

    microopt batch campaigns/

    microopt batch campaigns/ --jobs 4 --also html --log runs.jsonl -o summary.json -q

    microopt batch campaigns/ --roster creators.csv --dry-run --format line
    """
    from microopt.cli.batch.run import run_batch

    return run_batch(options)
