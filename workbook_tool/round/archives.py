"""What comes packed or wrapped in the mail: zip, 7z, rar, winmail.dat and .msg, one level of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.phrase import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIB = 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MESSAGE = "__properties_version1.0".encode("utf-16-le")
"""In the directory of a compound file that is a message; in another one's if a message is embedded there."""
_SIGNATURES = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"PK\x07\x08": "zip",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07\x00": "rar",
    b"Rar!\x1a\x07\x01\x00": "rar",
    b"\x78\x9f\x3e\x22": "tnef",
}
_LEFT_BY_SYSTEMS = re.compile(
    r"(^|[/\\])(__MACOSX[/\\]|(\.DS_Store|Thumbs\.db|desktop\.ini)$)", re.IGNORECASE
)
_WORDS = {
    "encrypted": Phrase("设有密码，打不开", "protected by a password"),
    "unsafe": Phrase("超出限制，疑似有害，没有打开", "beyond the limits and maybe harmful; not opened"),
    "corrupt": Phrase("已损坏或不完整", "damaged or incomplete"),
    "unsupported-format": Phrase("格式不支持", "of a format that is not supported"),
}


class Member(NamedTuple):
    """A file in an archive; with a `problem` there is no content."""

    name: str
    """As the archive has it, folders included, whatever is in it: evidence, never a path to write to."""
    content: bytes
    problem: str = ""
    """Empty, or ``encrypted``, ``unsafe``, ``corrupt``, ``unsupported-format``."""


class Refused(Exception):  # noqa: N818  # a refusal is no error of the program
    """An archive that cannot or may not be opened further; `reason` is one of a member's problems."""

    def __init__(self, reason: str, why: Phrase | None = None) -> None:
        """Refuse for `reason`; `why` says it to the clerk, where the general words are not enough."""
        self.why = why or _WORDS[reason]
        super().__init__(reason, self.why)
        self.reason = reason


class Allowance:
    """How many members and inflated bytes are still left to a message, however deep they are nested."""

    def __init__(self, members: int = 200, size: int = 200 * _MIB) -> None:
        """Allow so many `members`, of `size` bytes in all."""
        self.members = members
        self.size = size

    def take(self, size: int) -> None:
        """Count one member of `size` bytes; `Refused` where so much is not left."""
        if self.members < 1 or not 0 <= size <= self.size:
            raise Refused("unsafe")
        self.members -= 1
        self.size -= size


def archive_kind(data: bytes) -> str:
    """``zip``, ``7z``, ``rar``, ``tnef``, ``msg`` or nothing, by content; a workbook is a zip here."""
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            return kind
    return "msg" if data.startswith(_OLE) and _MESSAGE in data else ""


def members(data: bytes, kind: str, allowance: Allowance) -> Iterator[Member]:
    """The regular files in the archive `data`, as far as `allowance` goes; `Refused` while iterating."""
    # Each kind loads only its own reader.
    if kind == "zip":
        from workbook_tool.round.zip_archive import read_zip  # noqa: PLC0415

        yield from read_zip(data, allowance)
    elif kind in ("7z", "rar", "tnef", "msg"):
        from workbook_tool.round.packed import read_packed  # noqa: PLC0415

        yield from read_packed(data, kind, allowance)
    else:
        raise Refused("unsupported-format")


def left_by_a_system(name: str) -> bool:
    """Whether a file of this name was put in by macOS or Windows and not by a person."""
    return _LEFT_BY_SYSTEMS.search(name) is not None
