"""Tables without separators: sections of a table in which no row stands are cut into rows.

A whole report may stand in one line, its headings among it; or a section's table in one line; or each cell.
Where there are rows, the heading of some columns may stand above them as a line of its own.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from workbook_tool.grids import GridCell, find_headings, is_group_heading, pieces, rows_in
from workbook_tool.published.headings import section_headed
from workbook_tool.published.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook_tool.forms import Form, Section

_LONGEST_RUN = 50_000
_SHORTEST_RUN = 40
_MOST_RUNS = 8
_MOST_STREAMS = 12
"""So many sections of tables, as headings have them, are more than two reports with their contents."""

_TITLE = re.compile(r".{0,80}?政府信息公开(?:工作)?(?:年度)?报告(?!格式)")


def with_rows(form: Form, lines: Sequence[Line]) -> Sequence[Line]:
    """`lines` with rows made of streams below headings of tables; `lines` itself where there are none."""
    apart = lines
    if _has_run(form, lines):
        apart = [part for line in lines for part in _cut(line, _headings(form, line))]
    found: list[Line] = []
    section: Section | None = None
    stretch: list[Line] = []
    streams = 0
    for line in [*apart, None]:
        heading = section_headed(form, line.text) if line else None
        if line is None or heading:
            streams += section in form.tabled
            found += _rows(section, stretch) if streams <= _MOST_STREAMS else stretch
            section, stretch = heading, []
            found += [line] if line else []
        else:
            stretch.append(line)
    return lines if found == list(lines) else found


def _rows(section: Section | None, stretch: list[Line]) -> list[Line]:
    if section is None or not section.tables:
        return stretch
    if any(line.cells for line in stretch):
        return _with_heading_rows(section, stretch)
    made = [Line(*stretch) for stretch in rows_in(section, [line.text for line in stretch])]
    return made if any(line.cells for line in made) else stretch


def _with_heading_rows(section: Section, stretch: Sequence[Line]) -> list[Line]:
    """Lines right above a row that are the heading of columns below it as rows as well."""
    found: list[Line] = []
    for line in reversed(stretch):
        is_above = bool(found and found[-1].cells and not line.cells)
        if is_above and is_group_heading(section, line.text):
            found.append(Line(line.text, (GridCell(line.text),)))
        else:
            found.append(line)
    return found[::-1]


def _has_run(form: Form, lines: Sequence[Line]) -> bool:
    """Whether the table of a section stands in one line with its heading."""
    cut = (parts for line in lines if len(parts := list(_cut(line, _headings(form, line)))) > 1)
    return any(
        len(pieces(section, part.text)) > 1
        for parts in islice(cut, _MOST_RUNS)
        for part in parts
        for section in form.tabled
    )


def _cut(line: Line, headings: Sequence[tuple[Section, int, int]]) -> Iterator[Line]:
    """A line cut at the headings of sections in it, and after the title in front of them."""
    if not headings:
        yield line
        return
    edges = {0, len(line.text), *(edge for _, *span in headings for edge in span)}
    title = _TITLE.match(line.text)
    if title and title.end() < headings[0][1]:
        edges.add(title.end())
    for start, end in pairwise(sorted(edges)):
        if line.text[start:end].strip():
            yield Line(line.text[start:end].strip())


def _headings(form: Form, line: Line) -> list[tuple[Section, int, int]]:
    """The headings of sections in a long line."""
    if line.cells or not _SHORTEST_RUN < len(line.text) <= _LONGEST_RUN:
        return []
    return find_headings(form.sections, line.text)
