"""Outlook's .msg: the attachments of a message kept as a compound file ([MS-OXMSG])."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.round.archives import Allowance, Member, Refused
from workbook_tool.round.compound import Compound, DamagedError, Entry
from workbook_tool.round.names import decoded_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROPERTIES = "__properties_version1.0"
_ATTACHMENT = "__attach_version1.0_"
_NAMES = ("3707", "3704", "3001")
"""Long file name, short file name, display name."""
_CONTENT = "__substg1.0_37010102"
_EMBEDDED = "__substg1.0_3701000D"
_LONGEST_NAME = 4096
_DEPTH = 5


def is_message(data: bytes) -> bool:
    """Whether a compound file is a message, even where its directory can no longer be read."""
    try:
        return _PROPERTIES in Compound(data).root.children
    except DamagedError:
        return _PROPERTIES.encode("utf-16-le") in data


def read_message(data: bytes, allowance: Allowance) -> Iterator[Member]:
    """The attachments of a message and of the messages attached to it."""
    try:
        compound = Compound(data)
    except DamagedError as error:
        raise Refused("corrupt") from error
    yield from _attachments(compound, compound.root, allowance, _DEPTH)


def _attachments(compound: Compound, message: Entry, allowance: Allowance, depth: int) -> Iterator[Member]:
    if depth < 1:
        raise Refused("unsafe")
    for name, attachment in sorted(message.children.items()):
        if not name.startswith(_ATTACHMENT):
            continue
        embedded = attachment.children.get(_EMBEDDED)
        if _CONTENT in attachment.children:
            yield _attached(compound, attachment, allowance)
        elif embedded is not None and _PROPERTIES in embedded.children:
            yield from _attachments(compound, embedded, allowance, depth - 1)
        elif named := _name(compound, attachment):
            # A link to a file in a cloud, or an object that only its program can open.
            allowance.take(0)
            yield Member(named, b"", "unsupported-format")


def _attached(compound: Compound, attachment: Entry, allowance: Allowance) -> Member:
    name = _name(compound, attachment)
    stream = attachment.children[_CONTENT]
    try:
        allowance.take(stream.size)
        return Member(name, compound.read(stream))
    except DamagedError:
        return Member(name, b"", "corrupt")


def _name(compound: Compound, attachment: Entry) -> str:
    for number in _NAMES:
        for suffix in ("001F", "001E"):
            stream = attachment.children.get(f"__substg1.0_{number}{suffix}")
            if stream is None or stream.size > _LONGEST_NAME:
                continue
            try:
                raw = compound.read(stream)
            except DamagedError:
                continue
            text = raw.decode("utf-16-le", "replace") if suffix == "001F" else decoded_bytes(raw)
            if name := text.rstrip("\0"):
                return name
    return ""
