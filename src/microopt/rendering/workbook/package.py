"""The package of a workbook without a day of creation: XlsxWriter would write that of the clock."""

from __future__ import annotations

from functools import partial
from typing import Any


def leave_out_day(book: Any) -> None:
    """Make a workbook of XlsxWriter say nothing of when it was made."""
    book._get_packager = _undated_packager


def _undated_packager() -> Any:
    from xlsxwriter.packager import Packager

    packager = Packager()
    packager._write_core_file = partial(_write_properties, packager)
    return packager


def _write_properties(packager: Any) -> None:
    """Write the properties of the document as `Packager` does, except for both of its days."""
    from xlsxwriter.core import Core

    core = Core()
    core._write_dcterms_created = core._write_dcterms_modified = _write_nothing
    core._set_properties(packager.workbook.doc_properties)
    core._set_xml_writer(packager._filename("docProps/core.xml"))
    core._assemble_xml_file()


def _write_nothing() -> None:
    pass
