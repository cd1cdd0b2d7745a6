"""The official tables in a Word document: true merged cells, repeated header rows, rows that stay whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from workbook_tool.forms import lay_out
from workbook_tool.renderers.figures import printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.forms import Box, Layout, Section
    from workbook_tool.report import Report

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TEXT_WIDTH = 8844
"""Twips between the margins: 156 mm."""

_LABEL_WIDTHS = {0: (), 1: (2604,), 3: (500, 1150, 2800)}
"""Twips of the columns with row labels, by how many there are."""

_PLAIN = 4
"""Tables of more columns are set small."""


class _Look(NamedTuple):
    """How a table is set: its columns in twips, the style of its text, and the height of its rows."""

    widths: Sequence[int]
    style: str
    height: int
    labels: int
    """How many columns hold row labels that begin at the left."""


def table_xml(report: Report, section: Section) -> str:
    """The tables of `section` as one ``w:tbl``, to stand below its heading."""
    layout = lay_out(section)
    look = _look(layout)
    header = layout.header_height if len(section.tables) == 1 else 0
    rows = [
        _row(report, boxes, look, number, is_header=number < header, is_last=number == layout.height - 1)
        for number, boxes in enumerate(_covered(layout))
    ]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in look.widths)
    name = quoteattr(f"{section.heading}（表）")
    return (
        f'<w:tbl xmlns:w="{_NAMESPACE}"><w:tblPr><w:tblStyle w:val="OfficialTable"/>'
        f'<w:tblW w:w="{_TEXT_WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="0600"/><w:tblCaption w:val={quoteattr(section.title)}/>'
        f"<w:tblDescription w:val={name}/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _look(layout: Layout) -> _Look:
    labels = _LABEL_WIDTHS[layout.label_width]
    columns = layout.width - len(labels)
    each, rest = divmod(_TEXT_WIDTH - sum(labels), columns)
    widths = [*labels, *(each + (number < rest) for number in range(columns))]
    if layout.width > _PLAIN:
        return _Look(widths, "SmallTableText", 374, len(labels))
    return _Look(widths, "TableText", 454, 0)


def _covered(layout: Layout) -> list[list[Box]]:
    """For each row the boxes that cover it, from left to right, each once."""
    rows: list[list[Box]] = [[] for _ in range(layout.height)]
    for box in sorted(layout.boxes, key=lambda box: box.column):
        for row in range(box.row, box.row + box.height):
            rows[row].append(box)
    return rows


def _row(
    report: Report, boxes: Sequence[Box], look: _Look, number: int, *, is_header: bool, is_last: bool
) -> str:
    cells = []
    for box in boxes:
        text = ""
        if box.row == number:
            text = printed(report, box.cell) if box.cell else box.label
        run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
        style = "".join(_paragraph_properties(box, look, is_last=is_last))
        properties = "".join(_cell_properties(box, look, number))
        cells.append(f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:pPr>{style}</w:pPr>{run}</w:p></w:tc>")
    repeated = "<w:tblHeader/>" if is_header else ""
    height = f'<w:trHeight w:val="{look.height}" w:hRule="atLeast"/>'
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _paragraph_properties(box: Box, look: _Look, *, is_last: bool) -> Iterator[str]:
    yield f'<w:pStyle w:val="{look.style}"/>'
    if not is_last:
        yield "<w:keepNext/>"  # with the next row, so that a table stays on one page if it fits there
    if box.role == "row" and box.column + box.width == look.labels:
        yield '<w:ind w:left="57" w:right="57"/><w:jc w:val="left"/>'
    elif box.role == "column" and box.width == 1 and look.labels and len(box.label) % 2 == 0:
        yield '<w:ind w:left="85" w:right="85"/>'  # two characters a line, not three and one


def _cell_properties(box: Box, look: _Look, row: int) -> Iterator[str]:
    width = sum(look.widths[box.column : box.column + box.width])
    yield f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if box.width > 1:
        yield f'<w:gridSpan w:val="{box.width}"/>'
    if box.height > 1:
        yield '<w:vMerge w:val="restart"/>' if box.row == row else "<w:vMerge/>"
    yield '<w:vAlign w:val="center"/>'
