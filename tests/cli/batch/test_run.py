"""What a batch does once for all campaigns."""

import subprocess
import sys

OF_A_WORKER = """
import sys
from microopt.cli.batch.one_campaign import run_campaign
from microopt.cli.batch.options import BatchOptions
from microopt.cli.shared_rosters import SharedRosters
from microopt.cli.batch.run import _prepare
from microopt.cli.options import OutputOptions, ReadingOptions, SolveOptions
from microopt.inflight.batch.folder import find_campaigns

options = BatchOptions(source=".", reading=ReadingOptions(), solve=SolveOptions(), output=OutputOptions())
_prepare()
campaigns, before, rosters = find_campaigns(".").campaigns, {*sys.modules}, SharedRosters()
for campaign in (*campaigns, *campaigns):
    print(run_campaign(campaign, options, rosters.read).run, file=sys.stderr)
print(*sorted(name for name in {*sys.modules} - before if name.startswith("microopt")))
"""


def test_workers_import_nothing_for_an_ordinary_campaign(desk):
    (desk / "campaign.states.csv").write_text("creator,state\n@eve,signed\n@ben,declined\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", OF_A_WORKER], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr.split() == ["planned", "unchanged"]
    assert done.stdout.split() == []
