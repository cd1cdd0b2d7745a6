"""Irregular figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.printed.irregular import irregularity, may_damage, movable_rows

if TYPE_CHECKING:
    from random import Random

    from tests.printed.page import Printed, Slot

_SEPARATE = "grid book ragged sheet"
_APART = f"{_SEPARATE} stream words"
"""Where no digits run together: `0000011` are seven figures, unless somebody left one total of all blank."""

_ODD = (
    *(
        (form, True)
        for form in ("{0}.0", "{0}\u200b", "\u00a0{0}", "+{0}", "0{0}", "{1} {2}", "共{0}件", "“{0}”")
    ),
    *(
        (form, False)
        for form in ("约{0}", "({0})", "{0}余", "{0}(10)", "{0}²", "{0}%", "{0}万", "{0} 万", "{0}、")
    ),
)
"""What is odd about a figure, and whether it is none other than without."""

_FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@irregularity(harmless=_SEPARATE)
def blank_totals(page: Printed, random: Random) -> None:
    for slot in _figures(page):
        if page.report.form.cells[slot.cell].is_total:
            _blank(page, slot)


@irregularity(_APART, harmless=_SEPARATE)
def some_blank_totals(page: Printed, random: Random) -> None:
    for slot in _figures(page):
        if page.report.form.cells[slot.cell].is_total and random.random() < 0.2:
            _blank(page, slot)


@irregularity(harmless=_SEPARATE)
def blank_zeros(page: Printed, random: Random) -> None:
    share = random.choice([0.2, 1])
    for slot in _figures(page):
        if slot.text == "0" and random.random() < share:
            _blank(page, slot)


@irregularity(_APART, harmless=_SEPARATE)
def blank_ends(page: Printed, random: Random) -> None:
    """The last figures of some rows are blank, or the first ones."""
    for sheet in page.sheets:
        for row in sheet.rows():
            own = [slot for slot in row if slot.cell]
            if own and random.random() < 0.2:
                number = random.randint(1, len(own))
                for slot in random.choice([own[:number], own[-number:]]):
                    _blank(page, slot)


@irregularity(harmless=f"{_SEPARATE} stream")
def grouped(page: Printed, random: Random) -> None:
    """Thousands separators, of either width."""
    comma = random.choice([",", "，"])
    for slot in _figures(page):
        whole, point, part = slot.text.lstrip("-").partition(".")
        if whole.isdecimal() and len(whole) > 3:
            sign = "-" if slot.text.startswith("-") else ""
            slot.text = f"{sign}{int(whole):,}".replace(",", comma) + point + part


@irregularity(harmless=f"{_SEPARATE} stream")
def full_width_figures(page: Printed, random: Random) -> None:
    for slot in _figures(page):
        if random.random() < 0.3:
            slot.text = slot.text.translate(_FULL_WIDTH)


@irregularity(_APART)
def unit_in_figure(page: Printed, random: Random) -> None:
    for slot in _sample(page, random, 3, "many"):
        slot.text += random.choice(["件", " 件", "(其中转办1件)", "*", "①", "万元", "元", " 1", "\n注1"])


@irregularity(_APART)
def odd_figure(page: Printed, random: Random) -> None:
    """A figure with something in front of it, around it or after it, which perhaps makes it another."""
    for slot in _sample(page, random, 4, "many"):
        form, is_certain = random.choice(_ODD)
        slot.text = form.format(slot.text, slot.text[:1], slot.text[1:])
        if not is_certain:
            page.forget(slot.cell)


@irregularity()
def mark_for_none(page: Printed, random: Random) -> None:
    """A dash or a word where a figure should be: nobody can tell whether that is zero."""
    mark = random.choice(["-", "/", "无", "—", "——", "－", "○", "N/A", "〇", "O", "l", "."])
    for slot in _sample(page, random, 5, "few"):
        slot.text = mark
        page.forget(slot.cell)


@irregularity()
def split_figure(page: Printed, random: Random) -> None:
    """A figure goes on in the next paragraph of its cell."""
    for slot in _sample(page, random, 9, "many"):
        at = random.randrange(len(slot.text))
        if not at:
            continue
        slot.text = f"{slot.text[:at]}\n{slot.text[at:]}"


@irregularity(_APART)
def two_figures_in_one_cell(page: Printed, random: Random) -> None:
    for slot in _sample(page, random, 2, "many"):
        slot.text = f"{slot.text}{random.choice(['/', chr(10), ' ', '、', '(', ';'])}{random.randint(0, 99)}"
        page.forget(slot.cell)


@irregularity("grid ragged stream words")
def digits_run_together(page: Printed, random: Random) -> None:
    """The digits of neighbours stand in the cell of one of them, and the row has as many cells less."""
    for _ in range(random.randint(1, 3)):
        one, *others = _neighbours(page, random)
        if not may_damage(page, one, "few"):
            continue
        one.text += "".join(other.text for other in others)
        _take_away(page, others)
        sheet = next(sheet for sheet in page.sheets if one in sheet.slots)
        for slot in sheet.slots:
            if slot.row == one.row and slot.column > one.column:
                slot.column -= sum(other.width for other in others)


@irregularity("grid book ragged stream words run")
def merged_figures(page: Printed, random: Random) -> None:
    """One cell spans several columns of figures: the figure of one of them, or the digits of all."""
    for _ in range(random.randint(1, 3)):
        one, *others = _neighbours(page, random)
        if not may_damage(page, one, "few"):
            continue
        _merge(page, one, others, random.choice(["", "0", "5", one.text, others[0].text, None]))
        one.width = others[-1].right - one.column


@irregularity("grid book")
def merged_down(page: Printed, random: Random) -> None:
    """One cell spans the figures of two rows."""
    sheet = page.sheet("t3")
    one = random.choice(sheet.figures)
    below = [
        s for s in sheet.figures if s.row == one.bottom and (s.column, s.width) == (one.column, one.width)
    ]
    for other in below:
        if not (may_damage(page, one, "few") and may_damage(page, other, "few")):
            return
        _merge(page, one, [other], random.choice([one.text, other.text, "0", "", "5"]))
        one.height += other.height


def _figures(page: Printed) -> list[Slot]:
    return [slot for sheet in page.sheets for slot in sheet.figures]


def _sample(page: Printed, random: Random, number: int, damage: str) -> list[Slot]:
    """Some figures whose rows can be damaged so."""
    found = [slot for slot in _figures(page) if slot.text and slot.damage in {"", damage}]
    chosen = random.sample(found, min(number, len(found)))
    return [slot for slot in chosen if may_damage(page, slot, damage)]


def _blank(page: Printed, slot: Slot) -> None:
    if slot.cell not in page.truth or _is_last(page, slot) or not may_damage(page, slot, "few"):
        return
    slot.text = ""
    page.truth[slot.cell] = None


def _is_last(page: Printed, slot: Slot) -> bool:
    """Whether nothing else stands in a row without a label, which would be no row without it."""
    if not slot.cell.startswith("t4."):
        return False
    return not any(other.text for other in page.sheet("t4").figures if other is not slot)


def _neighbours(page: Printed, random: Random) -> list[Slot]:
    """Figures next to each other, of a row that has at least two."""
    _, row = random.choice([(sheet, row) for sheet, row in movable_rows(page) if len(row) > 1])
    number = min(random.choice([2, 2, 3, 7]), len(row))
    start = random.randint(0, len(row) - number)
    return row[start : start + number]


def _take_away(page: Printed, others: list[Slot]) -> None:
    sheet = next(sheet for sheet in page.sheets if others[0] in sheet.slots)
    sheet.slots = [slot for slot in sheet.slots if slot not in others]


def _merge(page: Printed, one: Slot, others: list[Slot], text: str | None) -> None:
    """Let `one` say `text` for all, or all that they said.

    Of none of them is it certain then what it says, but that it is blank.
    """
    _take_away(page, others)
    if text is None:
        one.text += "".join(other.text for other in others)
        return
    one.text = text
    for slot in (one, *others):
        if text:
            page.forget(slot.cell)
        else:
            page.truth[slot.cell] = None
