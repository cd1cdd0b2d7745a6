"""Makers of archives and wrapped mail, the well-formed and the hostile, byte by byte."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple


class Entry(NamedTuple):
    """A zip's entry; what is not given is as it should be."""

    name: bytes
    content: bytes
    flags: int = 0
    method: int = 8
    extra: bytes = b""
    declared: int | None = None
    checksum: int | None = None
    attributes: int = 0


def zipped(*entries: Entry, zip_64: bool = False) -> bytes:
    """A zip of these entries, whatever they claim."""
    body, directory = b"", b""
    for entry in entries:
        packed = entry.content if entry.method == 0 else deflated(entry.content)
        size = len(entry.content) if entry.declared is None else entry.declared
        crc = zlib.crc32(entry.content) if entry.checksum is None else entry.checksum
        common = struct.pack("<HHHHIII", entry.flags, entry.method, 0, 33, crc, len(packed), size)
        extra, sizes = entry.extra, common
        if zip_64:
            extra += struct.pack("<HHQQ", 1, 16, size, len(packed))
            sizes = common[:-8] + b"\xff" * 8
        directory += b"PK\1\2" + struct.pack("<HH", 0x0314, 45) + sizes
        directory += struct.pack(
            "<HHHHHII", len(entry.name), len(extra), 0, 0, 0, entry.attributes, len(body)
        )
        directory += entry.name + extra
        body += b"PK\3\4" + struct.pack("<H", 45) + common
        body += struct.pack("<HH", len(entry.name), len(entry.extra)) + entry.name + entry.extra + packed
    return body + directory + _end(len(entries), len(directory), len(body), zip_64=zip_64)


def overlapping(copies: int, size: int) -> bytes:
    """A zip of many entries that all share the same bytes: small, and `copies` times `size` inflated."""
    one = zipped(Entry(b"0", b"\0" * size))
    start = one.index(b"PK\1\2")
    header = one[start : one.index(b"PK\5\6")]
    directory = header * copies
    return one[:start] + directory + _end(copies, len(directory), start, zip_64=False)


def _end(count: int, size: int, start: int, *, zip_64: bool) -> bytes:
    if not zip_64:
        return b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, size, start, 0)
    record = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, start)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, start + size, 1)
    return record + locator + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, *[0xFFFFFFFF] * 2, 0)


@lru_cache(maxsize=4)
def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def unicode_path(raw: bytes, name: str) -> bytes:
    """Info-ZIP's extra field with the name in UTF-8."""
    text = name.encode()
    return struct.pack("<HHBI", 0x7075, 5 + len(text), 1, zlib.crc32(raw)) + text


def seven_zipped(files: dict[str, bytes], password: str | None = None, *, header: bool = False) -> bytes:
    """A 7z archive of `files`; with a password also over its `header`."""
    import py7zr

    stream = io.BytesIO()
    with py7zr.SevenZipFile(stream, "w", password=password, header_encryption=header) as archive:
        archive.set_encoded_header_mode(header)
        for name, content in files.items():
            archive.writestr(content, name)
    return stream.getvalue()


def renamed_in_7z(data: bytes, old: str, new: str) -> bytes:
    """A 7z archive with a plain header in which a name is changed for one of the same length."""
    start = 32 + struct.unpack_from("<Q", data, 12)[0]
    header = data[start:].replace(old.encode("utf-16-le"), new.encode("utf-16-le"))
    assert header != data[start:]
    first = data[12:28] + struct.pack("<I", zlib.crc32(header))
    return data[:8] + struct.pack("<I", zlib.crc32(first)) + first + data[32:start] + header


def rar_5(*files: bytes, prefix: bytes = b"", end: bool = True) -> bytes:
    """A rar 5 archive of blocks from `rar_5_file`."""
    blocks = prefix + _block(_vint(1) + _vint(0) + _vint(0)) + b"".join(files)
    return b"Rar!\x1a\x07\x01\x00" + blocks + (_block(_vint(5) + _vint(0) + _vint(0)) if end else b"")


def rar_5_file(name: str, content: bytes, *, method: int = 0, extra: bytes = b"", flags: int = 0) -> bytes:
    """A file of a rar 5 archive: stored, or with `method` 3 coded in a block of literals."""
    data = _literals(content) if method else content
    head = _vint(2) + _vint(2 | flags | bool(extra))
    head += (_vint(len(extra)) if extra else b"") + _vint(len(data))
    head += _vint(4) + _vint(len(content)) + _vint(0o100644) + struct.pack("<I", zlib.crc32(content))
    raw = name.encode()
    return _block(head + _vint(method << 7) + _vint(1) + _vint(len(raw)) + raw + extra) + data


