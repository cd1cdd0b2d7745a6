"""An archive on disk as a shelf of sources: what is on it, under names that are safe, and taking one down."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.archives import LARGEST_MEMBER, Member, Refused
from workbook_tool.archives.tar_archive import SameAs, Tar
from workbook_tool.archives.zip_archive import Zip

if TYPE_CHECKING:
    import zipfile
    from pathlib import Path
    from typing import BinaryIO

    from workbook_tool.archives.tar_archive import Place

_MOST_MEMBERS = 500_000
_LONGEST_PART, _DEEPEST = 255, 12
"""Bytes of a file's or folder's name, and folders in one another: no system takes much more."""

_SHOWN = 30
_ZIP = b"PK\x03\x04"
_LAST = threading.local()
"""The shelf of each thread; never one of the process it was forked off, whose place in the file it shares."""


class Shelf(NamedTuple):
    """The files of an archive by safe names: relative, with ``/``, each once, nothing that climbs up."""

    stream: BinaryIO
    archive: Zip | Tar
    entries: dict[str, zipfile.ZipInfo | Place]

    def close(self) -> None:
        """Close the archive."""
        self.archive.__exit__()
        self.stream.close()

    def take(self, name: str) -> Member | None:
        """The file with this name; ``None`` where there is none."""
        entry = self.entries.get(name)
        if entry is None:
            return None
        if isinstance(self.archive, Tar):
            return self.archive.read(name, entry)  # type: ignore[arg-type]  # each has its own kind
        if entry.file_size > LARGEST_MEMBER:  # type: ignore[union-attr]
            return Member(name, b"", "unsafe")
        return self.archive.read(name, entry)  # type: ignore[arg-type]


def shelf(path: Path) -> Shelf:
    """What is in the archive at `path`; `Refused` where it cannot be opened.

    The last one is kept open for what is asked next, by this thread and process, until the file changes.
    """
    status = path.stat()
    key = (os.getpid(), str(path), status.st_mtime_ns, status.st_size)
    if getattr(_LAST, "key", None) != key:
        if getattr(_LAST, "key", (0,))[0] == os.getpid():
            _LAST.shelf.close()
        _LAST.key, _LAST.shelf = (0,), None
        _LAST.key, _LAST.shelf = key, _opened(path)
    found: Shelf = _LAST.shelf
    return found


def _opened(path: Path) -> Shelf:
    stream = path.open("rb")
    try:
        is_zip = stream.read(2) == _ZIP[:2]
        archive: Zip | Tar = Zip(stream, _MOST_MEMBERS) if is_zip else Tar(stream)
        entries = _entries(archive)
    except BaseException:
        stream.close()
        raise
    return Shelf(stream, archive, entries)


def _entries(archive: Zip | Tar) -> dict[str, zipfile.ZipInfo | Place]:
    entries: dict[str, zipfile.ZipInfo | Place] = {}
    for name, found in archive.files():
        if len(entries) >= _MOST_MEMBERS:
            raise Refused("unsafe")
        safe = _safe(name)
        entry = entries.get(_safe(found.name)) if isinstance(found, SameAs) else found
        if safe and entry:
            entries[_other_than(entries, safe)] = entry
    return entries


def _other_than(entries: dict[str, zipfile.ZipInfo | Place], name: str) -> str:
    """`name`, with a number where there is such a one already."""
    number, free = 1, name
    while free in entries:
        number += 1
        free = f"{name} ({number})"
    return free


def _safe(name: str) -> str:
    """`name` as a relative path that no system minds: nothing climbs up, cannot be seen or is too long."""
    parts = (
        "".join(c if c.isprintable() else "_" for c in part) for part in name.replace("\\", "/").split("/")
    )
    kept = [_cut(part) for part in parts if part.strip(" .") and not part.endswith(":")]
    return "/".join(kept[-_DEEPEST:])


def _cut(part: str) -> str:
    if len(part.encode("utf-8", "replace")) <= _LONGEST_PART:
        return part
    return f"{part[:_SHOWN]}…{part[-_SHOWN:]}"
