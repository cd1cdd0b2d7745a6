"""Opening any source: what it is, is decided from its content, never from its name."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import NamedTuple

from workbook_tool.errors import SourceError
from workbook_tool.files import SPECIAL, is_special
from workbook_tool.phrase import Phrase
from workbook_tool.report import Reading
from workbook_tool.rules import Finding

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST = 200 * 2**20
_PDF = b"%PDF"
_BY_MAGIC = (
    (_PDF, "pdf"),
    (b"{\\rtf", "word"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"BZh", "archive"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
)
_TAR, _TAR_AT = b"ustar", 257
_WORD = "word/document.xml"
_BY_MEMBER = ((_WORD, "docx"), ("ppt/presentation.xml", "presentation"))
_BY_STREAM = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "word"),
    ("Workbook", ".xls"),
    ("Book", ".xls"),
)
_BARE_BIFF = (b"\x09\x08\x10\x00\x00\x06", b"\x09\x08\x08\x00\x00\x05")
_MARKUP = re.compile(r"\s*<[a-z!?]|[^<]{0,200}<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_TABLE = re.compile(r"<t[rdh]\b[^<>]*>", re.IGNORECASE)
_DECLARED = re.compile(rb"<[^>]{0,200}\b(?:charset|encoding)\s*=\s*[\"']?\s*(big5)", re.IGNORECASE)
_HEAD = 4096
_MOST_LOST = 1000
"""One character in so many may be broken on a page that is read all the same."""

_DATA = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[{"\d\]])')
_ENTRY = 128
_LONGEST_TEXT = 10 * 2**20
_MOST_CELLS = 200_000
_CUT_OFF = Phrase("后面的内容没有了", "its end is lost")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


class Opening(NamedTuple):
    """How sources are opened: in a child process or not, and with which passwords."""

    isolate: bool = False
    passwords: tuple[str, ...] = ()


def open_report(source: Path | str, opening: Opening | None = None) -> Reading:
    """Read the report at `source`, whatever kind of file it is.

    A source is a file, one in a zip or tar (``a.zip/inner/x.xlsx``), or at an address (``s3://…``).
    A file that is no readable report gives a reading without a report and finding W-01;
    only a path that does not exist is an error.
    """
    path = Path(source)
    if not path.exists() and not path.is_symlink():
        return _open_elsewhere(str(source), opening)
    if is_special(path):
        return _refused(SourceError("unreadable", {"problem": SPECIAL}))
    try:
        with path.open("rb") as stream:
            # As much as is asked for is reserved at once; a size of 0 may be that of a file without one.
            size = os.fstat(stream.fileno()).st_size or LARGEST
            data = stream.read(min(size, LARGEST) + 1)
    except OSError as error:
        return _refused(SourceError("unreadable", {"problem": error.strerror or str(error)}))
    try:
        return _read(data, opening or Opening())
    except SourceError as error:
        return _refused(_why_closed(path) if error.case == "archive" else error)


def _why_closed(path: Path) -> SourceError:
    """What keeps the archive at `path` from being opened, of which there is no file to read."""
    from workbook_tool.places import why_closed  # noqa: PLC0415  # only what this source needs

    return why_closed(path)


def _open_elsewhere(source: str, opening: Opening | None) -> Reading:
    """Read a report that is no file on disk."""
    from workbook_tool.places import fetch  # noqa: PLC0415  # only what this source needs

    try:
        data = fetch(source, LARGEST + 1)
    except SourceError as error:
        return _refused(error)
    if data is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), source)
    return read_report(data, opening)


def read_report(data: bytes, opening: Opening | None = None) -> Reading:
    """Read the report in `data`; like `open_report` for bytes."""
    try:
        return _read(data, opening or Opening())
    except SourceError as error:
        return _refused(error)


def _refused(error: SourceError) -> Reading:
    return Reading(None, (Finding("W-01", case=error.case, details=error.details),))


def _read(data: bytes, opening: Opening) -> Reading:
    if not data.strip():
        raise SourceError("empty")
    if len(data) > LARGEST:
        raise SourceError("unsafe", {"problem": f"> {LARGEST >> 20} MiB"})
    if data.startswith(_PDF):
        from workbook_tool.published.pdf import read_pdf  # noqa: PLC0415  # only what this source needs

        return read_pdf(data, opening.passwords)
    try:
        kind = kind_of(data)
    except SourceError as error:
        if error.case != "docx":
            raise
        from workbook_tool.published.docx import read_docx  # noqa: PLC0415

        return read_docx(data)
    if kind:
        return _read_workbook(data, kind, opening)
    if len(data) > _LONGEST_TEXT or data.count(b"|") > _MOST_CELLS:
        raise SourceError("unsafe", {"problem": f"> {_LONGEST_TEXT >> 20} MiB, {_MOST_CELLS} |"})
    text = decode(data)
    if _MARKUP.match(text) or _TABLE.search(text):
        from workbook_tool.published.html import read_page  # noqa: PLC0415

        return read_page(text)
    if _DATA.match(text):
        from workbook_tool.published.data import read_data  # noqa: PLC0415

        return read_data(text)
    from workbook_tool.published.text import read_text  # noqa: PLC0415

    return read_text(text)


def kind_of(data: bytes) -> str:
    """The kind of workbook that `data` is: xlsx, encrypted, or the ending of another format.

    Empty where it is none and may be text; a `SourceError` names what else it is.
    """
    for magic, case in _BY_MAGIC:
        if data.startswith(magic):
            raise SourceError(case)
    if data.startswith(_TAR, _TAR_AT):
        raise SourceError("archive")
    if data.startswith(_ZIP):
        return _kind_in_zip(data)
    if data.startswith(_OLE):
        for stream, kind in _BY_STREAM:
            if _has_stream(data, stream):
                if kind == "word":
                    raise SourceError("word")
                return kind
        raise SourceError("unknown")
    return ".xls" if data.startswith(_BARE_BIFF) else ""


def _has_stream(data: bytes, name: str) -> bool:
    """Whether a compound file has a stream of this name: an entry of its directory, not words in it.

    [MS-CFB] 2.6.1: entries of 128 bytes hold the name in 64, its length with the end mark in two more,
    and the kind of the entry in one.
    """
    words = name.encode("utf-16-le") + b"\0\0"
    tail = len(words).to_bytes(2, "little") + b"\x02"
    start = data.find(words)
    while start >= 0:
        if start % _ENTRY == 0 and data[start + 64 : start + 67] == tail:
            return True
        start = data.find(words, start + 1)
    return False


def _members(data: bytes) -> set[str]:
    """The names of the parts of a zip; a `SourceError` where it is damaged."""
    from workbook_tool.ooxml.package import directory  # noqa: PLC0415  # only what this source needs

    members = directory(data)
    if min((member.header_offset for member in members), default=0):
        # What is left of an archive that was cut off, and ends in a whole workbook.
        raise SourceError("truncated", {"problem": _CUT_OFF})
    return {member.filename.replace("\\", "/").lower() for member in members}


def _kind_in_zip(data: bytes) -> str:
    names = _members(data)
    for member, case in _BY_MEMBER:
        if member in names:
            raise SourceError(case)
    if "xl/workbook.bin" in names:
        return ".xlsb"
    if "content.xml" in names:
        if _ODS in data[:200]:
            return ".ods"
        raise SourceError("opendocument")
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise SourceError("archive")


def _read_workbook(data: bytes, kind: str, opening: Opening) -> Reading:
    from workbook_tool.excel.read import is_foreign, read_book  # noqa: PLC0415  # only what this source needs

    if kind == "xlsx" and not opening.isolate:
        from workbook_tool.excel.gate import open_book  # noqa: PLC0415

        book = open_book(data)
    else:
        from workbook_tool.excel.isolated import open_isolated  # noqa: PLC0415

        book = open_isolated(data, kind, opening.passwords)
    if not is_foreign(book):
        return read_book(book)
    from workbook_tool.published.sheets import read_sheets  # noqa: PLC0415

    shown = {sheet.title: sheet.grid for sheet in book.sheets if not sheet.hidden}
    try:
        return read_book(book, *read_sheets(shown))
    except SourceError as error:
        if error.case == "several":
            raise
        return read_book(book)


def decode(data: bytes) -> str:
    """Text in UTF-8, UTF-16 with a mark, GB18030, or Big5 that says so; else a `SourceError`.

    What decodes decides: of what a page declares nothing counts but Big5, which the others cannot be.
    On a page single characters may be broken: a menu cut off within one does not spoil the report.
    """
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    declared = ["big5hkscs"] if _DECLARED.search(data[:_HEAD]) else []
    encodings = ["utf-16"] if marked else ["utf-8-sig", *declared, "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    lenient = min((data.decode(encoding, "replace") for encoding in encodings), key=_broken)
    if _MARKUP.match(lenient) and _broken(lenient) * _MOST_LOST < len(lenient) and "\x00" not in lenient:
        return lenient
    raise SourceError("unknown")


def _broken(text: str) -> int:
    return text.count("\ufffd")
