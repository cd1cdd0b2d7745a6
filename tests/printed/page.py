"""A report laid out for printing, with the truth of every printed cell: what irregularities change.

It knows nothing of a notation. The truth goes with it: an irregularity that takes a figure away or makes it
doubtful says so here, and the reader may then give nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Literal, Self

from workbook_tool.forms import lay_out
from workbook_tool.renderers import title
from workbook_tool.report import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook_tool.forms import Box, Section
    from workbook_tool.report import Report

Figure = int | Decimal | None
Role = Literal["title", "heading", "text", "contents"]


@dataclass(eq=False)
class Slot:
    """A printed cell: its text, its rectangle, and the id of the cell of the form that it is, if any.

    `damage` says that its row is printed with too ``few`` figures or with too ``many``. No row is both, for
    then nobody could tell.
    """

    text: str
    row: int
    column: int
    height: int
    width: int
    role: str
    cell: str = ""
    line: str = ""
    """The id of the column of which it is the heading."""
    damage: str = ""
    is_other: bool = False
    """Whether it is a label that says that its figures are others than the form's."""

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.row + self.height

    @property
    def right(self) -> int:
        """The first column right of it."""
        return self.column + self.width

    def covers_row(self, row: int) -> bool:
        """Whether it takes part of `row`."""
        return self.row <= row < self.bottom


@dataclass(eq=False)
class Sheet:
    """A printed table, of several tables of the form one below the other, or of none of them."""

    slots: list[Slot]
    section: str = ""

    @property
    def height(self) -> int:
        """How many rows it has."""
        return max((slot.bottom for slot in self.slots), default=0)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max((slot.right for slot in self.slots), default=0)

    @property
    def figures(self) -> list[Slot]:
        """The cells of the form that are in it."""
        return [slot for slot in self.slots if slot.cell]

    def rows(self) -> list[list[Slot]]:
        """The cells by the row in which they begin, from left to right."""
        found: list[list[Slot]] = [[] for _ in range(self.height)]
        for slot in self.slots:
            found[slot.row].append(slot)
        return [sorted(row, key=lambda slot: slot.column) for row in found]

    def labels(self, row: int) -> list[Slot]:
        """The row labels beside `row`, from left to right."""
        beside = [slot for slot in self.slots if slot.role == "row" and slot.covers_row(row)]
        return sorted(beside, key=lambda slot: slot.column)

    def segments(self) -> Iterator[tuple[list[int], list[int]]]:
        """The rows of headings and the rows below them, one pair after another."""
        heads = {slot.row for slot in self.slots if slot.role not in {"row", "value"}}
        heads -= {row for row in range(self.height) if self.labels(row)}
        runs = [(is_head, list(rows)) for is_head, rows in groupby(range(self.height), heads.__contains__)]
        for (is_head, above), (_, below) in pairwise(runs):
            if is_head:
                yield above, below

    def columns(self, heads: list[int]) -> list[list[Slot]]:
        """What stands above each column in the rows `heads`, from the outermost heading to the last."""
        own = [slot for slot in self.slots if slot.role == "column" and slot.row in heads]
        last = [slot for slot in own if not any(_is_above(slot, other) for other in own)]
        last.sort(key=lambda slot: slot.column)
        paths = [[*(other for other in own if _is_above(other, slot)), slot] for slot in last]
        return [sorted(path, key=lambda slot: slot.row) for path in paths]

    def copy(self) -> Self:
        """Another table with the same cells."""
        return replace(self, slots=[replace(slot) for slot in self.slots])


@dataclass(eq=False)
class Paragraph:
    """A paragraph: what it is, and in which section it stands."""

    text: str
    role: Role = "text"
    section: str = ""


@dataclass(eq=False)
class Printed:
    """A report as printed. `truth` says of each printed cell what is read there, if anything is.

    `narratives` are those to be read as they stand. `is_single` where there is one report and no more,
    `beside` is another one in a column of its own.
    """

    report: Report
    blocks: list[Paragraph | Sheet]
    truth: dict[str, Figure]
    narratives: dict[str, str]
    is_single: bool = True
    beside: Printed | None = None

    @property
    def sheets(self) -> list[Sheet]:
        """The tables of the form."""
        return [block for block in self.blocks if isinstance(block, Sheet) and block.section]

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs."""
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    def sheet(self, section: str) -> Sheet:
        """The table of a section, the first part of it."""
        return next(sheet for sheet in self.sheets if sheet.section == section)

    def forget(self, *cells: str) -> None:
        """Note that nobody can tell what these cells say, or that they are not there."""
        for cell in cells:
            self.truth.pop(cell, None)


def printed(report: Report) -> Printed:
    """`report` as it should be printed."""
    blocks: list[Paragraph | Sheet] = [Paragraph(title(report), "title"), Paragraph(report.opening)]
    for section in report.form.sections:
        blocks.append(Paragraph(section.heading, "heading", section.id))
        if section.tables:
            blocks.append(_sheet(report, section))
        else:
            lines = report.narratives[section.id].splitlines()
            blocks += [Paragraph(line, "text", section.id) for line in lines]
    truth = {cell.id: figure for cell, figure in report.values.items()}
    return Printed(report, blocks, truth, dict(report.narratives))


def _sheet(report: Report, section: Section) -> Sheet:
    return Sheet([_slot(report, box) for box in lay_out(section).boxes], section.id)


def _slot(report: Report, box: Box) -> Slot:
    text, cell = (plain(report.values[box.cell]), box.cell.id) if box.cell else (box.label, "")
    line = box.line.id if box.line and box.role == "column" else ""
    return Slot(text, box.row, box.column, box.height, box.width, box.role, cell, line)


def _is_above(upper: Slot, lower: Slot) -> bool:
    return upper.row < lower.row and upper.column <= lower.column and lower.right <= upper.right
