"""The package of a workbook, whose properties name the day of the plan, or none: the clock would change the file."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.core import Core
from xlsxwriter.packager import Packager


class DatedWorkbook(Workbook):
    """A workbook without a day of creation unless one is set."""

    def _get_packager(self) -> Packager:
        return _DatedPackager()


class _DatedPackager(Packager):
    def _write_core_file(self) -> None:
        properties = self.workbook.doc_properties
        core = Core() if "created" in properties else _UndatedCore()
        core._set_properties(properties)
        core._set_xml_writer(self._filename("docProps/core.xml"))
        core._assemble_xml_file()


class _UndatedCore(Core):
    def _write_dcterms_created(self) -> None:
        """Write nothing."""

    def _write_dcterms_modified(self) -> None:
        """Write nothing."""
