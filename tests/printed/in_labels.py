"""Irregular labels and headings."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from opencc import OpenCC

from tests.printed.irregular import irregularity
from tests.printed.page import Paragraph, Slot

if TYPE_CHECKING:
    from random import Random

    from tests.printed.page import Printed

_READ = "grid book ragged sheet stream"
_FULL_WIDTH = str.maketrans("0123456789():,", "０１２３４５６７８９（）：，")
_UNITS = ("(件)", "(单位:件)", "(项)")
_EXPLAINED = (*_UNITS, "(含受委托的)", "(截至12月31日)", "(注1)")
_OTHER = ("(上年)", "(累计)", "(百件)", "(其中:网上)")
_WRONG = "政务信息公开情项目件数行请未不其他总一二三"
_ARABIC = dict(zip("一二三四五六", "123456", strict=True))


def labels(page: Printed, *roles: str) -> list[Slot]:
    """The printed cells that are no figures, of these roles if any are given."""
    slots = [slot for sheet in page.sheets for slot in sheet.slots if slot.role != "value" and slot.text]
    return [slot for slot in slots if slot.role in roles] if roles else slots


def headings(page: Printed) -> list[Paragraph]:
    """The headings of the sections."""
    return [paragraph for paragraph in page.paragraphs if paragraph.role == "heading"]


def texts(page: Printed) -> list[Slot | Paragraph]:
    """Both of them."""
    return [*labels(page), *headings(page)]


@irregularity(harmless=_READ)
def traditional(page: Printed, random: Random) -> None:
    for each in texts(page):
        each.text = _traditional(each.text)


@irregularity(harmless=_READ)
def other_marks(page: Printed, random: Random) -> None:
    """`1、` for `1.`, other brackets, other quotation marks."""
    mark = random.choice(["、", "．", "，", ". "])
    for slot in labels(page, "row"):
        slot.text = re.sub(r"^(\d)\.", rf"\1{mark}", slot.text).replace("“", '"').replace("”", '"')


@irregularity(harmless=_READ)
def full_width(page: Printed, random: Random) -> None:
    for each in texts(page):
        each.text = each.text.translate(_FULL_WIDTH)


@irregularity(harmless=_READ)
def spaces_in_labels(page: Printed, random: Random) -> None:
    space = random.choice([" ", "\u3000", "\u00a0", "  "])
    for slot in labels(page):
        if random.random() < 0.3:
            at = random.randrange(len(slot.text))
            slot.text = f"{slot.text[:at]}{space}{slot.text[at:]}"


@irregularity("grid book ragged sheet stream words", harmless="grid")
def broken_labels(page: Printed, random: Random) -> None:
    """Labels go on in the next paragraph of their cell."""
    for slot in labels(page, "row", "column"):
        if len(slot.text) > 1 and random.random() < 0.2:
            at = random.randrange(1, len(slot.text))
            slot.text = f"{slot.text[:at]}\n{slot.text[at:]}"


@irregularity(harmless="grid book ragged sheet stream")
def other_word(page: Printed, random: Random) -> None:
    """规范性文件 without 行政, or with it."""
    for slot in labels(page, "row"):
        if slot.text.endswith("规范性文件"):
            slot.text = random.choice(["规范性文件", "行政规范性文件"])


@irregularity(harmless="grid book ragged sheet")
def explained_columns(page: Printed, random: Random) -> None:
    """The headings of columns say in what they count."""
    for slot in labels(page, "column"):
        if random.random() < 0.3 and "(" not in slot.text:
            slot.text += random.choice(_UNITS)


@irregularity()
def remarks_on_columns(page: Printed, random: Random) -> None:
    for slot in labels(page, "column"):
        if random.random() < 0.3:
            slot.text += random.choice(_EXPLAINED)


@irregularity()
def other_figures_in_column(page: Printed, random: Random) -> None:
    """A heading says that these are figures of something else."""
    if random.random() < 0.5:
        heads = [slot for slot in labels(page, "column") if "万元" in slot.text]
        for slot in heads:
            slot.text = slot.text.replace("万元", random.choice(["元", "亿元", "千元"]))
            slot.is_other = True
        cells = [cell for cell in page.report.form.cells if heads and cell.endswith(".amount")]
    else:
        column = random.choice(page.report.form.section("t3").tables[0].columns.leaves)
        remark = random.choice(_OTHER)
        for sheet in page.sheets:
            for slot in sheet.slots:
                if sheet.section == "t3" and slot.line == column.id:
                    slot.text += remark
                    slot.is_other = True
        own = page.report.form.section("t3").cells
        cells = [cell.id for cell in own if cell.column is column]
    page.forget(*cells)


@irregularity()
def explained_rows(page: Printed, random: Random) -> None:
    for text in sorted({slot.text for slot in labels(page, "row")}):
        remark = random.choice(_EXPLAINED)
        if random.random() < 0.2:
            for slot in labels(page, "row"):
                slot.text += remark if slot.text == text else ""


@irregularity()
def other_figures_in_row(page: Printed, random: Random) -> None:
    """A label says that these are figures of something else."""
    sheet = random.choice(page.sheets)
    below = _leaf_labels(sheet.slots)
    if below:
        label = random.choice(below)
        page.forget(*(slot.cell for slot in _figures(sheet.slots, label)))
        label.text += random.choice(_OTHER)
        label.is_other = True


@irregularity()
def misprinted_label(page: Printed, random: Random) -> None:
    """A character is another one, one is lost, one is twice, or two change places."""
    for slot in random.sample(_plain(labels(page)), random.randint(1, 4)):
        at = random.randrange(len(slot.text))
        before, character, after = slot.text[:at], slot.text[at], slot.text[at + 1 :]
        if character.isdecimal():
            continue  # it may become a figure of the row before
        middle = random.choice([random.choice(_WRONG), "", character * 2, after[:1] + character])
        slot.text = before + middle + (after[1:] if middle == after[:1] + character else after)


@irregularity()
def shortened_label(page: Printed, random: Random) -> None:
    for slot in random.sample(_plain(labels(page, "row", "column")), random.randint(1, 4)):
        number = re.match(r"[(\d]*[.一二三四五六七)]*、?", slot.text)
        start = number.end() if number and random.random() < 0.5 else 0
        words = slot.text[start:]
        length = random.randint(1, max(1, len(words) - 1))
        slot.text = words[:length] if random.random() < 0.7 else words[-length:]


@irregularity()
def no_numbers(page: Printed, random: Random) -> None:
    for slot in labels(page, "row"):
        slot.text = re.sub(r"^(?:\d\.|\([一二三四五六七]\)|[一二三四]、)", "", slot.text)


@irregularity(harmless=_READ)
def renumbered_sections(page: Printed, random: Random) -> None:
    form = random.choice(["{0}.{2}", "第{1}部分 {2}", "{1}.{2}", "{0}、{2}", "（{1}）{2}", "{1} {2}"])
    if form.startswith("（"):
        form = "{1}、{2}。"
    for heading in headings(page):
        number, _, words = heading.text.partition("、")
        heading.text = form.format(_ARABIC.get(number, number), number, words)


@irregularity()
def shifted_numbers(page: Printed, random: Random) -> None:
    """The sections are counted from another number on, as if one stood before them."""
    for heading in headings(page):
        number, _, words = heading.text.partition("、")
        place = "一二三四五六七".find(number)
        heading.text = f"{'二三四五六七八'[place]}、{words}" if place >= 0 else heading.text


@irregularity()
def reworded_heading(page: Printed, random: Random) -> None:
    heading = random.choice(headings(page))
    at = random.randrange(len(heading.text))
    heading.text = random.choice(
        [
            heading.text[:at] + heading.text[at + 1 :],
            heading.text + "如下",
            heading.text.replace("情况", "工作"),
        ]
    )
    if not heading.text:
        heading.text = "情况"


@irregularity()
def no_heading(page: Printed, random: Random) -> None:
    lost = random.choice(headings(page))
    page.blocks.remove(lost)
    at = [section.id for section in page.report.form.sections].index(lost.section)
    for section in page.report.form.sections[max(at - 1, 0) : at + 1]:
        page.narratives.pop(section.id, None)


@irregularity()
def swapped_rows(page: Printed, random: Random) -> None:
    """Two rows of a group have each other's label: what is printed beside a label is what counts."""
    sheet = random.choice([sheet for sheet in page.sheets if any(slot.role == "row" for slot in sheet.slots)])
    below = _plain(_leaf_labels(sheet.slots))
    pairs = [
        (one, other)
        for one in below
        for other in below
        if one.row < other.row
        and one.column == other.column
        and {*_above(sheet.slots, one)} == {*_above(sheet.slots, other)}
        and len(_figures(sheet.slots, one)) == len(_figures(sheet.slots, other))
        and _names(sheet.slots, one) == _names(sheet.slots, other)
    ]
    if not pairs:
        return
    one, other = random.choice(pairs)
    texts = [slot.text for slot in sheet.slots]
    if texts.count(one.text) > 1 or texts.count(other.text) > 1:
        return  # where one of them stands twice nobody can tell
    one.text, other.text = other.text, one.text
    _swap(page, _figures(sheet.slots, one), _figures(sheet.slots, other))


