"""What every sheet is written with: the workbook, its styles, the report, and the names it defines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.worksheet import Worksheet

from workbook_tool.excel.marks import Target
from workbook_tool.excel.style import Styles
from workbook_tool.forms import workbook_data
from workbook_tool.report import add_up, with_totals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

    from workbook_tool.excel.layout import Spot
    from workbook_tool.excel.marks import Marks
    from workbook_tool.forms import Cell
    from workbook_tool.report import Report

_A4 = 9
_LONGEST_HEADER = 30
_LONGEST_NOTE = 2_000
_NOTE_LINE = 22
"""Characters in a line of a comment."""

_PERMITTED = {"format_rows": True, "format_columns": True, "insert_rows": True}


class GrowingSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter's classes are not typed for heirs
    """A worksheet whose rows grow with their text: a height is where they start, not a fixed size.

    Excel fits a row to its text only while the row is not marked as sized by hand, and XlsxWriter
    marks every height that it is given. No program fits a row to the text of merged cells.
    """

    growing_from = 0
    """The first row, counted from 0, that grows; those above keep their heights."""

    def _xml_start_tag_unencoded(self, tag: str, attributes: list[tuple[str, object]] | None = None) -> None:
        if tag == "row" and int(str(dict(attributes or [])["r"])) > self.growing_from:
            attributes = [entry for entry in attributes or [] if entry[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes or [])


class Desk:
    """One workbook being written."""

    def __init__(
        self,
        workbook: Workbook,
        report: Report,
        template_id: str,
        *,
        prior: Report | None = None,
        marks: Marks | None = None,
        sums: Mapping[Cell, str] | None = None,
    ) -> None:
        """Start writing `report` into `workbook`."""
        self.workbook = workbook
        self.report = report
        self.prior = prior
        self.template_id = template_id
        self.token = report.issued.get("token", "").partition(" ")[0]
        """What tells in a round whose workbook it is; empty outside one."""
        self.marks = marks
        self.entries = report.entries if marks else {}
        """What stands, as it was entered, in cells whose figure could not be decided."""
        self.styles = Styles(workbook)
        self.sums = sums or {}
        """The formulas of what a roll-up adds up over its units; empty where it is written as a figure."""
        self.filtered: set[Worksheet] = set()
        """The sheets whose filters may be used although they are protected."""
        self.words: dict[str, str] = workbook_data()["words"]
        totals = report.form.sums
        open_totals = [cell for cell in totals if report.values.get(cell) is None]
        self.shown = with_totals(report.form, _with_gaps_blank(report), open_totals)
        """What each cell shows: entries, and totals as stated or else as computed."""
        self.formulas = frozenset(
            total
            for total, identity in totals.items()
            if self.shown.get(total) == add_up(self.shown.get(part) for part in identity.left)
            if report.values.get(total) is None or all(part in report.values for part in identity.left)
        )
        """The totals that can be left to their formulas: not stated, or stated as their parts add up."""

    def sheet(
        self,
        name: str,
        *,
        heading: str = "",
        landscape: bool = False,
        growing_from: int | None = None,
        kind: type[Worksheet] | None = None,
    ) -> Worksheet:
        """A new A4 sheet with the agency at the top of each page and the page number below."""
        sheet = self.workbook.add_worksheet(name, kind if growing_from is None else GrowingSheet)
        if growing_from is not None:
            sheet.growing_from = growing_from
        sheet.set_paper(_A4)
        if landscape:
            sheet.set_landscape()
        sheet.hide_gridlines(2)
        sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
        agency = self.report.agency[:_LONGEST_HEADER].replace("&", "&&")
        sheet.set_header(f"&L{agency}&R{heading}")
        sheet.set_footer(f"&C{self.words['page']}")
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        return sheet

    def name(self, name: str, sheet: Worksheet, spot: Spot) -> None:
        """Give the cell at `spot` a defined name."""
        self.workbook.define_name(name, f"='{sheet.get_name()}'!{spot.absolute}")

    def look(self, style: str, target: str) -> Format:
        """The style of a cell, marked where there are findings about `target`."""
        severity = self.marks.severity(target) if self.marks else None
        return self.styles.marked(style, severity) if severity else self.styles[style]

    def note(self, sheet: Worksheet, spot: Spot, target: str, more: str = "") -> None:
        """Put what is said of `target` on the cell at `spot` as a comment, and `more` below it."""
        said = ""
        if self.marks:
            self.marks.placed[target] = Target(sheet.get_name(), spot)
            said = self.marks.words(target)
        text = "\n\n".join(part for part in (said[:_LONGEST_NOTE], more) if part)
        if not text:
            return
        lines = sum(1 + len(line) // _NOTE_LINE for line in text.split("\n"))
        size = {"width": 300, "height": 24 + 18 * lines} if said else {"x_scale": 1.4, "y_scale": 0.5}
        sheet.write_comment(spot.row, spot.column, text, {"author": "wb-tool", **size} if said else size)

    def protect_all(self, password: str) -> None:
        """Lock every sheet but its input cells."""
        for sheet in self.workbook.worksheets():
            filters = {"autofilter": True, "sort": True} if sheet in self.filtered else {}
            sheet.protect(password, {**_PERMITTED, **filters})


def _with_gaps_blank(report: Report) -> dict[Cell, int | Decimal | None]:
    return {cell: report.values.get(cell) for cell in report.form.cells.values()}
