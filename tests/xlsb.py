"""A least writer of .xlsb, the binary workbook ([MS-XLSB]): values only, which is all that is read of one."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Content = Mapping[tuple[int, int], str | float]

_BEGIN_BOOK, _END_BOOK, _BEGIN_SHEETS, _SHEET, _END_SHEETS = 131, 132, 143, 156, 144
_BEGIN_SHEET, _END_SHEET, _SIZE, _BEGIN_CELLS, _END_CELLS = 129, 130, 148, 145, 146
_ROW, _NUMBER, _TEXT = 0, 5, 6
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsb(sheets: Sequence[tuple[str, Content]]) -> bytes:
    """The workbook with these sheets: title, and values by row and column from 0."""
    listed = b"".join(
        _record(_SHEET, struct.pack("<II", 0, number) + _text(f"r{number}") + _text(title))
        for number, (title, _) in enumerate(sheets, start=1)
    )
    book = [_record(_BEGIN_BOOK), _record(_BEGIN_SHEETS), listed, _record(_END_SHEETS), _record(_END_BOOK)]
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_KIND}/worksheet" Target="worksheets/sheet{n}.bin"/>'
        for n in range(1, len(sheets) + 1)
    )
    relations = f'<Relationships xmlns="{_RELATIONS}">{relations}</Relationships>'
    parts = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.bin": b"".join(book),
        "xl/_rels/workbook.bin.rels": relations.encode(),
        **{f"xl/worksheets/sheet{n}.bin": _sheet(cells) for n, (_, cells) in enumerate(sheets, start=1)},
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _sheet(cells: Content) -> bytes:
    last_row, last_column = (max((spot[axis] for spot in cells), default=0) for axis in (0, 1))
    out = [_record(_BEGIN_SHEET), _record(_SIZE, struct.pack("<IIII", 0, last_row, 0, last_column))]
    out.append(_record(_BEGIN_CELLS))
    row = -1
    for spot in sorted(cells):
        if spot[0] != row:
            row = spot[0]
            out.append(_record(_ROW, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0)))
        value, head = cells[spot], struct.pack("<II", spot[1], 0)
        if isinstance(value, str):
            out.append(_record(_TEXT, head + _text(value)))
        else:
            out.append(_record(_NUMBER, head + struct.pack("<d", value)))
    return b"".join([*out, _record(_END_CELLS), _record(_END_SHEET)])


def _record(kind: int, content: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(content), b""
    while size >= 0x80:
        length += bytes([size & 0x7F | 0x80])
        size >>= 7
    return number + length + bytes([size]) + content


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
