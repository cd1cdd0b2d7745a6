"""One section of official tables: merged headings, inputs, totals by formula, live checks."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workbook_tool.excel.layout import (
    TABLE_TOP,
    Check,
    Spot,
    rectangles,
    references,
    table_sheet,
    total_formula,
)
from workbook_tool.excel.marks import HEAD
from workbook_tool.forms import workbook_data
from workbook_tool.report import add_up, distance, plain

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from workbook_tool.excel.desk import Desk
    from workbook_tool.excel.layout import TableSheet
    from workbook_tool.forms import Box, Cell, Section

_STYLE_OF = {
    "banner": "banner",
    "corner": "label",
    "heading": "label",
    "column": "label",
    "row": "row_label",
}
_CHARACTERS_PER_UNIT = 1.7
_LINE_HEIGHT = 14.5
_ROW_HEIGHT = 32
_FEW_COLUMNS = 5
_MANY_COLUMNS = 12


def write_table(desk: Desk, section: Section) -> None:
    """Add the sheet of one section of tables."""
    plan = table_sheet(desk.report.form, section)
    wide = plan.layout.width > _MANY_COLUMNS
    sheet = desk.sheet(section.tab, heading=section.heading, landscape=wide)
    widths = _column_widths(plan)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    _write_head(desk, sheet, plan)
    _set_heights(sheet, plan, widths)
    for box in plan.layout.boxes:
        _write_box(desk, sheet, plan, box)
    _write_checks(desk, sheet, plan)
    _write_validation(sheet, plan)
    sheet.print_area(0, 0, plan.first_check_row - 1, plan.layout.width - 1)
    sheet.fit_to_pages(1, 1)
    first_value = TABLE_TOP + plan.layout.header_height
    sheet.repeat_rows(TABLE_TOP, first_value - 1)
    if len(section.tables) == 1:
        sheet.freeze_panes(first_value, 0)


def _column_widths(plan: TableSheet) -> list[float]:
    """Narrow columns for the outer labels, a wide one for the innermost; figures by how many there are."""
    labels = plan.layout.label_width
    figures = plan.layout.width - labels
    label_widths = [11.0] * (labels - 1) + [30.0] * min(labels, 1)
    figure_width = 9.0 if figures > _FEW_COLUMNS else 18.0
    return [*label_widths, *([figure_width] * figures), 9.0]


def _write_head(desk: Desk, sheet: Worksheet, plan: TableSheet) -> None:
    last = plan.layout.width - 1
    report = desk.report
    subject = f"{report.agency}  {report.year or ''}".strip() + ("年度" if report.year else "")
    lines = [
        (plan.section.heading, "heading", 24),
        (plan.section.guide, "guide", 32),
        (subject, "agency", 18),
    ]
    for row, (text, style, height) in enumerate(lines):
        look = desk.look(style, plan.section.id) if style == "heading" else desk.styles[style]
        sheet.merge_range(row, 0, row, last, text, look)
        sheet.set_row(row, height)
    desk.note(sheet, HEAD, plan.section.id)


def _set_heights(sheet: Worksheet, plan: TableSheet, widths: list[float]) -> None:
    """Rows high enough for their longest label, which Excel does not see to in merged cells."""
    for number, row in enumerate(plan.layout.rows()):
        lines = 1.0
        for box in row:
            room = sum(widths[box.column : box.column + box.width]) / _CHARACTERS_PER_UNIT / 1.15
            lines = max(lines, -(-len(box.label) // max(int(room), 1)) / box.height)
        sheet.set_row(TABLE_TOP + number, max(_ROW_HEIGHT, 6 + _LINE_HEIGHT * lines))


def _write_box(desk: Desk, sheet: Worksheet, plan: TableSheet, box: Box) -> None:
    top, left = TABLE_TOP + box.row, box.column
    bottom, right = top + box.height - 1, left + box.width - 1
    if box.cell is None:
        grouped = box.role == "row" and box.height > 1
        style, content = desk.styles["group_label" if grouped else _STYLE_OF[box.role]], box.label
    else:
        style, content = desk.look(_style_of(desk, box.cell), box.cell), ""
        desk.name(box.cell.name, sheet, Spot(top, left))
    if (top, left) != (bottom, right):
        sheet.merge_range(top, left, bottom, right, "", style)
    if box.cell is None:
        sheet.write_string(top, left, content, style)
    else:
        _write_figure(desk, sheet, plan, box.cell, style)


def _style_of(desk: Desk, cell: Cell) -> str:
    """A total that is stated and does not add up is open, so that it can be put right; no sum of units is."""
    if cell in desk.sums and cell not in desk.formulas:
        return "sum"
    if not cell.is_total:
        return "input"
    return "total" if cell in desk.formulas else "stated_total"


def _write_figure(desk: Desk, sheet: Worksheet, plan: TableSheet, cell: Cell, style: Format) -> None:
    spot = plan.spots[cell]
    figure = desk.shown.get(cell)
    entry = desk.entries.get(cell)
    if isinstance(entry, str):
        sheet.write_string(spot.row, spot.column, entry, style)
    elif entry is not None:
        sheet.write_number(spot.row, spot.column, entry, style)
    elif cell in desk.formulas:
        formula = total_formula(plan, desk.report.form.sums[cell], plan.spots)
        sheet.write_formula(spot.row, spot.column, formula, style, "" if figure is None else figure)
    elif desk.sums.get(cell):
        sheet.write_formula(spot.row, spot.column, desk.sums[cell], style, "" if figure is None else figure)
    elif figure is None:
        sheet.write_blank(spot.row, spot.column, None, style)
    elif Decimal(repr(float(figure))) == figure:
        sheet.write_number(spot.row, spot.column, figure, style)
    else:
        # More digits than a spreadsheet keeps: as text nothing is lost, and reading says so (V-05).
        sheet.write_string(spot.row, spot.column, plain(figure), style)
    desk.note(sheet, spot, cell, _prior_note(desk, cell))


def _prior_note(desk: Desk, cell: Cell) -> str:
    """Last year's figure for comparison, where the form says which one to compare with."""
    prior = desk.prior
    if prior is None or cell.carried_from is None:
        return ""
    compared = prior.form.cells.get(cell.carried_from)
    figure = prior.values.get(compared) if compared else None
    if figure is None:
        return ""
    return desk.words["prior"].format(year=prior.year or "", figure=plain(figure))


