"""Irregular rows and columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.printed.irregular import irregularity, may_damage, movable_rows
from tests.printed.page import Sheet, Slot

if TYPE_CHECKING:
    from random import Random

    from tests.printed.page import Printed

_EXTRA = ("9.其他", "合计", "小计", "其中:涉及企业", "其他", "9.属于工作秘密", "（八）其他情形", "备注", "")
_PRINTED = "grid book ragged"


@irregularity("grid ragged stream words")
def short_row(page: Printed, random: Random) -> None:
    """A cell is missing: those right of it stand where it should be."""
    sheet, row = random.choice(movable_rows(page))
    lost = random.choice(row)
    if not may_damage(page, lost, "few"):
        return
    sheet.slots.remove(lost)
    page.forget(lost.cell)
    for slot in row:
        if slot.column > lost.column:
            slot.column -= lost.width


@irregularity("grid ragged stream words")
def long_row(page: Printed, random: Random) -> None:
    """There is a cell too many: those right of it stand aside."""
    sheet, row = random.choice(movable_rows(page))
    if not may_damage(page, row[0], "many"):
        return
    before = random.choice([*row, None])
    column = before.column if before else row[-1].right
    for slot in row:
        if slot.column >= column:
            slot.column += 1
    text = random.choice(["", "0", "7", str(random.randint(0, 99))])
    sheet.slots.append(Slot(text, row[0].row, column, 1, 1, "value"))


@irregularity()
def extra_row(page: Printed, random: Random) -> None:
    sheet = random.choice([sheet for sheet in page.sheets if sheet.figures])
    model = random.choice([row for row in sheet.rows() if any(slot.cell for slot in row)])
    if not may_damage(page, next(slot for slot in model if slot.cell), "many"):
        return
    at = model[-1].bottom
    open_rows(sheet, at, 1)
    own = [slot for slot in model if slot.role in {"row", "value"} and slot.height == 1]
    # A label that is blank leaves no trace in a run, where a second figure is none.
    text = random.choice(_EXTRA if sum(slot.role == "value" for slot in own) > 1 else _EXTRA[:-1])
    for slot in own:
        new = str(random.randint(0, 99)) if slot.role == "value" else text
        sheet.slots.append(replace(slot, text=new, row=at, cell=""))


@irregularity()
def row_twice(page: Printed, random: Random) -> None:
    """A row is there twice, the second time with other figures."""
    sheet = random.choice([sheet for sheet in page.sheets if sheet.figures])
    model = random.choice([row for row in sheet.rows() if any(slot.cell for slot in row)])
    if not may_damage(page, next(slot for slot in model if slot.cell), "many"):
        return
    at = model[-1].bottom
    around = [slot for slot in sheet.slots if slot.role == "row" and slot.height > 1 and slot.bottom == at]
    open_rows(sheet, at, 1)
    for slot in around:
        slot.height += 1
    for slot in [slot for slot in model if slot.role in {"row", "value"} and slot.height == 1]:
        text = str(random.randint(0, 99)) if slot.cell else slot.text
        if slot.cell and text != slot.text:
            page.forget(slot.cell)
        sheet.slots.append(replace(slot, text=text, row=at, cell=""))


@irregularity()
def missing_row(page: Printed, random: Random) -> None:
    sheet = random.choice([sheet for sheet in page.sheets if sheet.figures])
    lost = random.choice([row for row in sheet.rows() if any(slot.cell for slot in row)])
    row = lost[0].row
    leaf = max((slot for slot in lost if not slot.cell), key=lambda slot: slot.column, default=None)
    texts = [slot.text for slot in sheet.slots if slot.role == "row"]
    if leaf is None or texts.count(leaf.text) > 1 or _is_crossed(sheet, row) or _is_crossed(sheet, row + 1):
        return  # nobody can tell which row is missing
    page.forget(*(slot.cell for slot in lost if slot.cell))
    take_row(sheet, row)


@irregularity()
def missing_column(page: Printed, random: Random) -> None:
    """A column of 表三 is not there."""
    sheet = page.sheet("t3")
    leaves = {line.id for line in page.report.form.section("t3").tables[0].columns.leaves}
    heads = [slot for slot in sheet.slots if slot.line in leaves]
    if not heads:
        return
    lost = random.choice(heads).column
    gone = [slot for slot in sheet.slots if slot.column == lost and slot.role in {"value", "column"}]
    if any(slot.width > 1 for slot in gone):
        return
    page.forget(*(slot.cell for slot in gone))
    sheet.slots = [slot for slot in sheet.slots if slot not in gone]
    for slot in sheet.slots:
        if slot.column > lost:
            slot.column -= 1
        elif slot.column <= lost < slot.right:
            slot.width -= 1


@irregularity("grid ragged stream words")
def headless_column(page: Printed, random: Random) -> None:
    """All rows of a table lack a figure, but no heading does."""
    sheet = page.sheet("t3")
    cells = page.report.form.cells
    leaves = page.report.form.section("t3").tables[0].columns.leaves
    lost = random.choice(leaves)
    if any(slot.damage == "many" for slot in sheet.figures):
        return
    for slot in sheet.figures:
        slot.damage = "few"
        if leaves.index(cells[slot.cell].column) >= leaves.index(lost):
            page.forget(slot.cell)
    gone = [slot for slot in sheet.figures if cells[slot.cell].column is lost]
    sheet.slots = [slot for slot in sheet.slots if slot not in gone]
    for slot in gone:
        for other in sheet.slots:
            if other.row == slot.row and other.column > slot.column:
                other.column -= slot.width


@irregularity(harmless="grid")
def head_on_next_page(page: Printed, random: Random) -> None:
    """表三 goes on in another table that has its headings again."""
    _break(page, random, with_head=True)


@irregularity()
def table_goes_on(page: Printed, random: Random) -> None:
    """表三 goes on in another table without headings."""
    _break(page, random, with_head=False)


@irregularity(harmless=_PRINTED)
def head_again(page: Printed, random: Random) -> None:
    """The headings stand again in the middle of the table, and so do the labels of the group."""
    sheet = page.sheet("t3")
    first = min(slot.row for slot in sheet.figures)
    whole = [slot.row for slot in sheet.figures if slot.row > first and not _is_crossed(sheet, slot.row)]
    if not whole:
        return
    at = random.choice(whole)
    head = [replace(slot, row=slot.row + at) for slot in sheet.slots if slot.row < first]
    cut_groups(sheet, at)
    open_rows(sheet, at, first)
    sheet.slots += head


@irregularity(harmless=_PRINTED)
def group_again(page: Printed, random: Random) -> None:
    """The labels of a group stand again in its middle, as after a page break."""
    sheet = page.sheet("t3")
    for _ in range(random.randint(1, 3)):
        cut_groups(sheet, random.randrange(sheet.height))


@irregularity("grid book", harmless="grid book")
def hidden_column(page: Printed, random: Random) -> None:
    """A column of the table spans two of its grid, in all rows alike."""
    sheet = random.choice(page.sheets)
    at = random.randrange(sheet.width)
    parts = [other for other in page.sheets if other.section == sheet.section]
    for slot in [slot for part in parts for slot in part.slots]:
        if slot.column <= at < slot.right:
            slot.width += 1
        elif slot.column > at:
            slot.column += 1


@irregularity("grid book")
def shifted_spans(page: Printed, random: Random) -> None:
    """The grid has a column too many, and each row merges two others."""
    sheet = random.choice(page.sheets)
    if sum(other.section == sheet.section for other in page.sheets) > 1:
        return  # on one worksheet nobody could tell
    rows = sheet.rows()
    wide = {slot.row for slot in sheet.slots if slot.height > 1 and slot.role in {"row", "column", "corner"}}
    for number, row in enumerate(rows):
        own = [slot for slot in row if slot.height == 1 and slot.role != "row"]
        if not own or (number in wide and not any(slot.cell for slot in own)):
            own = own[-1:] or row[-1:]
        chosen = random.choice(own)
        chosen.width += 1
        for slot in row:
            if slot.column > chosen.column:
                slot.column += 1


def _break(page: Printed, random: Random, *, with_head: bool) -> None:
    sheet = page.sheet("t3")
    first = min(slot.row for slot in sheet.figures)
    whole = [slot.row for slot in sheet.figures if slot.row > first and not _is_crossed(sheet, slot.row)]
    if not whole:
        return
    at = random.choice(whole)
    cut_groups(sheet, at)
    down = at - (first if with_head else 0)
    second = [replace(slot) for slot in sheet.slots if with_head and slot.row < first]
    for slot in [slot for slot in sheet.slots if slot.row >= at]:
        sheet.slots.remove(slot)
        slot.row -= down
        second.append(slot)
    page.blocks.insert(page.blocks.index(sheet) + 1, Sheet(second, "t3"))


def _is_crossed(sheet: Sheet, row: int) -> bool:
    """Whether a figure begins above `row` and reaches into it."""
    return any(slot.role == "value" and slot.row < row < slot.bottom for slot in sheet.slots)


def cut_groups(sheet: Sheet, at: int) -> None:
    """Let labels of groups begin anew in row `at`."""
    for slot in [slot for slot in sheet.slots if slot.role == "row" and slot.row < at < slot.bottom]:
        sheet.slots.append(replace(slot, row=at, height=slot.bottom - at))
        slot.height = at - slot.row


def take_row(sheet: Sheet, row: int) -> None:
    """Take away row `row`, but for what reaches over it."""
    sheet.slots = [slot for slot in sheet.slots if not (slot.row == row and slot.height == 1)]
    for slot in sheet.slots:
        if slot.covers_row(row):
            slot.height -= 1
        elif slot.row > row:
            slot.row -= 1


def open_rows(sheet: Sheet, at: int, height: int) -> None:
    """Make room for `height` rows above row `at`; what reaches over it goes on below them."""
    for slot in sheet.slots:
        if slot.row >= at:
            slot.row += height
        elif slot.bottom > at:
            slot.height += height
