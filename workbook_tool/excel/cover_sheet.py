"""The cover: whose report it is, the template id, and whether the tables balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.excel.layout import Spot, rectangles, table_sheet
from workbook_tool.excel.table_sheet import verdict
from workbook_tool.forms import cover_fields, levels, period, workbook_data

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from workbook_tool.excel.desk import Desk
    from workbook_tool.excel.layout import TableSheet
    from workbook_tool.forms import CoverField

ISSUED = ("agency", "agency_code")
_LABEL, _VALUE = 1, 2
_FIRST_FIELD = 5
COVER_SPOTS = {field.id: Spot(_FIRST_FIELD + number, _VALUE) for number, field in enumerate(cover_fields())}
"""Where the fields of the cover stand."""


def write_cover(desk: Desk, sheet: Worksheet) -> None:
    """Fill the cover sheet; it is the first sheet but written last, since it watches the others."""
    report = desk.report
    for column, width in ((0, 6), (_LABEL, 18), (_VALUE, 58)):
        sheet.set_column(column, column, width)
    data = workbook_data()
    year = report.year or ""
    lines = [
        (data["title"], "title", 44),
        (data["subtitle"].format(agency=report.agency, year=year), "subtitle", 30),
        (f"{report.form.notice} · {report.form.name.zh}", "notice", 22),
    ]
    for row, (text, style, height) in enumerate(lines, start=1):
        sheet.merge_range(row, _LABEL, row, _VALUE, text, desk.styles[style])
        sheet.set_row(row, height)
    for field in cover_fields():
        _write_field(desk, sheet, field)
    row = max(spot.row for spot in COVER_SPOTS.values()) + 1
    _write_line(desk, sheet, row, desk.words["status"], "cover__status")
    formula, value = _status(desk)
    sheet.write_formula(row, _VALUE, formula, desk.styles["cover_fixed"], value)
    alarm = {
        "type": "formula",
        "criteria": f'=LEFT({Spot(row, _VALUE).absolute},1)="{desk.words["unbalanced"][0]}"',
        "format": desk.styles["alarm"],
    }
    sheet.conditional_format(row, _VALUE, row, _VALUE, alarm)
    _write_line(desk, sheet, row + 1, desk.words["template_id"], "cover__template_id")
    sheet.write_string(row + 1, _VALUE, desk.template_id, desk.styles["cover_fixed"])
    if desk.token:
        row += 1
        _write_line(desk, sheet, row + 1, desk.words["token"], "cover__token")
        sheet.write_string(row + 1, _VALUE, desk.token, desk.styles["cover_fixed"])
    sheet.print_area(0, _LABEL, row + 2, _VALUE)
    if desk.marks is None:
        sheet.activate()


def _write_line(desk: Desk, sheet: Worksheet, row: int, label: str, name: str) -> None:
    sheet.set_row(row, 30)
    sheet.write_string(row, _LABEL, label, desk.styles["cover_label"])
    desk.name(name, sheet, Spot(row, _VALUE))


def _write_field(desk: Desk, sheet: Worksheet, field: CoverField) -> None:
    row, column = spot = COVER_SPOTS[field.id]
    target = f"cover.{field.id}"
    desk.note(sheet, spot, target)
    report = desk.report
    _write_line(desk, sheet, row, field.label, field.name)
    if field.kind == "period":
        year = COVER_SPOTS["year"].a1
        words = f'{year}&"年1月1日至"&{year}&"年12月31日"'
        value = period(report.year) if report.year else ""
        sheet.write_formula(
            row, column, f'=IF({year}="","",{words})', desk.look("cover_fixed", target), value
        )
        return
    if field.kind == "year":
        style = desk.look("cover_fixed" if report.year else "cover_year", target)
        limits = {"validate": "integer", "criteria": "between", "minimum": 2000, "maximum": 2100}
        sheet.data_validation(row, column, row, column, {**limits, **_prompt(field)})
        if report.year:
            sheet.write_number(row, column, report.year, style)
        else:
            sheet.write_blank(row, column, None, style)
        return
    text = report.agency if field.id == "agency" else report.cover.get(field.id, "")
    if field.kind == "choice":
        limits = {"validate": "list", "source": list(levels()), "error_message": field.prompt}
    else:
        limits = {"validate": "any"}
    sheet.data_validation(row, column, row, column, {**limits, **_prompt(field)})
    if text and field.id in ISSUED:
        # Whose workbook it is was settled when it was issued; a unit does not change it.
        sheet.write_string(row, column, text, desk.look("cover_fixed", target))
    elif text:
        sheet.write_string(row, column, text, desk.look("cover_input", target))
    else:
        sheet.write_blank(row, column, None, desk.look("cover_input", target))


def _prompt(field: CoverField) -> dict[str, str]:
    return {"input_title": field.label, "input_message": field.prompt}


def _status(desk: Desk) -> tuple[str, str]:
    """One line, as a formula and as it stands: which checks fail, or else how many cells are blank."""
    words = desk.words
    plans = [table_sheet(desk.report.form, section) for section in desk.report.form.tabled]
    counts = [(plan, _count_off(desk, plan)) for plan in plans if plan.checks]
    inputs = sum(not cell.is_total for cell in desk.report.form.cells.values())
    filled = sum(not c.is_total and desk.shown.get(c) is not None for c in desk.report.form.cells.values())
    failing = "+".join(formula for _, (formula, _) in counts)
    where = "&".join(
        f'IF({formula}>0,"{_in_section(desk, plan, chr(34) + "&" + formula + "&" + chr(34))}","")'
        for plan, (formula, _) in counts
    )
    count = ",".join(_input_areas(plan) for plan in plans)
    blank_before, blank_after = words["not_filled"].split("{count}")
    off_before, off_after = words["unbalanced"].split("{count}")
    formula = (
        f'=IF({failing}>0,"{off_before}"&({failing})&"{off_after}"&{where},'
        f'IF(COUNT({count})<{inputs},"{blank_before}"&({inputs}-COUNT({count}))&"{blank_after}",'
        f'"{words["all_balanced"]}"))'
    )
    off = sum(number for _, (_, number) in counts)
    if off:
        places = "".join(_in_section(desk, plan, str(n)) for plan, (_, n) in counts if n)
        return formula, words["unbalanced"].format(count=off) + places
    if filled < inputs:
        return formula, words["not_filled"].format(count=inputs - filled)
    return formula, words["all_balanced"]


def _in_section(desk: Desk, plan: TableSheet, count: str) -> str:
    return desk.words["unbalanced_in"].format(section=plan.section.name.zh, count=count)


def _count_off(desk: Desk, plan: TableSheet) -> tuple[str, int]:
    """How many live checks of a section are off: as a formula, and as it stands."""
    columns = sorted({check.spot.column for check in plan.checks})
    rows = sorted({check.spot.row for check in plan.checks})
    area = f"{Spot(rows[0], columns[0]).absolute}:{Spot(rows[-1], columns[-1]).absolute}"
    off = desk.words["off"]
    number = sum(verdict(desk, check).startswith(off) for check in plan.checks)
    return f"COUNTIF('{plan.section.tab}'!{area},\"{off}*\")", number


def _input_areas(plan: TableSheet) -> str:
    inputs = [cell for cell in plan.spots if not cell.is_total]
    areas = (
        f"'{plan.section.tab}'!{plan.spots[first].absolute}:{plan.spots[last].absolute}"
        for first, last in rectangles(plan, tuple(inputs))
    )
    return ",".join(areas)
