"""Find the logo that a plan file names."""

from __future__ import annotations

import os
from pathlib import Path

from microopt.errors import CampaignError
from microopt.readers.logo import Logo, read_logo
from microopt.readers.plan_file import PlanFile


def find_logo(file: PlanFile) -> Logo | None:
    """Return the logo of a plan file's campaign, from the folder of the file or from the current one; None without one.

    Raises
    ------
    CampaignError
        If it cannot be read, is no picture, or is in another folder: a file from others must not choose what is read.
    """
    stated = file.plan.campaign.report.logo
    if not stated:
        return None
    folder = Path() if file.path == "-" else Path(file.path).parent
    path = next(filter(os.path.isfile, (folder / stated, Path(stated))), Path(stated))  # of names of any length
    if not any(path.resolve().is_relative_to(base.resolve()) for base in (folder, Path())):
        message = f"{file.path} names a logo outside its folder, {path}, which is not read"
        fix = 'put it in the folder of the plan, write logo = "logo.svg" under [report], and plan again'
        raise CampaignError(message, fix=fix, code="logo-outside")
    return read_logo(str(path))
