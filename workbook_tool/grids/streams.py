"""Tables without separators: a stream of texts, one cell each or run together, cut into ragged rows."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.grids.columns import columns_under
from workbook_tool.grids.grid import Grid, GridCell
from workbook_tool.grids.labels import NUMBER, label_key, line_keys, without_asides
from workbook_tool.grids.runs import divided, is_figure, pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook_tool.forms import Line, Section, Table
    from workbook_tool.grids.grid import Row

_RAGGED = Grid((), aligned=False)
_MOST = 5_000
_LONGEST = 50_000
_WINDOW = 40
"""How many words may be the headings of a table or the label of a row."""
_LABEL = 8
"""How many words may stand between the headings of a table and its first figures."""
_COUNTS = re.compile(r"\s*[(（]?\d{1,2}\s*[.．、,，:：)）]\s*")
"""A number of what follows."""

_FEW_LETTERS = 2
"""So many letters with digits may be what is said of a figure: 21万, 约3, 共5件."""
_DATE = frozenset("年月日")

_NUMBER = r"\d(?:(?:[^\w\s]|\d)*\d)?"
_BEGINS = re.compile(
    rf"{_NUMBER}(?P<more>(?:\s+{_NUMBER})*)(?=\s+[^\s.．、,，:：)）])|(?P<run>\d{{3}}{_NUMBER})(?!年)"
)
"""Figures at the beginning of a text, and no number of what follows."""


class Stretch(NamedTuple):
    """A part of a stream: a row of cells, or a text that belongs to none."""

    text: str
    row: Row = ()


def rows_in(section: Section, texts: Sequence[str]) -> list[Stretch]:
    """The stream `texts` as rows of `section`: words and then figures make one.

    The last words are the row's label if they are a line of the form, words before them the headings of a
    table if they are those. A blank cell leaves no trace in a stream: a row with too few figures keeps
    them as they stand, and so does one whose figures are run together so that they cannot be told apart.
    A stream too long to be a table is none.
    """
    stream = _Stream(section)
    if len(texts) > _MOST or sum(map(len, texts)) > _LONGEST:
        return list(map(Stretch, texts))
    found = [piece for text in texts for piece in pieces(section, text)]
    for piece, after in pairwise((*found, "")):
        if _is_figures(piece) or (_COUNTS.fullmatch(piece) and not _may_be_counted(after)):
            stream.figures.append(piece)
        else:
            begins = _BEGINS.match(piece)
            if begins and (stream.figures or begins["more"] or begins["run"]):
                stream.figures.append(f"{begins[0]}…")  # nobody knows what of it are figures of the row
            stream.close()
            stream.words.append(piece)
    stream.close()
    return stream.stretches()


class _Given(NamedTuple):
    """A row as it is given: its label, its figures, and of which line they are."""

    label: Sequence[str]
    figures: Sequence[str]
    table: Table | None = None
    line: Line | None = None

    @property
    def texts(self) -> list[str]:
        """The figures where something keeps them apart."""
        return [part for text in self.figures for part in text.split()]

    @property
    def wanted(self) -> int:
        """How many figures there should be."""
        return len(self.table.columns.leaves) if self.table else 0

    @property
    def has_blanks(self) -> bool:
        """Whether there are less digits than figures, so that some must be blank."""
        return sum(map(len, self.texts)) < self.wanted


class _Stream:
    """Gathers words, then figures; closing makes rows of them."""

    def __init__(self, section: Section) -> None:
        self.section = section
        self.lines = line_keys(section)
        self.words: list[str] = []
        self.figures: list[str] = []
        self.found: list[Stretch | _Given] = []
        self.table: Table | None = None
        """The table whose headings were seen last."""

    def close(self) -> None:
        """Make a row of the figures gathered and of their label, and one of the headings above it."""
        if not self.figures:
            return
        words, figures, self.words, self.figures = self.words, self.figures, [], []
        rest = self.headings(words)
        start, place = self.label(rest)
        # A label without figures is a row too: should it come again, nobody knows which one counts.
        self.found += (
            _row([word]) if label_key(word) in self.lines else Stretch(word) for word in rest[:start]
        )
        self.found.append(_Given(rest[start:], figures, *(place or (self.table, None))))

    def stretches(self) -> list[Stretch]:
        """All that was found, the figures of each row divided where there is one way to do it."""
        rows = [given for given in self.found if isinstance(given, _Given) and given.table]
        has_blanks = any(given.has_blanks for given in rows)
        several = [given for given in rows if given.wanted > 1]
        keeps_apart = 2 * sum(len(given.texts) >= given.wanted for given in several) > len(several)
        found: list[Stretch] = []
        for given in self.found:
            if isinstance(given, Stretch):
                found.append(given)
                continue
            figures = given.figures
            if given.table:
                is_apart = keeps_apart or len(given.figures) >= given.wanted
                whole = divided(
                    given.table, given.line, given.texts, has_blanks=has_blanks, is_apart=is_apart
                )
                figures = whole or [" ".join(figures)]
            found.append(_row([*given.label, *figures]))
        return [*found, *map(Stretch, self.words)]

    def label(self, words: Sequence[str]) -> tuple[int, tuple[Table, Line] | None]:
        """From which word on the words are the row's label, and which line that is, if it is one."""
        for start in range(max(len(words) - _WINDOW, 0), len(words)):
            line = self.lines.get(label_key("".join(words[start:])))
            if line:
                return start, line
        # What is no line may be a misprinted one; tables without labels have none.
        return (0 if self.lines else len(words)), None

    def headings(self, words: Sequence[str]) -> Sequence[str]:
        """Make a row of those words that are the headings of a table; the words after them."""
        for end in range(len(words), max(len(words) - _LABEL, 0), -1):
            if any(not without_asides(word) for word in words[end : end + 1]):
                continue  # what the last heading says in brackets may make it another
            table = next((table for table in self.section.tables if _is_headed(table, words[:end])), None)
            if table:
                starts = range(max(end - _WINDOW, 0), end)
                start = next(start for start in starts if _columns(table, words[start:end]))
                self.found += map(Stretch, words[:start])
                self.found.append(_row(words[start:end]))
                self.table = table
                return words[end:]
        return words


def _is_figures(piece: str) -> bool:
    """Whether `piece` is figures, or may be although it is none, and no number of what follows."""
    if _COUNTS.fullmatch(piece):
        return False
    letters = [character for character in piece if character.isalpha()]
    is_figured = len(letters) <= _FEW_LETTERS and _DATE.isdisjoint(letters)
    may_be = is_figured and any(map(str.isdecimal, piece)) and not (letters and _COUNTS.match(piece))
    return may_be or all(map(is_figure, piece.split()))


def _may_be_counted(piece: str) -> bool:
    """Whether `piece` is words that may have a number before them, and have none yet."""
    return not NUMBER.match(piece) and not (piece and _is_figures(piece))


def _row(texts: Sequence[str]) -> Stretch:
    return Stretch(" | ".join(texts), tuple(map(GridCell, texts)))


def _is_headed(table: Table, words: Sequence[str]) -> bool:
    """Whether `words` end with the headings of `table`, perhaps misprinted."""
    apart = [(GridCell(word),) for word in words[-_WINDOW:]]
    return bool(columns_under(_RAGGED, apart, table) or _columns(table, words[-len(table.columns.leaves) :]))


def _columns(table: Table, words: Sequence[str]) -> Sequence[object]:
    return columns_under(_RAGGED, [tuple(map(GridCell, words))], table)