def _write_checks(desk: Desk, sheet: Worksheet, plan: TableSheet) -> None:
    """The live checks: “平” or “差 3”, and red for the row or column that is off."""
    for check in plan.checks:
        left, right = (references(plan, side, plan.spots) for side in _sides(check))
        everything = references(plan, check.identity.cells, plan.spots)
        difference = f"ROUND(SUM({left})-SUM({right}),6)"
        words = desk.words
        off = f'"{words["off"]}"&ABS({difference})'
        formula = f'=IF(COUNT({everything})=0,"",IF({difference}=0,"{words["balanced"]}",{off}))'
        row, column = check.spot
        sheet.write_formula(row, column, formula, desk.styles["check"], verdict(desk, check))
        alarm = {
            "type": "formula",
            "criteria": f'=LEFT({check.spot.absolute},1)="{words["off"][0]}"',
            "format": desk.styles["alarm"],
        }
        spots = [plan.spots[cell] for cell in check.watched] + [check.spot]
        for first, last in _blocks(spots):
            sheet.conditional_format(*first, *last, alarm)
    _label_checks(desk, sheet, plan)


def _label_checks(desk: Desk, sheet: Worksheet, plan: TableSheet) -> None:
    beside = [check for check in plan.checks if check.spot.column == plan.check_column]
    if beside:
        top = TABLE_TOP + plan.layout.header_height - 1
        sheet.write_string(top, plan.check_column, desk.words["row_checks"], desk.styles["check"])
    below = {check.spot.row: check for check in plan.checks if check.spot.row >= plan.first_check_row}
    for row, check in below.items():
        label = _check_label(desk, check)
        if plan.layout.label_width > 1:
            sheet.merge_range(row, 0, row, plan.layout.label_width - 1, label, desk.styles["check_label"])
        elif plan.layout.label_width:
            sheet.write_string(row, 0, label, desk.styles["check_label"])
        sheet.set_row(row, 18)


def _check_label(desk: Desk, check: Check) -> str:
    left, right = ([_number(cell) for cell in side] for side in _sides(check))
    if check.identity.is_sum:
        return desk.words["sum_check"].format(right="".join(right))
    return desk.words["column_check"].format(left=" + ".join(left), right=" + ".join(right))


def _number(cell: Cell) -> str:
    """The row's own number, such as ``一`` or ``(七)``; its label where it has none."""
    label = cell.row.short if cell.row else cell.column.short
    return label.split("、")[0] if "、" in label else label


def _sides(check: Check) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    return check.identity.left, check.identity.right


def verdict(desk: Desk, check: Check) -> str:
    """What the live check shows for the figures as they stand."""
    figures = [desk.shown.get(cell) for cell in check.identity.cells]
    if all(figure is None for figure in figures):
        return ""
    left, right = (add_up(desk.shown.get(cell) for cell in side) or 0 for side in _sides(check))
    return desk.words["balanced"] if left == right else f"{desk.words['off']}{plain(distance(left, right))}"


def _blocks(spots: list[Spot]) -> list[tuple[Spot, Spot]]:
    """`spots` as straight runs along a row or a column."""
    runs: list[tuple[Spot, Spot]] = []
    for spot in spots:
        if runs:
            first, last = runs[-1]
            along_row = first.row == last.row == spot.row and spot.column == last.column + 1
            along_column = first.column == last.column == spot.column and spot.row == last.row + 1
            if along_row or along_column:
                runs[-1] = (first, spot)
                continue
        runs.append((spot, spot))
    return runs


def _write_validation(sheet: Worksheet, plan: TableSheet) -> None:
    rules: dict[str, dict[str, Any]] = {
        "count": {"validate": "integer", "criteria": ">=", "value": 0},
        "change": {"validate": "integer", "criteria": "between", "minimum": -(10**9), "maximum": 10**9},
        "money": {"validate": "decimal", "criteria": ">=", "value": 0},
    }
    for kind, limits in rules.items():
        cells = [cell for cell in plan.spots if cell.kind == kind and not cell.is_total]
        areas = [[*plan.spots[first], *plan.spots[last]] for first, last in rectangles(plan, tuple(cells))]
        if not areas:
            continue
        words = workbook_data()["validation"][kind]
        options = {
            **limits,
            "input_title": words["title"],
            "input_message": words["message"],
            "error_title": words["title"],
            "error_message": words["error"],
            "other_cells": areas[1:],
        }
        sheet.data_validation(*areas[0], options)