def rar_5_record(kind: int, body: bytes) -> bytes:
    """An extra record of a rar 5 file: 1 is encryption, 5 a redirection."""
    return _vint(1 + len(body)) + _vint(kind) + body


def rar_5_encrypted_header() -> bytes:
    """The block after which nothing of a rar 5 archive can be read without its password."""
    return _block(_vint(4) + _vint(0) + _vint(0) + _vint(0) + b"\x0f" + bytes(16))


def rar_3(*files: tuple[bytes, bytes]) -> bytes:
    """A rar 3 archive of stored files with names in an unknown encoding."""
    blocks = _old_block(0x73, 0, bytes(6))
    for name, content in files:
        head = struct.pack(
            "<IIBIIBBHI",
            len(content),
            len(content),
            2,
            zlib.crc32(content),
            0x58210000,
            20,
            0x30,
            len(name),
            0x20,
        )
        blocks += _old_block(0x74, 0x8000, head + name) + content
    return b"Rar!\x1a\x07\x00" + blocks + _old_block(0x7B, 0x4000, b"")


def _block(head: bytes) -> bytes:
    sized = _vint(len(head)) + head
    return struct.pack("<I", zlib.crc32(sized)) + sized


def _old_block(kind: int, flags: int, head: bytes) -> bytes:
    checked = struct.pack("<BHH", kind, flags, 7 + len(head)) + head
    return struct.pack("<H", zlib.crc32(checked) & 0xFFFF) + checked


def _vint(number: int) -> bytes:
    found = b""
    while number > 0x7F:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])


