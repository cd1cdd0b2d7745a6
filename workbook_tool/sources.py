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
_BY_MAGIC = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "word"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
)
_BY_MEMBER = (
    ("xl/workbook.bin", "binary_workbook"),
    ("word/document.xml", "word"),
    ("ppt/presentation.xml", "presentation"),
    ("content.xml", "opendocument"),
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
    for magic, case in _BY_MAGIC:
        if data.startswith(magic):
            raise SourceError(case)
    text = _decode(data)
    if text.lstrip()[:1] == "<":
        raise SourceError("web_page")
    from workbook_tool.published.text import read_text  # noqa: PLC0415  # only what this source needs

    return read_text(text)


def _read_zip(data: bytes) -> Reading:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceError("truncated", {"problem": str(error)}) from error
    for member, case in _BY_MEMBER:
        if member in names:
            raise SourceError(case)
    if not any(name.startswith("xl/") for name in names):
        raise SourceError("archive")
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
    raise SourceError("unknown")
