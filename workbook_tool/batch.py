"""Many sources: which files a command line means, and each one's verdict."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_tool.checks import check
from workbook_tool.checks.verdict import Verdict, verdict_on
from workbook_tool.errors import WorkbookToolError
from workbook_tool.sources import Opening, open_report, read_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook_tool.report import Reading

_WORTH_A_PROCESS = 16
"""Fewer files than this are read sooner than a process starts."""

_CHUNK = 16
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
            files += (str(found) for found in sorted(path.rglob("*")) if _may_be_sent_in(found, path))
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


def _may_be_sent_in(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(_NOT_SENT_IN) for part in path.relative_to(folder).parts)
    return path.is_file() and not hidden and path.name.lower() not in _LEFT_BY_WINDOWS


def read_source(source: str, opening: Opening | None = None) -> Reading:  # frozen
    """Read one file, or standard input for ``-``."""
    if source == "-":
        return read_report(sys.stdin.buffer.read(), opening)
    return open_report(source, opening)


def judge(files: Sequence[str], opening: Opening | None = None) -> Iterator[Verdict]:
    """The verdict on each file, in order; an unreadable one is a verdict like any other.

    Many files are shared out among as many processes as there are processors.
    """
    workers = min(os.cpu_count() or 1, len(files) // _WORTH_A_PROCESS)
    judge_one = partial(_judge_one, opening=opening)
    if workers < 2 or "-" in files:  # noqa: PLR2004  # one worker is this process
        yield from map(judge_one, files)
        return
    # Not needed for a file or two, which is what most runs are about.
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(judge_one, files, chunksize=_CHUNK)


def _judge_one(file: str, opening: Opening | None) -> Verdict:
    reading = read_source(file, opening)
    return verdict_on(file, reading.report, check(reading))
