"""Rows, columns and tables that stand elsewhere, twice, or where there should be none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.printed.in_rows import cut_groups, open_rows, take_row
from tests.printed.irregular import irregularity, may_damage
from tests.printed.page import Paragraph, Slot

if TYPE_CHECKING:
    from random import Random

    from tests.printed.page import Printed, Sheet

_APART = "grid book ragged sheet stream words"
_HEADS = ("备注", "小计", "合计", "其中:网上", "其他", "", "上年数", "总计", "同比增长(%)")
_LINES = (
    "5",
    "- 5 -",
    "第5页",
    "注:以上数据截至12月31日。",
    "单位:件",
    "续表",
    "5 / 12",
    "其中,网上申请3件。",
)
_BETWEEN = ("上年度数据如下:", "附:2020年数据", "(续)", "")


@irregularity(_APART)
def extra_column(page: Printed, random: Random) -> None:
    """A column that the form has not, with a heading of its own or none."""
    sheet = random.choice([sheet for sheet in page.sheets if sheet.figures])
    if sum(other.section == sheet.section for other in page.sheets) > 1:
        return  # on one worksheet nobody could tell
    if any(slot.damage == "few" for slot in sheet.figures):
        return
    for slot in sheet.figures:
        slot.damage = "many"
    at = random.choice([edge for slot in sheet.figures for edge in (slot.column, slot.right)])
    for slot in sheet.slots:
        if slot.column >= at:
            slot.column += 1
        elif slot.right > at:
            slot.width += 1
    head, figure = random.choice(_HEADS), random.choice(["", "0", None, None])
    for row in sorted({slot.row for slot in sheet.figures}):
        text = str(random.randint(0, 99)) if figure is None else figure
        sheet.slots.append(Slot(text, row, at, 1, 1, "value"))
    for row in sorted({slot.row for slot in sheet.slots if slot.role == "column"}):
        if not any(slot.covers_row(row) and slot.column <= at < slot.right for slot in sheet.slots):
            sheet.slots.append(Slot(head, row, at, 1, 1, "column"))


@irregularity(harmless="grid book ragged sheet stream")
def moved_row(page: Printed, random: Random) -> None:
    """Two rows of a group have changed places, labels and all."""
    sheet = page.sheet("t3")
    rows = [row for row in sheet.rows() if any(slot.cell for slot in row) and _is_whole(row)]
    pairs = [
        (one, other)
        for one in rows
        for other in rows
        if one[0].row < other[0].row
        and [(slot.role, slot.column) for slot in one] == [(slot.role, slot.column) for slot in other]
        and _groups(sheet, one) == _groups(sheet, other)
    ]
    if not pairs:
        return
    one, other = random.choice(pairs)
    places = one[0].row, other[0].row
    for row, place in zip((other, one), places, strict=True):
        for slot in row:
            slot.row = place


@irregularity()
def table_twice(page: Printed, random: Random) -> None:
    """A table stands twice in its section, the second time with other figures: last year's, perhaps."""
    sheet = random.choice([sheet for sheet in page.sheets if sheet.figures])
    copy = sheet.copy()
    share = random.choice([0.1, 0.5, 1])
    for slot in copy.slots:
        if slot.cell and random.random() < share:
            other = str(random.randint(0, 99))
            if other != slot.text:
                page.forget(slot.cell)
            slot.text = other
        slot.role = "value" if slot.cell else slot.role
        slot.cell = ""
    after = page.blocks.index(sheet) + 1
    words = random.choice(_BETWEEN)
    page.blocks[after:after] = [Paragraph(words, "text"), copy] if words else [copy]


@irregularity("grid ragged sheet stream words")
def line_between(page: Printed, random: Random) -> None:
    """A line that is none of the table stands between its rows: a page number, a note."""
    sheet = random.choice([sheet for sheet in page.sheets if sheet.figures])
    above = random.choice(sheet.figures)
    at = above.row + 1
    if any(slot.role == "value" and slot.row < at < slot.bottom for slot in sheet.slots):
        return
    if not may_damage(page, above, "many"):
        return
    cut_groups(sheet, at)
    open_rows(sheet, at, 1)
    sheet.slots.append(Slot(random.choice(_LINES), at, 0, 1, sheet.width, "value"))


@irregularity(_APART)
def no_label(page: Printed, random: Random) -> None:
    """A row has no label; or a group has none, which does not matter."""
    sheet = random.choice([sheet for sheet in page.sheets if any(slot.role == "row" for slot in sheet.slots)])
    label = random.choice([slot for slot in sheet.slots if slot.role == "row"])
    if [slot.text for slot in sheet.slots].count(label.text) > 1:
        return  # where it stands twice, the other one is its row
    is_own = not any(other.column > label.column for other in sheet.labels(label.row))
    near = [slot for slot in sheet.figures if label.row - 1 <= slot.row < label.bottom]
    if not all(may_damage(page, slot, "many") for slot in near):
        return  # its figures may go with those above
    if is_own:
        page.forget(*(slot.cell for slot in near if label.covers_row(slot.row)))
    label.text = ""


@irregularity(_APART)
def no_head(page: Printed, random: Random) -> None:
    """One of the rows of headings is missing."""
    sheet = random.choice([sheet for sheet in page.sheets if sheet.figures])
    heads = {slot.row for slot in sheet.slots if slot.role not in {"row", "value"}}
    if heads:
        take_row(sheet, random.choice(sorted(heads)))


def _is_whole(row: list[Slot]) -> bool:
    return row[0].role == "row" and all(slot.height == 1 for slot in row)


def _groups(sheet: Sheet, row: list[Slot]) -> set[int]:
    """The labels above that of a row."""
    return {id(slot) for slot in sheet.labels(row[0].row) if slot.height > 1}
