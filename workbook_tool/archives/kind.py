"""Whether a file is an archive of files, by its content; quick for what is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook_tool.archives import Refused

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_ZIP = b"PK\x03\x04"
_NAME_AT = 30
_OFFICE = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"word/", b"ppt/", b"mimetype")
"""How the first name in the file of an office program begins. Elsewhere its table of contents tells."""

_OFFICE_PARTS = frozenset({"[content_types].xml", "content.xml"})
_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")
_BLOCK = 512
_CHECKSUM_AT = 148
_CHECKSUM = re.compile(rb"[0-7 ]{6}[\0 ]")
_MOST_PARTS = 500_000


def is_archive(path: Path) -> bool:
    """Whether there is a zip or tar at `path` that is no office program's file."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_BLOCK)
            if head.startswith(_ZIP):
                return not head.startswith(_OFFICE, _NAME_AT) and not _is_office(stream)
            if not head.startswith(_COMPRESSED) and not _CHECKSUM.match(head, _CHECKSUM_AT):
                return False
            from workbook_tool.archives.tar_archive import begins_as_tar  # noqa: PLC0415  # seldom needed

            return begins_as_tar(stream)
    except OSError:
        return False


def _is_office(stream: BinaryIO) -> bool:
    from workbook_tool.archives.zip_archive import Zip  # noqa: PLC0415  # seldom needed

    try:
        names = {name.lower() for name, _ in Zip(stream, _MOST_PARTS).files()}
    except Refused:
        return True  # left to the reader, which says what is wrong with it
    return not _OFFICE_PARTS.isdisjoint(names)
