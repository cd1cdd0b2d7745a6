"""Outlook's winmail.dat ([MS-OXTNEF]): the attachments inside.

Our own and not a library's: forty bytes keep the one there is busy for ten minutes and more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbook_tool.round.archives import Allowance, Member, Refused
from workbook_tool.round.names import decoded_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNATURE = 0x223E9F78
_ATTACHMENT_LEVEL = 2
_BEGINS, _TITLE, _DATA, _PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _CONTENT = 0x3707, 0x3704, 0x3001, 0x3701
_TEXT, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_MULTIPLE = 0x1000
_NAMED = 0x8000
_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
"""The interface in front of an attached message, which is a winmail.dat again."""
_DEPTH = 5
_MOST_ATTACHMENTS = 1_000
"""Those without content included."""


@dataclass
class _Attachment:
    title: str = ""
    names: dict[int, str] = field(default_factory=dict)
    content: bytes | None = None
    message: bytes | None = None
    sound: bool = True

    @property
    def name(self) -> str:
        known = (self.names.get(_LONG_NAME), self.title, self.names.get(_SHORT_NAME))
        return next(filter(None, known), self.names.get(_DISPLAY_NAME, ""))


class _ShortError(ValueError):
    """Less data than it promises."""


class _Bytes:
    """A walk through bytes that never goes past their end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        if size > len(self.data) - self.at:
            raise _ShortError
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int = 4) -> int:
        return int.from_bytes(self.take(size), "little")

    def padded(self) -> bytes:
        content = self.take(self.number())
        # The very last value may lack its padding.
        self.at = min(self.at + -len(content) % 4, len(self.data))
        return content


def read_tnef(data: bytes, allowance: Allowance, depth: int = _DEPTH) -> Iterator[Member]:
    """The attachments in `data` and in the messages attached to it, down to `depth`."""
    if depth < 1:
        raise Refused("unsafe")
    try:
        attachments = _parsed(data)
    except _ShortError as error:
        raise Refused("corrupt") from error
    for attachment in attachments:
        if attachment.message is not None and not attachment.content:
            yield from read_tnef(attachment.message, allowance, depth - 1)
        elif not attachment.sound:
            allowance.take(0)
            yield Member(attachment.name, b"", "corrupt")
        elif attachment.content is not None:
            allowance.take(len(attachment.content))
            yield Member(attachment.name, attachment.content)


def _parsed(data: bytes) -> list[_Attachment]:
    walk = _Bytes(data)
    if walk.number() != _SIGNATURE:
        raise _ShortError
    walk.take(2)
    found: list[_Attachment] = []
    # Some gateways leave a few bytes behind the last attribute.
    while len(data) - walk.at > 10:  # noqa: PLR2004  # an attribute without content has 11
        level, attribute = walk.number(1), walk.number() & 0xFFFF
        content = walk.take(walk.number())
        sound = sum(content) & 0xFFFF == walk.number(2)
        if level != _ATTACHMENT_LEVEL:
            continue
        if attribute == _BEGINS or not found:
            found.append(_Attachment())
        if len(found) > _MOST_ATTACHMENTS:
            raise Refused("unsafe")
        _put(found[-1], attribute, content, sound=sound)
    return found


def _put(attachment: _Attachment, attribute: int, content: bytes, *, sound: bool) -> None:
    if attribute == _TITLE:
        attachment.title = decoded_bytes(content.rstrip(b"\0"))
    elif attribute == _DATA:
        attachment.content = content
        attachment.sound = sound
    elif attribute == _PROPERTIES:
        for number, kind, value in _properties(_Bytes(content)):
            if kind == _UNICODE:
                attachment.names[number] = value.decode("utf-16-le", "replace").rstrip("\0")
            elif kind == _TEXT:
                attachment.names[number] = decoded_bytes(value.rstrip(b"\0"))
            elif number == _CONTENT and kind == _OBJECT and value.startswith(_MESSAGE):
                attachment.message = value[len(_MESSAGE) :]
            elif number == _CONTENT and kind == _BINARY and attachment.content is None:
                attachment.content = value
                attachment.sound = sound


def _properties(walk: _Bytes) -> Iterator[tuple[int, int, bytes]]:
    """Number, type and value of the properties that have a text or bytes, as far as they can be followed."""
    try:
        for _ in range(walk.number()):
            kind, number = walk.number(2), walk.number(2)
            if number >= _NAMED:
                walk.take(16)
                if walk.number() == 0:
                    walk.take(4)
                else:
                    walk.padded()
            several, kind = kind & _MULTIPLE, kind & ~_MULTIPLE
            if kind in (_TEXT, _UNICODE, _OBJECT, _BINARY):
                for _ in range(walk.number()):
                    yield number, kind, walk.padded()
            elif kind in _FIXED:
                walk.take(_FIXED[kind] * (walk.number() if several else 1))
            elif kind != 1 or several:
                return
    except _ShortError:
        return
