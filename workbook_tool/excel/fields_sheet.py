"""数据字段: what may be copied into a text instead of a number, and the figure that each stands for now."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from workbook_tool.excel.layout import references, table_sheet
from workbook_tool.forms import workbook_data
from workbook_tool.narrative.names import field_names, plain_column
from workbook_tool.report import add_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

    from workbook_tool.excel.desk import Desk
    from workbook_tool.forms import Cell, Form

_FIELD, _MEANING, _FIGURE = 0, 1, 2
_HEAD = 2
_ROW_HEIGHT = 17
_STEP = " · "


def write_fields(desk: Desk) -> None:
    """Add the sheet that lists the fields with the figures that they print."""
    words = workbook_data()["fields"]
    title = workbook_data()["sheets"]["fields"]
    sheet = desk.sheet(title, heading=title)
    for column, width in ((_FIELD, 34), (_MEANING, 48), (_FIGURE, 14)):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, _FIELD, 0, _FIGURE, title, desk.styles["heading"])
    sheet.set_row(0, 26)
    sheet.merge_range(1, _FIELD, 1, _FIGURE, words["guide"], desk.styles["guide"])
    sheet.set_row(1, 64)
    for column, text in enumerate((words["field"], words["meaning"], words["figure"])):
        sheet.write_string(_HEAD, column, text, desk.styles["text_head"])
    row = _HEAD + 1
    for part, entries in _parts(desk.report.form):
        sheet.merge_range(row, _FIELD, row, _FIGURE, part, desk.styles["result_group"])
        sheet.set_row(row, 20)
        row += 1
        for name, cells in entries:
            _write_entry(desk, sheet, row, name, cells)
            row += 1
    pattern = _pattern(desk.report.form)
    if pattern:
        sheet.merge_range(row, _FIELD, row, _FIGURE, pattern, desk.styles["guide"])
        sheet.set_row(row, 34)
        row += 1
    sheet.print_area(0, _FIELD, row - 1, _FIGURE)
    sheet.repeat_rows(_HEAD)
    sheet.freeze_panes(_HEAD + 1, 0)


@cache
def _parts(form: Form) -> Sequence[tuple[str, Sequence[tuple[str, tuple[Cell, ...]]]]]:
    """The fields by section; those of single columns, of which there are too many, are told by a pattern."""
    words = workbook_data()["fields"]
    parts = []
    for section in form.tabled:
        entries = [
            (name, cells)
            for cells, name in field_names(form).items()
            if cells[0].section == section.id and not _is_detail(form, cells[0])
        ]
        parts.append((words["part"].format(section=section.name.zh, title=section.title), entries))
    return parts


def _is_detail(form: Form, cell: Cell) -> bool:
    """Whether a figure is a part of a row's total, of any row but the first."""
    table = form.table_of(cell)
    total = plain_column(table)
    return total is not None and cell.column.id != total.id and cell.row is not table.rows.leaves[0]


def _pattern(form: Form) -> str:
    """How the fields that are not listed are called: the last of them, and the words that change."""
    details = [name for cells, name in field_names(form).items() if _is_detail(form, cells[0])]
    endings = dict.fromkeys(name.rpartition(".")[2] for name in details)
    pattern: str = workbook_data()["fields"]["pattern"]
    return pattern.format(example=details[0], columns="、".join(endings)) if details else ""


def _write_entry(desk: Desk, sheet: Worksheet, row: int, name: str, cells: tuple[Cell, ...]) -> None:
    sheet.set_row(row, _ROW_HEIGHT)
    sheet.write_string(row, _FIELD, f"【{name}】", desk.styles["field"])
    sheet.write_string(row, _MEANING, _meaning(cells), desk.styles["field_meaning"])
    formula, shown = _figure(desk, cells)
    sheet.write_formula(row, _FIGURE, formula, desk.styles["field_figure"], shown)


def _meaning(cells: Sequence[Cell]) -> str:
    """The figure in the words of the form; of a group, the words that its cells share."""
    if len(cells) == 1:
        return cells[0].where.zh
    paths = [cell.where.zh.split(_STEP) for cell in cells]
    shared = _STEP.join(part for part in paths[0] if all(part in path for path in paths))
    meaning: str = workbook_data()["fields"]["sum"].format(shared=shared, count=len(cells))
    return meaning


def _figure(desk: Desk, cells: Sequence[Cell]) -> tuple[str, object]:
    """The formula that shows the figure, and what it shows as things stand; a blank shows as a blank."""
    form = desk.report.form
    section = form.section(cells[0].section)
    plan = table_sheet(form, section)
    at = [f"'{section.tab}'!{part}" for part in references(plan, cells, plan.spots).split(",")]
    if len(cells) == 1:
        entered = desk.entries.get(cells[0], desk.shown.get(cells[0]))
        return f'=IF({at[0]}="","",{at[0]})', "" if entered is None else entered
    total = add_up(desk.shown.get(cell) for cell in cells)
    parts = ",".join(at)
    return f'=IF(COUNT({parts})=0,"",SUM({parts}))', "" if total is None else total
