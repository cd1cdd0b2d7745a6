"""Outlook's .msg ([MS-OXMSG]): the attachments inside, by olefile. Runs in the child process."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from workbook_tool.round.archives import Allowance, Member, Refused
from workbook_tool.round.names import decoded_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_MESSAGE = "__properties_version1.0"
_ATTACHMENT = "__attach_version1.0_"
_NAMES = ("3707", "3704", "3001")
"""Long file name, short file name, display name."""
_CONTENT = "__substg1.0_37010102"
_EMBEDDED = "__substg1.0_3701000D"
_LONGEST_NAME = 4096
_DEPTH = 5


def read_message(data: bytes, allowance: Allowance) -> Iterator[Member]:
    """The attachments of a message and of the messages attached to it."""
    import olefile  # noqa: PLC0415  # optional

    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        if not ole.exists([_MESSAGE]):
            raise Refused("unsupported-format")
        yield from _attachments(ole, [], allowance, _DEPTH)


def _attachments(
    ole: Any,  # noqa: ANN401  # olefile is not typed
    message: list[str],
    allowance: Allowance,
    depth: int,
) -> Iterator[Member]:
    if depth < 1:
        raise Refused("unsafe")
    for place in ole.listdir(streams=False, storages=True):
        if place[:-1] != message or not place[-1].startswith(_ATTACHMENT):
            continue
        name = _name(ole, place)
        if ole.exists([*place, _CONTENT]):
            yield _attached(ole, [*place, _CONTENT], name, allowance)
        elif ole.exists([*place, _EMBEDDED, _MESSAGE]):
            yield from _attachments(ole, [*place, _EMBEDDED], allowance, depth - 1)
        elif name:
            # A link to a file in a cloud, or an object that only its program can open.
            allowance.take(0)
            yield Member(name, b"", "unsupported-format")


def _attached(ole: Any, stream: list[str], name: str, allowance: Allowance) -> Member:  # noqa: ANN401
    size = ole.get_size(stream)
    allowance.take(size)
    content = ole.openstream(stream).read()
    # The library makes do with what there is of a stream.
    return Member(name, content) if len(content) == size else Member(name, b"", "corrupt")


def _name(ole: Any, attachment: list[str]) -> str:  # noqa: ANN401
    for number in _NAMES:
        for kind in ("001F", "001E"):
            stream = [*attachment, f"__substg1.0_{number}{kind}"]
            if ole.exists(stream):
                raw = ole.openstream(stream).read(_LONGEST_NAME)
                text = raw.decode("utf-16-le", "replace") if kind == "001F" else decoded_bytes(raw)
                if name := text.rstrip("\0"):
                    return name
    return ""
