"""Which sources a command line means: files, folders, patterns, lists, archives, addresses."""

from __future__ import annotations

import glob
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tool.archives import Refused
from workbook_tool.errors import SourceError, WorkbookToolError
from workbook_tool.places import fetch, is_remote, members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NOT_SENT_IN = ("~$", ".")
_LEFT_BY_WINDOWS = frozenset({"thumbs.db", "desktop.ini"})
_PATTERN = "*?["
_LARGEST_LIST = 200 * 2**20


def expand(sources: Iterable[str], *, unpack: bool = True) -> list[str]:
    """The sources that are meant, in order: a folder stands for all files in it and below.

    So does a pattern (``2025/**/*.xlsx``) for what fits it, ``@list.txt`` for the lines of a list (``@-`` for
    those of standard input), a zip or tar for what is in it (``a.zip/inner/x.xlsx``) unless it is not to be
    unpacked, and an address (``s3://bucket/2025``) for what is there. ``-`` is standard input.

    What does not exist or may not be read is a `WorkbookToolError`, before anything is done; what is named
    twice is meant once. Lock files and hidden files are nobody's report and are passed over.
    """
    found: dict[str, None] = {}
    for source in sources:
        for file in _listed(source) if source.startswith("@") else (source,):
            found.update(dict.fromkeys(_meant(file, unpack=unpack)))
    return list(found)


def _listed(source: str) -> Iterator[str]:
    """The lines of a list of sources; those that begin with ``#`` say nothing."""
    from workbook_tool.sources import decode  # noqa: PLC0415  # only what a list needs

    name = source[1:]
    if name == "-":
        data = sys.stdin.buffer.read(_LARGEST_LIST + 1) if sys.stdin else b""
    else:
        _readable(Path(name))
        if Path(name).is_dir():
            message = f"清单应是文件 (a list is a file, not a folder): {name}"
            raise WorkbookToolError(message)
        with Path(name).open("rb") as stream:
            data = stream.read(_LARGEST_LIST + 1)
    try:
        text = decode(data)
    except SourceError as error:
        message = f"清单不是文本 (the list is no text): {name}"
        raise WorkbookToolError(message) from error
    if len(data) > _LARGEST_LIST:
        message = f"清单太大 (the list is too large): {name}"
        raise WorkbookToolError(message)
    for line in map(str.strip, text.splitlines()):
        if line.startswith("@") or line == "-":
            message = f"清单里不能再写清单或标准输入 (a list may not name another one or -): {name}: {line}"
            raise WorkbookToolError(message)
        if line and not line.startswith("#"):
            yield line


def _meant(source: str, *, unpack: bool) -> Iterator[str]:
    if not source:
        message = "文件名是空的 (an empty name)"
        raise WorkbookToolError(message)
    if source == "-":
        yield source
        return
    if is_remote(source):
        from workbook_tool.places.remote import found_at  # noqa: PLC0415  # optional libraries

        yield from (one for one in found_at(source) if not _is_nobodys(Path(one).name))
        return
    for file in _at(source):
        yield from (_inside(Path(file)) if unpack else ()) or (file,)


def _at(source: str) -> list[str]:
    """The files at a path, or that fit a pattern."""
    path = Path(source)
    if path.is_dir():
        _readable(path)
        return sorted(_walk(source), key=_parts)
    if not path.exists() and any(sign in source for sign in _PATTERN):
        fitting = glob.glob(source, recursive=True)  # noqa: PTH207  # as it was written, absolute or not
        found = [one for one in fitting if not Path(one).is_dir() and not _is_nobodys(Path(one).name)]
        if not found:
            message = f"没有符合的文件 (nothing fits): {source}"
            raise WorkbookToolError(message)
        return sorted(found, key=_parts)
    if path.exists() or fetch(source, 0) is None:
        _readable(path)
    return [source]


def _parts(path: str) -> tuple[str, ...]:
    return Path(path).parts


def _inside(path: Path) -> list[str]:
    """What is in the archive at `path`; nothing where it is none, or cannot be opened as one."""
    from workbook_tool.archives.kind import is_archive  # noqa: PLC0415  # only what is on disk needs it

    if not path.is_file() or not is_archive(path):
        return []
    try:
        return [one for one in members(path) if not _is_hidden(Path(one).relative_to(path))]
    except (Refused, OSError):
        return []


def _readable(path: Path) -> None:
    if not path.exists():
        message = f"没有这个文件 (no such file): {path}"
        raise WorkbookToolError(message)
    if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
        message = f"没有权限读取 (no permission to read): {path}"
        raise WorkbookToolError(message)


def _walk(folder: str) -> Iterator[str]:
    """All files in `folder` and below that somebody may have sent in.

    A folder that may not be read is an error, not passed over.
    """

    def refuse(error: OSError) -> None:
        message = f"没有权限读取 (no permission to read): {error.filename}"
        raise WorkbookToolError(message) from error

    for place, folders, names in os.walk(Path(folder), onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(_NOT_SENT_IN)]
        for name in names:
            path = Path(place) / name
            if not _is_nobodys(name) and (path.is_file() or path.is_symlink()):
                yield str(path)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(_NOT_SENT_IN) for part in path.parts) or _is_nobodys(path.name)


def _is_nobodys(name: str) -> bool:
    return name.startswith(_NOT_SENT_IN) or name.lower() in _LEFT_BY_WINDOWS
