"""What lies at the paths that collect is given: messages and files, a Maildir, an mbox, folders of them."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbook_tool.batch import expand
from workbook_tool.errors import WorkbookToolError
from workbook_tool.round.ledger import sane_stamp
from workbook_tool.round.names import decoded_bytes

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
        return self.name if self.end is None else f"{self.name}@{self.start}"

    @property
    def name(self) -> str:
        """The file's name, in whichever code page it was unzipped."""
        return decoded_bytes(os.fsencode(self.path.name))

    def read(self, most: int) -> bytes:
        """Its bytes, and not many more than `most` of them."""
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            size = most + 1 if self.end is None else min(self.end - self.start, most + 1)
            data = stream.read(size)
        return data if self.end is None else _QUOTED.sub(rb"\1", data)


class Found(NamedTuple):
    """What lies at the paths, and the files among it that are none, or cannot be opened."""

    arrivals: list[Arrival]
    passed_over: list[Path]


def arrivals(paths: Iterable[str], round_folder: Path) -> Found:
    """Everything at `paths`, in order, but for what is the round's own.

    What is named and does not exist, or is no file, is a `WorkbookToolError`.
    """
    found = Found([], [])
    own = round_folder.resolve()
    for name in paths:
        path = Path(name)
        files = list(map(Path, expand([name], unpack=False)))  # refuses what may not be read
        if not path.is_dir() and not path.is_file():
            message = f"不是普通文件 (not a regular file): {path}"
            raise WorkbookToolError(message)
        for arrival in _in_folder(path, files) if path.is_dir() else _in_file(path):
            if not arrival.path.is_file():
                found.passed_over.append(arrival.path)
            elif own not in arrival.path.resolve().parents:
                found.arrivals.append(arrival)
    return found._replace(arrivals=list(dict.fromkeys(found.arrivals)))


def _in_folder(folder: Path, files: Iterable[Path]) -> Iterator[Arrival]:
    """What is in a folder of which `files` are all the files: its Maildirs as such, the others one by one."""
    places = {folder, *(parent for file in files for parent in file.parents if folder in parent.parents)}
    maildirs = {place for place in places if _is_maildir(place)}
    for maildir in sorted(maildirs):
        inside = (file for name in _MAILDIR for file in (maildir / name).iterdir())
        yield from (_in_maildir(file) for file in sorted(inside) if file.is_file())
    for file in files:
        if not maildirs.intersection(file.parents):
            yield from _in_file(file)


def _is_maildir(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in _MAILDIR)


def _in_maildir(file: Path) -> Arrival:
    """A Maildir names each file by the second of its delivery."""
    found = _DELIVERED.match(file.name)
    if not found:
        return Arrival(file)
    return Arrival(file, received=sane_stamp(datetime.fromtimestamp(int(found[1]), UTC)), clock="maildir")


def _in_file(file: Path) -> Iterator[Arrival]:
    if not file.is_file():
        yield Arrival(file)
        return
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
        return sane_stamp(parsedate_to_datetime(f"{weekday}, {number} {month} {year} {clock} +0000")), "mbox"
    except (ValueError, TypeError, IndexError):
        return "", ""
