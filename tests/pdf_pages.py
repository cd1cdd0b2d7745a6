"""PDFs written stroke by stroke, so that a test decides where on a page everything stands."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workbook_tool.forms import Box, Section, lay_out
from workbook_tool.renderers import title
from workbook_tool.report import Report

HEIGHT, WIDTH = 842, 595
LEFT, RIGHT = 60, 540
ROW = 26
SMALL = 6
LINES = 3
"""Lines of small type that one row of a table has room for."""

_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<<"
    b"/Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
    b"/Supplement 4>>/DW 1000/W[1 95 500]/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4"
    b"/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 80>>>>]>>"
)


@dataclass
class Drawing:
    """One page; heights are measured from its top."""

    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, size: float = 9) -> None:
        """Put `words` with their baseline at `y`."""
        code = words.encode("utf-16-be").hex()
        self.parts.append(f"BT /F {size} Tf {x:.2f} {HEIGHT - y:.2f} Td <{code}> Tj ET")

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a rule."""
        self.parts.append(f"{x0:.2f} {HEIGHT - y0:.2f} m {x1:.2f} {HEIGHT - y1:.2f} l S")

    def frame(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """Draw a rectangle."""
        self.parts.append(f"{x0:.2f} {HEIGHT - bottom:.2f} {x1 - x0:.2f} {bottom - top:.2f} re S")


def pdf(
    pages: Iterable[Drawing],
    *,
    extra: str = "",
    info: str = "",
    resources: str = "",
    layers: str = "",
    form: bytes = b"",
) -> bytes:
    """The `pages` as a file.

    `extra` goes into each page's dictionary and `resources` into what that names, `info` into the document's
    and `layers` into its catalogue. `form` is drawn as the last object, which is named X.
    """
    streams = [zlib.compress("\n".join(page.parts).encode()) for page in pages]
    resources += f"/XObject<</X {4 + 2 * len(streams)} 0 R>>" if form else ""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(streams)))
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{layers}>>".encode(),
        f"<</Type/Pages/Count {len(streams)}/Kids[{kids}]>>".encode(),
        _FONT,
    ]
    for number, stream in enumerate(streams):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]"
            f"/Resources<</Font<</F 3 0 R>>{resources}>>/Contents {5 + 2 * number} 0 R{extra}>>".encode()
        )
        objects.append(b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    return assembled([*objects, form] if form else objects, info)


def assembled(objects: Sequence[bytes], info: str = "") -> bytes:
    """A file of these objects, numbered from 1; the first is the catalogue."""
    out = b"%PDF-1.7\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer<</Size %d/Root 1 0 R/Info<<%s>>>>\n" % (len(objects) + 1, info.encode())
    return out + b"startxref\n%d\n%%%%EOF\n" % start


class Press:
    """Draws a report down the pages, tables row by row."""

    def __init__(self, room: float = 760) -> None:
        """Begin with one empty page that is written on down to `room`."""
        self.pages = [Drawing()]
        self.room = room
        self.y = 60.0

    @property
    def page(self) -> Drawing:
        """The page at hand."""
        return self.pages[-1]

    def turn(self) -> None:
        """Begin the next page."""
        self.pages.append(Drawing())
        self.y = 60.0

    def report(self, report: Report) -> list[Drawing]:
        """The pages of `report`."""
        self.write(title(report), size=15, x=LEFT + 12)
        for line in report.opening.splitlines():
            self.write(line)
        for section in report.form.sections:
            self.write(section.heading)
            if section.tables:
                self.table(report, section)
            else:
                for line in report.narratives.get(section.id, "").splitlines():
                    self.write(line)
        return self.pages

    def write(self, words: str, size: float = 12, x: float = LEFT + 24) -> None:
        """Set a paragraph, its first line at `x`."""
        line, at = "", x
        for character in words:
            width = size / 2 if character.isascii() else size
            if at + len(line) and at + width > RIGHT:
                self._set(line, x, size)
                line, at, x = "", LEFT, LEFT
            line += character
            at += width
        self._set(line, x, size)

    def _set(self, line: str, x: float, size: float) -> None:
        if self.y + size * 1.6 > self.room:
            self.turn()
        self.y += size * 1.6
        self.page.text(x, self.y, line, size)

    def table(self, report: Report, section: Section) -> None:
        """Draw the tables of `section` in one frame, over as many pages as it takes."""
        layout = lay_out(section)
        edges = columns(section)
        self.y += 10
        start = 0
        while start < layout.height:
            rows = min(layout.height - start, int((self.room - self.y) // ROW))
            if rows > 0:
                self._rows(report, layout.boxes, edges, start, start + rows)
                start += rows
            if start < layout.height:
                self.turn()
        self.y += 20

    def _rows(self, report: Report, boxes: Iterable[Box], edges: list[float], start: int, stop: int) -> None:
        """Draw what of `boxes` is in these rows; the words of a merged cell flow down over the break."""
        top = self.y - ROW * start
        for box in boxes:
            first, last = max(box.row, start), min(box.row + box.height, stop)
            if first >= last:
                continue
            x0, x1 = edges[box.column], edges[box.column + box.width]
            self.page.frame(x0, top + ROW * first, x1, top + ROW * last)
            for number, line in enumerate(self._lines(report, box, x1 - x0)):
                row = box.row + number // LINES
                if first <= row < last:
                    self.page.text(x0 + 2, top + ROW * box.row + 8 + ROW / LINES * number, line, SMALL)
        self.y += ROW * (stop - start)

    def _lines(self, report: Report, box: Box, width: float) -> list[str]:
        if box.cell:
            figure = report.values.get(box.cell)
            return [] if figure is None else [str(figure)]
        room = max(1, int((width - 2) // SMALL))
        lines = [box.label[at : at + room] for at in range(0, len(box.label), room)]
        assert len(lines) <= LINES * box.height, box.label
        return lines


def columns(section: Section) -> list[float]:
    """Where the vertical rules of the tables of `section` stand."""
    layout = lay_out(section)
    labels = {0: [], 1: [150.0], 3: [22.0, 40.0, 220.0]}[layout.label_width]
    rest = layout.width - len(labels)
    widths = [*labels, *[(RIGHT - LEFT - sum(labels)) / rest] * rest]
    edges = [float(LEFT)]
    for width in widths:
        edges.append(edges[-1] + width)
    return edges
