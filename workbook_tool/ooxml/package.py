"""The zip around an office file: every part inflated within limits, its checksum proven."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook_tool.errors import SourceError
from workbook_tool.ooxml import limits
from workbook_tool.ooxml.xml import Handlers, local, parse
from workbook_tool.phrase import Phrase
from workbook_tool.remembering import remembered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MIB = 2**20
_SHORT = 2**16
"""Bytes of a part that is remembered."""
_ENCRYPTED, _UTF8 = 0x1, 0x800
_LOCAL = struct.Struct("<4s22xHH")
"""What stands before a member: a mark and, last, the lengths of its name and of what else is said of it."""

_MARK = b"PK\x03\x04"
_PARSED = (".xml", ".rels")
_DANGERS = {
    "xl/vbaproject.bin": Phrase("宏", "macros"),
    "xl/externallinks/": Phrase("外部链接", "external links"),
    "xl/embeddings/": Phrase("嵌入对象", "embedded objects"),
    "xl/activex/": Phrase("ActiveX 控件", "ActiveX controls"),
    "xl/connections.xml": Phrase("数据连接", "data connections"),
    "xl/macrosheets/": Phrase("宏表", "macro sheets"),
}


class Package:
    """The XML parts of a file by their names, and what else it carries."""

    def __init__(self, parts: Mapping[str, bytes], dangers: tuple[Phrase, ...]) -> None:
        """Hold `parts`; use `open_package` to make one."""
        self.parts = parts
        self.dangers = dangers

    def part(self, name: str) -> bytes | None:
        """The content of a part, whatever the case of its name; ``None`` where it is missing."""
        return self.parts.get(name.lower())

    def related(self, source: str) -> dict[str, tuple[str, str]]:
        """The relationships of a part: id → (last word of the type, target part)."""
        folder, name = posixpath.split(source)
        data = self.part(posixpath.join(folder, "_rels", f"{name}.rels"))
        if data is None:
            return {}
        return dict(_related(data, folder))


@remembered(most=16, below=_SHORT)  # many files are made of the same parts
def _related(data: bytes, folder: str) -> Mapping[str, tuple[str, str]]:
    """What a part of relationships says of those of a part in `folder`."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            # A target is relative to its source, or absolute from the root, as some writers have it.
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, posixpath.normpath(path))

    parse(data, Handlers(start=start))
    return found


@remembered(most=1, below=_MIB)  # first it is asked what a file is, then what is in it
def directory(data: bytes) -> tuple[zipfile.ZipInfo, ...]:
    """The members of the zip `data`; a `SourceError` where it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return tuple(archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise damaged(error) from error


def open_package(data: bytes) -> Package:
    """Inflate the file `data`; a `SourceError` where it is damaged or beyond the limits."""
    members = directory(data)
    _admit(members)
    parts = {}
    for member in members:
        try:
            content = _inflate(data, member)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, struct.error) as error:
            raise damaged(error) from error
        name = member.filename.replace("\\", "/").lower()
        if name.endswith(_PARSED):
            if name in parts:
                raise SourceError("unsafe", {"problem": _part("两个同名部件", "part twice", member)})
            parts[name] = content
    names = [member.filename.replace("\\", "/").lower() for member in members]
    dangers = (words for prefix, words in _DANGERS.items() if any(name.startswith(prefix) for name in names))
    return Package(parts, tuple(dangers))


def damaged(error: Exception) -> SourceError:
    """The refusal of a zip that is damaged, with the library's own words for the expert."""
    text = str(error) or type(error).__name__
    return SourceError(
        "truncated", {"problem": Phrase(f"压缩包损坏({text})", f"the zip is damaged ({text})")}
    )


def _admit(members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse by the directory alone what need not be inflated to be refused."""
    limits.MEMBERS.hold(len(members))
    limits.INFLATED.hold(sum(member.file_size for member in members))
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise SourceError("encrypted")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SourceError(
                "unsafe", {"problem": _part("压缩方式不是办公软件用的", "odd compression", member)}
            )
        parsed = member.filename.lower().endswith(_PARSED)
        if parsed and member.file_size > max(_MIB, limits.RATIO * member.compress_size):
            raise SourceError("unsafe", {"problem": _part("压缩比异常", "inflation ratio", member)})
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/"):
            raise SourceError("unsafe", {"problem": _part("部件路径异常", "path of a part", member)})


def _part(zh: str, en: str, member: zipfile.ZipInfo) -> Phrase:
    name = member.filename[:80]
    return Phrase(f"{zh}：{name}", f"{en}: {name}")


def _inflate(data: bytes, member: zipfile.ZipInfo) -> bytes:
    """The content of one member: as long as the directory says and with its checksum, or the zip is damaged.

    As `zipfile` reads it, but in one go, which takes half the time where parts are many and small.
    """
    start = member.header_offset + _LOCAL.size
    mark, name, extra = _LOCAL.unpack(data[member.header_offset : start])
    start += name + extra
    packed = data[start : start + member.compress_size]
    if mark != _MARK or data[start - name - extra : start - extra] != _name(member):
        message = f"not where the directory says: {member.filename[:80]}"
        raise zipfile.BadZipFile(message)
    unpack = _unpacked_again if member.file_size < _SHORT else _unpacked
    return unpack(packed, member.compress_type, member.file_size, member.CRC)


def _unpacked(packed: bytes, method: int, size: int, checksum: int) -> bytes:
    content = packed
    if method == zipfile.ZIP_DEFLATED:
        inflating = zlib.decompressobj(-zlib.MAX_WBITS)
        content = inflating.decompress(packed, size + 1)
        if not inflating.eof and len(content) <= size:
            raise EOFError
    if len(content) != size or zlib.crc32(content) != checksum:
        message = "bad CRC-32"
        raise zipfile.BadZipFile(message)
    return content


@lru_cache(maxsize=64)
def _unpacked_again(packed: bytes, method: int, size: int, checksum: int) -> bytes:
    """The same; many files are made of the same parts."""
    return _unpacked(packed, method, size, checksum)


def _name(member: zipfile.ZipInfo) -> bytes:
    """A member's name as it is written."""
    return member.orig_filename.encode("utf-8" if member.flag_bits & _UTF8 else "cp437")
