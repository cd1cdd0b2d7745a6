"""Building our workbook, blank or filled, with XlsxWriter.

The same arguments give the same bytes: times are fixed, and the serial in the template id is
drawn from the arguments unless a random one is asked for.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xlsxwriter.workbook import Workbook as _XlsxWorkbook

from workbook_tool.excel.cover_sheet import write_cover
from workbook_tool.excel.desk import Desk
from workbook_tool.excel.fields_sheet import write_fields
from workbook_tool.excel.marks import Marks
from workbook_tool.excel.results_sheet import results_sheet, write_results
from workbook_tool.excel.rollup_layout import FORMULAS
from workbook_tool.excel.rollup_sheets import sums_of, write_appendix
from workbook_tool.excel.table_sheet import write_table
from workbook_tool.excel.template_id import TemplateId, serial_from
from workbook_tool.excel.text_sheets import write_explanations, write_guide, write_narrative
from workbook_tool.files import write_whole
from workbook_tool.forms import Form, workbook_data
from workbook_tool.report import Report, blank_report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook_tool.excel.rollup_layout import Appendix
    from workbook_tool.rules import Finding

_FIXED_TIME = datetime(2021, 9, 29, tzinfo=UTC).replace(tzinfo=None)
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def build_workbook(
    content: Report | Form,
    path: Path | str,
    *,
    prior: Report | None = None,
    password: str = "",
    random_id: bool = False,
    force: bool = False,
) -> None:
    """Write a workbook to `path`: filled from a report, or blank from a form.

    A report from a workbook stays what that was issued for. `prior` is last year's report, whose figures
    appear as notes. `password` protects the sheets;
    without one protection only prevents accidents. The file is written whole or not at all.
    """
    data = workbook_bytes(content, prior=prior, password=password, random_id=random_id)
    write_whole(Path(path), data, force=force)


def annotated_bytes(report: Report, findings: Iterable[Finding], language: str = "zh") -> bytes:
    """The workbook of `report` with `findings` marked in it, ready to be mended.

    Made from our own template: nothing of the file that came in is in it but figures, texts,
    explanations and the cover. Its first sheet lists every finding.
    """
    return workbook_bytes(report, marks=Marks(report, findings, language))


def workbook_bytes(
    content: Report | Form,
    *,
    prior: Report | None = None,
    password: str = "",
    random_id: bool = False,
    marks: Marks | None = None,
    appendix: Appendix | None = None,
) -> bytes:
    """The workbook that `build_workbook` writes; that of a roll-up with its `appendix`."""
    report = blank_report(content) if isinstance(content, Form) else content
    stream = io.BytesIO()
    # What a great roll-up takes goes through temporary files.
    in_memory = appendix is None or len(appendix.units) <= FORMULAS
    with _Workbook(stream, {**_OPTIONS, "in_memory": in_memory}) as workbook:
        workbook.structure_password = password
        template_id = _template_id(report, random_id=random_id)
        issued_id = report.issued.get("template_id") or str(template_id)
        sums = sums_of(report, appendix) if appendix else None
        desk = Desk(workbook, report, issued_id, prior=prior, marks=marks, sums=sums)
        results = results_sheet(desk) if marks else None
        cover = desk.sheet(workbook_data()["sheets"]["cover"], heading=workbook_data()["title"])
        write_guide(desk)
        for section in report.form.sections:
            write_table(desk, section) if section.tables else write_narrative(desk, section)
        write_fields(desk)
        write_explanations(desk)
        if appendix:
            write_appendix(desk, appendix)
        write_cover(desk, cover)
        if marks and results:
            write_results(desk, results, marks)
        desk.protect_all(password)
        _describe(workbook, report, template_id)
        if desk.token:
            # Three carriers: sheets are copied, properties are lost, cells are typed over.
            workbook.set_custom_property("wb_token", desk.token, "text")
            workbook.define_name("wb__token", f'="{desk.token}"')
    return stream.getvalue()


class _Workbook(_XlsxWorkbook):  # type: ignore[misc]  # XlsxWriter's classes are not typed for heirs
    """XlsxWriter's workbook, its structure protected, which the library does not offer."""

    structure_password = ""

    def _write_workbook_pr(self) -> None:
        super()._write_workbook_pr()
        attributes: list[tuple[str, object]] = []
        if self.structure_password:
            # The sheets use the same hash for their passwords.
            attributes.append(
                ("workbookPassword", self.worksheets()[0]._encode_password(self.structure_password))  # noqa: SLF001
            )
        self._xml_empty_tag("workbookProtection", [*attributes, ("lockStructure", 1)])


def _template_id(report: Report, *, random_id: bool) -> TemplateId:
    form = report.form
    words = f"{form.edition}|{report.year}|{report.agency}|{report.cover.get('agency_code', '')}"
    drawn = secrets.token_bytes(8) if random_id else hashlib.sha256(words.encode()).digest()[:8]
    return TemplateId(
        form=workbook_data()["form"],
        edition=form.edition,
        year=report.year,
        version=form.version,
        serial=serial_from(int.from_bytes(drawn, "big")),
    )


def _describe(workbook: _Workbook, report: Report, template_id: TemplateId) -> None:
    workbook.set_properties(
        {
            "title": report.form.title.format(agency=report.agency, year=report.year or ""),
            "author": report.agency,
            "created": _FIXED_TIME,
        }
    )
    properties = {
        "wb_form": template_id.form,
        "wb_edition": report.form.edition,
        "wb_year": report.issued.get("year") or str(report.year or ""),
        "wb_agency": report.issued.get("agency") or report.agency,
        "wb_agency_code": report.issued.get("agency_code") or report.cover.get("agency_code", ""),
        "wb_template_version": str(report.form.version),
    }
    for name, value in properties.items():
        workbook.set_custom_property(name, value, "text")
