"""Tables without separators: sections of a table in which no row stands are cut into rows.

A whole report may stand in one line, its headings among it; or a section's table in one line; or each cell.
Where there are rows, the heading of some columns may stand above them as a line of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.grids import GridCell, find_headings, is_group_heading, pieces, rows_in
from workbook_tool.published.headings import section_headed
from workbook_tool.published.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.forms import Form, Section

_LONGEST_RUN = 100_000
_SHORTEST_RUN = 40


def with_rows(form: Form, lines: Sequence[Line]) -> Sequence[Line]:
    """`lines` with rows made of streams below headings of tables; `lines` itself where there are none."""
    apart = [part for line in lines for part in _apart(form, line)]
    found: list[Line] = []
    section: Section | None = None
    stretch: list[Line] = []
    for line in [*apart, None]:
        heading = section_headed(form, line.text) if line else None
        if line is None or heading:
            found += _rows(section, stretch)
            section, stretch = heading, []
            found += [line] if line else []
        else:
            stretch.append(line)
    return lines if found == list(lines) else found


def _rows(section: Section | None, stretch: list[Line]) -> list[Line]:
    if section is None or not section.tables:
        return stretch
    if any(line.cells for line in stretch):
        return [_heading_row(section, line) for line in stretch]
    made = [Line(*stretch) for stretch in rows_in(section, [line.text for line in stretch])]
    return made if any(line.cells for line in made) else stretch


def _heading_row(section: Section, line: Line) -> Line:
    """A line between tables that is the heading of columns below it, as a row; or else itself."""
    if line.cells or not is_group_heading(section, line.text):
        return line
    return Line(line.text, (GridCell(line.text),))


def _apart(form: Form, line: Line) -> Iterator[Line]:
    """A line cut at the headings of sections in it, if the table of one stands there as well; or itself."""
    found = _headings(form, line)
    ends = [start for _, start, _ in found[1:]] + [len(line.text)]
    bodies = [line.text[heading[2] : end].strip() for heading, end in zip(found, ends, strict=False)]
    tabled = [body for (section, *_), body in zip(found, bodies, strict=True) if section.tables]
    if not any(len(pieces(section, body)) > 1 for section in form.tabled for body in tabled):
        yield line
        return
    yield from _texts(line.text[: found[0][1]])
    for (_, start, end), body in zip(found, bodies, strict=True):
        yield Line(line.text[start:end])
        yield from _texts(body)


def _headings(form: Form, line: Line) -> list[tuple[Section, int, int]]:
    """The headings of sections in a long line, twice over: a table of contents or another report shows."""
    if line.cells or not _SHORTEST_RUN < len(line.text) <= _LONGEST_RUN:
        return []
    found = find_headings(form.sections, line.text)
    again = find_headings(form.sections, line.text, found[-1][2]) if found else []
    return [*found, *again]


def _texts(text: str) -> Iterator[Line]:
    if text.strip():
        yield Line(text.strip())
