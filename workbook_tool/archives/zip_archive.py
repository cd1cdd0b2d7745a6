"""Zip archives as Chinese offices make them: names in GBK, in UTF-8, with flags that lie about which."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from copy import copy
from typing import TYPE_CHECKING, Self, cast

from workbook_tool.archives import MIB, Allowance, Member, Refused, decoded_bytes, left_by_a_system

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_RATIO = 200
MOST_HEADERS = 20_000
"""Entries that are parsed at all, those of zips in the zip included."""
_BEYOND = 2**16
_END_SIZE, _TO_END_64 = 22, 76
_LONGEST_TAIL = 2**16 + _END_SIZE + _TO_END_64
_LARGEST_DIRECTORY = 64 * MIB
_LOCAL_SIZE = 30
_ENCRYPTED = 0x1 | 0x40
_UTF_8 = 0x800
_FOLDER = 0x10
_UNICODE_PATH = 0x7075
_CENTRAL, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"
_END, _END_64, _LOCATOR = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
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
    with Zip(io.BytesIO(data), MOST_HEADERS) as archive:
        for name, entry in archive.files():
            problem = archive.problem(entry)
            allowance.take(0 if problem else entry.file_size)
            yield archive.read(name, entry)


class Zip:
    """A zip whose files are read one by one, wherever they stand in it; `Refused` where it cannot be opened.

    At most `most_headers` entries are parsed. The stream stays open until the zip is closed.
    """

    def __init__(self, stream: BinaryIO, most_headers: int) -> None:
        """Read the directory of the zip in `stream`."""
        try:
            size = stream.seek(0, io.SEEK_END)
            # The library writes only to what it opened for that.
            self._archive = zipfile.ZipFile(cast("BinaryIO", _WithoutMarks(stream, size, most_headers)))
        except NotImplementedError as error:
            raise Refused("unsupported-format") from error
        except _DAMAGE as error:
            raise Refused("corrupt") from error
        # Entries that share their bytes are how a small zip inflates without end.
        if sum(info.compress_size for info in self._archive.infolist()) > size:
            raise Refused("unsafe")

    def __enter__(self) -> Self:
        """The zip, closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._archive.close()

    def files(self) -> Iterator[tuple[str, zipfile.ZipInfo]]:
        """Its files by name, without folders, links and what systems leave there."""
        for info in self._archive.infolist():
            name = _name(info)
            if _is_file(info, name) and not left_by_a_system(name):
                yield name, info

    @staticmethod
    def problem(info: zipfile.ZipInfo) -> str:
        """What keeps an entry from being inflated, by the directory alone."""
        return _problem(info)

    def read(self, name: str, info: zipfile.ZipInfo) -> Member:
        """The file of an entry, called `name`."""
        problem = _problem(info)
        return Member(name, b"", problem) if problem else _inflated(self._archive, info, name)


def _problem(info: zipfile.ZipInfo) -> str:
    """What keeps an entry from being inflated, by the directory alone."""
    if info.flag_bits & _ENCRYPTED:
        return "encrypted"
    # The library inflates other methods without a bound.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "unsupported-format"
    return "unsafe" if info.file_size > max(MIB, _RATIO * info.compress_size) else ""


def _inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Member:
    declared = info.file_size
    # The library cuts off at the declared size. Without that, one byte more shows an entry that lies.
    info = copy(info)
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


class _WithoutMarks:
    """A zip with no name declared to be UTF-8: over a GBK name the library would not open it at all."""

    def __init__(self, stream: BinaryIO, size: int, most_headers: int) -> None:
        self._stream = stream
        self._start, self._directory = _cleared_directory(stream, size)
        if self._directory.count(_CENTRAL) > most_headers:
            raise Refused("unsafe")
        stream.seek(0)

    def read(self, most: int = -1) -> bytes:
        """Up to `most` bytes, the marks in them cleared."""
        at = self._stream.tell()
        data = self._stream.read(most)
        first, last = max(at, self._start), min(at + len(data), self._start + len(self._directory))
        if first < last:
            inside = self._directory[first - self._start : last - self._start]
            return data[: first - at] + inside + data[last - at :]
        if most == _LOCAL_SIZE and data.startswith(_LOCAL):
            return data[:7] + bytes([data[7] & ~(_UTF_8 >> 8)]) + data[8:]
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to another place."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Where the stream is."""
        return self._stream.tell()

    def seekable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """Leave the stream to whoever opened it."""


def _cleared_directory(stream: BinaryIO, size: int) -> tuple[int, bytes]:
    """Where the directory of a zip of `size` bytes stands, and the directory with the marks cleared."""
    tail_at = max(0, size - _LONGEST_TAIL)
    stream.seek(tail_at)
    tail = stream.read(_LONGEST_TAIL)
    # Found just as the library finds it, or it would parse another directory than the one that is counted.
    last = len(tail) - _END_SIZE
    bare = last >= 0 and tail.startswith(_END, last) and tail.endswith(b"\0\0")
    end = last if bare else tail.rfind(_END)
    if not 0 <= end <= last:
        raise Refused("corrupt")
    length, stated = struct.unpack_from("<II", tail, end + 12)
    before = end - _TO_END_64
    if before >= 0 and tail.startswith(_LOCATOR, end - 20) and tail.startswith(_END_64, before):
        end = before
        length, stated = struct.unpack_from("<QQ", tail, end + 40)
    start = tail_at + end - length
    if length > _LARGEST_DIRECTORY:
        raise Refused("unsafe")
    stream.seek(0)
    # Where an archive stands before a zip, it was cut off, and this one is but a file of it.
    if start < 0 or (start != stated and stream.read(len(_LOCAL)) == _LOCAL):
        raise Refused("corrupt")
    stream.seek(start)
    directory = bytearray(stream.read(length))
    at = 0
    while directory[at : at + 4] == _CENTRAL and at + 46 <= len(directory):
        directory[at + 9] &= ~(_UTF_8 >> 8)
        at += 46 + sum(struct.unpack_from("<HHH", directory, at + 28))
    return start, bytes(directory)
