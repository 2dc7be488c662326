"""What `microopt forecast` does once its flags are read: load, foresee, write."""

from __future__ import annotations

from collections.abc import Sequence

from microopt.analysis.forecast_table import ForecastTable, forecast_table
from microopt.campaign.settings import CampaignInput
from microopt.cli.load import RosterFlags, load
from microopt.cli.outputs import check_targets
from microopt.quantities.parse_and_format import read_size
from microopt.rendering import format_of, outlook_renderer
from microopt.storage.atomic_write import write_files


def foreseen(
    path: str,
    campaign_path: str | None,
    flags: CampaignInput,
    reading: tuple[bool, str | None, str],
    output: Sequence[str],
) -> ForecastTable:
    """Return the forecast, written to each file of `output`.

    Parameters
    ----------
    reading
        Whether to skip bad rows, the sheet, and the most that may be unpacked, as written.

    Raises
    ------
    MicrooptError
        If the roster, the campaign or a target is wrong.
    """
    check_targets(output, (path, campaign_path))
    renderers = {target: outlook_renderer(format_of(target)) for target in output}
    skip, sheet, unpacked = reading
    how = RosterFlags(skip_bad_rows=skip, sheet=sheet, max_unpacked=read_size(unpacked))
    roster, campaign, _ = load(path, flags, campaign_path, how, budget_needed=False)
    outlook = forecast_table(roster, campaign)
    write_files({target: render(outlook) for target, render in renderers.items()})
    return outlook
