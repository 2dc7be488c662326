"""LibreOffice as a test asks it: a workbook opened, recalculated whatever it says of itself, and saved again."""

import os
import re
import shutil
import subprocess
import zipfile

import pytest

HOW = "LibreOffice is not installed: apt-get install --no-install-recommends libreoffice-calc"
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def office_or_skip():
    """Return the command of LibreOffice; where it is missing the test is skipped, and in CI fails."""
    result = shutil.which("soffice")
    if result is None and os.environ.get("CI"):
        pytest.fail(HOW)
    if result is None:
        pytest.skip(HOW)
    return result


def recalculated(folder, packed):
    """Return a workbook's bytes as LibreOffice saves it, every formula worked out anew."""
    command, profile, out = office_or_skip(), folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    (folder / "book.xlsx").write_bytes(packed)
    subprocess.run(
        [
            command,
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            out,
            folder / "book.xlsx",
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (out / "book.xlsx").read_bytes()


def edited(folder, packed, sheet, edit):
    """Return a workbook with the XML of one of its sheets (the first is 1) changed by a function of its text."""
    (folder / "before.xlsx").write_bytes(packed)
    with zipfile.ZipFile(folder / "before.xlsx") as before, zipfile.ZipFile(folder / "after.xlsx", "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == f"xl/worksheets/sheet{sheet}.xml":
                text = edit(text.decode("utf-8")).encode("utf-8")
            after.writestr(name, text)
    return (folder / "after.xlsx").read_bytes()


def spoiled(text):
    """Return a sheet's XML with a nonsensical value beside each of its formulas."""
    return re.sub(r"(</f><v>)[^<]*(</v>)", r"\g<1>123456789\2", text)
