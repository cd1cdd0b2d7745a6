"""The sheets of a roll-up: the units' figures side by side, the missing, the excluded, and the checks."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from xlsxwriter.worksheet import Worksheet

from workbook_tool.excel.layout import Spot, column_name, table_sheet
from workbook_tool.excel.results_sheet import lines_taken
from workbook_tool.excel.rollup_layout import (
    AGENCY,
    CODE,
    DIGEST,
    FIGURES,
    FIRST_FIGURE,
    FIRST_UNIT,
    MODE,
    ROW_CHECK,
    ROW_COLUMN,
    ROW_ID,
    ROW_LINE,
    ROW_SECTION,
    ROW_SUM,
    ROW_TABLE,
    SOURCE,
    SUMS,
    UNITS_NAME,
    Mode,
    figure_spot,
    is_number,
    mode_of,
    row_digest,
    shown,
    sum_formula,
    sums_digest,
    tab,
    words,
)
from workbook_tool.rules import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook_tool.excel.desk import Desk
    from workbook_tool.excel.rollup_layout import Appendix, Figure, Listed, UnitLine
    from workbook_tool.forms import Cell
    from workbook_tool.phrase import Phrase
    from workbook_tool.report import Report

_HERE = "\0"
"""Stands for the number of a row."""

_LINE_HEIGHT = 14
_WIDTHS = {"units": (30, 22, 24, 15), "list": (34, 24, 34, 60), "checks": (34, 22, 11, 8, 8, 8, 60)}
_FIGURE_WIDTH = 8
_LONGEST = 1_000
_CAPTION_HEIGHTS = {ROW_LINE: 30, ROW_COLUMN: 44, ROW_ID: 46}


def sums_of(report: Report, appendix: Appendix) -> dict[Cell, str]:
    """The formula of each sum; empty texts where the tables are values."""
    cells = tuple(report.form.cells.values())
    if mode_of(appendix.units, report.values.values()) is not Mode.FORMULAS:
        return dict.fromkeys(cells, "")
    title, rows = tab("units"), (FIRST_UNIT, FIRST_UNIT + len(appendix.units) - 1)
    return {cell: sum_formula(title, cell, FIRST_FIGURE + n, rows) for n, cell in enumerate(cells)}


def write_appendix(desk: Desk, appendix: Appendix) -> None:
    """Add the sheets of a roll-up, and what tells the workbook from others."""
    mode = mode_of(appendix.units, desk.report.values.values())
    _write_units(desk, appendix, mode)
    if appendix.missing is None:
        _write_list(desk, "missing", words("words", "no_roster"), ())
    else:
        missing = [(unit.agency, unit.code, unit.source, unit.why) for unit in appendix.missing]
        title = words("words", "missing_title" if missing else "none_missing", count=len(missing))
        _write_list(desk, "missing", title, missing)
    excluded = [(unit.agency, unit.code, unit.source, unit.why) for unit in appendix.excluded]
    title = words("words", "excluded_title" if excluded else "none_excluded", count=len(excluded))
    _write_list(desk, "excluded", title, excluded)
    _write_checks(desk, appendix, mode)
    desk.workbook.set_custom_property(MODE, mode.value, "text")
    desk.workbook.set_custom_property(SUMS, sums_digest(desk.report.values), "text")


class StreamedSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter's classes are not typed for heirs
    """A worksheet whose last rows are written as they come: a million cells are not kept in memory."""

    rows: Iterable[str] = ()

    def _write_rows(self) -> None:
        super()._write_rows()
        for row in self.rows:
            self.fh.write(row)


def _write_units(desk: Desk, appendix: Appendix, mode: Mode) -> None:
    report, units = desk.report, appendix.units
    sheet = desk.sheet(tab("units"), heading=tab("units"), landscape=True, kind=StreamedSheet)
    cells = () if mode is Mode.APART else tuple(report.form.cells.values())
    for column, width in enumerate(_WIDTHS["units"]):
        sheet.set_column(column, column, width)
    if cells:
        sheet.set_column(FIRST_FIGURE, FIRST_FIGURE + len(cells) - 1, _FIGURE_WIDTH)
    subject = {"agency": report.agency, "year": report.year or "", "count": len(units)}
    _write_top(sheet, desk, words("words", "units_title", **subject).zh, _guide(mode))
    for column, name in ((AGENCY, "agency"), (CODE, "code"), (SOURCE, "source"), (DIGEST, "digest")):
        sheet.write_string(ROW_ID, column, words("head", name).zh, desk.styles["result_head"])
    if cells:
        _write_captions(desk, sheet, cells)
        _write_column_checks(desk, sheet, cells, len(units))
    desk.name(UNITS_NAME, sheet, Spot(FIRST_UNIT, AGENCY))
    sheet.freeze_panes(FIRST_UNIT, CODE)
    last = FIRST_UNIT + len(units) - 1
    sheet.autofilter(ROW_ID, AGENCY, last, FIRST_FIGURE + len(cells) - 1)
    sheet.repeat_rows(ROW_SECTION, ROW_ID)
    sheet.repeat_columns(AGENCY)
    sheet.fit_to_pages(0, 0)
    desk.filtered.add(sheet)
    sheet.rows = _rows(desk, units, mode)
    sheet.dim_rowmax = ROW_ID


def _guide(mode: Mode) -> str:
    more = {
        Mode.FORMULAS: "",
        Mode.VALUES: words("words", "units_values", row=ROW_CHECK + 1).zh,
        Mode.APART: words("words", "units_apart", most=FIGURES).zh,
    }
    return words("words", "units_guide").zh + more[mode]


def _write_top(sheet: Worksheet, desk: Desk, title: str, guide: str) -> None:
    sheet.write_string(0, 0, title, desk.styles["heading"])
    sheet.set_row(0, 26)
    if guide:
        sheet.merge_range(1, 0, 1, DIGEST, guide, desk.styles["guide"])
        sheet.set_row(1, 6 + _LINE_HEIGHT * lines_taken(guide, sum(_WIDTHS["units"])))


def _write_captions(desk: Desk, sheet: Worksheet, cells: Sequence[Cell]) -> None:
    """Above each figure its section, its line, its column and its id."""
    for row, height in _CAPTION_HEIGHTS.items():
        sheet.set_row(row, height)
    names = {section.id: section.name.zh for section in desk.report.form.sections}
    captions = (
        (ROW_SECTION, [names[cell.section] for cell in cells]),
        (ROW_LINE, [cell.row.short if cell.row else "" for cell in cells]),
    )
    for row, texts in captions:
        for text, group in groupby(enumerate(texts), key=lambda entry: entry[1]):
            columns = [FIRST_FIGURE + number for number, _ in group]
            style = desk.styles["result_head"]
            if len(columns) > 1:
                sheet.merge_range(row, columns[0], row, columns[-1], text, style)
            else:
                sheet.write_string(row, columns[0], text, style)
    for number, cell in enumerate(cells):
        column = FIRST_FIGURE + number
        sheet.write_string(ROW_COLUMN, column, cell.column.short, desk.styles["result_head"])
        sheet.write_string(ROW_ID, column, cell.id, desk.styles["unit_id"])


def _write_column_checks(desk: Desk, sheet: Worksheet, cells: Sequence[Cell], count: int) -> None:
    """The sum of each column by formula, what the tables say, and whether that is the same."""
    for row, name in ((ROW_SUM, "row_sum"), (ROW_TABLE, "row_table"), (ROW_CHECK, "row_check")):
        sheet.write_string(row, DIGEST, words("words", name).zh, desk.styles["label"])
    spots = {cell: spot for section in desk.report.form.tabled for cell, spot in _spots(desk, section.id)}
    tabs = {section.id: section.tab for section in desk.report.form.sections}
    style, balanced = desk.styles["unit_sum"], desk.words["balanced"]
    for number, cell in enumerate(cells):
        at = figure_spot(ROW_SUM, number)
        value = desk.shown.get(cell)
        shown_value = "" if value is None else value
        rows = (FIRST_UNIT, FIRST_UNIT + count - 1)
        formula = sum_formula(tab("units"), cell, at.column, rows)
        sheet.write_formula(ROW_SUM, at.column, formula, style, shown_value)
        target = f"'{tabs[cell.section]}'!{spots[cell].absolute}"
        sheet.write_formula(ROW_TABLE, at.column, f'=IF({target}="","",{target})', style, shown_value)
        both = (figure_spot(row, number).a1 for row in (ROW_SUM, ROW_TABLE))
        difference = "-".join(f"N({address})" for address in both)
        off = words("words", "off").zh
        formula = f'=IF(ROUND({difference},6)=0,"{balanced}","{off}")'
        sheet.write_formula(ROW_CHECK, at.column, formula, desk.styles["check"], balanced)


def _spots(desk: Desk, section_id: str) -> Iterable[tuple[Cell, Spot]]:
    return table_sheet(desk.report.form, desk.report.form.section(section_id)).spots.items()


def _rows(desk: Desk, units: Sequence[UnitLine], mode: Mode) -> Iterator[str]:
    """The rows of the units as they stand in the file."""
    text, figure = (desk.styles[name]._get_xf_index() for name in ("field", "unit_figure"))  # noqa: SLF001
    width = 0 if mode is Mode.APART else len(desk.report.form.cells)
    columns = [column_name(column) for column in range(FIRST_FIGURE + width)]
    plain = "".join(f'<c r="{column}{_HERE}" s="{figure}"><v>%s</v></c>' for column in columns[FIRST_FIGURE:])
    mark = words("words", "own").zh
    for number, unit in enumerate(units, start=FIRST_UNIT + 1):
        named, code = _kept(f"{unit.agency}{mark}" if unit.is_own else unit.agency), _kept(unit.code)
        figures = tuple(map(shown, unit.figures))
        digest = row_digest(named, code, figures)
        texts = zip(columns, (named, code, _kept(unit.source), digest), strict=False)
        parts = [_text(f"{column}{number}", words_, text) for column, words_ in texts]
        if width and all(map(is_number, unit.figures)):
            parts.append(plain.replace(_HERE, str(number)) % figures)
        elif width:
            for column, stated in zip(columns[FIRST_FIGURE:], unit.figures, strict=True):
                parts.append(_figure(f"{column}{number}", stated, figure))
        yield f'<row r="{number}">{"".join(parts)}</row>'


def _figure(at: str, figure: Figure, style: int) -> str:
    if figure is None:
        return f'<c r="{at}" s="{style}"/>'
    if is_number(figure):
        return f'<c r="{at}" s="{style}"><v>{shown(figure)}</v></c>'
    return _text(at, shown(figure), style)


def _text(at: str, text: str, style: int) -> str:
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, entity)
    # What looks like an escape of the format is one no longer.
    text = text.replace("_x", "_x005F_x")
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _kept(text: str) -> str:
    """`text` as a cell takes it."""
    return "".join(filter(str.isprintable, text))[:_LONGEST].strip()


def _write_list(desk: Desk, name: str, title: Phrase, lines: Sequence[tuple[str, str, str, Phrase]]) -> None:
    sheet = desk.sheet(tab(name), heading=tab(name), landscape=True)
    widths = _WIDTHS["list"]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, title.zh, desk.styles["heading"])
    sheet.set_row(0, 26)
    if not lines:
        return
    for column, head in enumerate(("agency", "code", "source", "why")):
        sheet.write_string(1, column, words("head", head).zh, desk.styles["result_head"])
    for row, (*texts, why) in enumerate(lines, start=2):
        _write_line(desk, sheet, row, (*texts, why.zh), widths)
    sheet.freeze_panes(2, 1)
    sheet.repeat_rows(1)
    sheet.autofilter(1, 0, 1 + len(lines), len(widths) - 1)
    desk.filtered.add(sheet)


def _write_line(
    desk: Desk, sheet: Worksheet, row: int, content: Sequence[str | int], widths: Sequence[int]
) -> None:
    height = 1
    for column, value in enumerate(content):
        if isinstance(value, int):
            sheet.write_number(row, column, value, desk.styles["unit_figure"])
        else:
            sheet.write_string(row, column, value, desk.styles["result"])
            height = max(height, lines_taken(value, widths[column]))
    sheet.set_row(row, min(6 + height * _LINE_HEIGHT, 400))


def _write_checks(desk: Desk, appendix: Appendix, mode: Mode) -> None:
    """How many are counted, whether the sums agree, the roll-up's own findings, and each unit's."""
    sheet = desk.sheet(tab("checks"), heading=tab("checks"), landscape=True)
    widths = _WIDTHS["checks"]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    last = len(widths) - 1
    sheet.write_string(0, 0, words("words", "checks_title").zh, desk.styles["heading"])
    sheet.set_row(0, 26)
    row = 1
    for remark in appendix.remarks:
        sheet.merge_range(row, 0, row, last, remark.zh, desk.styles["guide"])
        sheet.set_row(row, 6 + 15 * lines_taken(remark.zh, sum(widths)))
        row += 1
    if mode is not Mode.APART:
        sheet.write_string(row, 0, words("words", "sum_check").zh, desk.styles["text_guide"])
        agrees, differs = (words("words", name).zh for name in ("sum_agrees", "sum_differs"))
        ends = [figure_spot(ROW_CHECK, n).absolute for n in (0, len(desk.report.form.cells) - 1)]
        off = f"COUNTIF('{tab('units')}'!{':'.join(ends)},\"{words('words', 'off').zh}\")"
        formula = f'=IF({off}=0,"{agrees}","{differs}"&{off})'
        sheet.write_formula(row, 1, formula, desk.styles["check"], agrees)
        sheet.set_row(row, 34)
        row += 1
    row = _write_own_findings(desk, sheet, row + 1, appendix)
    sheet.write_string(row + 1, 0, words("words", "unit_findings").zh, desk.styles["heading"])
    _write_statuses(desk, sheet, row + 2, appendix)


def _write_own_findings(desk: Desk, sheet: Worksheet, row: int, appendix: Appendix) -> int:
    """The findings of the roll-up itself from `row` on; gives the next row."""
    last = len(_WIDTHS["checks"]) - 1
    sheet.write_string(row, 0, words("words", "own_findings").zh, desk.styles["heading"])
    if not appendix.findings:
        sheet.write_string(row + 1, 0, words("words", "no_findings").zh, desk.styles["result"])
        return row + 2
    for finding in appendix.findings:
        row += 1
        level = LEVELS[finding.severity].zh
        place = finding.place.words.zh
        text = f"{level} {finding.rule} {finding.title()}:{place} {finding.message()} → {finding.fix()}"
        sheet.merge_range(row, 0, row, last, text, desk.styles["result"])
        sheet.set_row(row, min(6 + _LINE_HEIGHT * lines_taken(text, sum(_WIDTHS["checks"])), 400))
    return row + 1


def _write_statuses(desk: Desk, sheet: Worksheet, row: int, appendix: Appendix) -> None:
    heads = ("agency", "code", "status", "error", "warning", "notice", "rules")
    for column, head in enumerate(heads):
        sheet.write_string(row, column, words("head", head).zh, desk.styles["result_head"])
    units: list[UnitLine | Listed] = [*appendix.units, *appendix.excluded]
    named: Mapping[str, str] = {
        status: words("status", status).zh for status in ("pass", "warn", "fail", "unreadable")
    }
    for number, unit in enumerate(units, start=row + 1):
        content = (unit.agency, unit.code, named.get(unit.status, ""), *unit.counts, unit.rules)
        _write_line(desk, sheet, number, content, _WIDTHS["checks"])
    if units:
        sheet.autofilter(row, 0, row + len(units), len(heads) - 1)
        desk.filtered.add(sheet)
