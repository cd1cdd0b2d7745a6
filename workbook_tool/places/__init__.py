"""Where a source is, when it is no file on disk: in an archive, or behind an address such as ``s3://…``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tool.archives import Refused
from workbook_tool.errors import SourceError
from workbook_tool.phrase import Phrase
from workbook_tool.places.addresses import is_remote

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["fetch", "in_archive", "is_remote", "members", "stamp", "why_closed"]

_CASES = {"encrypted": "encrypted", "unsafe": "unsafe", "corrupt": "truncated"}
"""The case of W-01 for a member's problem; any other is an archive that cannot be unpacked."""


_PROBLEMS = {
    "corrupt": Phrase("压缩包里的内容读不全", "what is in the archive is cut off or altered"),
    "unsafe": Phrase("压缩包解开后过大", "the archive unpacks to too much"),
}


def fetch(source: str, most: int) -> bytes | None:
    """The content of `source`, up to `most` bytes; ``None`` where there is no such thing.

    What is there and cannot be got is a `SourceError`.
    """
    if is_remote(source):
        from workbook_tool.places.remote import fetch_remote  # noqa: PLC0415  # optional libraries

        return fetch_remote(source, most)
    found = in_archive(source)
    if found is None:
        return None
    from workbook_tool.archives.shelf import shelf  # noqa: PLC0415  # only what this source needs

    try:
        member = shelf(found[0]).take(found[1])
    except Refused as refused:
        raise _error(refused.reason, refused) from refused
    except OSError as error:
        raise SourceError("unreadable", {"problem": error.strerror or str(error)}) from error
    if member is None:
        return None
    if member.problem:
        raise _error(member.problem, Refused(member.problem))
    return member.content


def stamp(source: str) -> str:
    """What changes with the content of `source`; empty where there is no telling."""
    if is_remote(source):
        from workbook_tool.places.remote import stamp_remote  # noqa: PLC0415  # optional libraries

        return stamp_remote(source)
    found = in_archive(source)
    try:
        status = (found[0] if found else Path(source)).stat()
    except OSError:
        return ""
    return f"{status.st_size}-{status.st_mtime_ns}"


def in_archive(source: str) -> tuple[Path, str] | None:
    """The archive that `source` is in and its name there, as in ``a.zip/inner/x.xlsx``; else ``None``."""
    path = Path(source)
    if path.exists():
        return None
    archive = next((parent for parent in path.parents if parent.is_file()), None)
    return (archive, path.relative_to(archive).as_posix()) if archive else None


def members(archive: Path) -> Iterator[str]:
    """The sources in a zip or tar, ``archive/name`` each, in its order; `Refused` if it cannot be opened."""
    from workbook_tool.archives.shelf import shelf  # noqa: PLC0415  # only what this source needs

    return (f"{archive}/{name}" for name in shelf(archive).entries)


def why_closed(archive: Path) -> SourceError:
    """What keeps `archive` from being opened; that it is one, where nothing does."""
    from workbook_tool.archives.kind import is_archive  # noqa: PLC0415  # only what this source needs

    try:
        if is_archive(archive):
            members(archive)
    except Refused as refused:
        return _error(refused.reason, refused)
    return SourceError("archive")


def _error(reason: str, refused: Refused) -> SourceError:
    return SourceError(_CASES.get(reason, "archive"), {"problem": _PROBLEMS.get(reason, refused.why)})
