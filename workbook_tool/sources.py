"""Opening any source: what it is, is decided from its content, never from its name."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from workbook_tool.errors import SourceError
from workbook_tool.report import Reading
from workbook_tool.rules import Finding

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGEST = 200 * 2**20
_UNREADABLE = (
    (b"%PDF", "PDF 文件 (a PDF file)"),
    (b"{\\rtf", "RTF 文档 (an RTF document)"),
    (b"Rar!", "RAR 压缩包 (a RAR archive)"),
    (b"7z\xbc\xaf", "7z 压缩包 (a 7z archive)"),
    (b"\x89PNG", "图片 (a picture)"),
    (b"\xff\xd8\xff", "图片 (a picture)"),
)
_IN_ZIP = (
    ("xl/workbook.bin", "二进制工作簿 .xlsb (a binary workbook)"),
    ("word/document.xml", "Word 文档 (a Word document)"),
    ("ppt/presentation.xml", "演示文稿 (a presentation)"),
    ("content.xml", "OpenDocument 文件 .ods/.odt (an OpenDocument file)"),
)


def open_report(source: Path | str) -> Reading:
    """Read the report at `source`, whatever kind of file it is.

    A file that is no readable report gives a reading without a report and finding W-01;
    only a path that does not exist is an error.
    """
    path = Path(source)
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        return _refused(SourceError("unreadable", {"problem": error.strerror or str(error)}))
    return read_report(data)


def read_report(data: bytes) -> Reading:
    """Read the report in `data`; like `open_report` for bytes."""
    try:
        return _read(data)
    except SourceError as error:
        return _refused(error)


def _refused(error: SourceError) -> Reading:
    return Reading(None, (Finding("W-01", case=error.case, details=error.details),))


def _read(data: bytes) -> Reading:
    if not data.strip():
        raise SourceError("empty")
    if len(data) > _LARGEST:
        raise SourceError("unsafe", {"problem": f"> {_LARGEST >> 20} MiB"})
    if data.startswith(b"PK"):
        return _read_zip(data)
    if data.startswith(_OLE):
        raise SourceError("encrypted")
    for magic, kind in _UNREADABLE:
        if data.startswith(magic):
            raise SourceError("unsupported", {"kind": kind})
    text = _decode(data)
    if text.lstrip()[:1] == "<":
        raise SourceError("unsupported", {"kind": "网页或 XML 文件 (a web page or XML file)"})
    from workbook_tool.published.text import read_text  # noqa: PLC0415  # only what this source needs

    return read_text(text)


def _read_zip(data: bytes) -> Reading:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceError("truncated", {"problem": str(error)}) from error
    for member, kind in _IN_ZIP:
        if member in names:
            raise SourceError("unsupported", {"kind": kind})
    if not any(name.startswith("xl/") for name in names):
        raise SourceError("unsupported", {"kind": "压缩包 (an archive)"})
    from workbook_tool.excel.read import read_workbook  # noqa: PLC0415  # loads the workbook library

    return read_workbook(data)


def _decode(data: bytes) -> str:
    """Text in UTF-8 (with or without a mark), UTF-16 with a mark, or GB18030."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SourceError("unsupported", {"kind": "不认识的格式 (an unknown format)"})
