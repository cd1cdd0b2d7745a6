"""Zip archives as Chinese offices make them: names in GBK, in UTF-8, with flags that lie about which."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from workbook_tool.round.archives import Allowance, Member, Refused, left_by_a_system
from workbook_tool.round.names import decoded_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIB = 2**20
_RATIO = 200
_MOST_HEADERS = 20_000
"""Entries that are parsed at all, those of zips in the zip included."""
_BEYOND = 2**16
_ENCRYPTED = 0x1 | 0x40
_UTF_8 = 0x800
_FOLDER = 0x10
_UNICODE_PATH = 0x7075
_CENTRAL, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    RuntimeError,
    OverflowError,
)


def read_zip(data: bytes, allowance: Allowance) -> Iterator[Member]:
    """The files in the zip `data`."""
    if data.count(_CENTRAL) > _MOST_HEADERS:
        raise Refused("unsafe")
    try:
        archive = zipfile.ZipFile(io.BytesIO(_without_utf_8_flags(data)))
    except NotImplementedError as error:
        raise Refused("unsupported-format") from error
    except _DAMAGE as error:
        raise Refused("corrupt") from error
    with archive:
        listed = archive.infolist()
        # Entries that share their bytes are how a small zip inflates without end.
        if sum(info.compress_size for info in listed) > len(data):
            raise Refused("unsafe")
        for info in listed:
            name = _name(info)
            if not _is_file(info, name) or left_by_a_system(name):
                continue
            problem = _problem(info)
            allowance.take(0 if problem else info.file_size)
            yield Member(name, b"", problem) if problem else _inflated(archive, info, name)


def _problem(info: zipfile.ZipInfo) -> str:
    """What keeps an entry from being inflated, by the directory alone."""
    if info.flag_bits & _ENCRYPTED:
        return "encrypted"
    # The library inflates other methods without a bound.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "unsupported-format"
    return "unsafe" if info.file_size > max(_MIB, _RATIO * info.compress_size) else ""


def _inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Member:
    declared = info.file_size
    # The library cuts off at the declared size. Without that, one byte more shows an entry that lies.
    info.file_size = declared + _BEYOND
    try:
        with archive.open(info) as stream:
            content = stream.read(declared + 1)
    except _DAMAGE:
        return Member(name, b"", "corrupt")
    return Member(name, content) if len(content) == declared else Member(name, b"", "unsafe")


def _is_file(info: zipfile.ZipInfo, name: str) -> bool:
    """Whether an entry is neither a folder nor a link nor a device."""
    if name.endswith(("/", "\\")) or (info.external_attr & _FOLDER and not info.file_size):
        return False
    return stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG)


def _name(info: zipfile.ZipInfo) -> str:
    """The name of an entry: from its Unicode field where that fits, else from its bytes."""
    raw = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF_8 else "cp437", "replace")
    return _unicode_path(info.extra, raw) or decoded_bytes(raw)


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """Info-ZIP's field with the name in UTF-8, valid only for the name it was made from."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + size]
        if kind == _UNICODE_PATH and field[1:5] == struct.pack("<I", zlib.crc32(raw)):
            return field[5:].decode("utf-8", "replace")
        at += 4 + size
    return ""


def _without_utf_8_flags(data: bytes) -> bytes:
    """The zip with no name declared to be UTF-8: over a GBK name the library would not open it at all."""
    end = data.rfind(_END)
    if end < 0 or end + 20 > len(data):
        return data
    size, offset = struct.unpack_from("<II", data, end + 12)
    if data[max(end - 76, 0) :].startswith(_END_64):
        end -= 76
        size, offset = struct.unpack_from("<QQ", data, end + 40)
    at = end - size
    shift = at - offset
    cleared = bytearray(data)
    while at >= 0 and data[at : at + 4] == _CENTRAL and at + 46 <= len(data):
        cleared[at + 9] &= ~(_UTF_8 >> 8)
        local = int.from_bytes(data[at + 42 : at + 46], "little") + shift
        if local >= 0 and data[local : local + 4] == _LOCAL and local + 8 <= len(data):
            cleared[local + 7] &= ~(_UTF_8 >> 8)
        at += 46 + sum(struct.unpack_from("<HHH", data, at + 28))
    return bytes(cleared)
