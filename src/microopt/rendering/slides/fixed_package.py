"""An Office file without the time at which it was written, in its own parts and in the workbooks of its charts."""

from __future__ import annotations

import io
import re
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PACKAGES = (".xlsx", ".docx", ".pptx")
CORE_PROPERTIES = "docProps/core.xml"
_DAY = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def fix_package(data: bytes, day: datetime) -> bytes:
    """Return an Office file whose parts, and properties, are all of one day."""
    out = io.BytesIO()
    stamp = day.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith(PACKAGES):
                content = fix_package(content, day)
            elif entry.filename == CORE_PROPERTIES:
                content = _DAY.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            target.writestr(ZipInfo(entry.filename, _ZIP_DAY), content, ZIP_DEFLATED)
    return out.getvalue()
