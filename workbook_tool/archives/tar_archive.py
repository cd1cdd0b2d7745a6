"""Tar archives, compressed or not: where each file stands in them, and reading one."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from typing import TYPE_CHECKING, NamedTuple, Self, cast

from workbook_tool.archives import LARGEST_MEMBER, MIB, Member, Refused, decoded_bytes, left_by_a_system

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_LONGEST_HEADER = 64 * 2**10
"""Bytes of an extended header. It holds a name; it would be taken into memory whole."""

_LEAST, _RATIO = 200 * MIB, 50
"""A compressed archive may inflate to so many bytes, or to so many times its own size."""

_EXTENDED = frozenset(
    (
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
    )
)
_DAMAGE = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, OverflowError)


def inflated(stream: BinaryIO) -> BinaryIO:
    """What `stream` holds, without the compression around it if there is one of gzip, bzip2 and xz."""
    head = stream.read(6)
    stream.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    if head.startswith(b"BZh"):
        return cast("BinaryIO", bz2.BZ2File(stream))
    if head.startswith(b"\xfd7zXZ\0"):
        return cast("BinaryIO", lzma.LZMAFile(stream))
    return stream


def begins_as_tar(stream: BinaryIO) -> bool:
    """Whether a tar archive, compressed or not, may be in `stream`, which is read from its beginning."""
    try:
        stream.seek(0)
        tarfile.TarInfo.frombuf(inflated(stream).read(tarfile.BLOCKSIZE), "utf-8", "surrogateescape")
    except _DAMAGE:
        return False
    return True


class Place(NamedTuple):
    """Where a file begins in the archive, and its bytes."""

    start: int
    size: int


class SameAs(NamedTuple):
    """A further name of a file."""

    name: str
    """The name under which it stands in the archive, before this one."""


class Tar:
    """A tar archive; `Refused` where it cannot be opened, and while its files are looked for.

    The stream stays open until the archive is closed. Files are best read in their order.
    """

    def __init__(self, stream: BinaryIO) -> None:
        """Open the archive in `stream`."""
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        try:
            self._inside = inflated(stream)
            self._beyond = "corrupt" if self._inside is stream else "unsafe"
            self._most = size if self._inside is stream else max(_LEAST, _RATIO * size)
        except _DAMAGE as error:
            raise Refused("corrupt") from error

    def __enter__(self) -> Self:
        """The archive, closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._inside.close()

    def files(self) -> Iterator[tuple[str, Place | SameAs]]:
        """Its files by name: nothing but regular ones, and not what systems leave there.

        A file that had several names when it was packed is there once, and is the `SameAs` of it after that.
        """
        bounded = _Bounded(self._inside, self._most, self._beyond)
        try:
            with tarfile.open(
                fileobj=cast("BinaryIO", bounded),
                mode="r:",
                tarinfo=_Header,
                encoding="utf-8",
                errors="surrogateescape",
            ) as archive:
                while (header := archive.next()) is not None:
                    archive.members.clear()  # type: ignore[attr-defined]  # all of them would be kept
                    name = _name(header)
                    if left_by_a_system(name) or header.issparse():
                        continue
                    if header.isreg():
                        yield name, Place(header.offset_data, header.size)
                    elif header.islnk():
                        yield name, SameAs(_decoded(header.linkname))
        except _DAMAGE as error:
            raise Refused("corrupt") from error

    def read(self, name: str, place: Place) -> Member:
        """The file at `place`, called `name`; one larger than any report is not taken out."""
        if not 0 <= place.size <= LARGEST_MEMBER:
            return Member(name, b"", "unsafe")
        try:
            self._inside.seek(place.start)
            content = self._inside.read(place.size)
        except _DAMAGE:
            return Member(name, b"", "corrupt")
        return Member(name, content) if len(content) == place.size else Member(name, b"", "corrupt")


class _Header(tarfile.TarInfo):
    """A header that is refused where it announces an extended one of a size that no name has."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """The header in a block."""
        header = super().frombuf(buf, encoding, errors)
        if header.type in _EXTENDED and header.size > _LONGEST_HEADER:
            raise Refused("unsafe")
        return header


class _Bounded:
    """A stream that is read so far and no further."""

    def __init__(self, stream: BinaryIO, most: int, beyond: str) -> None:
        self._stream = stream
        self._most = most
        self._beyond = beyond

    def read(self, most: int = -1) -> bytes:
        """Up to `most` bytes."""
        return self._stream.read(most)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to another place; beyond the bound that is `Refused`, before anything is inflated."""
        if offset > self._most:
            raise Refused(self._beyond)
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Where the stream is."""
        return self._stream.tell()

    def close(self) -> None:
        """Leave the stream to whoever opened it."""


def _name(header: tarfile.TarInfo) -> str:
    return _decoded(header.name)


def _decoded(name: str) -> str:
    return decoded_bytes(name.encode("utf-8", "surrogateescape"))
