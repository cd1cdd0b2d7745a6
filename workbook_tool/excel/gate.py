"""The gate in front of all reading: bytes → `Book`, or a refusal that says why.

No library opens a file that has not passed here, and no other module opens workbooks.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from workbook_tool.errors import SourceError
from workbook_tool.excel.book import Area, Book, Sheet, Stored
from workbook_tool.excel.layout import Spot, column_name

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMITS = {
    "members": 1_000,  # ours have 30; add-ins bring dozens
    "inflated": 100 * 2**20,  # bytes in all; ours inflate to 0.2 MiB
    "ratio": 200,  # of one member over a MiB; real sheets stay below 40
}
_DANGERS = {
    "xl/vbaProject.bin": "宏 (macros)",
    "xl/externalLinks/": "外部链接 (external links)",
    "xl/embeddings/": "嵌入对象 (embedded objects)",
    "xl/activeX/": "ActiveX 控件 (ActiveX)",
    "xl/connections.xml": "数据连接 (connections)",
    "xl/macrosheets/": "宏表 (macro sheets)",
}
_TARGET = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})$")
_ESCAPED_CONTROL = re.compile(r"_x(00[01][0-9A-Fa-f])_")
_MIB = 2**20


def open_book(data: bytes) -> Book:
    """The workbook in `data`; a `SourceError` if it may not or cannot be opened."""
    dangers = _inspect(data)
    # Heavy, and only needed once a workbook is really read.
    from openpyxl import load_workbook  # noqa: PLC0415

    try:
        workbook = load_workbook(io.BytesIO(data), keep_links=False)
        return _convert(workbook, dangers)
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        ParseError,
        zipfile.BadZipFile,
    ) as error:
        raise SourceError("truncated", {"problem": f"{type(error).__name__}: {error}"[:200]}) from error


def _inspect(data: bytes) -> tuple[str, ...]:
    """Refuse what is damaged or beyond the limits; name what is dangerous."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > LIMITS["members"]:
                raise SourceError("unsafe", {"problem": f"{len(members)} 个部件 (members)"})
            if sum(member.file_size for member in members) > LIMITS["inflated"]:
                raise SourceError("unsafe", {"problem": "展开后过大 (too large when inflated)"})
            for member in members:
                if member.file_size > max(_MIB, LIMITS["ratio"] * member.compress_size):
                    raise SourceError(
                        "unsafe", {"problem": f"压缩比异常 (inflation ratio): {member.filename}"}
                    )
            damaged = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise SourceError("truncated", {"problem": str(error) or type(error).__name__}) from error
    if damaged:
        raise SourceError("truncated", {"problem": f"{damaged}: CRC"})
    names = [member.filename for member in members]
    return tuple(words for prefix, words in _DANGERS.items() if any(n.startswith(prefix) for n in names))


def _convert(workbook: Any, dangers: tuple[str, ...]) -> Book:
    sheets = tuple(_sheet(worksheet) for worksheet in workbook.worksheets)
    names = {name: _target(defined.attr_text or "") for name, defined in workbook.defined_names.items()}
    properties = {prop.name: str(prop.value or "") for prop in workbook.custom_doc_props.props}
    return Book(sheets, names, properties, dangers)


def _sheet(worksheet: Any) -> Sheet:
    cells = {
        Spot(cell.row - 1, cell.column - 1): _stored(cell)
        for row in worksheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    merges = tuple(
        Area(Spot(area.min_row - 1, area.min_col - 1), Spot(area.max_row - 1, area.max_col - 1))
        for area in worksheet.merged_cells.ranges
    )
    return Sheet(
        title=worksheet.title,
        cells=cells,
        merges=merges,
        protected=bool(worksheet.protection.sheet),
        hidden=worksheet.sheet_state != "visible",
        hidden_lines=tuple(_hidden_lines(worksheet)),
    )


def _hidden_lines(worksheet: Any) -> Iterator[str]:
    for number, row in worksheet.row_dimensions.items():
        if row.hidden:
            yield str(number)
    for dimension in worksheet.column_dimensions.values():
        if dimension.hidden and dimension.min:
            yield from (
                column_name(column - 1) for column in range(dimension.min, min(dimension.max, 200) + 1)
            )


def _stored(cell: Any) -> Stored:
    value = cell.value
    if cell.data_type == "f":
        return Stored(formula=str(getattr(value, "text", value)))
    if isinstance(value, str):
        value = _ESCAPED_CONTROL.sub(lambda found: chr(int(found[1], 16)), value)
    return Stored(value, error=cell.data_type == "e")


def _target(text: str) -> tuple[str, Spot] | None:
    found = _TARGET.match(text)
    if not found:
        return None
    quoted, plain, letters, row = found.groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return (quoted.replace("''", "'") if quoted else plain), Spot(int(row) - 1, column - 1)
