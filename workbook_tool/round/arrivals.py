"""What lies at the paths that collect is given: messages and files, a Maildir, an mbox, folders of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.batch import expand
from workbook_tool.round.ledger import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAILDIR = ("cur", "new")
_POSTMARK = re.compile(rb"From [^\n]{0,300}\d\d:\d\d[^\n]{0,60}\n")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_DELIVERED = re.compile(r"(\d{9,11})\.")
_CHUNK = 2**20


class Arrival(NamedTuple):
    """One message or file: where its bytes are, and when a server took it in, if its place says so."""

    path: Path
    start: int = 0
    end: int | None = None
    received: str = ""
    clock: str = ""
    """What `received` was read from: ``maildir``, ``mbox`` or ``server``."""
    size: int = 0
    """How large it is on the server, where less was fetched."""

    @property
    def source(self) -> str:
        """Where it came from, for people."""
        return self.path.name if self.end is None else f"{self.path.name}@{self.start}"

    def read(self, most: int) -> bytes:
        """Its bytes, and not many more than `most` of them."""
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            size = most + 1 if self.end is None else min(self.end - self.start, most + 1)
            data = stream.read(size)
        return data if self.end is None else _QUOTED.sub(rb"\1", data)


def arrivals(paths: Iterable[str]) -> list[Arrival]:
    """Everything at `paths`, in order; what does not exist is a `WorkbookToolError`."""
    found: list[Arrival] = []
    for name in paths:
        path = Path(name)
        if path.is_dir():
            expand([name])  # refuses what may not be read
            found += _in_folder(path)
        else:
            found += _in_file(Path(expand([name])[0]))
    return list(dict.fromkeys(found))


def _in_folder(folder: Path) -> Iterator[Arrival]:
    if _is_maildir(folder):
        for file in sorted(file for name in _MAILDIR for file in (folder / name).iterdir() if file.is_file()):
            yield _in_maildir(file)
        return
    inside = sorted(folder.iterdir())
    for place in inside:
        if place.is_dir() and _is_maildir(place):
            yield from _in_folder(place)
    maildirs = [place for place in inside if place.is_dir() and _is_maildir(place)]
    for file in map(Path, expand([str(folder)])):
        if not any(place in file.parents for place in maildirs):
            yield from _in_file(file)


def _is_maildir(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in _MAILDIR)


def _in_maildir(file: Path) -> Arrival:
    """A Maildir names each file by the second of its delivery."""
    found = _DELIVERED.match(file.name)
    if not found:
        return Arrival(file)
    return Arrival(file, received=stamp(datetime.fromtimestamp(int(found[1]), UTC)), clock="maildir")


def _in_file(file: Path) -> Iterator[Arrival]:
    with file.open("rb") as stream:
        is_mbox = _POSTMARK.match(stream.read(400)) is not None
    if not is_mbox:
        yield Arrival(file)
        return
    marks = list(_postmarks(file))
    for (start, line), (end, _) in pairwise([*marks, (file.stat().st_size, b"")]):
        yield Arrival(file, start + len(line), end, *_stamped(line))


def _postmarks(file: Path) -> Iterator[tuple[int, bytes]]:
    """Where each message of an mbox begins: a line "From ", first or after an empty one."""
    position, before = 0, b"\n"
    with file.open("rb") as stream:
        while line := stream.readline(_CHUNK):
            if (
                line.startswith(b"From ")
                and not before.strip()
                and _POSTMARK.fullmatch(line.replace(b"\r", b""))
            ):
                yield position, line
            position += len(line)
            before = line


def _stamped(line: bytes) -> tuple[str, str]:
    """The time on a postmark, which the server wrote that delivered into the file."""
    words = line.decode("ascii", "replace").split()
    day = words[2:]
    try:
        # "Mon Jan  5 10:00:00 2026" as "Mon, 5 Jan 2026 10:00:00 +0000"
        weekday, month, number, clock, year = day[:5]
        return stamp(parsedate_to_datetime(f"{weekday}, {number} {month} {year} {clock} +0000")), "mbox"
    except (ValueError, TypeError, IndexError):
        return "", ""
