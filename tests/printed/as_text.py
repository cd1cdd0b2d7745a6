"""Notations of text."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from tests.printed.page import Paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from tests.printed.page import Printed, Sheet

    Rows = Callable[[Sheet], Iterator[str]]

_GROUPS = {"t4.reconsideration": 0, "t4.litigation.direct": 1, "t4.litigation.after_reconsideration": 2}


def as_pipes(page: Printed, random: Random) -> bytes:
    """Cells between bars, a merged one once."""

    def rows(sheet: Sheet) -> Iterator[str]:
        for row in sheet.rows():
            texts = [_inline(slot.text) for slot in row]
            is_label = [slot.role for slot in row] == ["row"]
            yield f"{''.join(texts)} |" if len(texts) == 1 and not is_label else " | ".join(texts)

    return _text(page, rows)


def as_barred_pipes(page: Printed, random: Random) -> bytes:
    """Cells between bars, with a bar at both ends of a row."""

    def rows(sheet: Sheet) -> Iterator[str]:
        for row in sheet.rows():
            yield _bars([slot.text for slot in row])

    return _text(page, rows)


def as_padded_pipes(page: Printed, random: Random) -> bytes:
    """Cells between bars, merged ones with blanks for the rest of them; bars at the ends or not."""
    with_ends = random.random() < 0.5

    def rows(sheet: Sheet) -> Iterator[str]:
        for texts in matrix(sheet):
            yield _bars(texts) if with_ends else " | ".join(map(_inline, texts))

    return _text(page, rows)


def as_markdown(page: Printed, random: Random) -> bytes:
    """Tables of Markdown: headings and labels with all that stands above them."""

    def rows(sheet: Sheet) -> Iterator[str]:
        for above, below in sheet.segments():
            yield from _captions(sheet, above)
            heads = [" / ".join(slot.text for slot in path) for path in sheet.columns(above)]
            has_labels = any(sheet.labels(row) for row in below)
            yield _bars(["项目"] * has_labels + heads)
            yield "|" + " --- |" * (len(heads) + has_labels)
            for row in below:
                labels = " / ".join(slot.text for slot in sheet.labels(row))
                yield _bars([labels] * has_labels + _figures(sheet, row))
            yield ""

    return _text(page, rows, heading="## ")


def as_ocr(page: Printed, random: Random) -> bytes:
    """As a machine recognises a picture: a table for each group of rows or of columns, under its heading."""
    return _text(page, _ocr_rows, heading="## ")


def as_tabs(page: Printed, random: Random) -> bytes:
    """As a browser copies a page."""

    def rows(sheet: Sheet) -> Iterator[str]:
        for row in sheet.rows():
            yield "\t".join(_inline(slot.text) for slot in row)

    return _text(page, rows)


def as_copied_sheet(page: Printed, random: Random) -> bytes:
    """As a spreadsheet copies its cells."""
    rows = [[_inline(text).replace("\t", " ") for text in row] for row in _one_sheet(page)]
    return "".join("\t".join(row) + "\r\n" for row in rows).encode("utf-8-sig")


def as_csv(page: Printed, random: Random) -> bytes:
    """As a spreadsheet exports a sheet."""
    stream = io.StringIO()
    csv.writer(stream).writerows(_one_sheet(page))
    return stream.getvalue().encode(random.choice(["utf-8-sig", "gb18030"]))


def as_stream(page: Printed, random: Random) -> bytes:
    """A cell a line, with blank lines between them or without."""
    return random.choice(["\n", "\n\n"]).join(filter(str.strip, _everything(page))).encode()


def as_run(page: Printed, random: Random) -> bytes:
    """Tags taken away."""
    return "".join(_everything(page)).replace("\n", "").encode()


def as_spaced_run(page: Printed, random: Random) -> bytes:
    """Tags taken away, with a space for each."""
    return " ".join(_everything(page)).encode()


def matrix(sheet: Sheet) -> list[list[str]]:
    """The texts by row and column, a merged cell once and blank otherwise."""
    cells = [[""] * sheet.width for _ in range(sheet.height)]
    for slot in sheet.slots:
        cells[slot.row][slot.column] = slot.text
    return cells


def _text(page: Printed, rows: Rows, heading: str = "") -> bytes:
    lines: list[str] = []
    for block in page.blocks:
        if not isinstance(block, Paragraph):
            lines += rows(block)
        else:
            lines.append(f"{heading if block.role == 'heading' else ''}{block.text}")
            lines += [""] if heading else []
    return "\n".join(lines).encode()


def _one_sheet(page: Printed) -> list[list[str]]:
    rows: list[list[str]] = []
    for block in page.blocks:
        rows += [[block.text]] if isinstance(block, Paragraph) else matrix(block)
    width = max(map(len, rows)) + 1
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _everything(page: Printed) -> Iterator[str]:
    for block in page.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (slot.text for row in block.rows() for slot in row)


def _ocr_rows(sheet: Sheet) -> Iterator[str]:
    for above, below in sheet.segments():
        yield from (f"### {text}" for text in _captions(sheet, above))
        columns = sheet.columns(above)
        if not any(sheet.labels(row) for row in below):
            yield from _ocr_groups(sheet, above, below)
            continue
        heads = [path[-1].text for path in columns]
        group: tuple[str, ...] | None = None
        for row in below:
            *path, own = [slot.text for slot in sheet.labels(row)] or [""]
            if tuple(path) != group:
                yield from ["", *(f"### {text}" for text in path[-1:])]
                yield from [_bars(["类别", *heads]), "|" + "---|" * (len(heads) + 1)]
                group = tuple(path)
            yield _bars([own, *_figures(sheet, row)])


def _ocr_groups(sheet: Sheet, above: list[int], below: list[int]) -> Iterator[str]:
    """Columns apart by what stands above them."""
    columns = sheet.columns(above)
    groups: dict[str, list[str]] = {}
    for path in columns:
        name = f"{path[0].text}({path[1].text})" if len(path) > 2 else path[0].text
        groups.setdefault(name, []).append(path[-1].text)
    for number, (name, heads) in enumerate(groups.items()):
        yield f"### {name}"
        yield _bars(heads)
        yield "|" + "---|" * len(heads)
        for row in below:
            yield _bars(_figures_of_group(sheet, row, number))


def _figures_of_group(sheet: Sheet, row: int, wanted: int) -> list[str]:
    """The figures of a group of five columns; what is none of the form's stands with those left of it."""
    number, found = 0, []
    for slot in sorted((s for s in sheet.slots if s.row == row), key=lambda slot: slot.column):
        number = _GROUPS[slot.cell.rpartition(".")[0]] if slot.cell else number
        found += [slot.text] if number == wanted else []
    return found


def _captions(sheet: Sheet, above: list[int]) -> list[str]:
    found = [s for s in sheet.slots if s.row in above and s.role in {"banner", "corner", "heading"}]
    return [
        slot.text
        for slot in sorted(found, key=lambda slot: (slot.row, slot.column))
        if slot.text != "信息内容"
    ]


def _figures(sheet: Sheet, row: int) -> list[str]:
    own = [slot for slot in sheet.slots if slot.role == "value" and slot.row == row]
    return [slot.text for slot in sorted(own, key=lambda slot: slot.column)]


def _bars(texts: list[str]) -> str:
    return f"| {' | '.join(_inline(text, '<br>') for text in texts)} |"


def _inline(text: str, between: str = " ") -> str:
    return text.replace("\n", between)
