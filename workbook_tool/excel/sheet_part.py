"""A worksheet part → its cells as they are written, in one pass, and what holds for all of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from workbook_tool.errors import SourceError
from workbook_tool.excel import limits
from workbook_tool.excel.formulas import shifted
from workbook_tool.excel.layout import Spot, column_name
from workbook_tool.excel.notation import area_of, spot_of
from workbook_tool.excel.plain import MARK, RUN, written
from workbook_tool.excel.plain_rows import FILLED, ends_at
from workbook_tool.ooxml.xml import ByLocalName
from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook_tool.excel.book import Area
    from workbook_tool.ooxml.limits import Limit

_IN_DATA, _IN_ROW, _IN_CELL = 3, 4, 5
"""How deep rows, cells and what a cell holds stand; whatever stands deeper or higher is none of these."""

TRUE: Final = ("1", "true", "on")
"""What says that something is so."""

_WIDEST_HIDDEN = 200
_LOCKED = -1
"""The style of what no style unlocks."""


INLINE: Final = "inlineText"
"""The kind of a text that stands in its cell; no kind that is written is called so."""


class Written(NamedTuple):
    """A cell with content, as it is written."""

    spot: Spot
    kind: str
    style: int
    value: str | int
    """What is written, or where that is among the values that were taken out."""
    formula: str | None = None


def ambiguous(where: str) -> SourceError:
    """The refusal of a sheet that says two things of one place, or something unknown."""
    problem = Phrase(f"工作表内容自相矛盾 {where}", f"the sheet contradicts itself at {where}")
    return SourceError("truncated", {"problem": problem})


def _no_address(text: str) -> SourceError:
    problem = Phrase(f"单元格地址 {text[:20]}", f"cell address {text[:20]}")
    return SourceError("truncated", {"problem": problem})


def _hold_within(spot: Spot) -> None:
    if spot.row >= limits.LAST_ROW.most or spot.column >= limits.LAST_COLUMN.most:
        limits.LAST_ROW.hold(spot.row + 1, spot.a1)
        limits.LAST_COLUMN.hold(spot.column + 1, spot.a1)


@lru_cache(maxsize=8192)
def _spot_within(address: str) -> Spot:
    """The position of an address, if content may stand there."""
    spot = spot_of(address)
    if spot is None:
        raise _no_address(address)
    _hold_within(spot)
    return spot


def _held_formula(text: str) -> str:
    limits.FORMULA.hold(len(text))
    return f"={text}"


class PartReader:
    """Collects cells while the parser walks through a sheet.

    Most cells of a form are empty but styled: what a cell is, is worked out only once it has content.
    """

    def __init__(self, runs: Sequence[str], most_filled: Limit, *, is_marked: bool) -> None:
        """Be fit for a part without its `runs`, and without its values if it `is_marked`."""
        self.runs = runs
        self.is_marked = is_marked
        self.cells: dict[Spot, Written] = {}
        self.merges: list[Area] = []
        self.ruled: list[Area] = []
        self.hidden_lines: list[str] = []
        self.protected = False
        self.spot: Spot | str = Spot(-1, -1)
        """Where the last cell stood; as its address while nobody has asked."""
        self.tally = limits.Tally(most_filled=most_filled)
        self.merged = 0
        self.depth = 0
        self.data: bool | None = None
        """Whether the parser is among the rows; ``None`` before."""
        self.cell: Mapping[str, str] | None = None
        self.value: list[str] | None = None
        self.formula: list[str] | None = None
        self.inline: list[str] | None = None
        self.into: list[str] | None = None
        self.shared_id = ""
        self.within = False
        self.phonetic = False
        self.arrays: list[Area] = []
        self.in_arrays = 0
        self.masters: dict[str, tuple[Spot, str]] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        self.depth += 1
        if self.into is not None:
            raise ambiguous(self._here().a1)  # an element within a value
        handler = self.starts[tag]
        if handler:
            handler(self, attributes)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        handler = self.ends[tag]
        if handler:
            handler(self)
        self.depth -= 1

    def text(self, text: str) -> None:
        """Take what stands between two marks."""
        if self.into is not None:
            self.into.append(text)

    def _start_data(self, _: Mapping[str, str]) -> None:
        if self.depth == _IN_DATA - 1:
            if self.data is not None:
                raise ambiguous("sheetData")
            self.data = True

    def _end_data(self) -> None:
        if self.depth == _IN_DATA - 1:
            self.data = False

    def _start_value(self, _: Mapping[str, str]) -> None:
        if self.depth == _IN_CELL and self.cell is not None:
            if self.value is not None:
                raise ambiguous(self._here().a1)
            self.value = self.into = []

    def _start_formula(self, attributes: Mapping[str, str]) -> None:
        if self.depth != _IN_CELL or self.cell is None:
            return
        self.formula = self.into = []
        kind = attributes.get("t")
        if kind == "shared":
            self.shared_id = attributes.get("si", "")
        elif kind in ("array", "dataTable"):
            area = area_of(attributes.get("ref", ""))
            if area:
                self.in_arrays += area.size
                limits.ARRAYS.hold(self.in_arrays)
                self.arrays.append(area)

    def _start_inlines(self, _: Mapping[str, str]) -> None:
        self.within = self.depth == _IN_CELL and self.cell is not None

    def _end_inlines(self) -> None:
        self.within = False

    def _start_inline(self, _: Mapping[str, str]) -> None:
        if self.within and not self.phonetic:
            self.inline = self.into = self.inline or []

    def _start_phonetic(self, _: Mapping[str, str]) -> None:
        self.phonetic = True

    def _end_phonetic(self) -> None:
        self.phonetic = False

    def _end_text(self) -> None:
        self.into = None

    def _protection(self, attributes: Mapping[str, str]) -> None:
        self.protected = attributes.get("sheet", "0") in TRUE

    def _columns(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("hidden") in TRUE:
            first, last = int(attributes["min"]), int(attributes["max"])
            lines = (column_name(c - 1) for c in range(first, min(last, _WIDEST_HIDDEN) + 1))
            self.hidden_lines += lines if len(self.hidden_lines) < _WIDEST_HIDDEN else ()

    def _here(self) -> Spot:
        """The position of the cell that the parser is at."""
        if isinstance(self.spot, str):
            found = spot_of(self.spot)
            if found is None:
                raise _no_address(self.spot)
            self.spot = found
        return self.spot

    def _next(self) -> Spot:
        """The position after the last cell's, for a cell that does not state its own."""
        row, column = self._here()
        return Spot(row, column + 1)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        if self.depth != _IN_DATA or not self.data:
            return
        self._count_rows(1)
        stated = attributes.get("r")
        row = int(stated) - 1 if stated else self._here().row + 1
        self.spot = Spot(row, -1)
        if attributes.get("hidden") in TRUE:
            self.hidden_lines.append(str(row + 1))

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        if self.depth != _IN_ROW or not self.data:
            return
        self._count_cells(1)
        self.spot = attributes.get("r") or self._next()
        self.cell = attributes
        self.value = self.formula = self.inline = self.into = None

    def _count_rows(self, number: int) -> None:
        self.tally.rows += number
        if self.tally.rows > limits.ROWS.most:
            limits.ROWS.hold(self.tally.rows)

    def _count_cells(self, number: int) -> None:
        self.tally.cells += number
        if self.tally.cells > limits.CELLS.most:
            limits.CELLS.hold(self.tally.cells)

    def _end_cell(self) -> None:
        if self.depth != _IN_ROW:
            return
        cell, self.cell = self.cell, None
        if cell is None or (self.value is None and self.formula is None and self.inline is None):
            return
        spot, style = self._here(), int(cell.get("s", "0"))
        if self.inline is not None and self.formula is None:
            if self.value is not None:
                raise ambiguous(spot.a1)
            found = Written(spot, INLINE, style, "".join(self.inline))
        else:
            formula = None if self.formula is None else self._formula(spot)
            found = Written(spot, cell.get("t", "n"), style, self._value("".join(self.value or ())), formula)
        _hold_within(spot)
        if spot in self.cells:
            raise ambiguous(spot.a1)
        self.cells[spot] = found
        self._count_filled(1)

    def _take_run(self, attributes: Mapping[str, str]) -> None:
        """Take a run of plain rows, most of whose cells are empty; what is wrong there, `leave_in` tells."""
        if self.depth != _IN_DATA or not self.data:
            return
        run = self.runs[int(attributes["n"])]
        self._count_rows(run.count("<row "))
        self._count_cells(run.count("<c "))
        before = len(self.cells)
        for address, style, kind, formula, value in FILLED.findall(run):
            spot = _spot_within(address)
            if spot in self.cells:
                raise ambiguous(spot.a1)
            said = _held_formula(written(formula)) if formula else None
            self.cells[spot] = Written(spot, kind or "n", int(style or 0), self._value(value), said)
        self._count_filled(len(self.cells) - before)
        end = ends_at(run)
        self.spot = end if isinstance(end, str) else Spot(end - 1, -1)

    def _value(self, text: str) -> str | int:
        """What is written as a value, or its number where it was taken out."""
        return int(text[1:]) if self.is_marked and text.startswith(MARK) else text

    def _count_filled(self, number: int) -> None:
        self.tally.filled += number
        if self.tally.filled > self.tally.most_filled.most:
            self.tally.most_filled.hold(self.tally.filled)

    def spread(self) -> None:
        """Make every cell that an array formula fills a formula; none of them was typed."""
        for area in self.arrays:
            master = self.cells.get(area.first)
            formula = master.formula if master else "{=}"
            for spot in area.spots():
                if spot in self.cells:
                    self.cells[spot] = Written(spot, "n", _LOCKED, "", formula)

    def _formula(self, spot: Spot) -> str:
        text = "".join(self.formula or ())
        shared_id, self.shared_id = self.shared_id, ""
        if shared_id and text:
            self.masters[shared_id] = (spot, text)
        elif shared_id and shared_id in self.masters:
            origin, text = self.masters[shared_id]
            text = shifted(text, spot.row - origin.row, spot.column - origin.column)
        return _held_formula(text)

    def _rule(self, attributes: Mapping[str, str]) -> None:
        self.ruled += filter(None, map(area_of, attributes.get("sqref", "").split()))
        limits.RULES.hold(len(self.ruled))

    def _merge(self, attributes: Mapping[str, str]) -> None:
        area = area_of(attributes.get("ref", ""))
        if area:
            self.merged += area.size
            limits.MERGED_CELLS.hold(self.merged)
            self.merges.append(area)
            limits.MERGES.hold(len(self.merges))

    starts = ByLocalName(
        {
            "sheetData": _start_data,
            "is": _start_inlines,
            "c": _start_cell,
            "v": _start_value,
            "f": _start_formula,
            "t": _start_inline,
            "row": _start_row,
            "rPh": _start_phonetic,
            "mergeCell": _merge,
            "sheetProtection": _protection,
            "dataValidation": _rule,
            "col": _columns,
            RUN: _take_run,
        }
    )
    ends = ByLocalName(
        {
            "sheetData": _end_data,
            "is": _end_inlines,
            "c": _end_cell,
            "rPh": _end_phonetic,
            **dict.fromkeys("vft", _end_text),
        }
    )