@irregularity()
def swapped_columns(page: Printed, random: Random) -> None:
    """Two columns have each other's heading, wherever the headings stand."""
    legal = [line for line in page.report.form.section("t3").tables[0].columns.lines if "." in line.id]
    one, other = random.sample(legal, 2)
    sheets = [sheet for sheet in page.sheets if sheet.section == "t3"]
    heads = [slot for sheet in sheets for slot in sheet.slots]
    places = [[slot for slot in heads if slot.line == line.id] for line in (one, other)]
    both = places[0] + places[1]
    if not places[0] or len(places[0]) != len(places[1]) or len(_plain(both)) < len(both):
        return
    for left, right in zip(*places, strict=True):
        left.text, right.text, left.line, right.line = right.text, left.text, right.line, left.line
    names = {one.id: other.id, other.id: one.id}
    renamed = {}
    for slot in [slot for sheet in sheets for slot in sheet.figures]:
        row, _, column = slot.cell.rpartition(".legal.")
        if f"legal.{column}" in names:
            renamed[slot] = f"{row}.{names[f'legal.{column}']}"
    truth = {cell: page.truth[slot.cell] for slot, cell in renamed.items() if slot.cell in page.truth}
    page.forget(*(cell for slot, cell in renamed.items()), *(slot.cell for slot in renamed))
    page.truth |= truth
    for slot, cell in renamed.items():
        slot.cell = cell


