"""Two reports side by side, line by line, with the changes in number and per cent: for people to read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.changes import ABSENT, compare
from workbook_tool.phrase import Phrase
from workbook_tool.report import plain
from workbook_tool.resources import read_toml, resource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from workbook_tool.changes import Difference
    from workbook_tool.forms import Cell
    from workbook_tool.report import Report

_LONGEST_ENTRY = 40


class Side(NamedTuple):
    """What one of the two reports has in a line."""

    figure: int | Decimal | None
    stands: str
    """The figure as people write it, what stands where none could be decided, or nothing for a blank."""


class Row(NamedTuple):
    """A line of the form in both reports."""

    id: str
    label: Phrase
    is_total: bool
    before: Side
    after: Side

    @property
    def differs(self) -> bool:
        """Whether the two reports say different things in it."""
        return self.before.stands != self.after.stands

    @property
    def change(self) -> int | Decimal | None:
        """How much more the later report has; ``None`` where one of them states no figure."""
        if self.before.figure is None or self.after.figure is None:
            return None
        return self.after.figure - self.before.figure

    @property
    def ratio(self) -> float | None:
        """The change as a part of the earlier figure; there is none of nothing."""
        change, before = self.change, self.before.figure
        return float(change) / abs(float(before)) if before and change is not None else None

    def written(self, language: str) -> tuple[str, str, str, str]:
        """Both figures, the change and the change per cent, as they are written."""
        none, blank = (comparison_words(language)[name] for name in ("none", "blank"))
        change = none if self.change is None else _signed(plain(self.change))
        ratio = none if self.ratio is None else f"{self.ratio:+.1%}" if self.ratio else "0.0%"
        return self.before.stands or blank, self.after.stands or blank, change, ratio


class Part(NamedTuple):
    """The lines of one section of tables."""

    heading: str
    name: Phrase
    rows: tuple[Row, ...]


class OneSided(NamedTuple):
    """The lines that only one report's form has: those that state something, and how many more there are."""

    side: Phrase
    rows: tuple[tuple[str, Phrase, Side], ...]
    """Id, words and figure of each."""
    rest: int


class Comparison(NamedTuple):
    """Two reports side by side."""

    sides: tuple[Phrase, Phrase]
    """What to call the two: their years, where these differ."""
    agency: str
    subject: tuple[Difference, ...]
    """How agency and edition differ, and the year where `sides` do not say it."""
    parts: tuple[Part, ...]
    one_sided: tuple[OneSided, ...]
    texts: tuple[Difference, ...]
    total: int
    """How many differences there are, lines that only one form has aside."""


def side_by_side(before: Report, after: Report, *, every_line: bool = False) -> Comparison:
    """`before` and `after` compared: the lines that differ, or every line; of two editions what both have."""
    differences = list(compare(before, after))
    cells = {*before.form.cells, *after.form.cells}
    texts = {section.id for form in (before.form, after.form) for section in form.narratives}
    sides = _sides(before, after)
    parts = tuple(_parts(before, after))
    shown = {*cells, "year"} if before.year and after.year else set(cells)
    told = tuple(d for d in differences if d.id not in shown)
    changed = sum(row.differs for part in parts for row in part.rows)
    if not every_line:
        parts = tuple(part._replace(rows=tuple(row for row in part.rows if row.differs)) for part in parts)
    return Comparison(
        sides=sides,
        agency=after.agency,
        subject=tuple(d for d in told if d.id not in texts),
        parts=tuple(part for part in parts if part.rows),
        one_sided=(
            _one_sided(sides[0], before, after, every_line=every_line),
            _one_sided(sides[1], after, before, every_line=every_line),
        ),
        texts=tuple(d for d in told if d.id in texts),
        total=len(told) + changed,
    )


def _sides(before: Report, after: Report) -> tuple[Phrase, Phrase]:
    if before.year and after.year and before.year != after.year:
        first, second = (
            Phrase(*(_said("year", lang, year=r.year) for lang in ("zh", "en"))) for r in (before, after)
        )
        return first, second
    first, second = (Phrase(*(_said(name, lang) for lang in ("zh", "en"))) for name in ("before", "after"))
    return first, second


def _parts(before: Report, after: Report) -> Iterator[Part]:
    for section in after.form.tabled:
        rows = (
            Row(cell.id, _label(cell), cell.is_total, _side(before, cell), _side(after, cell))
            for cell in section.cells
            if cell in before.form.cells
        )
        yield Part(section.heading, section.name, tuple(rows))


def _one_sided(side: Phrase, has: Report, lacks: Report, *, every_line: bool) -> OneSided:
    cells = [cell for cell in has.form.cells.values() if cell not in lacks.form.cells]
    listed = [cell for cell in cells if every_line or _side(has, cell).stands not in ("", "0", ABSENT)]
    rows = tuple((cell.id, cell.where, _side(has, cell)) for cell in listed)
    return OneSided(side, rows, len(cells) - len(listed))


def _side(report: Report, cell: Cell) -> Side:
    if cell in report.values:
        figure = report.values[cell]
        return Side(figure, plain(figure))
    entry = " ".join(str(report.entries.get(cell, "")).split())
    return Side(None, entry[:_LONGEST_ENTRY] or ABSENT)


def _label(cell: Cell) -> Phrase:
    """The words of a cell without those of its table, under which it is listed."""
    return Phrase(*(words.partition(" · ")[2] for words in cell.where))


def _signed(figure: str) -> str:
    return figure if figure.startswith("-") or figure == "0" else f"+{figure}"


@cache
def comparison_words(language: str) -> dict[str, str]:
    """The words of the table in `language`, by name."""
    words = read_toml(resource("templates/comparison.toml"))["words"]
    return {name: Phrase(**phrase).say(language) for name, phrase in words.items()}


def _said(name: str, language: str, **details: object) -> str:
    return comparison_words(language)[name].format(**details)
