"""Which files a command line means."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tool.errors import WorkbookToolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NOT_SENT_IN = ("~$", ".")
_LEFT_BY_WINDOWS = frozenset({"thumbs.db", "desktop.ini"})


def expand(sources: Iterable[str]) -> list[str]:
    """The files that `sources` mean: a folder stands for all files in it and below, in order.

    ``-`` is standard input. What does not exist or may not be read is a `WorkbookToolError`, before
    anything is done; what is named twice is meant once. Lock files and hidden files are nobody's report
    and are passed over.
    """
    files: list[str] = []
    for source in sources:
        if not source:
            message = "文件名是空的 (an empty name)"
            raise WorkbookToolError(message)
        path = Path(source)
        if source == "-":
            files.append(source)
        elif path.is_dir():
            files += (str(found) for found in sorted(_walk(path)) if _may_be_sent_in(found, path))
        else:
            files.append(source)
        if source != "-":
            _readable(path)
    return list(dict.fromkeys(files))


def _readable(path: Path) -> None:
    if not path.exists():
        message = f"没有这个文件 (no such file): {path}"
        raise WorkbookToolError(message)
    if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
        message = f"没有权限读取 (no permission to read): {path}"
        raise WorkbookToolError(message)


def _walk(folder: Path) -> Iterator[Path]:
    """Everything below `folder` but folders; one that may not be read is an error, not passed over."""

    def refuse(error: OSError) -> None:
        message = f"没有权限读取 (no permission to read): {error.filename}"
        raise WorkbookToolError(message) from error

    for place, _, names in os.walk(folder, onerror=refuse):
        yield from (Path(place, name) for name in names)


def _may_be_sent_in(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(_NOT_SENT_IN) for part in path.relative_to(folder).parts)
    return (path.is_file() or path.is_symlink()) and not hidden and path.name.lower() not in _LEFT_BY_WINDOWS
