"""Outlook's winmail.dat ([MS-OXTNEF]): the attachments inside, by tnefparse. Runs in the child process.

By its parts: as a whole it gives up over a subject that is not in the encoding that the message names.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from workbook_tool.round.archives import Allowance, Member, Refused
from workbook_tool.round.names import decoded_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNATURE = b"\x78\x9f\x3e\x22"
_HEADER = 6
_REST = 12
"""Bytes that may be left at the end: some gateways add a few, and no attribute is as short."""
_DEPTH = 5


def read_tnef(data: bytes, allowance: Allowance, depth: int = _DEPTH) -> Iterator[Member]:
    """The attachments in `data` and in the messages attached to it, down to `depth`."""
    from tnefparse import TNEF  # noqa: PLC0415  # optional
    from tnefparse.tnef import TNEFAttachment  # noqa: PLC0415

    if depth < 1:
        raise Refused("unsafe")
    attributes = _attributes(data)
    attachments: list[tuple[Any, dict[int, bool]]] = []
    for one in attributes:
        if one.level != TNEF.LVL_ATTACHMENT:
            continue
        if one.name == TNEF.ATTATTACHRENDDATA or not attachments:
            attachments.append((TNEFAttachment("latin-1"), {}))
        attachment, sound = attachments[-1]
        sound[one.name] = one.good_checksum
        # An attached message is read as a whole at once; that of it which is needed here is there before.
        with suppress(Exception):
            attachment.add_attr(one)
    for attachment, sound in attachments:
        content = attachment.data
        if content.startswith(_SIGNATURE):
            # What the library took off its end is put there again.
            yield from read_tnef(content + bytes(_REST), allowance, depth - 1)
        elif not sound.get(TNEF.ATTATTACHDATA, all(sound.values())):
            allowance.take(0)
            yield Member(_name(attachment), b"", "corrupt")
        elif content or TNEF.ATTATTACHDATA in sound:
            allowance.take(len(content))
            yield Member(_name(attachment), content)
    if not (attributes and attributes[-1].good_checksum):
        raise Refused("corrupt")


def _attributes(data: bytes) -> list[Any]:
    from tnefparse.tnef import TNEFObject  # noqa: PLC0415

    found = []
    at = _HEADER
    while len(data) - at > _REST:
        found.append(TNEFObject(data[at:], do_checksum=True))
        at += found[-1].length
    return found


def _name(attachment: Any) -> str:  # noqa: ANN401  # tnefparse is not typed
    from tnefparse.properties import MAPI_ATTACH_LONG_FILENAME  # noqa: PLC0415

    long = [one.data for one in attachment.mapi_attrs if one.name == MAPI_ATTACH_LONG_FILENAME]
    # The library's own `name` takes for granted that a title is in UTF-8.
    return next(filter(None, map(_text, [*long, attachment._name])), "")  # noqa: SLF001


def _text(name: str | bytes) -> str:
    """A name in Unicode, or one in whatever encoding: as bytes, or read as Latin-1."""
    try:
        raw = name.encode("latin-1") if isinstance(name, str) else name
    except UnicodeEncodeError:
        return str(name)
    return decoded_bytes(raw).rstrip("\0")