def _literals(content: bytes) -> bytes:
    """Rar 5's coding with a table in which every byte stands for itself."""
    lengths = ["0000"] * 20
    lengths[8] = lengths[19] = "0001"
    table = "".join(lengths) + "0" * 256 + "1" + f"{138 - 11:07b}" + "1" + f"{36 - 11:07b}"
    data = int(table, 2).to_bytes(len(table) // 8, "big") + content
    size = len(data).to_bytes(3, "little")
    flags = 0b1101_0111  # table, last block, three bytes of size, eight bits in the last byte
    return bytes([flags, 0x5A ^ flags ^ size[0] ^ size[1] ^ size[2]]) + size + data


@dataclass
class Attached:
    """An attachment of a message of Outlook's; `message` instead of content attaches a message."""

    content: bytes | None = None
    title: bytes = b""
    long_name: str = ""
    ansi_name: bytes = b""
    message: bytes | Storage = b""
    properties: bool = True


Storage = dict[str, "bytes | Storage"]


def tnef(*attached: Attached, subject: bytes = b"") -> bytes:
    """A winmail.dat in code page 936."""
    data = struct.pack("<IH", 0x223E9F78, 1)
    data += _attribute(1, 0x00089006, struct.pack("<I", 0x10000))
    data += _attribute(1, 0x00069007, struct.pack("<II", 936, 0))
    data += _attribute(1, 0x00078008, b"IPM.Microsoft Mail.Note\0")
    data += _attribute(1, 0x00018004, subject + b"\0")
    for one in attached:
        properties = [struct.pack("<HHI", 3, 0x3705, 1)]
        properties.append(struct.pack("<HH", 0x1003, 0x8001) + bytes(16) + struct.pack("<IIII", 0, 7, 1, 5))
        if one.long_name:
            properties.append(_property(0x1F, 0x3707, f"{one.long_name}\0".encode("utf-16-le")))
        if one.ansi_name:
            properties.append(_property(0x1E, 0x3707, one.ansi_name + b"\0"))
        if one.message:
            assert isinstance(one.message, bytes)
            interface = bytes.fromhex("0703020000000000c000000000000046")
            properties.append(_property(0x0D, 0x3701, interface + one.message))
        data += _attribute(2, 0x00069002, bytes(14))
        if one.title:
            data += _attribute(2, 0x00018010, one.title + b"\0")
        if one.content is not None:
            data += _attribute(2, 0x0006800F, one.content)
        if one.properties:
            data += _attribute(2, 0x00069005, struct.pack("<I", len(properties)) + b"".join(properties))
    return data


def tnef_that_counts(properties: int) -> bytes:
    """A winmail.dat of a few bytes that declares very many properties."""
    return struct.pack("<IH", 0x223E9F78, 1) + _attribute(2, 0x00069005, struct.pack("<I", properties))


def _attribute(level: int, number: int, content: bytes) -> bytes:
    return (
        struct.pack("<BII", level, number, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)
    )


def _property(kind: int, number: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, number, 1, len(value)) + value + bytes(-len(value) % 4)


def message(*attached: Attached) -> Storage:
    """The storages of a .msg, for `compound`."""
    tree: Storage = {"__properties_version1.0": bytes(32), "__substg1.0_0037001F": "报表".encode("utf-16-le")}
    for number, one in enumerate(attached):
        parts: Storage = {"__properties_version1.0": bytes(8)}
        if one.long_name:
            parts["__substg1.0_3707001F"] = one.long_name.encode("utf-16-le")
        if one.ansi_name:
            parts["__substg1.0_3707001E"] = one.ansi_name
        if one.content is not None:
            parts["__substg1.0_37010102"] = one.content
        if one.message:
            assert isinstance(one.message, dict)
            parts["__substg1.0_3701000D"] = one.message
        tree[f"__attach_version1.0_#{number:08X}"] = parts
    return tree


def compound(tree: Storage) -> bytes:
    """A compound file with these storages and streams, in sectors of 512 bytes."""
    entries: list[bytes] = []
    sectors: list[bytes] = []
    table: list[int] = []
    mini = bytearray()
    mini_table: list[int] = []

    def placed(content: bytes) -> int:
        if not content:
            return 0xFFFFFFFE
        pieces = [content[at : at + 512].ljust(512, b"\0") for at in range(0, len(content), 512)]
        first = len(sectors)
        sectors.extend(pieces)
        table.extend([*range(first + 1, first + len(pieces)), 0xFFFFFFFE])
        return first

    def small(content: bytes) -> int:
        count = -(-len(content) // 64)
        first = len(mini_table)
        mini.extend(content.ljust(64 * count, b"\0"))
        mini_table.extend([*range(first + 1, first + count), 0xFFFFFFFE] if count else [])
        return first if count else 0xFFFFFFFE

    def add(name: str, kind: int, content: bytes | Storage) -> int:
        number = len(entries)
        entries.append(b"")
        if isinstance(content, bytes):
            start = small(content) if len(content) < 4096 else placed(content)
            entries[number] = _entry(name, kind, start, len(content))
            return number
        after = 0xFFFFFFFF
        # The siblings hang one behind the other: a tree with no left branches.
        for child, inner in reversed(list(content.items())):
            found = add(child, 2 if isinstance(inner, bytes) else 1, inner)
            entries[found] = entries[found][:72] + struct.pack("<I", after) + entries[found][76:]
            after = found
        entries[number] = _entry(name, kind, 0, 0, child=after)
        return number

    add("Root Entry", 5, tree)
    root = entries[0]
    entries[0] = root[:116] + struct.pack("<II", placed(bytes(mini)), len(mini)) + root[124:]
    mini_start = placed(b"".join(struct.pack("<I", n) for n in mini_table))
    directory = placed(b"".join(entries))
    return _with_tables(sectors, table, (directory, mini_start, -(-len(mini_table) // 128)))


def _with_tables(sectors: list[bytes], table: list[int], starts: tuple[int, int, int]) -> bytes:
    """The header, the sectors, and the tables that chain them."""
    first = len(sectors)
    count = 0
    while first + count > 128 * count:
        count += 1
    assert count <= 109, "more than the header can name"
    numbers = [*table, *[0xFFFFFFFD] * count]
    numbers += [0xFFFFFFFF] * (128 * count - len(numbers))
    tables = [struct.pack("<128I", *numbers[at : at + 128]) for at in range(0, 128 * count, 128)]
    directory, mini_start, minis = starts
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6x", 62, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, count, directory, 0, 4096, mini_start, minis, 0xFFFFFFFE, 0)
    named = [*range(first, first + count), *[0xFFFFFFFF] * (109 - count)]
    return head + struct.pack("<109I", *named) + b"".join(sectors) + b"".join(tables)


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    raw = f"{name}\0".encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBB", len(raw), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<III", start, size, 0)
    )
