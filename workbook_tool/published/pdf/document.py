"""The pages of a PDF as lines: paragraphs and rows of tables, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.grids import GridCell
from workbook_tool.phrase import Phrase
from workbook_tool.published.lines import Line, row
from workbook_tool.published.pdf.breaks import put_together
from workbook_tool.published.pdf.cells import ruled_rows
from workbook_tool.published.pdf.furniture import without_furniture
from workbook_tool.published.pdf.page import Glyph
from workbook_tool.published.pdf.prose import Measure, Paragraphs, Place
from workbook_tool.published.pdf.rules import NARROWEST, TOLERANCE, frames, levels
from workbook_tool.published.pdf.spoiled import OUT_OF_SIGHT, UNREADABLE
from workbook_tool.published.pdf.words import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.published.pdf.cells import RuledCell, RuledRow
    from workbook_tool.published.pdf.page import Page
    from workbook_tool.published.pdf.rules import Frame


class Piece(NamedTuple):
    """What a page shows of one table."""

    page: int
    frame: Frame
    glyphs: tuple[Glyph, ...]


def lines_on(pages: Sequence[Page]) -> tuple[Line, ...]:
    """The paragraphs and the rows of the tables on `pages`."""
    tables = [frames(page) for page in pages]
    blocks: list[list[Place] | list[Piece]] = []
    for page, own in zip(without_furniture(pages, tables), tables, strict=True):
        for item in _items(page, own):
            _append(blocks, item)
    places = [item for block in blocks for item in block if isinstance(item, Place)]
    paragraphs = Paragraphs(Measure.of(places)) if places else None
    lines: list[Line] = []
    number = 0
    for block in blocks:
        pieces = [item for item in block if isinstance(item, Piece)]
        if pieces:
            number += 1
            lines += _rows(pieces, number)
        elif paragraphs:
            texts = paragraphs.split(item for item in block if isinstance(item, Place))
            lines += (Line(text) for text in texts if text)
    return tuple(lines)


def _items(page: Page, tables: Sequence[Frame]) -> list[Place | Piece]:
    """The lines and the tables of `page` from top to bottom."""
    inside: dict[int, list[Glyph]] = {id(frame): [] for frame in tables}
    outside: list[Glyph] = []
    inner_first = sorted(tables, key=lambda frame: frame.box.bottom - frame.box.top)
    for glyph in [*page.glyphs, *_instead_of_text(page)]:
        frame = next((frame for frame in inner_first if frame.box.holds(glyph.centre)), None)
        if frame is not None:
            is_hidden = glyph.text.isdigit() and any(note.holds(glyph.centre) for note in page.notes)
            inside[id(frame)].append(glyph._replace(text=UNREADABLE) if is_hidden else glyph)
        elif glyph.text != OUT_OF_SIGHT:
            outside.append(glyph)
    items: list[tuple[float, Place | Piece]] = [
        (line.top, Place(page.number, line)) for line in lines_of(outside)
    ]
    items += [
        (frame.box.top, Piece(page.number, frame, tuple(inside[id(frame)])))
        for frame in tables
        if any(not glyph.text.isspace() for glyph in inside[id(frame)])
    ]
    return [item for _, item in sorted(items, key=lambda item: item[0])]


def _instead_of_text(page: Page) -> Iterator[Glyph]:
    """For each picture or note that covers no text a sign, so that the cell where it stands is not blank."""
    for picture in page.pictures + page.notes:
        if not any(picture.holds(glyph.centre) for glyph in page.glyphs):
            yield Glyph(OUT_OF_SIGHT, *picture, size=picture.bottom - picture.top)


def _append(blocks: list[list[Place] | list[Piece]], item: Place | Piece) -> None:
    """Put `item` to the block that it goes on with, or begin another."""
    last = blocks[-1] if blocks else []
    before = last[-1] if last else None
    if isinstance(item, Place):
        if isinstance(before, Place):
            last.append(item)  # type: ignore[arg-type]
        else:
            blocks.append([item])
    elif isinstance(before, Piece) and before.page < item.page and _is_as_wide(before.frame, item.frame):
        last.append(item)  # type: ignore[arg-type]
    else:
        blocks.append([item])


def _is_as_wide(frame: Frame, other: Frame) -> bool:
    return abs(frame.box.x0 - other.box.x0) <= TOLERANCE and abs(frame.box.x1 - other.box.x1) <= TOLERANCE


def _rows(pieces: Sequence[Piece], table: int) -> Iterable[Line]:
    """The rows of one table, whatever the number of pages that it is on."""
    columns = levels((at for piece in pieces for at in piece.frame.columns), NARROWEST)
    rows: list[RuledRow] = []
    for piece in pieces:
        rows = put_together(rows, ruled_rows(piece.frame, columns, piece.glyphs, piece.page))
    made: dict[int, GridCell] = {}
    for number, cells in enumerate(rows):
        for cell in cells:
            if cell and id(cell) not in made:
                made[id(cell)] = _grid_cell(cell, table, number)
        line = row([made[id(cell)] if cell else None for cell in cells], table)
        yield line._replace(is_ruled=True)


def _grid_cell(cell: RuledCell, table: int, number: int) -> GridCell:
    place = Phrase(
        f"第{cell.page}页表{table}第{number + 1}行", f"page {cell.page}, table {table}, row {number + 1}"
    )
    return GridCell(cell.text, (number, cell.columns.start), place)
