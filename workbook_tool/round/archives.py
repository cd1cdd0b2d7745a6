"""What comes packed or wrapped in the mail: zip, 7z, rar, winmail.dat and .msg, one level of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook_tool.archives import Allowance, Member, Refused, left_by_a_system

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Allowance", "Member", "Refused", "archive_kind", "left_by_a_system", "members"]

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
        from workbook_tool.archives.zip_archive import read_zip  # noqa: PLC0415

        yield from read_zip(data, allowance)
    elif kind in ("7z", "rar", "tnef", "msg"):
        from workbook_tool.round.packed import read_packed  # noqa: PLC0415

        yield from read_packed(data, kind, allowance)
    else:
        raise Refused("unsupported-format")