def _plain(slots: list[Slot]) -> list[Slot]:
    """Those labels that say what their figures are: others go on saying so, or nothing, where they are."""
    return [slot for slot in slots if slot.text and not slot.is_other]


def _leaf_labels(slots: list[Slot]) -> list[Slot]:
    found = [slot for slot in slots if slot.role == "row" and _figures(slots, slot) and slot.height == 1]
    return [slot for slot in found if not any(s.row == slot.row and s.column > slot.column for s in found)]


def _above(slots: list[Slot], label: Slot) -> list[Slot]:
    return [s for s in slots if s.role == "row" and s.covers_row(label.row) and s.column < label.column]


def _figures(slots: list[Slot], label: Slot) -> list[Slot]:
    found = [slot for slot in slots if slot.cell and slot.row == label.row]
    return sorted(found, key=lambda slot: slot.column)


def _names(slots: list[Slot], label: Slot) -> list[str]:
    """What the figures beside a label are of, by their columns."""
    return [slot.cell.rpartition(".")[2] for slot in _figures(slots, label)]


def _swap(page: Printed, ones: list[Slot], others: list[Slot]) -> None:
    """Give the figures of two lines to each other."""
    for one, other in zip(ones, others, strict=True):
        one.cell, other.cell = other.cell, one.cell
        both = [page.truth.get(other.cell, ...), page.truth.get(one.cell, ...)]
        page.forget(one.cell, other.cell)
        for cell, figure in zip((one.cell, other.cell), both, strict=True):
            if figure is not ...:
                page.truth[cell] = figure


@cache
def _traditional(text: str) -> str:
    return str(_converter().convert(text))


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")
