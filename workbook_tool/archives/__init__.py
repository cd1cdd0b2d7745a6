"""Archives as they come in: their members, and how much of them is opened; nothing of what is in them."""

from __future__ import annotations

import re
from typing import NamedTuple

from workbook_tool.phrase import Phrase

MIB = 2**20
LARGEST_MEMBER = 60 * MIB
"""Bytes of one file in an archive of sources. Reports take up to 10 MiB."""

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

    def __init__(self, members: int = 200, size: int = 200 * MIB) -> None:
        """Allow so many `members`, of `size` bytes in all."""
        self.members = members
        self.size = size

    def take(self, size: int) -> None:
        """Count one member of `size` bytes; `Refused` where so much is not left."""
        if self.members < 1 or not 0 <= size <= self.size:
            raise Refused("unsafe")
        self.members -= 1
        self.size -= size


def left_by_a_system(name: str) -> bool:
    """Whether a file of this name was put in by macOS or Windows and not by a person."""
    return _LEFT_BY_SYSTEMS.search(name) is not None


def decoded_bytes(data: bytes) -> str:
    """The text of bytes that no label describes: UTF-8, else GB18030, else with replacement characters."""
    for codec in ("utf-8", "gb18030"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return data.decode("gb18030", "replace")
