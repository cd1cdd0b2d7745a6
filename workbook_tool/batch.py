"""Many sources: which files a command line means, and each one's verdict."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tool.checks import check
from workbook_tool.checks.verdict import Verdict
from workbook_tool.errors import WorkbookToolError
from workbook_tool.sources import Opening, open_report, read_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook_tool.report import Reading

_NOT_SENT_IN = ("~$", ".")
_LEFT_BY_WINDOWS = frozenset({"thumbs.db", "desktop.ini"})


def expand(sources: Iterable[str]) -> list[str]:
    """The files that `sources` mean: a folder stands for all files in it and below, in order.

    ``-`` is standard input. What does not exist or may not be read is a `WorkbookToolError`, before
    anything is done. Lock files and hidden files are nobody's report and are passed over.
    """
    files: list[str] = []
    for source in sources:
        path = Path(source)
        if source == "-":
            files.append(source)
        elif path.is_dir():
            files += (str(found) for found in sorted(path.rglob("*")) if _may_be_sent_in(found))
        else:
            files.append(source)
        if source != "-":
            _readable(path)
    return files


def _readable(path: Path) -> None:
    if not path.exists():
        message = f"没有这个文件 (no such file): {path}"
        raise WorkbookToolError(message)
    if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
        message = f"没有权限读取 (no permission to read): {path}"
        raise WorkbookToolError(message)


def _may_be_sent_in(path: Path) -> bool:
    name = path.name
    return path.is_file() and not name.startswith(_NOT_SENT_IN) and name.lower() not in _LEFT_BY_WINDOWS


def read_source(source: str, opening: Opening | None = None) -> Reading:  # frozen
    """Read one file, or standard input for ``-``."""
    if source == "-":
        return read_report(sys.stdin.buffer.read(), opening)
    return open_report(source, opening)


def judge(files: Iterable[str], opening: Opening | None = None) -> Iterator[Verdict]:  # frozen
    """The verdict on each file, in order; an unreadable one is a verdict like any other."""
    for file in files:
        reading = read_source(file, opening)
        yield Verdict(file, reading.report, tuple(check(reading)))
