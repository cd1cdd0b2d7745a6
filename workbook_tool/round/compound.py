"""Compound files ([MS-CFB], "OLE"): storages and streams, read in time and memory bounded by the file's size.

Our own and not a library's, because an attachment may declare sizes and chains that never end.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_LAST = 0xFFFFFFFA
"""Above it a number is a mark (end of chain, free), not a sector."""
_NO_ENTRY = 0xFFFFFFFF
_CUTOFF = 4096
_MINI = 64
_ENTRY = 128


class DamagedError(ValueError):
    """A compound file that contradicts itself."""


@dataclass(frozen=True)
class Entry:
    """A storage with its children by name, or a stream."""

    start: int
    size: int
    children: dict[str, Entry] = field(default_factory=dict)


class Compound:
    """The tree of a compound file and the bytes of its streams."""

    def __init__(self, data: bytes) -> None:
        """Read the directory of the file `data`; `DamagedError` where there is none."""
        if len(data) < _HEADER or not data.startswith(_MAGIC):
            raise DamagedError
        shift = struct.unpack_from("<H", data, 30)[0]
        if shift not in (9, 12):
            raise DamagedError
        self._data = data
        self._sector = 1 << shift
        directory, mini, double = (struct.unpack_from("<I", data, at)[0] for at in (48, 60, 68))
        self._table = self._allocation(double)
        self.root = _tree(self._chained(directory, None))
        self._mini_table = _numbers(self._chained(mini, None))
        self._mini_stream = self._chained(self.root.start, self.root.size)

    def read(self, stream: Entry) -> bytes:
        """The content of a stream."""
        if stream.size > len(self._data):
            raise DamagedError
        if stream.size >= _CUTOFF:
            return self._chained(stream.start, stream.size)
        chain = _chain(stream.start, self._mini_table, -(-stream.size // _MINI))
        pieces = (self._mini_stream[number * _MINI : (number + 1) * _MINI] for number in chain)
        return _exactly(b"".join(pieces), stream.size)

    def _at(self, number: int) -> bytes:
        return self._data[(number + 1) * self._sector : (number + 2) * self._sector]

    def _allocation(self, double: int) -> tuple[int, ...]:
        """The next sector of every sector, from the sectors that the header and its chain name."""
        named = list(_numbers(self._data[76:_HEADER]))
        seen: set[int] = set()
        while double < _LAST:
            if double in seen:
                raise DamagedError
            seen.add(double)
            *more, double = _numbers(self._at(double)) or (_LAST,)
            named.extend(more)
        sectors = [number for number in named if number < _LAST]
        if len(sectors) > len(self._data) // self._sector:
            raise DamagedError
        return _numbers(b"".join(map(self._at, sectors)))

    def _chained(self, start: int, size: int | None) -> bytes:
        """The bytes of a chain of sectors, all of them or the first `size`."""
        most = len(self._data) // self._sector
        if size is not None:
            if size > len(self._data):
                raise DamagedError
            most = min(most, -(-size // self._sector))
        content = b"".join(map(self._at, _chain(start, self._table, most)))
        return content if size is None else _exactly(content, size)


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack_from(f"<{len(data) // 4}I", data)


def _exactly(content: bytes, size: int) -> bytes:
    if len(content) < size:
        raise DamagedError
    return content[:size]


def _chain(start: int, table: tuple[int, ...], most: int) -> list[int]:
    """The numbers of a chain, at the `most` so many."""
    found: list[int] = []
    number = start
    while number < _LAST and len(found) < most:
        if number >= len(table):
            raise DamagedError
        found.append(number)
        number = table[number]
    return found


def _tree(directory: bytes) -> Entry:
    """The root storage, its tree built from the directory's entries, each of which is used once."""
    seen: set[int] = set()

    def entry(number: int) -> tuple[str, Entry, tuple[int, int, int]]:
        at = number * _ENTRY
        if number in seen or at + _ENTRY > len(directory):
            raise DamagedError
        seen.add(number)
        length, left, right, child, start, size = struct.unpack_from("<64xH2xIII36xII", directory, at)
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        return name, Entry(start, size), (left, right, child)

    _, root, (_, _, child) = entry(0)
    pending = [(root, child)]
    while pending:
        owner, number = pending.pop()
        if number != _NO_ENTRY:
            name, found, (left, right, child) = entry(number)
            owner.children[name] = found
            pending += [(owner, left), (owner, right), (found, child)]
    return root
